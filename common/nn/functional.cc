#include "common/nn/functional.h"

#include <cmath>
#include <string>

#include "common/base/error.h"
#include "common/linalg/matmul.h"
#include "common/tensor/ops.h"

namespace foundations {
namespace {

template <class T>
void check_mse(const std::string& name, const TensorOf<T>& output, const TensorOf<T>& targ) {
  const bool fits = output.shape() == targ.shape() ||
                    (output.dim() == 2 && output.size(1) == 1 && output.size(0) == targ.numel());
  if (targ.dim() != 1 || !fits) {
    throw ShapeError(name + "() needs an output of [n, 1] or [n] and a targ of [n], but got " +
                     bracketed(output.shape()) + " and " + bracketed(targ.shape()));
  }
}

template <class T>
void check_classes(const std::string& name, const TensorOf<T>& logits, const LongTensor& targ) {
  if (logits.dim() != 2 || targ.shape() != Shape({logits.size(0)})) {
    throw ShapeError(name + "() needs logits [n, classes] and targets [n], but got " +
                     bracketed(logits.shape()) + " and " + bracketed(targ.shape()));
  }
}

template <class T>
void check_cross_entropy(const std::string& name, const TensorOf<T>& logits,
                         const LongTensor& targ) {
  check_classes(name, logits, targ);
  const std::int64_t n = logits.size(0), classes = logits.size(1);
  if (n == 0) throw ShapeError(name + "() needs at least one row, but got none");
  for (std::int64_t i = 0; i < n; ++i) {
    if (targ(i) < 0 || targ(i) >= classes) {
      throw IndexError(name + "() needs targets from 0 to " + std::to_string(classes - 1) +
                       ", but got " + std::to_string(targ(i)) + " in row " + std::to_string(i));
    }
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

// ---- Layers ----

template <std::floating_point T>
TensorOf<T> normalize(const TensorOf<T>& x, const TensorOf<T>& mean, const TensorOf<T>& std) {
  for (const TensorOf<T>& of_training : {mean, std}) {
    if (broadcast_shapes(x.shape(), of_training.shape()) != x.shape()) {
      throw ShapeError("normalize() needs a mean and a std that broadcast to x of shape " +
                       bracketed(x.shape()) + ", but got one of shape " +
                       bracketed(of_training.shape()));
    }
  }
  TensorOf<T> result = x - mean;
  result /= std;
  return result;
}

template <std::floating_point T>
TensorOf<T> lin(const TensorOf<T>& x, const TensorOf<T>& w, const TensorOf<T>& b) {
  if (w.dim() != 2 || b.shape() != Shape({w.size(1)})) {
    throw ShapeError("lin() needs a matrix w and a bias for each of its columns, but got shapes " +
                     bracketed(w.shape()) + " and " + bracketed(b.shape()));
  }
  TensorOf<T> out = matmul(x, w);
  out += b;
  return out;
}

template <std::floating_point T>
TensorOf<T> relu(const TensorOf<T>& x, double shift) {
  TensorOf<T> out = x.clamp_min(0);
  if (shift != 0) out -= shift;
  return out;
}

template <std::floating_point T>
TensorOf<T> log_softmax(const TensorOf<T>& x, std::int64_t dim) {
  wrap_dim(dim, x.dim());  // refused for an empty x too, which has no maximum
  if (x.numel() == 0) return x.clone();
  TensorOf<T> result = x - x.max(dim, true);
  result -= result.exp().sum(dim, true).log();
  return result;
}

// ---- Losses ----

template <std::floating_point T>
TensorOf<T> mse(const TensorOf<T>& output, const TensorOf<T>& targ) {
  check_mse("mse", output, targ);
  TensorOf<T> error = output.view(targ.shape()) - targ;
  error *= error;
  return error.mean();
}

template <std::floating_point T>
LossAndGrad<T> cross_entropy_both(const std::string& name, const TensorOf<T>& logits,
                                  const LongTensor& targ) {
  check_cross_entropy(name, logits, targ);
  const std::int64_t n = logits.size(0);
  const TensorOf<T> x = logits - logits.max(1, true);
  const TensorOf<T> grad = x.exp(), sum = grad.sum(1, true);
  double loss = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    loss += std::log(static_cast<double>(sum(i, 0))) - static_cast<double>(x(i, targ(i)));
  }
  grad /= sum;
  for (std::int64_t i = 0; i < n; ++i) grad(i, targ(i)) -= 1;
  grad /= n;
  return {full<T>({}, loss / static_cast<double>(n)), grad};
}

template <std::floating_point T>
TensorOf<T> cross_entropy(const TensorOf<T>& logits, const LongTensor& targ) {
  return cross_entropy_both("cross_entropy", logits, targ).loss;
}

template <std::floating_point T>
LossAndGrad<T> cross_entropy_with_grad(const TensorOf<T>& logits, const LongTensor& targ) {
  return cross_entropy_both("cross_entropy", logits, targ);
}

Tensor accuracy(const Tensor& logits, const LongTensor& targ) {
  check_classes("accuracy", logits, targ);
  return (logits.argmax(1) == targ).to<float>().mean();
}

// ---- The way back, handed on ----

template <std::floating_point T>
TensorOf<T> relu_backward(const TensorOf<T>& out_grad, const TensorOf<T>& activation) {
  if (out_grad.shape() != activation.shape()) {
    throw ShapeError("relu_backward() needs a gradient of the shape of the activation, " +
                     bracketed(activation.shape()) + ", but got " + bracketed(out_grad.shape()));
  }
  return where(activation <= 0, 0, out_grad);
}

template <std::floating_point T>
LinearGrads<T> linear_backward(const TensorOf<T>& out_grad, const TensorOf<T>& x,
                               const TensorOf<T>& weight, bool with_x) {
  if (x.dim() != 2 || weight.dim() != 2 || weight.size(1) != x.size(1) ||
      out_grad.shape() != Shape({x.size(0), weight.size(0)})) {
    throw ShapeError(
        "linear_backward() needs a gradient [n, out], x [n, in] and a weight [out, in], but got " +
        bracketed(out_grad.shape()) + ", " + bracketed(x.shape()) + " and " +
        bracketed(weight.shape()));
  }
  return {with_x ? matmul(out_grad, weight) : TensorOf<T>(), matmul(out_grad.t(), x),
          out_grad.sum(0)};
}

template <std::floating_point T>
TensorOf<T> mse_backward(const TensorOf<T>& output, const TensorOf<T>& targ) {
  check_mse("mse_backward", output, targ);
  TensorOf<T> grad = output.view(targ.shape()) - targ;
  grad *= 2;
  grad /= targ.numel();
  return grad.reshape(output.shape());
}

template <std::floating_point T>
TensorOf<T> cross_entropy_backward(const TensorOf<T>& logits, const LongTensor& targ) {
  return cross_entropy_both("cross_entropy_backward", logits, targ).grad;
}

// ---- The way back, in the notes' slots ----

template <std::floating_point T>
void mse_grad(const TensorOf<T>& inp, const TensorOf<T>& targ) {
  check_mse("mse_grad", inp, targ);
  inp.grad() = mse_backward(inp, targ);
}

template <std::floating_point T>
void relu_grad(const TensorOf<T>& inp, const TensorOf<T>& out) {
  if (inp.shape() != out.shape()) {
    throw ShapeError("relu_grad() needs inp and out of one shape, but got " +
                     bracketed(inp.shape()) + " and " + bracketed(out.shape()));
  }
  check_grad("relu_grad", out);
  inp.grad() = relu_backward(out.grad(), inp);
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
template Tensor log_softmax(const Tensor&, std::int64_t);
template DoubleTensor log_softmax(const DoubleTensor&, std::int64_t);
template Tensor mse(const Tensor&, const Tensor&);
template DoubleTensor mse(const DoubleTensor&, const DoubleTensor&);
template Tensor cross_entropy(const Tensor&, const LongTensor&);
template DoubleTensor cross_entropy(const DoubleTensor&, const LongTensor&);
template Tensor relu_backward(const Tensor&, const Tensor&);
template DoubleTensor relu_backward(const DoubleTensor&, const DoubleTensor&);
template LinearGrads<float> linear_backward(const Tensor&, const Tensor&, const Tensor&, bool);
template LinearGrads<double> linear_backward(const DoubleTensor&, const DoubleTensor&,
                                             const DoubleTensor&, bool);
template Tensor mse_backward(const Tensor&, const Tensor&);
template DoubleTensor mse_backward(const DoubleTensor&, const DoubleTensor&);
template LossAndGrad<float> cross_entropy_with_grad(const Tensor&, const LongTensor&);
template LossAndGrad<double> cross_entropy_with_grad(const DoubleTensor&, const LongTensor&);
template Tensor cross_entropy_backward(const Tensor&, const LongTensor&);
template DoubleTensor cross_entropy_backward(const DoubleTensor&, const LongTensor&);
template void mse_grad(const Tensor&, const Tensor&);
template void mse_grad(const DoubleTensor&, const DoubleTensor&);
template void relu_grad(const Tensor&, const Tensor&);
template void relu_grad(const DoubleTensor&, const DoubleTensor&);
template void lin_grad(const Tensor&, const Tensor&, const Tensor&, const Tensor&);
template void lin_grad(const DoubleTensor&, const DoubleTensor&, const DoubleTensor&,
                       const DoubleTensor&);

}  // namespace foundations
