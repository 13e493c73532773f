#include "common/nn/conv.h"

#include "common/base/error.h"
#include "common/nn/conv_plan.h"
#include "common/tensor/ops.h"

namespace foundations {

template <std::floating_point T>
TensorOf<T> conv2d(const TensorOf<T>& x, const TensorOf<T>& weight, const TensorOf<T>& bias,
                   const Conv2dOptions& options) {
  const ConvSizes s = checked_sizes("conv2d", x.shape(), weight.shape(), options);
  if (bias.defined() && bias.shape() != Shape{s.out}) {
    throw ShapeError("conv2d() needs a bias of [" + std::to_string(s.out) + "], but got " +
                     bracketed(bias.shape()));
  }
  const TensorOf<T> result = empty_images<T>({s.n, s.out, s.oh, s.ow});
  if (s.n == 0 || s.out == 0) return result;
  const TensorOf<T> images = channels_last(x);

  const Convolution<T> convolution = {
      forward_axis(s.h, s.kh, s.oh, options), forward_axis(s.w, s.kw, s.ow, options),
      Panels<T>(s.kh * s.kw * s.in, s.out),   Panels<T>(1, s.out, LanesAre::kRowPairs),
      read_only(images_of(images)),           images_of(result)};
  convolution.set_kernel([&](Size c, Size j, Size ky, Size kx) { return weight(j, c, ky, kx); });
  for (Size j = 0; j < s.out && bias.defined(); ++j) convolution.start(0, j) = bias(j);
  for_groups<T>(s, shares_of(s), convolution.from.image,
                [&](int, Size first, Size last) { convolution.run(first, last); });
  return result;
}

template TensorOf<float> conv2d(const TensorOf<float>&, const TensorOf<float>&,
                                const TensorOf<float>&, const Conv2dOptions&);
template TensorOf<double> conv2d(const TensorOf<double>&, const TensorOf<double>&,
                                 const TensorOf<double>&, const Conv2dOptions&);

}  // namespace foundations
