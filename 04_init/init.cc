#include "04_init/init.h"

#include <cmath>

#include "common/tensor/ops.h"

namespace foundations::ch04 {
namespace {

// Uniform numbers between -bound and bound. Their standard deviation is bound / sqrt(3).
Tensor symmetric(std::int64_t fan_in, std::int64_t fan_out, double bound, Generator& generator) {
  return (rand({fan_in, fan_out}, generator) * 2 - 1) * bound;
}

}  // namespace

Tensor unscaled(std::int64_t fan_in, std::int64_t fan_out, Generator& generator) {
  return randn({fan_in, fan_out}, generator);
}

// What "people used to" take, whatever the size of the layer.
Tensor small(std::int64_t fan_in, std::int64_t fan_out, Generator& generator) {
  return randn({fan_in, fan_out}, generator) * 0.01;
}

// The notes' first rule: what comes out is as large as what went in, if no relu follows.
Tensor simplified(std::int64_t fan_in, std::int64_t fan_out, Generator& generator) {
  return randn({fan_in, fan_out}, generator) / std::sqrt(fan_in);
}

// A compromise between the way forward, which asks for 1 / fan_in, and the way back of the
// gradients, which asks for 1 / fan_out.
Tensor glorot_normal(std::int64_t fan_in, std::int64_t fan_out, Generator& generator) {
  return randn({fan_in, fan_out}, generator) * std::sqrt(2.0 / (fan_in + fan_out));
}

Tensor glorot_uniform(std::int64_t fan_in, std::int64_t fan_out, Generator& generator) {
  return symmetric(fan_in, fan_out, std::sqrt(6.0 / (fan_in + fan_out)), generator);
}

// Twice the variance, because relu will take half.
Tensor kaiming_normal(std::int64_t fan_in, std::int64_t fan_out, Generator& generator) {
  return randn({fan_in, fan_out}, generator) * std::sqrt(2.0 / fan_in);
}

Tensor kaiming_uniform(std::int64_t fan_in, std::int64_t fan_out, Generator& generator) {
  return symmetric(fan_in, fan_out, std::sqrt(6.0 / fan_in), generator);
}

// What torch.nn.init.kaiming_normal_ does to an [in, out] weight, unless it is told 'fan_out'.
Tensor kaiming_wrong_fan(std::int64_t fan_in, std::int64_t fan_out, Generator& generator) {
  return randn({fan_in, fan_out}, generator) * std::sqrt(2.0 / fan_out);
}

// nn.Linear's own, which PyTorch calls kaiming_uniform with a = sqrt(5).
Tensor linear_default(std::int64_t fan_in, std::int64_t fan_out, Generator& generator) {
  return symmetric(fan_in, fan_out, std::sqrt(1.0 / fan_in), generator);
}

}  // namespace foundations::ch04
