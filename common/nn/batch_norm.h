// Batch normalisation: each channel gets a mean and a spread of its own choosing, over all that a
// batch has of it. T is float or double. Derived in 10_batch_norm.
//
//   out = (x - mean) / sqrt(var + eps) * weight + bias
//
// x is [n, c], or [n, c, h, w] with n * h * w values for each channel. Any strides come in; beneath
// a result of rank 4 the channels of a pixel are neighbours in memory, as conv2d's are.
//
// Memory, not arithmetic, is what this costs. So a relu behind it can be had in the same pass, and
// so can the addition of a skip before the relu: max(0, batch norm of x + skip).
#pragma once

#include <concepts>

#include "common/tensor/tensor.h"

namespace foundations {

// Each is [c]. The running statistics are written in training.
template <class T>
struct BatchNormState {
  TensorOf<T> weight, bias, running_mean, running_var;
};

struct BatchNormOptions {
  double eps = 1e-5, momentum = 0.1;  // how much a new batch counts in the running statistics
  bool relu = false;
};

template <class T>
struct BatchNormed {
  TensorOf<T> out;                // of the shape of x
  TensorOf<T> mean, inverse_std;  // of the batch, [c]: for the way back
};

// Normalises by the mean and the biased variance of the batch, and moves the running statistics
// towards its mean and its unbiased variance. An empty batch leaves them alone.
//   skip: undefined, or of the shape of x
// Throws ShapeError for other shapes, and unless a channel has more than one value: nothing is
// written then. Cost: reads x twice, once if it fits the cache. The squares are of differences from
// the mean of a block, and blocks are merged: right also where the mean is large beside the spread.
template <std::floating_point T>
BatchNormed<T> batch_norm_train(const TensorOf<T>& x, const BatchNormState<T>& state,
                                const BatchNormOptions& options = {},
                                const TensorOf<T>& skip = TensorOf<T>());

// Normalises by the running statistics. Throws ShapeError for other shapes.
template <std::floating_point T>
TensorOf<T> batch_norm_eval(const TensorOf<T>& x, const BatchNormState<T>& state,
                            const BatchNormOptions& options = {},
                            const TensorOf<T>& skip = TensorOf<T>());

template <class T>
struct BatchNormGrads {
  TensorOf<T> x, weight, bias, skip;
};

// Returns the gradients of batch_norm_train(x, state, options, skip), which returned `forward`.
// Without `with_x` the first is undefined, and not computed; without `with_skip` the last. Without
// a relu, the last is out_grad itself.
//   out_grad: of the shape of x
// Throws ShapeError for other shapes. Cost: reads x and out_grad twice; out too, if there was a
// relu behind a skip. A relu's gradient is 0 where its output is, however large out_grad.
template <std::floating_point T>
BatchNormGrads<T> batch_norm_backward(const TensorOf<T>& out_grad, const TensorOf<T>& x,
                                      const BatchNormState<T>& state, const BatchNormed<T>& forward,
                                      const BatchNormOptions& options = {}, bool with_x = true,
                                      bool with_skip = false);

}  // namespace foundations
