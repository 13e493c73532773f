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

// What is to become the file `path`.
File open_part(const std::string& path) {
  File part(std::fopen((path + ".part").c_str(), "wb"));
  if (!part) throw DataError(path + ": cannot be written: " + std::strerror(errno));
  return part;
}

}  // namespace

bool gnuplot(const std::string& script, const std::string& path) {
  const File input(std::tmpfile());
  if (!input || std::fputs(script.c_str(), input.get()) < 0 || std::fflush(input.get()) != 0) {
    throw DataError(path + ": gnuplot's script cannot be written to a temporary file");
  }
  std::rewind(input.get());
  const std::string part = path + ".part";
  File output = open_part(path);

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

std::string gnuplot_frame(int width, int height) {
  return "set terminal svg size " + std::to_string(width) + "," + std::to_string(height) +
         R"( enhanced font 'sans-serif,13' background '#f6f8fa'
set border linecolor rgb '#57606a'
set tics nomirror textcolor rgb '#24292f'
set grid linecolor rgb '#d8dee4' linetype 1
)";
}

std::string picture_path(const std::string& folder, const std::string& name) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw DataError(folder + ": cannot be made a folder: " + failed.message());
  const std::string path = folder + "/" + name;
  open_part(path).reset();
  std::filesystem::remove(path + ".part", failed);
  return path;
}

}  // namespace foundations
