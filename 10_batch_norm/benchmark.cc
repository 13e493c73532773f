// How long batch norm and relu take, forward and back, in each way, and how many bytes that moves.
//
//   bazel run //10_batch_norm:benchmark
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "10_batch_norm/batch_norm.h"
#include "common/bench/ladder.h"
#include "common/bench/machine.h"
#include "common/nn/batch_norm.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"

namespace foundations::ch10 {
namespace {

// How often each rung goes through a whole activation, to read or to write it, counted in its
// source. The bools of a comparison count as a quarter, what is read again from the cache not.
constexpr struct {
  std::string_view name;
  double count;
} kPasses[] = {{"chain_rule", 26.25 + 16.25},
               {"three_terms", 20.25 + 13.25},
               {"two_passes", 11.25 + 5.25},
               {"fused", 7 + 2},
               {"common", 6 + 2}};

// Returns the bytes of a run beside its time. What is alive at the end of a run is x, out and their
// gradients: reads of as much memory show what the cache or the memory under it can carry.
std::string traffic(const std::vector<Table>& tables) {
  std::string text;
  for (const Table& table : tables) {
    text += "\nbytes moved by the " + table.heading + "\n";
    const double bytes = 4. * static_cast<double>(table.sizes[0].second * table.sizes[1].second);
    for (const Row& row : table.rows) {
      for (const auto& [name, count] : kPasses) {
        if (row.name != name || !ran(row)) continue;
        const double seconds = minimum(row.seconds);
        text += fmt::format("  {:12} {:5.2f} passes {:6.1f} MB {:6.1f} GB/s\n", name, count,
                            count * bytes / 1e6, count * bytes / seconds / 1e9);
      }
    }
    text += fmt::format("  reads of {:.1f} MB: {:.0f} GB/s\n", 4 * bytes / 1e6,
                        read_bandwidth(static_cast<std::int64_t>(4 * bytes), 1) / 1e9);
  }
  return text;
}

BothWays of_common(const Tensor& x, const Tensor& weight, const Tensor& bias,
                   const Tensor& out_grad) {
  const std::int64_t c = x.size(1);
  const BatchNormState<float> state{weight, bias, zeros(c), ones(c)};
  const BatchNormOptions options{.eps = kEps, .relu = true};
  const BatchNormed<float> forward = batch_norm_train(x, state, options);
  const auto grads = batch_norm_backward(out_grad, x, state, forward, options);
  return {forward.out, {grads.x, grads.weight, grads.bias}};
}

Ladder ladder(const std::string& what, const Shape& shape) {
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
  const auto ladders = [] {
    return std::vector{ch10::ladder("first layer, batch of 512", {512 * 14 * 14, 8}),
                       ch10::ladder("third layer, batch of 512", {512 * 4 * 4, 32})};
  };
  return program.run(argc, argv, ladders, {.comment = ch10::traffic});
}
