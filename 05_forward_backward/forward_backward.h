// The backward pass of the notes' network, by hand. Each function of the forward pass has another,
// which turns the gradient of the loss by what came out into the gradient by what went in.
//
//   const Net net = make_net(784, 50, generator);
//   forward_and_backward(x, y, net);
//   net.w1.grad();                      // as large as w1; likewise b1, w2, b2 and x
//
// A tensor's gradient is in its slot `grad()`, the notes' `.g`, and is overwritten, not added to.
// All handles of the tensor share the slot, its views do not.
//
// The forward functions (lin, relu, mse) are those of common/nn, derived in 04_init. common/nn has
// these gradients too, for later chapters and for double, with an error message for every wrong
// shape; this chapter's trust that their arguments went through the forward pass. Any strides.
// Source: the notes, "Chain rule from scratch in code".
#pragma once

#include <concepts>
#include <cstdint>

#include "05_forward_backward/weight_grad.h"
#include "common/tensor/random.h"
#include "common/tensor/tensor.h"

namespace foundations::ch05 {

// Sets inp.grad() = 2 (inp - targ) / n, for the loss mse(inp, targ).
//   inp: [n, 1]   targ: [n]
void mse_grad(const Tensor& inp, const Tensor& targ);

// Sets inp.grad() to out.grad() where inp > 0, and to 0 elsewhere, for out = relu(inp) with any
// shift.
//   inp, out: one shape
void relu_grad(const Tensor& inp, const Tensor& out);

// Sets the gradients of inp, w and b, for out = lin(inp, w, b).
//   inp: [n, in]   out: [n, out]   w: [in, out]   b: [out]   weight_grad: see weight_grad.h
void lin_grad(const Tensor& inp, const Tensor& out, const Tensor& w, const Tensor& b,
              WeightGrad weight_grad = by_matmul);

// The parameters of a linear layer, relu and another linear layer.
template <std::floating_point T>
struct NetOf {
  TensorOf<T> w1, b1;  // [m, nh], [nh]
  TensorOf<T> w2, b2;  // [nh, 1], [1]
  double shift = 0;    // of its relu: 0, or the notes' 0.5
};
using Net = NetOf<float>;

// Returns a copy of the net for checks in double.
NetOf<double> in_double(const Net& net);

// Draws Kaiming's w1, and w2 standard normal over the root of its fan-in, nh (see 04_init). The
// biases are 0.
Net make_net(std::int64_t m, std::int64_t nh, Generator& generator);

// Returns the loss of the network on inp against targ, of shape [], and sets the gradients of the
// loss by inp, w1, b1, w2 and b2. (The notes' function returns nothing.)
//   inp: [n, m]   targ: [n]
// For no rows the loss is NaN, a mean of nothing, and the gradients are 0, sums of nothing.
// Holds, beside inp and its gradient, four arrays of n * nh elements, for a moment five and a mask
// of bytes, and what weight_grad holds.
// Throws ShapeError, before writing a gradient, if inp, targ and net do not fit.
Tensor forward_and_backward(const Tensor& inp, const Tensor& targ, const Net& net,
                            WeightGrad weight_grad = by_matmul);

}  // namespace foundations::ch05
