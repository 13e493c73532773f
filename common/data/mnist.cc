#include "common/data/mnist.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "common/base/error.h"
#include "common/base/user_path.h"
#include "common/data/digits.h"
#include "common/data/idx.h"
#include "common/tensor/random.h"

namespace foundations {
namespace {

using std::filesystem::file_type;

// Images and the digits they show: x is [n, pixels], y is [n].
struct Labelled {
  Tensor x;
  LongTensor y;
};

// Returns the tensors.   pixels: [n, rows, columns]   labels: [n]
Labelled labelled(const Idx& pixels, const Idx& labels) {
  const std::int64_t n = pixels.sizes[0];
  const Labelled set{empty(n, pixels.sizes[1] * pixels.sizes[2]), empty<std::int64_t>(n)};
  std::transform(pixels.elements.begin(), pixels.elements.end(), set.x.data(),
                 [](std::uint8_t byte) { return byte / 256.0f; });
  std::copy(labels.elements.begin(), labels.elements.end(), set.y.data());
  return set;
}

Mnist split(const Labelled& training, const Labelled& test, const std::string& source) {
  const std::int64_t n = training.y.numel(), train = n - n / 6;
  return {training.x.slice(0, 0, train),
          training.y.slice(0, 0, train),
          training.x.slice(0, train),
          training.y.slice(0, train),
          test.x,
          test.y,
          source};
}

// ---- The four files ----

struct Contents {
  const char *name, *type;
  std::int64_t rank;
};
constexpr Contents kImages{"images", "idx3", 3}, kLabels{"labels", "idx1", 1};

// Returns the ways to write the name of a file, the usual first: "train-images-idx3-ubyte.gz".
std::vector<std::string> spellings(const std::string& dir, const std::string& set,
                                   const Contents& contents) {
  std::vector<std::string> paths;
  for (const char* const mark : {"-", "."}) {
    for (const char* const ending : {".gz", ""}) {
      paths.push_back(dir + "/" + set + "-" + contents.name + mark + contents.type + "-ubyte" +
                      ending);
    }
  }
  return paths;
}

// Returns the spelling that is a file. Without one, returns the spelling of something else, or of
// what the system does not let us look at, for read_idx() to refuse.
std::optional<std::string> find_file(const std::vector<std::string>& paths) {
  std::error_code error;
  for (const std::string& path : paths) {
    if (std::filesystem::is_regular_file(path, error)) return path;
  }
  for (const std::string& path : paths) {
    if (std::filesystem::status(path, error).type() != file_type::not_found) return path;
  }
  return std::nullopt;
}

Idx read_file(const std::string& dir, const std::string& set, const Contents& contents) {
  const std::vector<std::string> paths = spellings(dir, set, contents);
  const std::optional<std::string> path = find_file(paths);
  if (!path) {
    throw DataError(paths[0] + ": there is no such file, nor one without .gz, nor either with " +
                    "a dot before \"idx\"");
  }
  return read_idx(*path, contents.rank);
}

// Throws DataError unless there is a label for each image, and each label is a digit.
void check_labels(const Idx& labels, const Idx& images) {
  if (labels.sizes[0] != images.sizes[0]) {
    throw DataError(labels.path + ": has " + std::to_string(labels.sizes[0]) + " labels for the " +
                    std::to_string(images.sizes[0]) + " images of " + images.path);
  }
  for (std::size_t i = 0; i < labels.elements.size(); ++i) {
    if (labels.elements[i] <= 9) continue;
    throw DataError(labels.path + ": label " + std::to_string(i) + " is " +
                    std::to_string(labels.elements[i]) + ", but digits end at 9");
  }
}

// Reads a set whose images have this size. Without a size they may have any but 0, and `size`
// becomes theirs.
Labelled load_set(const std::string& dir, const std::string& set, std::optional<Shape>& size) {
  const Idx images = read_file(dir, set, kImages), labels = read_file(dir, set, kLabels);
  const Shape found(images.sizes.begin() + 1, images.sizes.end());
  if (found.numel() == 0) throw DataError(images.path + ": its images have no pixels");
  if (size && !(found == *size)) {
    throw DataError(images.path + ": its images are " + bracketed(found) +
                    ", but those of the training set " + bracketed(*size));
  }
  check_labels(labels, images);
  size = found;
  return labelled(images, labels);
}

// Throws DataError unless this is a folder that the user may enter.
void check_folder(const std::string& dir) {
  std::error_code error;
  std::filesystem::file_status status = std::filesystem::status(dir, error);
  // What is in a folder is not for everyone who can see the folder.
  if (std::filesystem::is_directory(status)) status = std::filesystem::status(dir + "/.", error);
  if (status.type() == file_type::none) {
    throw DataError(dir + ": cannot be entered: " + error.message());
  }
  if (!std::filesystem::is_directory(status)) {
    throw DataError(dir +
                    ": is not a folder; it should be the one with MNIST's four files in it, " +
                    "which tools/get_mnist DIR fetches");
  }
}

}  // namespace

Mnist load_mnist(const std::string& dir) {
  check_folder(dir);
  std::optional<Shape> size;
  const Labelled training = load_set(dir, "train", size);
  const bool has_test =
      find_file(spellings(dir, "t10k", kImages)) || find_file(spellings(dir, "t10k", kLabels));
  const Labelled none{empty(0, size->numel()), empty<std::int64_t>(0)};
  return split(training, has_test ? load_set(dir, "t10k", size) : none, "MNIST from " + dir);
}

Mnist built_in_digits(std::int64_t training, std::int64_t test, std::uint64_t seed) {
  Generator generator(seed);
  const auto draw = [&generator](std::int64_t n) {
    Idx images{"", {n, kDigitSize, kDigitSize}, {}}, labels{"", {n}, {}};
    for (std::int64_t i = 0; i < n; ++i) {
      const std::int64_t digit = generator.below(10);
      const DigitImage image = draw_digit(digit, generator);
      images.elements.insert(images.elements.end(), image.begin(), image.end());
      labels.elements.push_back(static_cast<std::uint8_t>(digit));
    }
    return labelled(images, labels);
  };
  const Labelled first = draw(training);
  return split(first, draw(test), "built-in digits");
}

Mnist load_digits(const std::optional<std::string>& dir) {
  const char* const variable = std::getenv("MNIST_DIR");
  const std::string chosen = dir ? *dir : variable ? variable : "";
  return chosen.empty() ? built_in_digits() : load_mnist(user_path(chosen));
}

}  // namespace foundations
