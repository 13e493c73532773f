#include "common/data/picture.h"

#include <png.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <vector>

#include "common/base/error.h"
#include "common/base/terminal.h"
#include "common/base/whole_file.h"

namespace foundations {
namespace {

// An image as bytes: 0 for the least element, 255 for the greatest.
struct Greys {
  std::int64_t rows, columns;
  std::vector<unsigned char> pixels;

  int at(std::int64_t row, std::int64_t column) const { return pixels[row * columns + column]; }
};

Greys greys(const Tensor& image, const std::string& operation) {
  if (image.dim() != 2) {
    throw ShapeError(operation + "() expects a 2-D tensor of rows and columns, but got shape " +
                     bracketed(image.shape()) + "; a digit is made one by view(28, 28)");
  }
  const std::vector<float> values = image.to_vector();
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    low = std::min<double>(low, value);
    high = std::max<double>(high, value);
  }
  Greys result{image.size(0), image.size(1), {}};
  for (const float value : values) {
    // Rounds a half up, even if normalising has left a little less than half.
    const double grey = high > low ? std::floor(255 * ((value - low) / (high - low)) + 0.501) : 0;
    const double shown = std::isinf(value) ? (value > 0 ? 255 : 0) : std::isnan(value) ? 0 : grey;
    result.pixels.push_back(static_cast<unsigned char>(shown));
  }
  return result;
}

// ---- Text ----

void end_line(std::string& text) {
  text.erase(text.find_last_not_of(' ') + 1);
  text += '\n';
}

std::string ascii(const Greys& image) {
  static constexpr char kRamp[] = " .:-=+*#%@";
  std::string text;
  for (std::int64_t i = 0; i < image.rows; ++i) {
    for (std::int64_t j = 0; j < image.columns; ++j) {
      text.append(2, kRamp[image.at(i, j) * 10 / 256]);
    }
    end_line(text);
  }
  return text;
}

// Returns a pixel, or black for the row below an odd number of rows.
int at_or_black(const Greys& image, std::int64_t row, std::int64_t column) {
  return row < image.rows ? image.at(row, column) : 0;
}

std::string half_blocks(const Greys& image) {
  static constexpr const char* kBlocks[2][2] = {{" ", "▄"}, {"▀", "█"}};
  std::string text;
  for (std::int64_t i = 0; i < image.rows; i += 2) {
    for (std::int64_t j = 0; j < image.columns; ++j) {
      text += kBlocks[image.at(i, j) >= 128][at_or_black(image, i + 1, j) >= 128];
    }
    end_line(text);
  }
  return text;
}

// Returns blocks in colours 232 to 255 of a terminal's 256, which are greys, dark to light. The
// character's colour shows the upper pixel, the background's the lower.
std::string grey_half_blocks(const Greys& image) {
  const auto colour = [](int grey) { return std::to_string(232 + grey * 24 / 256); };
  std::string text;
  for (std::int64_t i = 0; i < image.rows; i += 2) {
    for (std::int64_t j = 0; j < image.columns; ++j) {
      text += "\x1b[38;5;" + colour(image.at(i, j)) + ";48;5;" +
              colour(at_or_black(image, i + 1, j)) + "m▀";
    }
    text += "\x1b[0m\n";
  }
  return text;
}

std::string text(const Greys& image, Style style) {
  if (style == Style::kAscii) return ascii(image);
  return style == Style::kHalfBlocks ? half_blocks(image) : grey_half_blocks(image);
}

// ---- Files ----

std::string pgm(const Greys& image) {
  return "P5\n" + std::to_string(image.columns) + " " + std::to_string(image.rows) + "\n255\n" +
         std::string(image.pixels.begin(), image.pixels.end());
}

// Returns a PNG file with eight bits of grey.
std::string png(const Greys& image, const std::string& path) {
  png_image file{};
  file.version = PNG_IMAGE_VERSION;
  file.width = static_cast<png_uint_32>(image.columns);
  file.height = static_cast<png_uint_32>(image.rows);
  file.format = PNG_FORMAT_GRAY;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(file);
  std::string bytes(size, '\0');
  if (!png_image_write_to_memory(&file, bytes.data(), &size, 0, image.pixels.data(), 0, nullptr)) {
    throw DataError(path + ": cannot be made a PNG: " + file.message);
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace

Style style_of_stdout() {
  std::string locale;
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* const value = std::getenv(name);
    if (locale.empty() && value) locale = value;
  }
  for (const char* utf8 : {"UTF-8", "utf-8", "UTF8", "utf8"}) {
    if (locale.find(utf8) == std::string::npos) continue;
    return takes_colours(STDOUT_FILENO) ? Style::kGreyHalfBlocks : Style::kHalfBlocks;
  }
  return Style::kAscii;
}

std::string picture(const Tensor& image, Style style) {
  return text(greys(image, "picture"), style);
}

void imshow(const Tensor& image, Style style) { std::cout << text(greys(image, "imshow"), style); }

void imsave(const std::string& path, const Tensor& image) {
  const std::string ending = std::filesystem::path(path).extension();
  if (ending != ".pgm" && ending != ".png") {
    throw DataError(path + ": a picture is saved as .pgm or .png, but this name ends in neither");
  }
  const Greys bytes = greys(image, "imsave");
  if (bytes.pixels.empty()) {
    throw ShapeError("imsave() expects at least one pixel, but got shape " +
                     bracketed(image.shape()));
  }
  write_file(path, ending == ".png" ? png(bytes, path) : pgm(bytes));
}

}  // namespace foundations
