#include "05_forward_backward/forward_backward.h"

#include <cmath>
#include <string>

#include "common/base/error.h"
#include "common/linalg/matmul.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"

namespace foundations::ch05 {
namespace {

template <class T>
void check_grad(const std::string& name, const TensorOf<T>& out) {
  if (!out.has_grad() || out.grad().shape() != out.shape()) {
    throw ShapeError(name + "() needs an out.grad() of the shape of out, " +
                     bracketed(out.shape()) + ", but " +
                     (out.has_grad() ? "got " + bracketed(out.grad().shape()) : "there is none"));
  }
}

}  // namespace

template <std::floating_point T>
void mse_grad(const TensorOf<T>& inp, const TensorOf<T>& targ) {
  if (targ.dim() != 1 || inp.shape() != Shape({targ.size(0), 1})) {
    throw ShapeError("mse_grad() needs an inp [n, 1] and a targ [n], but got " +
                     bracketed(inp.shape()) + " and " + bracketed(targ.shape()));
  }
  // grad of loss with respect to output of previous layer
  inp.grad() = 2. * (inp.squeeze(-1) - targ).unsqueeze(-1) / inp.size(0);
}

template <std::floating_point T>
void relu_grad(const TensorOf<T>& inp, const TensorOf<T>& out) {
  if (inp.shape() != out.shape()) {
    throw ShapeError("relu_grad() needs an inp and an out of one shape, but got " +
                     bracketed(inp.shape()) + " and " + bracketed(out.shape()));
  }
  check_grad("relu_grad", out);
  // grad of relu with respect to input activations
  const TensorOf<T> inp_g = (inp > 0).template to<T>();
  inp_g *= out.grad();  // in place: one array less than (inp > 0).to<T>() * out.grad()
  inp.grad() = inp_g;
}

template <std::floating_point T>
void lin_grad(const TensorOf<T>& inp, const TensorOf<T>& out, const TensorOf<T>& w,
              const TensorOf<T>& b, WeightGrad<T> weight_grad) {
  if (inp.dim() != 2 || b.dim() != 1 || w.shape() != Shape({inp.size(1), b.size(0)}) ||
      out.shape() != Shape({inp.size(0), b.size(0)})) {
    throw ShapeError("lin_grad() needs an inp [n, in], an out [n, out], a w [in, out] and a b " +
                     ("[out], but got " + bracketed(inp.shape())) + ", " + bracketed(out.shape()) +
                     ", " + bracketed(w.shape()) + " and " + bracketed(b.shape()));
  }
  check_grad("lin_grad", out);
  // grad of matmul with respect to input
  inp.grad() = matmul(out.grad(), w.t());
  w.grad() = weight_grad(inp, out.grad());
  b.grad() = out.grad().sum(0);
}

template <std::floating_point T>
Net<T> make_net(std::int64_t m, std::int64_t nh, Generator& generator, double shift) {
  const TensorOf<T> w1 = randn<T>({m, nh}, generator) * std::sqrt(2. / m);
  const TensorOf<T> w2 = randn<T>({nh, 1}, generator) / std::sqrt(nh);
  return {w1, zeros<T>({nh}), w2, zeros<T>({1}), shift};
}

// ch05:: where common/nn/nn.h has a function of the same name and arguments.
template <std::floating_point T>
TensorOf<T> forward_and_backward(const TensorOf<T>& inp, const TensorOf<T>& targ, const Net<T>& net,
                                 WeightGrad<T> weight_grad) {
  const auto& [w1, b1, w2, b2, shift] = net;
  // forward pass:
  const TensorOf<T> l1 = lin(inp, w1, b1);
  const TensorOf<T> l2 = relu(l1, shift);
  const TensorOf<T> out = lin(l2, w2, b2);
  // we don't actually need the loss in backward!
  const TensorOf<T> loss = mse(out, targ);

  // backward pass:
  ch05::mse_grad(out, targ);
  lin_grad(l2, out, w2, b2, weight_grad);
  ch05::relu_grad(l1, l2);
  lin_grad(inp, l1, w1, b1, weight_grad);
  return loss;
}

template void mse_grad(const Tensor&, const Tensor&);
template void mse_grad(const DoubleTensor&, const DoubleTensor&);
template void relu_grad(const Tensor&, const Tensor&);
template void relu_grad(const DoubleTensor&, const DoubleTensor&);
template void lin_grad(const Tensor&, const Tensor&, const Tensor&, const Tensor&,
                       WeightGrad<float>);
template void lin_grad(const DoubleTensor&, const DoubleTensor&, const DoubleTensor&,
                       const DoubleTensor&, WeightGrad<double>);
template Net<float> make_net(std::int64_t, std::int64_t, Generator&, double);
template Net<double> make_net(std::int64_t, std::int64_t, Generator&, double);
template Tensor forward_and_backward(const Tensor&, const Tensor&, const Net<float>&,
                                     WeightGrad<float>);
template DoubleTensor forward_and_backward(const DoubleTensor&, const DoubleTensor&,
                                           const Net<double>&, WeightGrad<double>);

}  // namespace foundations::ch05
