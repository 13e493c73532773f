// How long batch norm and relu take, forward and back, in each way, and how many bytes that moves.
//
//   bazel run //10_batch_norm:benchmark
#include <fmt/format.h>

#include <string>
#include <vector>

#include "10_batch_norm/batch_norm.h"
#include "common/base/openmp.h"
#include "common/bench/ladder.h"
#include "common/bench/machine.h"
#include "common/nn/batch_norm.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"

namespace foundations::ch10 {
namespace {

// How often each rung reads or writes a whole activation, counted in its source. A comparison's
// bools count as a quarter.
constexpr struct {
  const char* name;
  double reads, writes;
} kPasses[] = {
    {"chain_rule", 31, 17}, {"three_terms", 22, 12}, {"two_passes", 10, 5},
    {"fused", 7, 2},        {"common", 6, 2},
};

BothWays of_common(const Tensor& x, const Tensor& weight, const Tensor& bias,
                   const Tensor& out_grad) {
  const std::int64_t c = x.size(1);
  const BatchNormState<float> state{weight, bias, zeros(c), ones(c)};
  const BatchNormOptions options{.eps = kEps, .relu = true};
  const BatchNormed<float> forward = batch_norm_train(x, state, options);
  const auto grads = batch_norm_backward(out_grad, x, state, forward, options);
  return {forward.out, {grads.x, grads.weight, grads.bias}};
}

Ladder ladder(const std::string& what, const Shape& shape, bool threads) {
  Generator generator(1);
  const Tensor x = randn(shape, generator), out_grad = randn(shape, generator);
  const Tensor weight = randn({shape[1]}, generator), bias = randn({shape[1]}, generator);
  const Check check = held_to([=] {
    const DoubleTensor w = weight.to<double>();
    const BatchNormState<double> state{w, bias.to<double>(), w.clone(), w.clone()};
    const BatchNormOptions options{.eps = kEps, .relu = true};
    const DoubleTensor in = x.to<double>();
    const auto forward = batch_norm_train(in, state, options);
    const auto grads = batch_norm_backward(out_grad.to<double>(), in, state, forward, options);
    return Answer{grads.x, full<double>(shape, 1e-4)};
  });
  Ladder result{"10_batch_norm",
                fmt::format("{}, {}x{}", what, shape[0], shape[1]),
                {{"rows", shape[0]}, {"channels", shape[1]}}};
  result.memory = true;
  if (threads) result.threads = {1, max_threads()};
  const auto add = [&](std::string_view name, BatchNormRelu* run) {
    result.add(
        name, [=] { return run(x, weight, bias, out_grad).grads.x; }, check);
  };
  for (const auto& rung : kRungs) add(rung.name, rung.run);
  add("common", of_common);
  return result;
}

}  // namespace
}  // namespace foundations::ch10

int main(int argc, char** argv) {
  using namespace foundations;
  LadderProgram program("Times batch norm and relu, forward and back.");
  return program.run(argc, argv, [] {
    return std::vector{ch10::ladder("first layer, batch of 512", {512 * 14 * 14, 8}, false),
                       ch10::ladder("third layer, batch of 512", {512 * 4 * 4, 32}, false)};
  });
}
