// Chapter 10: batch norm and the relu behind it, forward and back, in four ways.
//
// A channel's numbers are normalised together, and it does not matter which of them are neighbours.
// So every way takes a matrix: a column for each channel, a row for each pixel of each sample.
//
//   const Tensor rows = as_rows(images);             // [n, c, h, w] or [n, c]
//   const auto [out, grads] = fused(rows, weight, bias, out_grad);
//
// Source: Ioffe and Szegedy, arXiv 1502.03167; the course's notebook 07_batchnorm.
#pragma once

#include "common/bench/rung.h"
#include "common/tensor/tensor.h"

namespace foundations::ch10 {

inline constexpr double kEps = 1e-5;

struct Gradients {
  Tensor x, weight, bias;
};

struct BothWays {
  Tensor out;
  Gradients grads;
};

// x, out_grad: [rows, c]   weight, bias: [c], contiguous
// Returns relu((x - mean) / sqrt(var + eps) * weight + bias), [rows, c], with the mean and the
// biased variance of each column, and the gradients by x, weight and bias for an out_grad.
using BatchNormRelu = BothWays(const Tensor& x, const Tensor& weight, const Tensor& bias,
                               const Tensor& out_grad);

BatchNormRelu chain_rule, three_terms, two_passes, fused;

inline constexpr Rung<BatchNormRelu> kRungs[] = {
    {"chain_rule", chain_rule},
    {"three_terms", three_terms},
    {"two_passes", two_passes},
    {"fused", fused},
};

// Returns x as [rows, c]: a view, if the channels of a pixel are neighbours in memory.
inline Tensor as_rows(const Tensor& x) {
  if (x.dim() == 2) return x;
  return x.permute(0, 2, 3, 1).reshape(-1, x.size(1));
}

}  // namespace foundations::ch10
