// The numbers a network starts from. The rungs of this chapter are rules, not speeds: nine ways to
// draw the weights of a linear layer, under one contract.
//
//   fan_in, fan_out: how many numbers go into the layer, and how many come out
//   returns a new [fan_in, fan_out] of random numbers with mean 0: the notes multiply x @ w
//
// All that matters in a rule is the standard deviation it chooses. Cost: fan_in * fan_out random
// numbers. Source: the notes, "Pytorch Operation".
#pragma once

#include <cstdint>
#include <string_view>

#include "common/tensor/random.h"
#include "common/tensor/tensor.h"

namespace foundations::ch04 {

Tensor unscaled(std::int64_t fan_in, std::int64_t fan_out, Generator& generator);
Tensor small(std::int64_t fan_in, std::int64_t fan_out, Generator& generator);
Tensor simplified(std::int64_t fan_in, std::int64_t fan_out, Generator& generator);
Tensor glorot_normal(std::int64_t fan_in, std::int64_t fan_out, Generator& generator);
Tensor glorot_uniform(std::int64_t fan_in, std::int64_t fan_out, Generator& generator);
Tensor kaiming_normal(std::int64_t fan_in, std::int64_t fan_out, Generator& generator);
Tensor kaiming_uniform(std::int64_t fan_in, std::int64_t fan_out, Generator& generator);
Tensor kaiming_wrong_fan(std::int64_t fan_in, std::int64_t fan_out, Generator& generator);
Tensor linear_default(std::int64_t fan_in, std::int64_t fan_out, Generator& generator);

using DrawWeights = Tensor (*)(std::int64_t fan_in, std::int64_t fan_out, Generator& generator);

struct Rule {
  std::string_view name;
  std::string_view formula;  // its standard deviation, or U(bounds) if uniform; m in, nh out
  DrawWeights draw;
};

inline constexpr Rule kRules[] = {
    {"unscaled", "1", unscaled},
    {"small", "0.01", small},
    {"simplified", "sqrt(1/m)", simplified},
    {"glorot_normal", "sqrt(2/(m+nh))", glorot_normal},
    {"glorot_uniform", "U(sqrt(6/(m+nh)))", glorot_uniform},
    {"kaiming_normal", "sqrt(2/m)", kaiming_normal},
    {"kaiming_uniform", "U(sqrt(6/m))", kaiming_uniform},
    {"kaiming_wrong_fan", "sqrt(2/nh)", kaiming_wrong_fan},
    {"linear_default", "U(sqrt(1/m))", linear_default},
};

}  // namespace foundations::ch04
