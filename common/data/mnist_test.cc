#include "common/data/mnist.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/data/idx_testing.h"
#include "common/tensor/ops.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

using std::filesystem::create_directory;
using std::filesystem::create_symlink;
using std::filesystem::remove;
using std::filesystem::rename;

const std::string kTrainImages = "train-images-idx3-ubyte.gz";
const std::string kTrainLabels = "train-labels-idx1-ubyte.gz";
const std::string kTestImages = "t10k-images-idx3-ubyte.gz";
const std::string kTestLabels = "t10k-labels-idx1-ubyte.gz";

// A folder with a sound set of 13 + 4 images of 2 x 3 pixels, which a test can change.
class Folder {
 public:
  Folder() : path_(testing::TempDir() + "/mnist_test") {
    std::filesystem::remove_all(path_);
    create_directory(path_);
    pack(kTrainImages, image_bytes(13, 2, 3));
    pack(kTrainLabels, label_bytes(13));
    pack(kTestImages, image_bytes(4, 2, 3));
    pack(kTestLabels, label_bytes(4));
  }
  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

  void pack(const std::string& name, const std::string& bytes) const {
    write_gzipped(*this / name, bytes);
  }

 private:
  std::string path_;
};

// Returns the error of load_mnist for a folder, without the folder's name.
std::string fault(const Folder& folder) {
  try {
    load_mnist(folder.path());
  } catch (const DataError& error) {
    std::string text = error.what();
    for (std::size_t at; (at = text.find(folder.path() + "/")) != std::string::npos;) {
      text.erase(at, folder.path().size() + 1);
    }
    return text;
  }
  return "no fault";
}

TEST(LoadMnist, BytesOver256LabelsAndTheLastSixthForValidation) {
  const Folder folder;
  const Mnist mnist = load_mnist(folder.path());
  expect_equal(mnist.y_train, long_tensor({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0}));
  expect_equal(mnist.y_valid, long_tensor({1, 2}));
  expect_equal(mnist.y_test, long_tensor({0, 1, 2, 3}));
  std::vector<float> pixels;
  for (int i = 0; i < 13 * 6; ++i) pixels.push_back(static_cast<float>(7 * i % 256) / 256);
  const Tensor images = from_vector(pixels, {13, 6});
  expect_equal(mnist.x_train, images.slice(0, 0, 11));
  expect_equal(mnist.x_valid, images.slice(0, 11));
  expect_equal(mnist.x_test, images.slice(0, 0, 4));
  EXPECT_EQ(mnist.source, "MNIST from " + folder.path());
}

TEST(LoadMnist, TakesEverySpellingGzippedOrNot) {
  for (const std::string name : {"images-idx3-ubyte", "images.idx3-ubyte"}) {
    const Folder folder;
    remove(folder / kTrainImages);
    write_plain(folder / ("train-" + name), image_bytes(13, 2, 3));
    EXPECT_EQ(fault(folder), "no fault") << name;
    remove(folder / ("train-" + name));
    folder.pack("train-" + name + ".gz", image_bytes(13, 2, 3));
    EXPECT_EQ(fault(folder), "no fault") << name;
  }
  const Folder folder;  // with a folder that bears a file's name
  rename(folder / kTrainLabels, folder / "train-labels.idx1-ubyte.gz");
  create_directory(folder / "train-labels-idx1-ubyte");
  EXPECT_EQ(fault(folder), "no fault");
}

TEST(LoadMnist, TakesAnyNumberOfImagesButOnlyAFolder) {
  for (const std::uint32_t n : {0, 1, 5, 6, 7}) {
    const Folder folder;
    folder.pack(kTrainImages, image_bytes(n, 1, 1));
    folder.pack(kTrainLabels, label_bytes(n));
    remove(folder / kTestImages);
    remove(folder / kTestLabels);
    const Mnist mnist = load_mnist(folder.path());
    EXPECT_EQ(mnist.x_train.shape(), Shape({n - n / 6, 1}));
    EXPECT_EQ(mnist.x_valid.shape(), Shape({n / 6, 1}));
    EXPECT_EQ(mnist.y_valid.shape(), Shape({n / 6}));
    EXPECT_EQ(mnist.x_test.shape(), Shape({0, 1}));
    EXPECT_EQ(mnist.y_test.shape(), Shape({0}));
  }
  const Folder whole;
  for (const std::string& path : {whole / "none", whole / kTestImages}) {
    expect_error<DataError>(
        [&] { load_mnist(path); },
        path +
            ": is not a folder; it should be the one with MNIST's four files in it, which "
            "tools/get_mnist DIR fetches");
  }
}

// Symbolic links to themselves: a reason that root gets to hear too, where others hear "Permission
// denied".
TEST(LoadMnist, SaysWhyAFolderOrAFileCannotBeLookedAt) {
  const Folder folder;
  const std::string loop = folder / "loop", why = "Too many levels of symbolic links";
  create_symlink(loop, loop);
  for (const std::string& path : {loop, loop + "/mnist"}) {
    expect_error<DataError>([&] { load_mnist(path); }, path + ": cannot be entered: " + why);
  }
  for (const std::string& name : {kTestImages, kTrainLabels}) {
    remove(folder / name);
    create_symlink(folder / name, folder / name);
    EXPECT_EQ(fault(folder), name + ": cannot be opened: " + why);
  }
}

// idx_test covers the faults inside a file; here is one of them.
TEST(LoadMnist, NamesTheFileAndTheFault) {
  const std::string missing =
      ": there is no such file, nor one without .gz, nor either with a dot before \"idx\"";
  const struct {
    std::string message;
    void (*damage)(const Folder&);
  } rows[] = {
      {kTestLabels + missing, [](const Folder& f) { remove(f / kTestLabels); }},
      {kTestImages + missing, [](const Folder& f) { remove(f / kTestImages); }},
      {kTrainLabels + ": is a folder, not a file",
       [](const Folder& f) { remove(f / kTrainLabels), create_directory(f / kTrainLabels); }},
      {kTrainLabels + ": begins with the magic number 2051 in place of 2049",
       [](const Folder& f) { f.pack(kTrainLabels, image_bytes(13, 2, 3)); }},
      {kTrainImages + ": its images have no pixels",
       [](const Folder& f) { f.pack(kTrainImages, image_bytes(13, 0, 3)); }},
      {kTestImages + ": its images are [3, 2], but those of the training set [2, 3]",
       [](const Folder& f) { f.pack(kTestImages, image_bytes(4, 3, 2)); }},
      {kTrainLabels + ": has 12 labels for the 13 images of " + kTrainImages,
       [](const Folder& f) { f.pack(kTrainLabels, label_bytes(12)); }},
      {kTestLabels + ": has 5 labels for the 4 images of " + kTestImages,
       [](const Folder& f) { f.pack(kTestLabels, label_bytes(5)); }},
      {kTestLabels + ": label 2 is 10, but digits end at 9",
       [](const Folder& f) {
         const std::string labels = "\x01\x09\x0a\x02";
         f.pack(kTestLabels, label_bytes(4).substr(0, 8) + labels);
       }},
  };
  for (const auto& [message, damage] : rows) {
    const Folder folder;
    damage(folder);
    EXPECT_EQ(fault(folder), message);
  }
}

// ---- What the programs use ----

// Sets or unsets a variable for the lifetime of this object.
class Variable {
 public:
  Variable(const char* name, const std::optional<std::string>& value) : name_(name) {
    if (const char* const before = std::getenv(name)) before_ = before;
    set(value);
  }
  ~Variable() { set(before_); }

 private:
  void set(const std::optional<std::string>& value) {
    value ? setenv(name_, value->c_str(), 1) : unsetenv(name_);
  }
  const char* name_;
  std::optional<std::string> before_;
};

TEST(LoadDigits, TheFlagBeforeTheVariableBeforeTheBuiltInOnes) {
  const Folder folder;
  const std::string built_in = "built-in digits";
  const Variable no_folder("BUILD_WORKING_DIRECTORY", std::nullopt);
  {
    const Variable unset("MNIST_DIR", std::nullopt);
    EXPECT_EQ(load_digits().source, built_in);
    EXPECT_EQ(load_digits(folder.path()).source, "MNIST from " + folder.path());
  }
  {
    const Variable set("MNIST_DIR", folder.path());
    EXPECT_EQ(load_digits().source, "MNIST from " + folder.path());
    EXPECT_EQ(load_digits("").source, built_in);
    EXPECT_THROW(load_digits(folder / "none"), DataError);
  }
}

TEST(LoadDigits, RelativeFoldersStartWhereBazelRunWasTyped) {
  const Folder folder;
  const Variable start("BUILD_WORKING_DIRECTORY", folder.path() + "/..");
  EXPECT_EQ(load_digits("mnist_test").source, "MNIST from " + folder.path() + "/../mnist_test");
  EXPECT_EQ(load_digits(folder.path()).source, "MNIST from " + folder.path());
}

// ---- Real MNIST, exactly, or the built-in digits ----

using Longs = std::vector<std::int64_t>;

// Sums over pixels that are bytes / 256; `other` counts the pixels that are not.
struct Sums {
  std::int64_t bytes = 0, squares = 0, other = 0;
};

Sums sums(const Tensor& x) {
  Sums sums;
  for (const float pixel : x.to_vector()) {
    const std::int64_t byte = static_cast<std::int64_t>(pixel * 256);
    sums.bytes += byte;
    sums.squares += byte * byte;
    sums.other += byte / 256.0f != pixel;
  }
  return sums;
}

Longs counts(const LongTensor& y) {
  Longs counts(10);
  for (const std::int64_t digit : y.to_vector()) ++counts.at(static_cast<std::size_t>(digit));
  return counts;
}

// Compares mean() and std() of up to 39.2 million pixels with the exact sums of the bytes.
void check_statistics(const Tensor& x) {
  const Sums exact = sums(x);
  const double n = static_cast<double>(x.numel()), mean = exact.bytes / 256.0 / n;
  EXPECT_NEAR(x.mean().item(), mean, 1e-6);
  EXPECT_NEAR(x.std().item(), std::sqrt((exact.squares / 65536.0 - n * mean * mean) / (n - 1)),
              1e-6);
}

void check_built_in(const Mnist& digits) {
  EXPECT_EQ(digits.x_train.shape(), Shape({5000, 784}));
  EXPECT_EQ(digits.x_valid.shape(), Shape({1000, 784}));
  EXPECT_EQ(digits.x_test.shape(), Shape({1000, 784}));
  EXPECT_EQ(digits.y_train.slice(0, 0, 5).to_vector(), (Longs{5, 7, 4, 2, 9}));
  for (const std::int64_t count : counts(digits.y_train)) EXPECT_GT(count, 400);
  for (const std::int64_t count : counts(digits.y_valid)) EXPECT_GT(count, 60);
  // About as much ink as MNIST has: mean 0.1304, mean square 0.1114.
  const Sums train = sums(digits.x_train);
  const double pixels = 5000 * 784;
  EXPECT_EQ(train.other, 0);
  EXPECT_NEAR(static_cast<double>(train.bytes) / 256 / pixels, 0.1304, 0.01);
  EXPECT_NEAR(static_cast<double>(train.squares) / 65536 / pixels, 0.1114, 0.01);
}

void check_real(const Mnist& mnist) {
  ASSERT_EQ(mnist.x_train.shape(), Shape({50000, 784}));
  ASSERT_EQ(mnist.x_valid.shape(), Shape({10000, 784}));
  ASSERT_EQ(mnist.x_test.shape(), Shape({10000, 784}));
  EXPECT_EQ(mnist.y_train.slice(0, 0, 10).to_vector(), (Longs{5, 0, 4, 1, 9, 2, 1, 3, 1, 4}));
  EXPECT_EQ(mnist.y_train.slice(0, -3).to_vector(), (Longs{8, 4, 8}));
  EXPECT_EQ(mnist.y_valid.slice(0, 0, 5).to_vector(), (Longs{3, 8, 6, 9, 6}));
  EXPECT_EQ(mnist.y_test.slice(0, 0, 5).to_vector(), (Longs{7, 2, 1, 0, 4}));
  EXPECT_EQ(counts(mnist.y_train),
            (Longs{4932, 5678, 4968, 5101, 4859, 4506, 4951, 5175, 4842, 4988}));
  const Sums train = sums(mnist.x_train), valid = sums(mnist.x_valid);
  EXPECT_EQ(train.other + valid.other, 0);
  EXPECT_EQ(train.bytes, 1309089051);
  EXPECT_EQ(train.squares, 286301324479);
  EXPECT_EQ(valid.bytes, 258209494);
  EXPECT_EQ(valid.squares, 56289475668);
  expect_equal(mnist.x_train[0].slice(0, 203, 210) * 256,
               tensor({49, 238, 253, 253, 253, 253, 253}));
}

TEST(Digits, AreWhatIsKnownOfThem) {
  const Mnist digits = load_digits();
  std::cout << "checking the " << digits.source << "\n";
  if (digits.source.starts_with("MNIST")) {
    check_real(digits);
  } else {
    check_built_in(digits);
  }
  check_statistics(digits.x_train);
  check_statistics(digits.x_valid);
}

TEST(BuiltInDigits, AreTheSameOnEveryCallAndAsManyAsAskedFor) {
  const Mnist a = built_in_digits(60, 10), b = built_in_digits(60, 10);
  EXPECT_EQ(a.x_train.to_vector(), b.x_train.to_vector());
  EXPECT_EQ(a.y_valid.to_vector(), b.y_valid.to_vector());
  EXPECT_NE(a.x_train.to_vector(), built_in_digits(60, 10, 8).x_train.to_vector());
  const Mnist none = built_in_digits(0, 0);
  EXPECT_EQ(none.x_train.shape(), Shape({0, 784}));
  EXPECT_EQ(none.y_test.shape(), Shape({0}));
  EXPECT_EQ(built_in_digits(7, 3).x_valid.shape(), Shape({1, 784}));
  expect_error<ShapeError>([] { built_in_digits(-1, 0); },
                           "Trying to create tensor with negative dimension -1: [-1, 784]");
}

}  // namespace
}  // namespace foundations
