#include "common/reference/reference_conv.h"

namespace foundations {
namespace {

template <class T>
T& at(const TensorOf<T>& t, std::int64_t i, std::int64_t j, std::int64_t k, std::int64_t l) {
  const Strides& s = t.strides();
  return t.data()[i * s[0] + j * s[1] + k * s[2] + l * s[3]];
}

// Calls visit(out, x, weight) for every product x * weight that conv2d adds to an element of out,
// with the three elements. The padding makes none. The gradients are sums over the same products,
// sorted by another of the three.
template <class Out, class X, class W, class Visit>
void each_product(const TensorOf<Out>& out, const TensorOf<X>& x, const TensorOf<W>& weight,
                  std::int64_t stride, std::int64_t padding, Visit visit) {
  const Shape &os = out.shape(), &xs = x.shape(), &ws = weight.shape();
  for (std::int64_t i = 0; i < os[0]; ++i) {
    for (std::int64_t j = 0; j < os[1]; ++j) {
      for (std::int64_t oy = 0; oy < os[2]; ++oy) {
        for (std::int64_t ox = 0; ox < os[3]; ++ox) {
          for (std::int64_t c = 0; c < xs[1]; ++c) {
            for (std::int64_t ky = 0; ky < ws[2]; ++ky) {
              for (std::int64_t kx = 0; kx < ws[3]; ++kx) {
                const std::int64_t y = oy * stride + ky - padding, z = ox * stride + kx - padding;
                if (y < 0 || y >= xs[2] || z < 0 || z >= xs[3]) continue;
                visit(at(out, i, j, oy, ox), at(x, i, c, y, z), at(weight, j, c, ky, kx));
              }
            }
          }
        }
      }
    }
  }
}

}  // namespace

template <class T>
DoubleTensor reference_conv2d(const TensorOf<T>& x, const TensorOf<T>& weight,
                              const TensorOf<T>& bias, std::int64_t stride, std::int64_t padding) {
  const Shape &xs = x.shape(), &ws = weight.shape();
  const DoubleTensor out = zeros<double>(xs[0], ws[0], (xs[2] + 2 * padding - ws[2]) / stride + 1,
                                         (xs[3] + 2 * padding - ws[3]) / stride + 1);
  const std::int64_t pixels = out.shape()[2] * out.shape()[3];
  for (std::int64_t i = 0; i < out.numel(); ++i) {
    out.data()[i] = bias.data()[i / pixels % ws[0] * bias.strides()[0]];
  }
  each_product(out, x, weight, stride, padding,
               [](double& sum, T pixel, T factor) { sum += double(pixel) * factor; });
  return out;
}

template <class T>
ReferenceConv2dGrads reference_conv2d_backward(const TensorOf<T>& out_grad, const TensorOf<T>& x,
                                               const TensorOf<T>& weight, std::int64_t stride,
                                               std::int64_t padding) {
  const ReferenceConv2dGrads grads = {zeros<double>(x.shape()), zeros<double>(weight.shape()),
                                      zeros<double>(weight.shape()[0])};
  each_product(out_grad, grads.x, weight, stride, padding,
               [](T g, double& sum, T factor) { sum += double(g) * factor; });
  each_product(out_grad, x, grads.weight, stride, padding,
               [](T g, T pixel, double& sum) { sum += double(g) * pixel; });
  const Shape& shape = out_grad.shape();
  for (std::int64_t i = 0; i < shape[0]; ++i) {
    for (std::int64_t j = 0; j < shape[1]; ++j) {
      for (std::int64_t y = 0; y < shape[2]; ++y) {
        for (std::int64_t z = 0; z < shape[3]; ++z)
          grads.bias.data()[j] += at(out_grad, i, j, y, z);
      }
    }
  }
  return grads;
}

template DoubleTensor reference_conv2d(const Tensor&, const Tensor&, const Tensor&, std::int64_t,
                                       std::int64_t);
template DoubleTensor reference_conv2d(const DoubleTensor&, const DoubleTensor&,
                                       const DoubleTensor&, std::int64_t, std::int64_t);
template ReferenceConv2dGrads reference_conv2d_backward(const Tensor&, const Tensor&, const Tensor&,
                                                        std::int64_t, std::int64_t);
template ReferenceConv2dGrads reference_conv2d_backward(const DoubleTensor&, const DoubleTensor&,
                                                        const DoubleTensor&, std::int64_t,
                                                        std::int64_t);

}  // namespace foundations
