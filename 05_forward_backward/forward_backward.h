// The backward pass of the notes' network, by hand: for each function of the forward pass, one that
// turns the gradient of the loss by what came out into that by what went in.
//
//   const Net<float> net = make_net<float>(784, 50, generator);
//   forward_and_backward(x, y, net);
//   net.w1.grad();                      // as large as w1; so too b1, w2, b2 and x
//
// A gradient stands in the slot `grad()`, the notes' `.g`, of the tensor it belongs to: all handles
// of the tensor see it, its views do not. It is overwritten, not added to.
//
// The forward functions (lin, relu, mse) are those of common/nn/nn.h, derived in 04_init;
// common/nn/nn.h has these gradients too, for later chapters. T is float or double; any strides.
// Source: the notes, "Chain rule from scratch in code".
#pragma once

#include <concepts>
#include <cstdint>

#include "05_forward_backward/weight_grad.h"
#include "common/tensor/random.h"
#include "common/tensor/tensor.h"

namespace foundations::ch05 {

// Of the loss mse(inp, targ): inp.grad() = 2 (inp - targ) / n.
//   inp: [n, 1]   targ: [n]   inp.grad(): [n, 1]
// Throws ShapeError for other shapes.
template <std::floating_point T>
void mse_grad(const TensorOf<T>& inp, const TensorOf<T>& targ);

// Of out = relu(inp), whatever its shift: inp.grad() = out.grad() where inp > 0, and 0 elsewhere,
// also at exactly 0. inp is what went into relu, not what came out.
// Throws ShapeError unless inp, out and out.grad() have one shape.
template <std::floating_point T>
void relu_grad(const TensorOf<T>& inp, const TensorOf<T>& out);

// Of out = lin(inp, w, b):
//   inp.grad() = out.grad() @ w.t()   [n, in]
//   w.grad() = weight_grad(inp, out.grad())   [in, out], one of the three of weight_grad.h
//   b.grad() = out.grad().sum(0)   [out]
// Throws ShapeError, before anything is written, where the shapes are not those of lin.
template <std::floating_point T>
void lin_grad(const TensorOf<T>& inp, const TensorOf<T>& out, const TensorOf<T>& w,
              const TensorOf<T>& b, WeightGrad<T> weight_grad = by_matmul<T>);

// The parameters of a linear layer, relu and another linear layer.
template <std::floating_point T>
struct Net {
  TensorOf<T> w1, b1;  // [m, nh], [nh]
  TensorOf<T> w2, b2;  // [nh, 1], [1]
  double shift = 0;    // of its relu: 0, or the notes' 0.5
};

// Of m inputs and nh hidden activations: Kaiming's w1, w2 standard normal over the root of its
// fan-in, nh (see 04_init), no biases.
template <std::floating_point T>
Net<T> make_net(std::int64_t m, std::int64_t nh, Generator& generator, double shift = 0);

// The loss of the network on inp against targ, of shape []; and the gradients of the loss by
// inp, w1, b1, w2 and b2, in their slots. (The notes' function returns nothing.)
//   inp: [n, m]   targ: [n]
// Of no rows the loss is NaN, a mean of nothing, and the gradients are 0, sums of nothing.
// Holds, beside inp and its gradient, four arrays of n * nh elements, for a moment a mask of so
// many bytes, and what weight_grad holds. Throws the ShapeErrors of its steps.
template <std::floating_point T>
TensorOf<T> forward_and_backward(const TensorOf<T>& inp, const TensorOf<T>& targ, const Net<T>& net,
                                 WeightGrad<T> weight_grad = by_matmul<T>);

}  // namespace foundations::ch05
