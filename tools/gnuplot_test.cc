#include "tools/gnuplot.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace foundations {
namespace {

namespace fs = std::filesystem;

// A folder that is the whole PATH, with a script in place of gnuplot, or with none.
class Gnuplot : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    setenv("PATH", folder_.c_str(), 1);
  }

  void install(const std::string& commands) {
    const fs::path program = folder_ / "gnuplot";
    std::ofstream(program) << "#!/bin/sh\n" << commands;
    fs::permissions(program, fs::perms::owner_all);
  }

  std::string picture() const {
    std::ostringstream text;
    text << std::ifstream(path_).rdbuf();
    return text.str();
  }

  void expect_no_other_files() const {
    for (const auto& entry : fs::directory_iterator(folder_)) {
      const fs::path name = entry.path().filename();
      EXPECT_TRUE(name == "gnuplot" || name == "picture.svg") << name;
    }
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / "gnuplot_test";
  const std::string path_ = folder_ / "picture.svg";
};

constexpr char kEcho[] = "while read -r line; do echo \"drawn: $line\"; done\n";

TEST_F(Gnuplot, WritesWhatItMakesOfTheScript) {
  install(kEcho);
  EXPECT_TRUE(gnuplot("plot x\nplot y\n", path_));
  EXPECT_EQ(picture(), "drawn: plot x\ndrawn: plot y\n");
  EXPECT_TRUE(gnuplot("plot z\n", path_));
  EXPECT_EQ(picture(), "drawn: plot z\n");
  expect_no_other_files();
}

TEST_F(Gnuplot, IsAskedForItsDefaultSettings) {
  install("echo \"$@\"\n");
  EXPECT_TRUE(gnuplot("", path_));
  EXPECT_EQ(picture(), "--default-settings\n");
}

TEST_F(Gnuplot, AScriptLongerThanAPipe) {
  install(kEcho);
  const std::string line(99, 'x');
  std::string script, want;
  for (int i = 0; i < 2000; ++i) script += line + "\n", want += "drawn: " + line + "\n";
  EXPECT_TRUE(gnuplot(script, path_));
  EXPECT_EQ(picture(), want);
}

TEST_F(Gnuplot, IsMissing) {
  EXPECT_FALSE(gnuplot("plot x\n", path_));
  EXPECT_FALSE(fs::exists(path_));
  expect_no_other_files();
}

TEST_F(Gnuplot, FailsAndLeavesTheOldPicture) {
  std::ofstream(path_) << "the old picture";
  install("echo half a picture; exit 3\n");
  try {
    gnuplot("plot x\n", path_);
    ADD_FAILURE() << "no error";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), "gnuplot could not draw " + path_ + ": it ended with status 3");
  }
  EXPECT_EQ(picture(), "the old picture");
  expect_no_other_files();
}

TEST_F(Gnuplot, TheFileCannotBeWritten) {
  install(kEcho);
  const std::string nowhere = folder_ / "no" / "such.svg";
  try {
    gnuplot("plot x\n", nowhere);
    ADD_FAILURE() << "no error";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), "cannot write " + nowhere + ".part");
  }
}

}  // namespace
}  // namespace foundations
