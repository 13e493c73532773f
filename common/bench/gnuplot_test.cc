#include "common/bench/gnuplot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "common/base/error.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

namespace fs = std::filesystem;

std::string contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// A folder for the pictures and, as PATH's only other one, a folder with a gnuplot that takes shell
// scripts: what happens around gnuplot can so be tested where there is none.
class GnuplotTest : public testing::Test {
 protected:
  GnuplotTest() {
    fs::remove_all(folder_);
    fs::create_directories(folder_ + "/bin");
    const std::string program = folder_ + "/bin/gnuplot";
    std::ofstream(program) << "#!/bin/sh\nexec /bin/sh -s -- \"$@\"\n";
    fs::permissions(program, fs::perms::owner_all);
    set_path(folder_ + "/bin");
  }
  ~GnuplotTest() override { set_path(before_); }

  static void set_path(const std::string& path) { setenv("PATH", path.c_str(), 1); }
  bool left_a_part() const {
    const auto is_part = [](const auto& entry) { return entry.path().extension() == ".part"; };
    return std::any_of(fs::directory_iterator(folder_), fs::directory_iterator(), is_part);
  }

  const std::string folder_ = testing::TempDir() + "/gnuplot_test", picture_ = folder_ + "/p.svg";

 private:
  const std::string before_ = std::getenv("PATH") ? std::getenv("PATH") : "";
};

TEST_F(GnuplotTest, PutsWhatGnuplotWritesIntoTheFile) {
  EXPECT_TRUE(gnuplot("echo '<svg/>'\n", picture_));
  EXPECT_EQ(contents(picture_), "<svg/>\n");
  EXPECT_TRUE(gnuplot("echo again\n", picture_));
  EXPECT_EQ(contents(picture_), "again\n");
  EXPECT_FALSE(left_a_part());
}

TEST_F(GnuplotTest, AsksForTheDefaultSettings) {
  EXPECT_TRUE(gnuplot("echo \"$@\"\n", picture_));
  EXPECT_EQ(contents(picture_), "--default-settings\n");
}

TEST_F(GnuplotTest, TakesAScriptLongerThanAPipe) {
  std::string script, want;
  for (int i = 0; i < 2000; ++i) {
    const std::string line(99, 'x');
    script += "echo " + line + "\n";
    want += line + "\n";
  }
  EXPECT_TRUE(gnuplot(script, picture_));
  EXPECT_EQ(contents(picture_), want);
}

TEST_F(GnuplotTest, WithoutGnuplotSaysSoAndWritesNothing) {
  set_path(folder_);
  EXPECT_FALSE(gnuplot("echo '<svg/>'\n", picture_));
  EXPECT_FALSE(fs::exists(picture_));
  EXPECT_FALSE(left_a_part());
}

TEST_F(GnuplotTest, AFailureLeavesTheFileThatWasThere) {
  std::ofstream(picture_) << "before";
  expect_error<DataError>([&] { gnuplot("echo half; exit 3\n", picture_); },
                          picture_ + ": gnuplot could not draw it and ended with status 3");
  expect_error<DataError>([&] { gnuplot("echo half; kill -TERM $$\n", picture_); },
                          picture_ + ": gnuplot could not draw it and ended with status 143");
  EXPECT_EQ(contents(picture_), "before");
  EXPECT_FALSE(left_a_part());
}

TEST_F(GnuplotTest, ItsHomeMustBeThere) {
  const std::string nowhere = folder_ + "/none/p.svg";
  expect_error<DataError>([&] { gnuplot("echo '<svg/>'\n", nowhere); },
                          nowhere + ": cannot be written: No such file or directory");
}

TEST_F(GnuplotTest, DoesNotReplaceAFolder) {
  fs::create_directories(picture_ + "/full");
  expect_error<DataError>([&] { gnuplot("echo '<svg/>'\n", picture_); },
                          picture_ + ": cannot be written: Is a directory");
  EXPECT_FALSE(left_a_part());
}

TEST(GnuplotFrame, IsAsWideAndAsHighAsItSays) {
  EXPECT_TRUE(gnuplot_frame(800, 450).starts_with("set terminal svg size 800,450 "));
}

TEST_F(GnuplotTest, MakesTheFolderOfAPictureAndLeavesNothingInIt) {
  const std::string folder = folder_ + "/a/b";
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(picture_path(folder, "p.svg"), folder + "/p.svg");
    EXPECT_TRUE(fs::is_empty(folder));
  }
  fs::create_directories(folder + "/p.svg");
  expect_error<DataError>([&] { picture_path(folder, "p.svg"); },
                          folder + "/p.svg: cannot be written: Is a directory");
  std::ofstream(folder_ + "/file") << "no folder";
  expect_error<DataError>([&] { picture_path(folder_ + "/file", "p.svg"); },
                          folder_ + "/file: cannot be made a folder: Not a directory");
}

}  // namespace
}  // namespace foundations
