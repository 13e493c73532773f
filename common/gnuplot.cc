#include "common/gnuplot.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "common/error.h"

extern char** environ;

namespace foundations {
namespace {

// The exit status of gnuplot (128 and the signal's number, if one ended it), or -1 where there is
// none. It reads from `in`, writes to `out` and complains where we do.
int run_gnuplot(int in, int out) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  char name[] = "gnuplot", defaults[] = "--default-settings";  // whatever is in ~/.gnuplot
  char* const argv[] = {name, defaults, nullptr};
  pid_t child = 0;
  const int failed = posix_spawnp(&child, name, &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return -1;
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

}  // namespace

bool gnuplot(const std::string& script, const std::string& path) {
  const File input(std::tmpfile());
  if (!input || std::fputs(script.c_str(), input.get()) < 0 || std::fflush(input.get()) != 0) {
    throw DataError(path + ": gnuplot's script cannot be written to a temporary file");
  }
  std::rewind(input.get());
  const std::string part = path + ".part";
  File output(std::fopen(part.c_str(), "wb"));
  if (!output) throw DataError(path + ": cannot be written: " + std::strerror(errno));

  const int status = run_gnuplot(fileno(input.get()), fileno(output.get()));
  output.reset();
  std::error_code failed;
  if (status == 0) std::filesystem::rename(part, path, failed);
  if (status == 0 && !failed) return true;
  std::error_code ignored;
  std::filesystem::remove(part, ignored);
  if (status == -1) return false;
  throw DataError(failed ? path + ": cannot be written: " + failed.message()
                         : path + ": gnuplot could not draw it and ended with status " +
                               std::to_string(status));
}

void make_folder(const std::string& path) {
  std::error_code failed;
  std::filesystem::create_directories(path, failed);
  if (failed) throw DataError(path + ": cannot be made a folder: " + failed.message());
  if (access(path.c_str(), W_OK | X_OK) != 0) {
    throw DataError(path + ": cannot be written into: " + std::strerror(errno));
  }
}

}  // namespace foundations
