#include "08_conv/conv.h"
#include "common/tensor/join.h"

namespace foundations::ch08 {

Tensor loops(const Tensor& x, const Tensor& weight, const Conv2dOptions& options) {
  const Sizes s = sizes(x, weight, options);
  const Tensor image = pad(x, {s.padding, s.padding, s.padding, s.padding});
  Tensor result = empty(s.n, s.out, s.oh, s.ow);
  for (std::int64_t i = 0; i < s.n; ++i) {
    for (std::int64_t j = 0; j < s.out; ++j) {
      for (std::int64_t oy = 0; oy < s.oh; ++oy) {
        for (std::int64_t ox = 0; ox < s.ow; ++ox) {
          float sum = 0;
          for (std::int64_t c = 0; c < s.in; ++c) {
            for (std::int64_t ky = 0; ky < s.kh; ++ky) {
              for (std::int64_t kx = 0; kx < s.kw; ++kx) {
                sum += image(i, c, oy * s.stride + ky, ox * s.stride + kx) * weight(j, c, ky, kx);
              }
            }
          }
          result(i, j, oy, ox) = sum;
        }
      }
    }
  }
  return result;
}

}  // namespace foundations::ch08
