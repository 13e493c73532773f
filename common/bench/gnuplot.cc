#include "common/bench/gnuplot.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "common/base/error.h"
#include "common/base/whole_file.h"

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

// All that is in the file, from its beginning.
std::string read_back(std::FILE* file) {
  std::string bytes;
  char some[4096];
  std::rewind(file);
  while (const std::size_t count = std::fread(some, 1, sizeof some, file))
    bytes.append(some, count);
  return bytes;
}

}  // namespace

bool gnuplot(const std::string& script, const std::string& path) {
  check_writable(path);
  const File input(std::tmpfile()), output(std::tmpfile());
  if (!input || !output || std::fputs(script.c_str(), input.get()) < 0 ||
      std::fflush(input.get()) != 0) {
    throw DataError(path + ": gnuplot's script cannot be written to a temporary file");
  }
  std::rewind(input.get());
  const int status = run_gnuplot(fileno(input.get()), fileno(output.get()));
  if (status == -1) return false;
  if (status != 0) {
    throw DataError(path + ": gnuplot could not draw it and ended with status " +
                    std::to_string(status));
  }
  write_file(path, read_back(output.get()));
  return true;
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
  check_writable(path);
  return path;
}

}  // namespace foundations
