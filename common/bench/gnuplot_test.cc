#include "common/bench/gnuplot.h"

#include <gtest/gtest.h>

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

// A folder for the pictures and, first in PATH, a folder with a gnuplot that runs shell scripts: so
// you can test what happens around gnuplot without it.
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
  std::string drawn() const {
    std::ostringstream text;
    text << std::ifstream(picture_).rdbuf();
    return text.str();
  }

  const std::string folder_ = testing::TempDir() + "/gnuplot_test", picture_ = folder_ + "/p.svg";

 private:
  const std::string before_ = std::getenv("PATH") ? std::getenv("PATH") : "";
};

TEST_F(GnuplotTest, PutsWhatGnuplotWritesIntoTheFile) {
  std::string long_script, long_picture;  // longer than a pipe holds
  for (int i = 0; i < 2000; ++i) {
    const std::string line(99, 'x');
    long_script += "echo " + line + "\n";
    long_picture += line + "\n";
  }
  const std::pair<std::string, std::string> scripts[] = {
      {"echo '<svg/>'\n", "<svg/>\n"},
      {"echo \"$@\"\n", "--default-settings\n"},
      {long_script, long_picture},
      {"echo again\n", "again\n"},
  };
  for (const auto& [script, picture] : scripts) {
    EXPECT_TRUE(gnuplot(script, picture_));
    EXPECT_EQ(drawn(), picture);
  }
}

TEST_F(GnuplotTest, WithoutGnuplotSaysSoAndWritesNothing) {
  set_path(folder_);
  testing::internal::CaptureStderr();
  EXPECT_FALSE(gnuplot("echo '<svg/>'\n", picture_));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << "the program says it in its own words";
  EXPECT_FALSE(fs::exists(picture_));
}

TEST_F(GnuplotTest, AFailureLeavesTheFileThatWasThere) {
  std::ofstream(picture_) << "before";
  for (const auto& [end, status] : {std::pair{"exit 3", "3"}, {"kill -TERM $$", "143"}}) {
    expect_error<DataError>(
        [&, script = std::string("echo half; ") + end] { gnuplot(script, picture_); },
        picture_ + ": gnuplot could not draw it and ended with status " + status);
  }
  EXPECT_EQ(drawn(), "before");
}

TEST_F(GnuplotTest, ItsPlaceMustBeAFile) {
  const std::string nowhere = folder_ + "/none/p.svg";
  expect_error<DataError>([&] { gnuplot("echo '<svg/>'\n", nowhere); },
                          nowhere + ": cannot be written: No such file or directory");
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
