#include "common/base/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>

#include "common/base/error.h"

namespace foundations {
namespace {

// The file under its other name, for as long as it is written.
class Part {
 public:
  explicit Part(const std::string& path)
      : path_(path), name_(path + "." + std::to_string(getpid()) + ".part") {
    std::error_code unknown;  // fopen() will have the reason
    const std::filesystem::file_status old = std::filesystem::status(path, unknown);
    if (std::filesystem::is_directory(old)) fail(EISDIR);
    // rename() asks only whether the folder may be written.
    if (std::filesystem::is_other(old)) fail(EPERM);  // a device
    const bool is_there = std::filesystem::exists(old);
    if (is_there && faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0) fail(errno);
    file_ = std::fopen(name_.c_str(), "wb");
    if (!file_) fail(errno);
  }
  ~Part() {
    if (file_) std::fclose(file_);
    std::remove(name_.c_str());  // not there after rename
  }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;

  void write(const std::string& bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) fail(errno);
    if (std::fclose(std::exchange(file_, nullptr)) != 0) fail(errno);
  }
  void rename() {
    if (std::rename(name_.c_str(), path_.c_str()) != 0) fail(errno);
  }

 private:
  [[noreturn]] void fail(int error) const {
    throw DataError(path_ + ": cannot be written: " + std::strerror(error));
  }

  std::string path_, name_;
  std::FILE* file_ = nullptr;
};

}  // namespace

void write_file(const std::string& path, const std::string& bytes) {
  Part part(path);
  part.write(bytes);
  part.rename();
}

void check_writable(const std::string& path) { Part part(path); }

std::string read_file(const std::string& path) {
  const auto fail = [&] { throw DataError(path + ": cannot be read: " + std::strerror(errno)); };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             std::fclose);
  if (!file) fail();
  std::string bytes;
  char some[1 << 16];
  while (const std::size_t count = std::fread(some, 1, sizeof some, file.get())) {
    bytes.append(some, count);
  }
  if (std::ferror(file.get())) fail();
  return bytes;
}

}  // namespace foundations
