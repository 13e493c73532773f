// Input: a byte that says the rank and whether the file's name ends in .gz, then the file. Must
// hold: the reader accepts it, with as many elements as its sizes say, or throws a DataError of one
// line. It never crashes, and no header makes it ask for much more memory than the file holds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "common/data/idx.h"
#include "fuzz/fuzz.h"

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
  const bool named_gz = input.flag();
  const std::int64_t rank = input.between(1, 4);
  const std::string path = folder.write(named_gz ? "file.gz" : "file", input.text(input.left()));
  limit_allocations(16 << 20);  // for a file of a few KB, which gzip may stretch a thousandfold
  const auto got = accepted([&] { return read_idx(path, rank); });
  limit_allocations(SIZE_MAX);
  if (!got) return;
  require(got->sizes.size() == rank, "wrong rank: " + bracketed(got->sizes));
  require(got->sizes.numel() == static_cast<std::int64_t>(got->elements.size()),
          "not as many elements as sizes say: " + bracketed(got->sizes));
  require(got->path == path, "wrong path: " + got->path);
}

}  // namespace
}  // namespace foundations

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  foundations::run({data, size});
  return 0;
}
