// Layers and losses as functions, and their gradients: torch.nn.functional. T is float or double;
// any strides. For wrong shapes they throw ShapeError, and have then written nothing.
//
//   Tensor l1 = lin(x, w1, b1), l2 = relu(l1), out = lin(l2, w2, b2);   // [n, 784] to [n, 1]
//   mse(out, targ).item();
//
// The way back has two forms. A function named _grad is the notes': it reads out.grad() and puts
// the gradient of what went in into that tensor's grad(). A function named _backward takes the
// gradient and returns the next one; modules are made of these.
//
//   mse_grad(out, targ);                               // fills out.grad(),
//   lin_grad(l2, out, w2, b2);                         // then those of l2, w2 and b2,
//   relu_grad(l1, l2);                                 // and so on, backwards
//
//   Tensor g = mse_backward(out, targ);                // the same, handed on
//   const auto [g2, gw2, gb2] = linear_backward(g, l2, w2.t());
//   g = relu_backward(g2, l1);
#pragma once

#include <concepts>

#include "common/tensor/tensor.h"

namespace foundations {

// ---- Layers ----

// Returns (x - mean) / std, for a mean and a std of shape [] or any that broadcasts to x's. Take
// those of the *training* set for other sets too. Derived in 04_init.
template <std::floating_point T>
TensorOf<T> normalize(const TensorOf<T>& x, const TensorOf<T>& mean, const TensorOf<T>& std);

// Returns x @ w + b, with w as the notes store it. PyTorch's linear(x, weight, b) is
// lin(x, weight.t(), b), and t() copies nothing. Derived in 04_init.
//   x: [n, in]   w: [in, out]   b: [out]   returns [n, out]
template <std::floating_point T>
TensorOf<T> lin(const TensorOf<T>& x, const TensorOf<T>& w, const TensorOf<T>& b);

// Returns max(x, 0) - shift, element by element; NaN stays NaN. The notes' shift is 0 in some cells
// and 0.5 in others, which brings the mean back to about 0: keep to one shift in a network.
// Derived in 04_init.
template <std::floating_point T>
TensorOf<T> relu(const TensorOf<T>& x, double shift = 0);

// Returns x - log(sum(exp(x))) along `dim`, the logarithms of numbers that sum to 1. The maximum is
// taken off first, so that no exp overflows. A row of -inf alone, or with +inf or NaN in it, gives
// NaN, as in PyTorch. Throws IndexError for a dim that x does not have.
template <std::floating_point T>
TensorOf<T> log_softmax(const TensorOf<T>& x, std::int64_t dim);

// ---- Losses: means over the rows, of shape [] ----

// Returns the mean of (output.squeeze(-1) - targ)^2. Derived in 04_init.
//   output: [n, 1] or [n]   targ: [n]
// Throws for other shapes: [n] - [n, 1] would broadcast to [n, n], and the mean of these n * n
// differences looks like a loss but is not.
template <std::floating_point T>
TensorOf<T> mse(const TensorOf<T>& output, const TensorOf<T>& targ);

// Returns the mean of -log_softmax(logits)[i, targ[i]].
//   logits: [n, classes]   targ: [n], classes from 0 to classes - 1
// Throws for other shapes and an empty batch, and IndexError for a target that is no class.
template <std::floating_point T>
TensorOf<T> cross_entropy(const TensorOf<T>& logits, const LongTensor& targ);

// Returns the part of the rows whose largest logit is at the target, of shape []. NaN counts as the
// largest; of equal logits the first counts. No rows give NaN.
//   logits: [n, classes]   targ: [n]
Tensor accuracy(const Tensor& logits, const LongTensor& targ);

// ---- The way back, handed on ----

// Returns the gradient by what went into relu; a shift changes nothing. Selects: 0 where
// `activation` <= 0, however large the gradient, else the gradient, also if it is NaN.
//   out_grad, activation: one shape. activation: what went into relu or, for a shift of 0, what
//   came out.
template <std::floating_point T>
TensorOf<T> relu_backward(const TensorOf<T>& out_grad, const TensorOf<T>& activation);

template <class T>
struct LinearGrads {
  TensorOf<T> x, weight, bias;
};

// Returns the gradients of lin(x, weight.t(), bias): out_grad @ weight, out_grad.t() @ x and
// out_grad.sum(0). Without `with_x` the first is undefined, and its product not computed.
//   out_grad: [n, out]   x: [n, in]   weight: [out, in]
template <std::floating_point T>
LinearGrads<T> linear_backward(const TensorOf<T>& out_grad, const TensorOf<T>& x,
                               const TensorOf<T>& weight, bool with_x = true);

// Returns 2 (output.squeeze(-1) - targ) / n, of the shape of output. Throws what mse() throws.
template <std::floating_point T>
TensorOf<T> mse_backward(const TensorOf<T>& output, const TensorOf<T>& targ);

// Returns (softmax(logits) - onehot(targ)) / n, [n, classes]. Throws what cross_entropy() throws.
// Derived in 07_train_loop.
template <std::floating_point T>
TensorOf<T> cross_entropy_backward(const TensorOf<T>& logits, const LongTensor& targ);

template <class T>
struct LossAndGrad {
  TensorOf<T> loss, grad;
};

// Returns both: they share the exponentials, which are most of the work.
template <std::floating_point T>
LossAndGrad<T> cross_entropy_with_grad(const TensorOf<T>& logits, const LongTensor& targ);

// ---- The way back, in the notes' slots ----
//
// Each reads out.grad(), the gradient of the loss by out, and replaces the grad() of what went in.
// Throws if out.grad() is missing or of another shape. Derived in 05_forward_backward.

// inp.grad() = mse_backward(inp, targ)
template <std::floating_point T>
void mse_grad(const TensorOf<T>& inp, const TensorOf<T>& targ);

// inp.grad() = relu_backward(out.grad(), inp)
template <std::floating_point T>
void relu_grad(const TensorOf<T>& inp, const TensorOf<T>& out);

// inp.grad() = out.grad() @ w.t(), w.grad() = inp.t() @ out.grad(), b.grad() = out.grad().sum(0)
//   inp: [n, in]   out: [n, out]   w: [in, out]   b: [out]
template <std::floating_point T>
void lin_grad(const TensorOf<T>& inp, const TensorOf<T>& out, const TensorOf<T>& w,
              const TensorOf<T>& b);

}  // namespace foundations
