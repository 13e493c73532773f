#include "common/nn/nn.h"

#include <string>

#include "common/base/error.h"
#include "common/linalg/matmul.h"
#include "common/tensor/ops.h"

namespace foundations {
namespace {

template <class T>
void check_mse(const std::string& name, const TensorOf<T>& output, const TensorOf<T>& targ) {
  if (output.squeeze(-1).shape() != targ.shape()) {
    throw ShapeError(name + "() needs output.squeeze(-1) and targ of one shape, but got an output" +
                     " of " + bracketed(output.shape()) + " and a targ of " +
                     bracketed(targ.shape()) + ": their difference would broadcast");
  }
}

template <class T>
void check_grad(const std::string& name, const TensorOf<T>& out) {
  if (!out.has_grad()) {
    throw ShapeError(name + "() needs out.grad(), which is not there: the gradient of what uses " +
                     "out comes first");
  }
  if (out.grad().shape() != out.shape()) {
    throw ShapeError(name + "() needs an out.grad() of the shape of out, " +
                     bracketed(out.shape()) + ", but got " + bracketed(out.grad().shape()));
  }
}

}  // namespace

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
  check_mse("mse", output, targ);
  const TensorOf<T> error = output.squeeze(-1) - targ;
  error *= error;
  return error.mean();
}

template <std::floating_point T>
void mse_grad(const TensorOf<T>& inp, const TensorOf<T>& targ) {
  check_mse("mse_grad", inp, targ);
  const TensorOf<T> error = inp.squeeze(-1) - targ;
  error *= 2;
  error /= error.numel();
  inp.grad() = error.reshape(inp.shape());
}

template <std::floating_point T>
void relu_grad(const TensorOf<T>& inp, const TensorOf<T>& out) {
  if (inp.shape() != out.shape()) {
    throw ShapeError("relu_grad() needs inp and out of one shape, but got " +
                     bracketed(inp.shape()) + " and " + bracketed(out.shape()));
  }
  check_grad("relu_grad", out);
  const TensorOf<T> grad = (inp > 0).template to<T>();
  grad *= out.grad();
  inp.grad() = grad;
}

template <std::floating_point T>
void lin_grad(const TensorOf<T>& inp, const TensorOf<T>& out, const TensorOf<T>& w,
              const TensorOf<T>& b) {
  if (inp.dim() != 2 || w.dim() != 2 || inp.size(1) != w.size(0) ||
      out.shape() != Shape({inp.size(0), w.size(1)}) || b.shape() != Shape({w.size(1)})) {
    throw ShapeError(
        "lin_grad() needs inp [n, in], out [n, out], w [in, out] and b [out], but got " +
        bracketed(inp.shape()) + ", " + bracketed(out.shape()) + ", " + bracketed(w.shape()) +
        " and " + bracketed(b.shape()));
  }
  check_grad("lin_grad", out);
  inp.grad() = matmul(out.grad(), w.t());
  w.grad() = matmul(inp.t(), out.grad());
  b.grad() = out.grad().sum(0);
}

template Tensor normalize(const Tensor&, const Tensor&, const Tensor&);
template DoubleTensor normalize(const DoubleTensor&, const DoubleTensor&, const DoubleTensor&);
template Tensor lin(const Tensor&, const Tensor&, const Tensor&);
template DoubleTensor lin(const DoubleTensor&, const DoubleTensor&, const DoubleTensor&);
template Tensor relu(const Tensor&, double);
template DoubleTensor relu(const DoubleTensor&, double);
template Tensor mse(const Tensor&, const Tensor&);
template DoubleTensor mse(const DoubleTensor&, const DoubleTensor&);
template void mse_grad(const Tensor&, const Tensor&);
template void mse_grad(const DoubleTensor&, const DoubleTensor&);
template void relu_grad(const Tensor&, const Tensor&);
template void relu_grad(const DoubleTensor&, const DoubleTensor&);
template void lin_grad(const Tensor&, const Tensor&, const Tensor&, const Tensor&);
template void lin_grad(const DoubleTensor&, const DoubleTensor&, const DoubleTensor&,
                       const DoubleTensor&);

}  // namespace foundations
