// Fed: a shape and a layout, an element type, and values: a few kinds of number, or bits as they
// come, spread over the elements.
// Must hold: to_string() is, to the letter, what PyTorch's rules give when followed slowly
// (print_model.h).
#include "common/tensor/print.h"

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "common/tensor/tensor.h"
#include "fuzz/check.h"
#include "fuzz/draw_layout.h"
#include "fuzz/input.h"
#include "fuzz/print_model.h"

namespace foundations {
namespace {

// Up to 5 dimensions and about 3000 elements: above 1000 only some are shown.
std::vector<std::int64_t> draw_sizes(Input& input) {
  std::vector<std::int64_t> shape;
  std::int64_t elements = 1;
  for (std::int64_t d = input.between(0, 5); d > 0; --d) {
    const std::uint8_t choice = input.byte();
    std::int64_t size = choice < 160 ? choice % 4 : choice < 224 ? choice % 16 : choice * 5;
    if (elements * size > 3000) size = 1;
    if (size > 0) elements *= size;
    shape.push_back(size);
  }
  return shape;
}

template <class T>
T draw_value(Input& input) {
  using Limits = std::numeric_limits<T>;
  const std::uint8_t kind = input.byte();
  const std::int64_t small = input.between(-128, 127);
  if constexpr (std::same_as<T, bool>) {
    return kind % 2 == 0;
  } else if constexpr (std::integral<T>) {
    return kind % 4 == 0 ? input.bits<T>() : kind % 4 == 1 ? small * 1000 : small;
  } else {
    constexpr std::array<T, 12> kSpecial = {Limits::quiet_NaN(),
                                            Limits::infinity(),
                                            -Limits::infinity(),
                                            T{0},
                                            -T{0},
                                            Limits::max(),
                                            Limits::min(),
                                            Limits::denorm_min(),
                                            T{1e8f},
                                            T(1e-4),
                                            T{1000},
                                            T{100000000}};
    switch (kind % 6) {
      case 0:
        return kSpecial[kind / 6 % kSpecial.size()];
      case 1:
        return static_cast<T>(small);
      case 2:
        return static_cast<T>(small) / T{16};
      case 3:
        return static_cast<T>(static_cast<double>(small) * std::pow(10.0, kind / 6 % 16 - 8));
      case 4:
        return static_cast<T>(small) * T(0.9999995);
      default:
        return input.bits<T>();
    }
  }
}

template <class T>
std::string dtype() {
  return std::same_as<T, float>    ? "float32"
         : std::same_as<T, double> ? "float64"
         : std::same_as<T, bool>   ? "bool"
                                   : "int64";
}

// The elements by plain index arithmetic, the last dimension fastest.
template <class T>
Printed read(const TensorOf<T>& tensor) {
  Printed result = {{tensor.shape().begin(), tensor.shape().end()}, dtype<T>(), {}, {}};
  for (std::int64_t i = 0; i < tensor.numel(); ++i) {
    std::int64_t rest = i, place = 0;
    for (std::int64_t d = tensor.dim() - 1; d >= 0; --d) {
      place += rest % tensor.shape()[d] * tensor.strides()[d];
      rest /= tensor.shape()[d];
    }
    if constexpr (std::floating_point<T>) {
      result.values.push_back(tensor.data()[place]);
    } else {
      result.whole.push_back(tensor.data()[place]);
    }
  }
  return result;
}

template <class T>
void check(Input input) {
  const DrawnLayout drawn = draw_layout(input, draw_sizes(input));
  const Storage<T> storage(drawn.storage);
  // A handful of values, one of them rare.
  std::vector<T> values;
  for (std::int64_t n = input.between(1, 6); n > 0; --n) values.push_back(draw_value<T>(input));
  const T rare = draw_value<T>(input);
  const std::int64_t where = input.byte() * 16 + input.byte() % 16;
  for (std::int64_t i = 0; i < drawn.storage; ++i) {
    storage[i] = values[static_cast<std::size_t>(i) % values.size()];
  }
  if (where < drawn.storage) storage[where] = rare;
  const TensorOf<T> tensor(storage, drawn.layout);
  const std::string got = to_string(tensor), want = print_slowly(read(tensor));
  require(got == want, "printed as\n" + got + "\nin place of\n" + want);
}

void run(Input input) {
  switch (input.byte() % 6) {
    case 0:
      return check<std::int64_t>(input);
    case 1:
      return check<bool>(input);
    case 2:
    case 3:
      return check<double>(input);
    default:
      return check<float>(input);
  }
}

}  // namespace
}  // namespace foundations

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  foundations::run({data, size});
  return 0;
}
