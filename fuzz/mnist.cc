// Input: any bytes as an IDX file; or a sound file, gzipped or not, which is then perhaps damaged
// or given wrong sizes. Must hold: the reader accepts exactly what the model (mnist_model.h)
// accepts, with the same contents. Everything else is a DataError of one line, never a crash. No
// header makes the reader ask for much more memory than the file holds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "common/data/idx.h"
#include "fuzz/fuzz.h"
#include "fuzz/mnist_model.h"

namespace foundations {
namespace {

// A folder of our own, removed at the end.
class Folder {
 public:
  Folder() {
    const char* const tests = std::getenv("TEST_TMPDIR");
    path_ = (tests ? tests : std::filesystem::temp_directory_path().string()) + "/fuzz.XXXXXX";
    require(mkdtemp(path_.data()) != nullptr, path_ + ": cannot be made");
  }
  ~Folder() { std::filesystem::remove_all(path_); }

  std::string write(const std::string& name, const std::string& bytes) const {
    const std::string path = path_ + "/" + name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

 private:
  std::string path_;
};

void run(Input input) {
  static const Folder folder;
  Numbers sizes(1 + input.below(4));
  const auto rank = static_cast<std::int64_t>(sizes.size());
  const bool named_gz = input.flag(), any_bytes = input.flag();
  for (std::int64_t& size : sizes) size = any_bytes ? 0 : input.between(0, 7);
  const std::string bytes = any_bytes ? input.text(input.left()) : draw_idx(input, sizes);
  const auto want = read_plainly(bytes, named_gz, rank);

  const std::string path = folder.write(named_gz ? "file.gz" : "file", bytes);
  limit_allocations(16 << 20);  // for a file of a few KB, which gzip may stretch a thousandfold
  const auto got = accepted([&] { return read_idx(path, rank); });
  limit_allocations(SIZE_MAX);
  require(got || !want, "should not be refused");
  require(want || !got, "should be refused");
  if (!got) return;
  require(got->sizes == Shape(want->sizes), "wrong sizes: " + bracketed(got->sizes));
  require(std::string(got->elements.begin(), got->elements.end()) == want->elements,
          "wrong elements");
  require(got->path == path, "wrong path: " + got->path);
}

}  // namespace
}  // namespace foundations

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  foundations::run({data, size});
  return 0;
}
