// log_softmax: the step from a classifier's numbers to the logarithms of its probabilities.
#pragma once

#include <concepts>

#include "common/tensor/tensor.h"

namespace foundations {

// x - log(sum(exp(x))) along `dim`: exp of it sums to 1 there. The maximum is taken off first, so
// that no exp overflows (log-sum-exp). A row of -inf alone, or with a +inf or a NaN in it, is NaN,
// as in PyTorch. Cost: five passes over x, one exp for each element.
template <std::floating_point T>
TensorOf<T> log_softmax(const TensorOf<T>& x, std::int64_t dim);

}  // namespace foundations
