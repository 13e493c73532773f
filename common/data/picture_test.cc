#include "common/data/picture.h"

#include <gtest/gtest.h>
#include <png.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/data/digits.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

constexpr float kLargest = std::numeric_limits<float>::max();

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string temp(const std::string& name) { return testing::TempDir() + "/" + name; }

// Returns the bytes of the pixels, 0 to 255, through a PGM file.
std::vector<int> greys(const Tensor& image) {
  const std::string path = temp("greys.pgm");
  imsave(path, image);
  const std::string pixels = read(path).substr(read(path).find("\n255\n") + 5);
  std::vector<int> bytes;
  for (const char pixel : pixels) bytes.push_back(static_cast<unsigned char>(pixel));
  return bytes;
}

Tensor drawn(std::int64_t digit, Generator& generator) {
  const DigitImage image = draw_digit(digit, generator);
  return from_vector(std::vector<float>(image.begin(), image.end()), {kDigitSize, kDigitSize});
}

// ---- Text ----

// Look at the file: are these the ten digits?
TEST(Picture, TheTenDigitsInAscii) {
  Generator generator(1);
  std::string text;
  for (std::int64_t digit = 0; digit < 10; ++digit) {
    text += picture(drawn(digit, generator).slice(0, 2, 26), Style::kAscii);
  }
  EXPECT_EQ(text, read("common/data/testdata/digits.txt")) << text;
}

TEST(Picture, HasTwoCharactersForAPixelOrTwoRowsALineAndNoBlanksAtTheEnd) {
  const Tensor image = tensor({{0, 1, 2, 3, 4}, {9, 8, 7, 6, 5}, {0, 9, 0, 0, 0}});
  EXPECT_EQ(picture(image, Style::kAscii), "  ..::--==\n@@%%##**++\n  @@\n");
  const Tensor blocks = tensor({{0, 1, 0, 1, 0}, {0, 0, 1, 1, 0}, {1, 0, 1, 0, 0}});
  EXPECT_EQ(picture(blocks, Style::kHalfBlocks), " ▀▄█\n▀ ▀\n");
  EXPECT_EQ(picture(tensor({{0, 127, 128, 255}}), Style::kHalfBlocks), "  ▀▀\n");
}

TEST(Picture, GreyHalfBlocksGiveBothHalvesAColour) {
  const Tensor image = tensor({{0, 255}, {255, 128}, {100, 0}});
  EXPECT_EQ(picture(image, Style::kGreyHalfBlocks),
            "\x1b[38;5;232;48;5;255m▀\x1b[38;5;255;48;5;244m▀\x1b[0m\n"
            "\x1b[38;5;241;48;5;232m▀\x1b[38;5;232;48;5;232m▀\x1b[0m\n");
  EXPECT_EQ(picture(zeros(0, 28), Style::kAscii), "");
  EXPECT_EQ(picture(zeros(2, 0), Style::kAscii), "\n\n");
  EXPECT_EQ(picture(zeros(3, 0), Style::kHalfBlocks), "\n\n");
}

TEST(Imshow, PrintsThePicture) {
  testing::internal::CaptureStdout();
  imshow(tensor({{0, 9}}), Style::kAscii);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "  @@\n");
}

// ---- Greys ----

TEST(Greys, RunFromTheLeastFiniteElementToTheGreatest) {
  EXPECT_EQ(greys(tensor({{-1, 0, 1}})), (std::vector<int>{0, 128, 255}));
  EXPECT_EQ(greys(from_vector<float>({-kLargest, 0, kLargest}, {1, 3})),
            (std::vector<int>{0, 128, 255}));
  EXPECT_EQ(greys(full({1, 3}, 7)), (std::vector<int>{0, 0, 0}));
  EXPECT_EQ(greys(full({1, 1}, -kInf)), (std::vector<int>{0}));
  EXPECT_EQ(greys(from_vector<float>({kNan, kInf, -kInf, 1, 2, 3}, {2, 3})),
            (std::vector<int>{0, 255, 0, 0, 128, 255}));
  EXPECT_EQ(greys(full({1, 2}, kNan)), (std::vector<int>{0, 0}));
}

TEST(Greys, OfAnyStrides) {
  const Tensor image = tensor({{0, 51, 102}, {153, 204, 255}});
  EXPECT_EQ(greys(image.t()), (std::vector<int>{0, 153, 51, 204, 102, 255}));
  EXPECT_EQ(greys(image.slice(1, 0, 3, 2)), (std::vector<int>{0, 102, 153, 255}));
  EXPECT_EQ(greys(image[0].expand(2, 3)), (std::vector<int>{0, 128, 255, 0, 128, 255}));
}

// Tries every byte as the brightest, also bytes at which a grey lies between two bytes.
TEST(Greys, AreTheSameBeforeAndAfterNormalisation) {
  for (int brightest = 1; brightest < 256; ++brightest) {
    const Tensor x = empty(1, brightest + 1), normalised = empty(1, brightest + 1);
    for (int byte = 0; byte <= brightest; ++byte) {
      x(0, byte) = byte / 256.0f;
      normalised(0, byte) = (x(0, byte) - 0.13044972f) / 0.30728984f;
    }
    ASSERT_EQ(greys(x), greys(normalised)) << brightest;
  }
}

// ---- Files ----

TEST(Imsave, WritesPgm) {
  const std::string path = temp("six.pgm");
  imsave(path, tensor({{0, 51, 102}, {153, 204, 255}}));
  EXPECT_EQ(read(path), std::string("P5\n3 2\n255\n\x00\x33\x66\x99\xcc\xff", 17));
  Generator generator(1);
  imsave(path, drawn(5, generator));
  EXPECT_EQ(read(path).size(), 13 + 28 * 28u);
}

TEST(Imsave, WritesPng) {
  const std::string path = temp("six.png");
  std::ofstream(path) << "something that is to be replaced";
  imsave(path, tensor({{0, 51, 102}, {153, 204, 255}}));
  png_image file{};
  file.version = PNG_IMAGE_VERSION;
  ASSERT_TRUE(png_image_begin_read_from_file(&file, path.c_str())) << file.message;
  EXPECT_EQ(file.width, 3u);
  EXPECT_EQ(file.height, 2u);
  EXPECT_EQ(file.format, static_cast<png_uint_32>(PNG_FORMAT_GRAY));  // no colours, no alpha
  std::vector<unsigned char> pixels(PNG_IMAGE_SIZE(file));
  ASSERT_TRUE(png_image_finish_read(&file, nullptr, pixels.data(), 0, nullptr)) << file.message;
  EXPECT_EQ(pixels, (std::vector<unsigned char>{0, 51, 102, 153, 204, 255}));
}

// libpng writes no side longer than a million pixels.
TEST(Imsave, RefusesWhatItCannotWriteAndOtherEndings) {
  const std::string nowhere = temp("no such folder/digit.png"), wide = temp("wide.png");
  expect_error<DataError>([&] { imsave(nowhere, zeros(1, 2)); },
                          nowhere + ": cannot be written: No such file or directory");
  EXPECT_THROW(imsave(wide, zeros(1, 1'000'001)), DataError);
  EXPECT_FALSE(std::filesystem::exists(wide));
  for (const std::string name : {"digit.jpg", "digit", ".png", "digit.png.gz"}) {
    expect_error<DataError>(
        [&] { imsave(name, zeros(1, 2)); },
        name + ": a picture is saved as .pgm or .png, but this name ends in neither");
  }
}

TEST(Pictures, AreOfTwoDimensions) {
  const auto fault = [](const std::string& operation, const std::string& shape) {
    return operation + "() expects a 2-D tensor of rows and columns, but got shape " + shape +
           "; a digit is made one by view(28, 28)";
  };
  expect_error<ShapeError>([] { picture(tensor(1), Style::kAscii); }, fault("picture", "[]"));
  expect_error<ShapeError>([] { imshow(zeros(1, 28, 28)); }, fault("imshow", "[1, 28, 28]"));
  expect_error<ShapeError>([] { imsave("digit.png", zeros(784)); }, fault("imsave", "[784]"));
  expect_error<ShapeError>([] { imsave("digit.png", zeros(0, 3)); },
                           "imsave() expects at least one pixel, but got shape [0, 3]");
  EXPECT_FALSE(std::filesystem::exists("digit.png"));
}

// ---- What standard output can show ----

Style style(const char* lc_all, const char* lc_ctype, const char* lang) {
  const auto set = [](const char* name, const char* value) {
    value ? setenv(name, value, 1) : unsetenv(name);
  };
  set("LC_ALL", lc_all);
  set("LC_CTYPE", lc_ctype);
  set("LANG", lang);
  return style_of_stdout();
}

TEST(StyleOfStdout, FollowsTheLocale) {
  EXPECT_EQ(style(nullptr, nullptr, nullptr), Style::kAscii);
  EXPECT_EQ(style("C", "C.UTF-8", "C.UTF-8"), Style::kAscii);
  EXPECT_EQ(style("", "de_DE.ISO-8859-1", "en_US.UTF-8"), Style::kAscii);
  EXPECT_NE(style("C.UTF-8", "C", "C"), Style::kAscii);
  EXPECT_NE(style("", "en_US.utf8", "C"), Style::kAscii);
  EXPECT_NE(style(nullptr, nullptr, "en_US.UTF-8"), Style::kAscii);
}

}  // namespace
}  // namespace foundations
