#include <stdexcept>
#include <string>

#include "08_conv/conv.h"
#include "common/base/error.h"

namespace foundations::ch08 {

std::int64_t places(std::int64_t side, std::int64_t kernel, const Conv2dOptions& options) {
  const std::int64_t room = side + 2 * options.padding - kernel;
  if (kernel < 1 || room < 0) {
    throw ShapeError("a kernel of " + std::to_string(kernel) + " has no place along a side of " +
                     std::to_string(side) + " with a padding of " +
                     std::to_string(options.padding));
  }
  return room / options.stride + 1;
}

Sizes sizes(const Tensor& x, const Tensor& weight, const Conv2dOptions& options) {
  if (options.stride < 1 || options.padding < 0) {
    throw std::invalid_argument(
        "a convolution needs a stride of 1 or more and no negative padding");
  }
  if (x.dim() != 4 || weight.dim() != 4 || x.size(1) != weight.size(1) || x.size(1) == 0 ||
      weight.size(0) == 0) {
    throw ShapeError("a convolution needs x [n, in, h, w] and weight [out, in, kh, kw], but got " +
                     bracketed(x.shape()) + " and " + bracketed(weight.shape()));
  }
  return {.n = x.size(0),
          .in = x.size(1),
          .h = x.size(2),
          .w = x.size(3),
          .out = weight.size(0),
          .kh = weight.size(2),
          .kw = weight.size(3),
          .stride = options.stride,
          .padding = options.padding,
          .oh = places(x.size(2), weight.size(2), options),
          .ow = places(x.size(3), weight.size(3), options)};
}

}  // namespace foundations::ch08
