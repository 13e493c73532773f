#include "common/data/imread.h"

#include <gtest/gtest.h>
#include <png.h>

#include <fstream>
#include <string>
#include <vector>

#include "common/data/mnist.h"
#include "common/data/picture.h"
#include "common/tensor/ops.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

std::string temporary(const std::string& name) {
  return testing::TempDir() + "/imread_test-" + name;
}

std::string file_of(const std::string& name, const std::string& bytes) {
  std::ofstream(temporary(name), std::ios::binary) << bytes;
  return temporary(name);
}

// A PNG of one row, from what libpng calls a format.
template <class Channel>
std::string png_of(png_uint_32 format, const std::vector<Channel>& pixels, png_uint_32 width,
                   const void* colours = nullptr, png_uint_32 count = 0) {
  png_image file{};
  file.version = PNG_IMAGE_VERSION;
  file.width = width;
  file.height = 1;
  file.format = format;
  file.colormap_entries = count;
  EXPECT_TRUE(
      png_image_write_to_file(&file, temporary("kinds.png").c_str(), 0, pixels.data(), 0, colours));
  return temporary("kinds.png");
}

using Bytes = std::vector<png_byte>;

TEST(ImreadTest, TakesPngsOfEveryKind) {
  const Tensor want = tensor({{0, 1, 0.2}});
  expect_close(imread(png_of(PNG_FORMAT_GRAY, Bytes{0, 255, 51}, 3)), want);
  expect_close(imread(png_of(PNG_FORMAT_RGB, Bytes{0, 0, 0, 255, 255, 255, 51, 51, 51}, 3)), want);
  // Black on nothing is black on white.
  expect_close(imread(png_of(PNG_FORMAT_GA, Bytes{0, 255, 0, 0, 0, 204}, 3)), want, 0, 1e-6);
  const Bytes colours = {51, 51, 51, 0, 0, 0, 255, 255, 255};
  expect_close(imread(png_of(PNG_FORMAT_RGB_COLORMAP, Bytes{1, 2, 0}, 3, colours.data(), 3)), want);
  // 16 bits, in which libpng's numbers are light and not grey: grey is about its 2.2th root.
  const std::vector<png_uint_16> linear = {0, 65535, 2170};
  expect_close(imread(png_of(PNG_FORMAT_LINEAR_Y, linear, 3)), want, 0, 0.02);
}

TEST(ImreadTest, TakesPgmsAsBytesAndAsText) {
  const Tensor want = tensor({{0, 0.5}, {1, 0.25}});
  expect_equal(imread(file_of("a.pgm", std::string("P5\n# a comment\n2 2\n4\n\0\2\4\1", 25))),
               want);
  expect_equal(imread(file_of("b.pgm", std::string("P5 2 2 1024 \0\0\2\0\4\0\1\0", 20))), want);
  expect_equal(imread(file_of("c.pgm", "P2\n2 2\n# 4 is white\n4\n0 2\n9 1")), want);  // 9: 4
}

TEST(ImreadTest, RefusesOtherFiles) {
  const std::string whole = png_of(PNG_FORMAT_GRAY, Bytes(100, 7), 100);
  std::string png(200, '\0');
  png.resize(std::ifstream(whole, std::ios::binary).read(png.data(), 200).gcount());
  const std::string kCut = ": not a PGM, or cut off";
  const struct {
    std::string name, bytes, sentence;
  } cases[] = {
      {"empty.png", "", ": not a picture that can be read, which is a PNG or a PGM"},
      {"photo.png", "\xff\xd8\xff", ": not a picture that can be read, which is a PNG or a PGM"},
      {"cut.pgm", "P5 2 2 255 abc", kCut},
      {"header.pgm", "P5 2", kCut},
      {"word.pgm", "P2 2 two 1", kCut},
      {"white.pgm", "P5 1 1 65536 a", kCut},
      {"none.pgm", "P5 0 3 255 ",
       ": a picture should have 1 to 100000000 pixels, but this one has 3 rows of 0"},
      {"huge.pgm", "P5 99999999 99999999 255 ",
       ": a picture should have 1 to 100000000 pixels, but this one has 99999999 rows of 99999999"},
  };
  for (const auto& c : cases) {
    const std::string path = file_of(c.name, c.bytes);
    expect_error<DataError>([&] { imread(path); }, path + c.sentence);
  }
  for (const std::size_t length : {20u, 40u, 60u}) {  // libpng says why, in words of its own
    EXPECT_THROW(imread(file_of("cut.png", png.substr(0, length))), DataError) << length;
  }
  expect_error<DataError>([] { imread("none.png"); },
                          "none.png: cannot be read: No such file or directory");
}

// A square with a long tail: its box is not its centre of mass.
Tensor blob(std::int64_t rows, std::int64_t columns) {
  Tensor x = zeros(rows, columns);
  x(Slice(rows / 4, rows / 2), Slice(columns / 4, columns / 2)) = 1;
  x(Slice(rows / 4, rows * 3 / 4), Slice(columns / 4, columns / 4 + 2)) = 1;
  return x;
}

TEST(LikeMnistTest, DoesNotMindSizeNorWhichIsDark) {
  const Tensor small = like_mnist(blob(80, 80)).centred;
  for (const Tensor& same : {1 - blob(80, 80), 0.2 + 0.5 * blob(80, 80)}) {
    expect_close(like_mnist(same).centred, small, 0, 1e-5);
  }
  EXPECT_FALSE(like_mnist(blob(80, 80)).dark_on_light);
  EXPECT_TRUE(like_mnist(1 - blob(80, 80)).dark_on_light);
  const Tensor twice = blob(80, 80).view(80, 1, 80, 1).expand(80, 2, 80, 2).reshape(160, 160);
  expect_close(like_mnist(twice).centred, small, 0, 1e-5);
}

TEST(LikeMnistTest, FitsTheInkIntoABoxAroundItsCentreOfMass) {
  for (const auto& [rows, columns] : {std::pair(40, 80), std::pair(300, 50), std::pair(8, 9)}) {
    const DigitSteps steps = like_mnist(blob(rows, columns));
    EXPECT_EQ(std::max(steps.scaled.size(0), steps.scaled.size(1)), 20);
    EXPECT_EQ(steps.centred.shape(), Shape({28, 28}));
    EXPECT_NEAR(steps.centred.max().item(), 255. / 256, 1e-6);
    EXPECT_NEAR(steps.centred.sum().item(), steps.scaled.sum().item() * 255 / 256, 1e-3);
    const Tensor middles = arange(0.5, 28, 1), total = steps.centred.sum();
    EXPECT_NEAR(((steps.centred.sum(1) * middles).sum() / total).item(), 14, 0.5);
    EXPECT_NEAR(((steps.centred.sum(0) * middles).sum() / total).item(), 14, 0.5);
  }
}

// All but the faintest ink, which counts as paper where it is cut out the second time.
TEST(LikeMnistTest, KeepsADigitThatIsLikeMnistAlready) {
  const Mnist digits = built_in_digits(12, 0);
  for (const Tensor& image : digits.x_train) {
    const Tensor digit = like_mnist(image.view(28, 28)).centred;
    const Tensor again = like_mnist(1 - digit).centred;
    EXPECT_LT((again - digit).abs().mean().item(), 0.02);
  }
}

TEST(LikeMnistTest, NeedsInk) {
  for (const Tensor& blank : {ones(5, 7), zeros(1, 1), 0.5 + 0.05 * blob(40, 40)}) {
    expect_error<DataError>([&] { like_mnist(blank); },
                            "the picture has no ink: all of it is about as dark as its border");
  }
  expect_error<ShapeError>([] { like_mnist(zeros(3)); },
                           "like_mnist() expects a picture of rows and columns, but got shape [3]");
  expect_error<ShapeError>(
      [] { like_mnist(zeros(0, 3)); },
      "like_mnist() expects a picture of rows and columns, but got shape [0, 3]");
}

}  // namespace
}  // namespace foundations
