#include "common/base/whole_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>

#include "common/base/error.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

namespace fs = std::filesystem;

class WholeFile : public testing::Test {
 protected:
  WholeFile() {
    fs::remove_all(folder_);
    fs::create_directory(folder_);
  }
  std::string contents() const {
    std::ostringstream text;
    text << std::ifstream(path_).rdbuf();
    return text.str();
  }
  std::int64_t files() const {
    return std::distance(fs::directory_iterator(folder_), fs::directory_iterator());
  }

  const std::string folder_ = testing::TempDir() + "/whole_file_test", path_ = folder_ + "/file";
};

TEST_F(WholeFile, HoldsAllBytes) {
  for (const std::string& bytes : {std::string(), std::string("a\0\r\n\xff", 5),
                                   std::string(1 << 20, 'x'), std::string("shorter")}) {
    check_writable(path_);
    write_file(path_, bytes);
    EXPECT_EQ(contents(), bytes);
    EXPECT_EQ(read_file(path_), bytes);
    EXPECT_EQ(files(), 1);
  }
}

TEST_F(WholeFile, IsNotTouchedByTheQuestionWhetherItCanBe) {
  check_writable(path_);
  EXPECT_EQ(files(), 0);
  write_file(path_, "before");
  check_writable(path_);
  EXPECT_EQ(contents(), "before");
  EXPECT_EQ(files(), 1);
}

TEST_F(WholeFile, LeavesOtherFilesOfTheFolderAlone) {
  std::ofstream(path_ + ".part") << "the user's own";
  write_file(path_, "new");
  EXPECT_EQ(contents(), "new");
  EXPECT_EQ(fs::file_size(path_ + ".part"), 14u);
  EXPECT_EQ(files(), 2);
}

TEST_F(WholeFile, NeedsAFolderAndANameThatIsNone) {
  const std::string nowhere = folder_ + "/none/file", taken = folder_ + "/taken";
  const std::string loop = folder_ + "/loop", endless = folder_ + "/" + std::string(300, 'x');
  const std::string pipe = folder_ + "/pipe";
  fs::create_directory(taken);
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  fs::create_symlink(loop, loop);
  for (const auto& write : {+[](const std::string& path) { write_file(path, "x"); },
                            +[](const std::string& path) { check_writable(path); }}) {
    expect_error<DataError>([&] { write(nowhere); },
                            nowhere + ": cannot be written: No such file or directory");
    expect_error<DataError>([&] { write(taken); }, taken + ": cannot be written: Is a directory");
    // Where the system does not even let us look, its reason is told.
    expect_error<DataError>([&] { write(loop + "/file"); },
                            loop + "/file: cannot be written: Too many levels of symbolic links");
    expect_error<DataError>([&] { write(pipe); },
                            pipe + ": cannot be written: Operation not permitted");
    expect_error<DataError>([&] { write(endless); },
                            endless + ": cannot be written: File name too long");
  }
  EXPECT_TRUE(fs::is_empty(taken));
  EXPECT_EQ(files(), 3);
  expect_error<DataError>([&] { read_file(nowhere); },
                          nowhere + ": cannot be read: No such file or directory");
  expect_error<DataError>([&] { read_file(taken); }, taken + ": cannot be read: Is a directory");
}

// The superuser may write any file, so the test is somebody else for a while.
TEST_F(WholeFile, StaysAsItWasWhereYouMayNotWriteIt) {
  write_file(path_, "before");
  fs::permissions(path_, fs::perms::owner_read);
  fs::permissions(folder_, fs::perms::all);
  const uid_t user = geteuid();
  if (user == 0 && seteuid(65534) != 0) GTEST_SKIP() << "cannot be another user";
  std::string complaint;
  try {
    check_writable(path_);
  } catch (const DataError& error) {
    complaint = error.what();
  }
  EXPECT_EQ(seteuid(user), 0);
  EXPECT_EQ(complaint, path_ + ": cannot be written: Permission denied");
}

// No file may grow beyond a limit for a while: writing one fails as on a full disk. What is small
// is only found not to fit when the file is closed.
TEST_F(WholeFile, StaysAsItWasWhenTheDiskIsFull) {
  write_file(path_, "before");
  rlimit all{};
  getrlimit(RLIMIT_FSIZE, &all);
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  for (const auto& [limit, size] : {std::pair(1 << 20, 2 << 20), std::pair(16, 100)}) {
    const rlimit little = {static_cast<rlim_t>(limit), all.rlim_max};
    setrlimit(RLIMIT_FSIZE, &little);
    std::string complaint;
    try {
      write_file(path_, std::string(size, 'x'));
    } catch (const DataError& error) {
      complaint = error.what();
    }
    setrlimit(RLIMIT_FSIZE, &all);  // the tests' own output may be a file
    EXPECT_EQ(complaint, path_ + ": cannot be written: File too large");
    EXPECT_EQ(contents(), "before");
    EXPECT_EQ(files(), 1);
  }
  std::signal(SIGXFSZ, before);
}

// The same limit without a handler ends the program in the middle of the write, as Ctrl-C would.
TEST_F(WholeFile, StaysAsItWasWhenTheProgramIsStopped) {
  write_file(path_, "before");
  const auto write_too_much = [&] {
    const rlimit little = {1 << 20, 1 << 20};
    setrlimit(RLIMIT_FSIZE, &little);
    std::signal(SIGXFSZ, SIG_DFL);
    write_file(path_, std::string(2 << 20, 'x'));
  };
  EXPECT_EXIT(write_too_much(), testing::KilledBySignal(SIGXFSZ), "");
  EXPECT_EQ(contents(), "before");
}

}  // namespace
}  // namespace foundations
