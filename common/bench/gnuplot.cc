#include "common/bench/gnuplot.h"

#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "common/base/error.h"
#include "common/base/whole_file.h"

namespace foundations {
namespace {

constexpr int kNoSuchProgram = 127;  // the shell's own word for it

// Returns the shell's command: gnuplot without ~/.gnuplot, reading from `script`.
std::string command(std::FILE* script) {
  return "command -v gnuplot >/dev/null || exit 127; exec gnuplot --default-settings </dev/fd/" +
         std::to_string(fileno(script));
}

// Returns what the command writes to its standard output, and its exit status: 128 plus the
// signal's number if a signal ended it.
std::pair<std::string, int> output_of(const std::string& shell_command) {
  std::FILE* const pipe = popen(shell_command.c_str(), "r");
  if (pipe == nullptr) return {"", kNoSuchProgram};
  std::string bytes;
  char some[4096];
  while (const std::size_t count = std::fread(some, 1, sizeof some, pipe))
    bytes.append(some, count);
  const int status = pclose(pipe);
  return {bytes, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)};
}

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

bool gnuplot(const std::string& script, const std::string& path) {
  check_writable(path);
  // A file holds a script of any length; a pipe would have to be read meanwhile.
  const std::unique_ptr<std::FILE, Close> file(std::tmpfile());
  if (!file || std::fputs(script.c_str(), file.get()) < 0 || std::fflush(file.get()) != 0) {
    throw DataError(path + ": gnuplot's script cannot be written to a temporary file");
  }
  std::rewind(file.get());
  const auto [picture, status] = output_of(command(file.get()));
  if (status == kNoSuchProgram) return false;
  if (status != 0) {
    throw DataError(path + ": gnuplot could not draw it and ended with status " +
                    std::to_string(status));
  }
  write_file(path, picture);
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
