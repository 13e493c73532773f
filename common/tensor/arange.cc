// arange(): what tensor.h declares for the two types that it makes.
#include <cmath>
#include <limits>
#include <string>

#include "common/tensor/tensor.h"

namespace foundations {
namespace {

// How many numbers arange() makes; -1 where it cannot.
std::int64_t count_steps(double start, double end, double step) {
  const double steps = (end - start) / step, count = std::ceil(steps);
  return steps >= 0 && count < 0x1p63 ? static_cast<std::int64_t>(count) : -1;
}
std::int64_t count_steps(std::int64_t start, std::int64_t end, std::int64_t step) {
  std::int64_t distance = 0;
  if (step == 0 || __builtin_sub_overflow(end, start, &distance)) return -1;
  if (step < 0 ? distance > 0 || distance < -std::numeric_limits<std::int64_t>::max()
               : distance < 0) {
    return -1;
  }
  return distance / step + (distance % step != 0);
}

template <class T, class Exact>
TensorOf<T> steps_between(Exact start, Exact end, Exact step) {
  const std::int64_t count = count_steps(start, end, step);
  if (count < 0) {
    throw ShapeError("arange() cannot go from " + std::to_string(start) + " to " +
                     std::to_string(end) + " in steps of " + std::to_string(step));
  }
  const auto result = empty<T>({count});
  for (std::int64_t i = 0; i < count; ++i) result(i) = static_cast<T>(start + i * step);
  return result;
}

}  // namespace

LongTensor arange_of(std::int64_t start, std::int64_t end, std::int64_t step) {
  return steps_between<std::int64_t>(start, end, step);
}
Tensor arange_of(double start, double end, double step) {
  return steps_between<float>(start, end, step);
}

}  // namespace foundations
