#include "common/data/augment.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "common/base/error.h"
#include "common/data/digits.h"

namespace foundations {
namespace {

// Writes the image `from`, moved down and right; both are kDigitSize x kDigitSize, row by row.
void shift(const float* from, std::int64_t down, std::int64_t right, float* out) {
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

}  // namespace

Tensor random_shift(const Tensor& x, std::int64_t by, Generator& generator) {
  constexpr std::int64_t kPixels = kDigitSize * kDigitSize;
  const std::int64_t n = x.dim() > 0 ? x.size(0) : 0;
  if (x.shape() != Shape({n, kPixels}) && x.shape() != Shape({n, 1, kDigitSize, kDigitSize})) {
    throw ShapeError("random_shift() needs images [n, 784] or [n, 1, 28, 28], but got " +
                     bracketed(x.shape()));
  }
  if (by < 0 || by >= kDigitSize) {
    throw std::invalid_argument("random_shift() moves by 0 to 27 pixels, but got " +
                                std::to_string(by));
  }
  const Tensor from = x.contiguous(), result = empty(x.shape());
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t down = generator.below(2 * by + 1) - by;
    const std::int64_t right = generator.below(2 * by + 1) - by;
    shift(from.data() + i * kPixels, down, right, result.data() + i * kPixels);
  }
  return result;
}

}  // namespace foundations
