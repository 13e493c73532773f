#include "common/data/imread.h"

#include <png.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/base/whole_file.h"
#include "common/tensor/ops.h"

namespace foundations {
namespace {

void check_pixels(const std::string& path, std::uint64_t rows, std::uint64_t columns) {
  if (rows > 0 && columns > 0 && rows <= kMaxPixels / columns) return;
  throw DataError(path + ": a picture should have 1 to " + std::to_string(kMaxPixels) +
                  " pixels, but this one has " + std::to_string(rows) + " rows of " +
                  std::to_string(columns));
}

// ---- PNG ---------------------------------------------------------------------------------------

Tensor png_greys(const std::string& path, const std::string& bytes) {
  png_image file{};
  file.version = PNG_IMAGE_VERSION;
  const auto check = [&](int fine) {
    if (!fine) throw DataError(path + ": not a PNG that can be read: " + file.message);
  };
  check(png_image_begin_read_from_memory(&file, bytes.data(), bytes.size()));
  struct Free {
    png_image* file;
    ~Free() { png_image_free(file); }
  } const free{&file};
  check_pixels(path, file.height, file.width);
  file.format = PNG_FORMAT_GA;
  std::vector<unsigned char> pixels(PNG_IMAGE_SIZE(file));
  check(png_image_finish_read(&file, nullptr, pixels.data(), 0, nullptr));
  Tensor greys = empty(file.height, file.width);
  for (std::int64_t i = 0; i < greys.numel(); ++i) {
    const float grey = pixels[2 * i] / 255.f, alpha = pixels[2 * i + 1] / 255.f;
    greys.data()[i] = alpha * grey + (1 - alpha);
  }
  return greys;
}

// ---- PGM ---------------------------------------------------------------------------------------

// The numbers of a PGM: in its header, and its pixels where they are text (P2) and not bytes (P5).
class Pgm {
 public:
  Pgm(const std::string& path, std::string_view bytes) : path_(path), rest_(bytes) {}

  Tensor greys() {
    const bool text = rest_.substr(0, 2) == "P2";
    rest_.remove_prefix(2);
    const std::int64_t columns = number(), rows = number(), white = number();
    check_pixels(path_, rows, columns);
    if (white < 1 || white > 65535) fail();
    if (!text && !rest_.empty()) rest_.remove_prefix(1);  // one blank, then the bytes
    Tensor result = empty(rows, columns);
    for (std::int64_t i = 0; i < result.numel(); ++i) {
      const std::int64_t grey =
          text ? number() : byte() * (white > 255 ? 256 : 1) + (white > 255 ? byte() : 0);
      result.data()[i] = std::min(1.f, static_cast<float>(grey) / static_cast<float>(white));
    }
    return result;
  }

 private:
  [[noreturn]] void fail() const { throw DataError(path_ + ": not a PGM, or cut off"); }

  std::int64_t byte() {
    if (rest_.empty()) fail();
    const unsigned char first = rest_[0];
    rest_.remove_prefix(1);
    return first;
  }

  // Skips blanks and comments, which go to the end of their line.
  std::int64_t number() {
    while (!rest_.empty() &&
           (std::isspace(static_cast<unsigned char>(rest_[0])) || rest_[0] == '#')) {
      const std::size_t skipped = rest_[0] == '#' ? rest_.find('\n') : 1;
      rest_.remove_prefix(std::min(skipped, rest_.size()));
    }
    std::int64_t value = 0, digits = 0;
    for (; !rest_.empty() && std::isdigit(static_cast<unsigned char>(rest_[0])); ++digits) {
      value = std::min<std::int64_t>(value * 10 + (byte() - '0'), kMaxPixels + 1);
    }
    if (digits == 0) fail();
    return value;
  }

  std::string path_;
  std::string_view rest_;
};

// ---- Like MNIST --------------------------------------------------------------------------------

constexpr std::int64_t kSize = 28, kBox = 20;
constexpr float kInk = 0.25f;  // of the darkest ink: what is less is paper, shadow or noise

float median_of_border(const Tensor& x) {
  std::vector<float> border;
  for (const Tensor& line : {x[0], x[-1], x(_, 0), x(_, -1)}) {
    const std::vector<float> values = line.to_vector();
    border.insert(border.end(), values.begin(), values.end());
  }
  std::ranges::nth_element(border, border.begin() + std::ssize(border) / 2);
  return border[border.size() / 2];
}

// The first and the one after the last row with ink.
std::pair<std::int64_t, std::int64_t> inked_rows(const Tensor& ink) {
  std::int64_t first = ink.size(0), end = 0;
  for (std::int64_t i = 0; i < ink.size(0); ++i) {
    if (ink[i].max().item() < kInk) continue;
    first = std::min(first, i);
    end = i + 1;
  }
  return {first, end};
}

// Averages over areas: row i of the result covers rows i*h/rows to (i+1)*h/rows of x, of which the
// first and the last count by the part that is covered. For columns call it on x.t().
Tensor resized_rows(const Tensor& x, std::int64_t rows) {
  const double each = static_cast<double>(x.size(0)) / static_cast<double>(rows);
  Tensor result = zeros(rows, x.size(1));
  for (std::int64_t i = 0; i < rows; ++i) {
    const double from = static_cast<double>(i) * each, to = from + each;
    for (std::int64_t r = static_cast<std::int64_t>(from); r < x.size(0) && double(r) < to; ++r) {
      const double covered = std::min(to, double(r) + 1) - std::max(from, double(r));
      result[i] += x[r] * (covered / each);
    }
  }
  return result;
}

Tensor scaled_to_box(const Tensor& x) {
  const double scale = static_cast<double>(kBox) / double(std::max(x.size(0), x.size(1)));
  const auto scaled = [&](std::int64_t size) {
    return std::max<std::int64_t>(1, std::llround(double(size) * scale));
  };
  return resized_rows(resized_rows(x, scaled(x.size(0))).t(), scaled(x.size(1))).t();
}

// Where the middle of the ink lies, by its rows: 0.5 is the middle of the first.
double centre_of_rows(const Tensor& x) {
  const Tensor middles = arange(0.5, double(x.size(0)), 1);
  return ((x.sum(1) * middles).sum() / x.sum()).item();
}

Tensor centred_by_mass(const Tensor& x) {
  const auto first = [](const Tensor& rows) {
    return std::clamp<std::int64_t>(std::llround(kSize / 2.0 - centre_of_rows(rows)), 0,
                                    kSize - rows.size(0));
  };
  const std::int64_t top = first(x), left = first(x.t());
  Tensor result = zeros(kSize, kSize);
  result(Slice(top, top + x.size(0)), Slice(left, left + x.size(1))) = x * (255.f / 256);
  return result;
}

}  // namespace

Tensor imread(const std::string& path) {
  const std::string bytes = read_file(path);
  if (bytes.starts_with("\x89PNG")) return png_greys(path, bytes);
  if (bytes.starts_with("P5") || bytes.starts_with("P2")) return Pgm(path, bytes).greys();
  throw DataError(path + ": not a picture that can be read, which is a PNG or a PGM");
}

DigitSteps like_mnist(const Tensor& grey) {
  if (grey.dim() != 2 || grey.numel() == 0) {
    throw ShapeError("like_mnist() expects a picture of rows and columns, but got shape " +
                     bracketed(grey.shape()));
  }
  DigitSteps steps;
  const float paper = median_of_border(grey), low = grey.min().item(), high = grey.max().item();
  steps.dark_on_light = paper - low > high - paper;
  const float ink = steps.dark_on_light ? low : high;
  if (std::abs(ink - paper) < 0.1f) {
    throw DataError("the picture has no ink: all of it is about as dark as its border");
  }
  steps.ink = ((grey - paper) / (ink - paper)).clamp_min(0);
  const auto [top, bottom] = inked_rows(steps.ink);
  const auto [left, right] = inked_rows(steps.ink.t());
  steps.cropped = steps.ink(Slice(top, bottom), Slice(left, right));
  steps.scaled = scaled_to_box(steps.cropped);
  steps.centred = centred_by_mass(steps.scaled);
  return steps;
}

}  // namespace foundations
