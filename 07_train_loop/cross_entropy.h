// Cross entropy: how surprised a model is by the right answer. Three ways to write it, of which two
// break.
//
//   logits: [n, classes]   targ: [n]   returns the mean over the rows of -log p, of shape [],
//                                      where p = softmax(logits)[i, targ[i]]
//
// Source: the course's notebook 03_minibatch_training, "Cross entropy loss".
#pragma once

#include "common/bench/rung.h"
#include "common/tensor/tensor.h"

namespace foundations::ch07 {

using CrossEntropy = Tensor(const Tensor& logits, const LongTensor& targ);

CrossEntropy literal, log_rule, log_sum_exp;

inline constexpr Rung<CrossEntropy> kCrossEntropies[] = {
    {"literal", literal},
    {"log_rule", log_rule},
    {"log_sum_exp", log_sum_exp},
};

// The gradient of all three by the logits: (softmax(logits) - onehot(targ)) / n, [n, classes].
Tensor cross_entropy_grad(const Tensor& logits, const LongTensor& targ);

}  // namespace foundations::ch07
