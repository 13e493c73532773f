#include "common/nn.h"

#include "common/error.h"
#include "common/matmul.h"
#include "common/ops.h"

namespace foundations {

template <std::floating_point T>
TensorOf<T> normalize(const TensorOf<T>& x, const TensorOf<T>& mean, const TensorOf<T>& std) {
  for (const TensorOf<T>& of_training : {mean, std}) {
    if (broadcast_shapes(x.shape(), of_training.shape()) != x.shape()) {
      throw ShapeError("normalize() needs a mean and a std that broadcast to x of shape " +
                       bracketed(x.shape()) + ", but got one of shape " +
                       bracketed(of_training.shape()));
    }
  }
  const TensorOf<T> result = x - mean;
  result /= std;
  return result;
}

template <std::floating_point T>
TensorOf<T> lin(const TensorOf<T>& x, const TensorOf<T>& w, const TensorOf<T>& b) {
  if (w.dim() != 2 || b.shape() != Shape({w.size(1)})) {
    throw ShapeError("lin() needs a matrix w and a bias for each of its columns, but got shapes " +
                     bracketed(w.shape()) + " and " + bracketed(b.shape()));
  }
  const TensorOf<T> out = matmul(x, w);
  out += b;
  return out;
}

template <std::floating_point T>
TensorOf<T> relu(const TensorOf<T>& x, double shift) {
  const TensorOf<T> out = x.clamp_min(0);
  if (shift != 0) out -= shift;
  return out;
}

template <std::floating_point T>
TensorOf<T> mse(const TensorOf<T>& output, const TensorOf<T>& targ) {
  if (output.squeeze(-1).shape() != targ.shape()) {
    throw ShapeError("mse() needs output.squeeze(-1) and targ of one shape, but got an output of " +
                     bracketed(output.shape()) + " and a targ of " + bracketed(targ.shape()) +
                     ": their difference would broadcast");
  }
  const TensorOf<T> error = output.squeeze(-1) - targ;
  error *= error;
  return error.mean();
}

template Tensor normalize(const Tensor&, const Tensor&, const Tensor&);
template DoubleTensor normalize(const DoubleTensor&, const DoubleTensor&, const DoubleTensor&);
template Tensor lin(const Tensor&, const Tensor&, const Tensor&);
template DoubleTensor lin(const DoubleTensor&, const DoubleTensor&, const DoubleTensor&);
template Tensor relu(const Tensor&, double);
template DoubleTensor relu(const DoubleTensor&, double);
template Tensor mse(const Tensor&, const Tensor&);
template DoubleTensor mse(const DoubleTensor&, const DoubleTensor&);

}  // namespace foundations
