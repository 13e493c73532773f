#include "common/data/augment.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "common/base/error.h"
#include "common/data/digits.h"

namespace foundations {
namespace {

// Writes the image `from`, moved down and right; both are kDigitSize x kDigitSize, row by row.
void move(const float* from, std::int64_t down, std::int64_t right, float* out) {
  constexpr std::int64_t kLast = kDigitSize - 1;
  const std::int64_t before = std::max<std::int64_t>(right, 0),
                     after = std::max<std::int64_t>(-right, 0);
  for (std::int64_t r = 0; r < kDigitSize; ++r, out += kDigitSize) {
    const float* const row = from + std::clamp<std::int64_t>(r - down, 0, kLast) * kDigitSize;
    std::fill_n(out, before, row[0]);
    std::copy_n(row + after, kDigitSize - before - after, out + before);
    std::fill_n(out + kDigitSize - after, after, row[kLast]);
  }
}

constexpr std::int64_t kPixels = kDigitSize * kDigitSize;

// Returns how many images x has.
std::int64_t checked_count(const std::string& name, const Tensor& x) {
  const std::int64_t n = x.dim() > 0 ? x.size(0) : 0;
  if (x.shape() != Shape({n, kPixels}) && x.shape() != Shape({n, 1, kDigitSize, kDigitSize})) {
    throw ShapeError(name + "() needs images [n, 784] or [n, 1, 28, 28], but got " +
                     bracketed(x.shape()));
  }
  return n;
}

}  // namespace

Tensor shift(const Tensor& x, std::int64_t down, std::int64_t right) {
  const std::int64_t n = checked_count("shift", x);
  for (const std::int64_t by : {down, right}) {
    if (by <= -kDigitSize || by >= kDigitSize) {
      throw std::invalid_argument("shift() moves by -27 to 27 pixels, but got " +
                                  std::to_string(by));
    }
  }
  const Tensor from = x.contiguous(), result = empty(x.shape());
  for (std::int64_t i = 0; i < n; ++i) {
    move(from.data() + i * kPixels, down, right, result.data() + i * kPixels);
  }
  return result;
}

Tensor random_shift(const Tensor& x, std::int64_t by, Generator& generator) {
  const std::int64_t n = checked_count("random_shift", x);
  if (by < 0 || by >= kDigitSize) {
    throw std::invalid_argument("random_shift() moves by 0 to 27 pixels, but got " +
                                std::to_string(by));
  }
  const Tensor from = x.contiguous(), result = empty(x.shape());
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t down = generator.below(2 * by + 1) - by;
    const std::int64_t right = generator.below(2 * by + 1) - by;
    move(from.data() + i * kPixels, down, right, result.data() + i * kPixels);
  }
  return result;
}

}  // namespace foundations
