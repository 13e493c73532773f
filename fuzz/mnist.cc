// Fed: any bytes as an IDX file; or files made to be sound, gzipped or not, and then perhaps
// damaged, with sizes that lie; one alone, or a folder of MNIST's four under any of their names.
// Must hold: what is accepted is what the model (idx_model.h) accepts, with the same contents;
// everything else is a DataError of one line, never a crash; and no header makes the reader ask for
// much more memory than the files hold.
#include "common/data/mnist.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/data/idx.h"
#include "common/tensor/storage.h"
#include "common/tensor/tensor.h"
#include "fuzz/allocation_limit.h"
#include "fuzz/check.h"
#include "fuzz/idx_model.h"
#include "fuzz/input.h"

namespace foundations {
namespace {

// The files are a few KB, which gzip may stretch a thousandfold.
constexpr std::size_t kMostBytes = 16 << 20;

// A folder of our own, emptied for each input and removed at the end.
class Folder {
 public:
  Folder() {
    const char* const tests = std::getenv("TEST_TMPDIR");
    path_ = (tests ? tests : std::filesystem::temp_directory_path().string()) + "/fuzz.XXXXXX";
    require(mkdtemp(path_.data()) != nullptr, path_ + ": cannot be made");
  }
  ~Folder() { std::filesystem::remove_all(path_); }

  const std::string& path() const { return path_; }
  void empty() const {
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
      std::filesystem::remove(entry.path());
    }
  }
  std::string write(const std::string& name, const std::string& bytes) const {
    const std::string path = path_ + "/" + name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

 private:
  std::string path_;
};

// What action() returns, or nothing where it throws a DataError. Other exceptions end the program.
template <class Action>
auto accepted(Action action) -> std::optional<decltype(action())> {
  limit_allocations(kMostBytes);
  reset_peak_memory_stats();
  std::optional<decltype(action())> result;
  try {
    result = action();
  } catch (const DataError& error) {
    checked_message(error);
  }
  limit_allocations(SIZE_MAX);
  require(max_memory_allocated() <= static_cast<std::int64_t>(4 * kMostBytes),
          "a tensor too large for the files");
  return result;
}

std::string text(const std::vector<std::uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

// ---- One file ----

void check_file(Input& input, const Folder& folder) {
  const std::uint8_t choice = input.byte();
  const std::int64_t rank = choice % 4 + 1;
  std::string bytes;
  if (choice / 4 % 2 == 0) {
    bytes = input.text(input.left());
  } else {
    std::vector<std::int64_t> sizes;
    for (std::int64_t d = 0; d < rank; ++d) sizes.push_back(input.between(0, 7));
    bytes = draw_idx(input, sizes, 255);
  }
  const bool named_gz = choice / 8 % 2 == 0;
  const auto want = read_plainly(bytes, named_gz, rank);
  const std::string path = folder.write(named_gz ? "file.gz" : "file", bytes);
  const auto got = accepted([&] { return read_idx(path, rank); });
  require(got.has_value() == want.has_value(), "read_idx(): accepted or not?");
  if (!got) return;
  require(got->sizes == Shape(want->sizes), "read_idx(): wrong sizes");
  require(text(got->elements) == want->elements, "read_idx(): wrong elements");
  require(got->path == path, "read_idx(): wrong path");
}

// ---- Four files ----

struct File {
  bool exists = false;
  std::optional<IdxContents> contents;  // if it is sound
};

struct Set {
  File images, labels;
};

File draw_file(Input& input, const Folder& folder, const std::string& name, const std::string& type,
               const std::vector<std::int64_t>& sizes, int highest) {
  const std::uint8_t choice = input.byte();
  if (choice < 8) return {};
  const std::string bytes = draw_idx(input, sizes, highest);
  const bool named_gz = choice % 2 == 0 && bytes.starts_with("\x1f\x8b");
  folder.write(name + (choice / 2 % 4 ? "-" : ".") + type + "-ubyte" + (named_gz ? ".gz" : ""),
               bytes);
  return {true, read_plainly(bytes, named_gz, static_cast<std::int64_t>(sizes.size()))};
}

Set draw_set(Input& input, const Folder& folder, const std::string& name, std::int64_t rows) {
  const std::int64_t n = input.between(0, 13), columns = 3;
  const std::int64_t more = input.byte() < 16;
  return {
      draw_file(input, folder, name + "-images", "idx3", {n, rows, columns}, 255),
      draw_file(input, folder, name + "-labels", "idx1", {n + more}, input.byte() < 8 ? 10 : 9)};
}

bool is_sound(const Set& set) {
  if (!set.images.contents || !set.labels.contents) return false;
  const IdxContents &images = *set.images.contents, &labels = *set.labels.contents;
  bool sound = images.sizes[0] == labels.sizes[0] && images.sizes[1] > 0 && images.sizes[2] > 0;
  for (const char label : labels.elements) sound &= label >= 0 && label <= 9;
  return sound;
}

// `x` and `y` hold the elements from the n-th image on.
void check_part(const Set& set, std::size_t n, const Tensor& x, const LongTensor& y) {
  const std::vector<float> pixels = x.to_vector();
  const std::vector<std::int64_t> digits = y.to_vector();
  require(x.size(0) == y.size(0), "load_mnist(): a label for each image");
  const auto width = static_cast<std::size_t>(x.size(1));
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const auto byte = static_cast<unsigned char>(set.images.contents->elements[n * width + i]);
    require(pixels[i] * 256 == byte, "load_mnist(): a wrong pixel");
  }
  for (std::size_t i = 0; i < digits.size(); ++i) {
    require(digits[i] == set.labels.contents->elements[n + i], "load_mnist(): a wrong label");
  }
}

void check_folder(Input& input, const Folder& folder) {
  const std::int64_t rows = input.between(0, 3);
  const Set train = draw_set(input, folder, "train", rows);
  const bool has_test = input.flag();
  const Set test = has_test ? draw_set(input, folder, "t10k", rows) : Set{};
  const bool reads_test = test.images.exists || test.labels.exists;
  bool want = is_sound(train) && (!reads_test || is_sound(test));
  if (want && reads_test) {
    for (const std::size_t d : {1, 2}) {
      want &= test.images.contents->sizes[d] == train.images.contents->sizes[d];
    }
  }
  const auto got = accepted([&] { return load_mnist(folder.path()); });
  require(got.has_value() == want, "load_mnist(): accepted or not?");
  if (!got) return;
  const std::int64_t n = train.images.contents->sizes[0], valid = n / 6;
  require(got->x_train.size(0) == n - valid && got->x_valid.size(0) == valid,
          "load_mnist(): a wrong split");
  check_part(train, 0, got->x_train, got->y_train);
  check_part(train, static_cast<std::size_t>(n - valid), got->x_valid, got->y_valid);
  require(got->x_test.size(0) == (reads_test ? test.images.contents->sizes[0] : 0),
          "load_mnist(): a test set of wrong size");
  if (reads_test) check_part(test, 0, got->x_test, got->y_test);
}

void run(Input input) {
  static const Folder folder;
  folder.empty();
  if (input.byte() % 4 == 0) {
    check_folder(input, folder);
  } else {
    check_file(input, folder);
  }
}

}  // namespace
}  // namespace foundations

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  foundations::run({data, size});
  return 0;
}
