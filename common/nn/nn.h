// The layers of the notes' network as functions: a linear layer, relu, the mean squared error, and
// the normalisation of what goes in; and the gradients of the three. T is float or double; any
// strides.
//
//   Tensor l1 = lin(x, w1, b1), l2 = relu(l1), out = lin(l2, w2, b2);   // [n, 784] to [n, 1]
//   mse(out, targ).item();
//
//   mse_grad(out, targ);            // fills out.grad(),
//   lin_grad(l2, out, w2, b2);      // which this reads, and fills those of l2, w2 and b2,
//   relu_grad(l1, l2);              // and so on, backwards,
//   lin_grad(x, l1, w1, b1);        // to x.grad(), w1.grad() and b1.grad()
#pragma once

#include <concepts>

#include "common/tensor/tensor.h"

namespace foundations {

// (x - mean) / std. The mean and the std of the *training* set, also for other sets: see 04_init.
// mean and std: of shape [], or of any that broadcasts to that of x. One new tensor, two passes.
// Throws ShapeError where a shape does not broadcast to that of x. Derived in 04_init.
template <std::floating_point T>
TensorOf<T> normalize(const TensorOf<T>& x, const TensorOf<T>& mean, const TensorOf<T>& std);

// x @ w + b.
//   x: [n, in]   w: [in, out]   b: [out]   returns [n, out]
// One new tensor; b is added in place. Throws ShapeError, before anything is computed, where the
// sizes differ, and for a w that is no matrix. Derived in 04_init.
template <std::floating_point T>
TensorOf<T> lin(const TensorOf<T>& x, const TensorOf<T>& w, const TensorOf<T>& b);

// max(x, 0) - shift, element by element; NaN stays NaN. The notes use a shift of 0 in some places
// and of 0.5, which brings the mean back to about 0, in others: keep to one for a network.
// Derived in 04_init.
template <std::floating_point T>
TensorOf<T> relu(const TensorOf<T>& x, double shift = 0);

// The mean of (output.squeeze(-1) - targ)^2, of shape [].
//   output: [n, 1]   targ: [n]
// Throws ShapeError unless output.squeeze(-1) and targ have one shape: [n, 1] - [n] would broadcast
// to [n, n], and the mean of that looks like a loss but is none. Derived in 04_init.
template <std::floating_point T>
TensorOf<T> mse(const TensorOf<T>& output, const TensorOf<T>& targ);

// The gradients. Each takes what its function took and, if it needs it, what that returned, `out`;
// reads out.grad(), the derivative of the loss by every element of out; and puts the derivative by
// every element of what went in into the slot grad() of that, in a new tensor: what was there is
// replaced, not added to. Throws ShapeError, and writes nothing, where the shapes are not those of
// such a call or out.grad() is not there. Derived in 05_forward_backward.

// inp.grad() = 2 (inp.squeeze(-1) - targ) / n, of the shape of inp.
//   inp: [n, 1]   targ: [n]
// Throws ShapeError unless inp.squeeze(-1) and targ have one shape.
template <std::floating_point T>
void mse_grad(const TensorOf<T>& inp, const TensorOf<T>& targ);

// inp.grad() = (inp > 0) * out.grad(): 0 where inp is 0. A shift changes nothing here.
template <std::floating_point T>
void relu_grad(const TensorOf<T>& inp, const TensorOf<T>& out);

// inp.grad() = out.grad() @ w.t(), w.grad() = inp.t() @ out.grad(), b.grad() = out.grad().sum(0).
//   inp: [n, in]   out: [n, out]   w: [in, out]   b: [out]
// Two matrix products without a copy of a transposed matrix, and a sum.
template <std::floating_point T>
void lin_grad(const TensorOf<T>& inp, const TensorOf<T>& out, const TensorOf<T>& w,
              const TensorOf<T>& b);

}  // namespace foundations
