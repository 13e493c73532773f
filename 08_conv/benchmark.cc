// How long each rung takes, forward and back, for the layers of the net and for larger ones.
//
//   bazel run //08_conv:benchmark
#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "08_conv/conv.h"
#include "08_conv/grads.h"
#include "common/bench/ladder.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"

namespace foundations::ch08 {
namespace {

struct Layer {
  std::int64_t n, in, side, out, kernel, stride;

  std::string text() const {
    return fmt::format("{}x{}x{}x{} -> {}, kernel {}, stride {}", n, in, side, side, out, kernel,
                       stride);
  }
  std::vector<std::pair<std::string, std::int64_t>> sizes() const {
    return {{"in", in}, {"side", side}, {"out", out}};
  }
};

constexpr char kBack[] = ", back";

constexpr Layer kLayers[] = {
    {256, 1, 28, 8, 5, 2},  {256, 8, 14, 16, 3, 2}, {256, 16, 7, 32, 3, 2},
    {256, 32, 4, 32, 3, 2}, {256, 8, 28, 8, 3, 1},  {32, 64, 56, 64, 3, 1},
};

struct Problem {
  Tensor x, weight, out_grad;
  Conv2dOptions options;
};

// All lie channels-last, as within a network.
Problem problem(const Layer& l) {
  Generator generator(1);
  const Conv2dOptions options{l.stride, l.kernel / 2};
  const std::int64_t side = places(l.side, l.kernel, options);
  return {randn({l.n, l.side, l.side, l.in}, generator).permute(0, 3, 1, 2),
          randn({l.out, l.in, l.kernel, l.kernel}, generator),
          randn({l.n, side, side, l.out}, generator).permute(0, 3, 1, 2), options};
}

double flops(const Problem& p) {
  return 2.0 * static_cast<double>(p.out_grad.numel() * p.weight.numel() / p.weight.size(0));
}

// A sum of `terms` products is off by at most terms * eps * the sum of their sizes.
DoubleTensor tolerance(const DoubleTensor& of_sizes, std::int64_t terms) {
  return of_sizes * (static_cast<double>(terms) * 1.2e-7);
}

Answer forward_answer(const Problem& p) {
  const DoubleTensor x = p.x.to<double>(), w = p.weight.to<double>(), none;
  return {conv2d(x, w, none, p.options),
          tolerance(conv2d(x.abs(), w.abs(), none, p.options), p.weight[0].numel())};
}

// Of the gradient by the weight, whose sums are the longest.
Answer backward_answer(const Problem& p) {
  const DoubleTensor x = p.x.to<double>(), w = p.weight.to<double>(), g = p.out_grad.to<double>();
  return {conv2d_backward(g, x, w, p.options, false).weight,
          tolerance(conv2d_backward(g.abs(), x.abs(), w, p.options, false).weight,
                    g.numel() / g.size(1))};
}

// The loops would take seconds a run, and minutes in a checked build.
bool too_slow(std::string_view rung, const Problem& p) { return rung == "loops" && flops(p) > 1e9; }

Ladder forward(const Layer& layer) {
  const Problem p = problem(layer);
  Ladder ladder{
      .chapter = "08_conv", .problem = layer.text(), .sizes = layer.sizes(), .memory = true};
  const Check check = held_to([=] { return forward_answer(p); });
  for (const auto& rung : kConvolutions) {
    if (too_slow(rung.name, p)) continue;
    const auto run = [=, convolve = rung.run] { return convolve(p.x, p.weight, p.options); };
    ladder.add(rung.name, run, check, {.flops = flops(p)});
  }
  return ladder;
}

Ladder backward(const Layer& layer) {
  const Problem p = problem(layer);
  Ladder ladder{.chapter = "08_conv/back",
                .problem = layer.text() + kBack,
                .sizes = layer.sizes(),
                .memory = true};
  const Check check = held_to([=] { return backward_answer(p); });
  for (const auto& rung : kBackwards) {
    if (too_slow(rung.name, p)) continue;
    const auto run = [=, back = rung.run] {
      return back(p.out_grad, p.x, p.weight, p.options).weight;
    };
    ladder.add(rung.name, run, check, {.flops = 2 * flops(p)});
  }
  return ladder;
}

// Returns a line for each layer, with the GFLOP/s of each rung.
template <class Function>
std::string rates(const std::vector<Table>& tables, std::span<const Rung<Function>> rungs,
                  const std::string& back) {
  std::string text = fmt::format("  {:<38}", "");
  for (const auto& rung : rungs) text += fmt::format("  {:>5}", rung.name);
  text += "\n";
  for (const Layer& layer : kLayers) {
    text += fmt::format("  {:<38}", layer.text());
    for (const auto& rung : rungs) {
      std::string cell;
      for (const Table& table : tables) {
        for (const Row& row : table.rows) {
          if (table.heading != layer.text() + back || row.name != rung.name || !ran(row)) continue;
          cell = fmt::format("{:.1f}", row.flops / minimum(row.seconds) / 1e9);
        }
      }
      text += fmt::format("  {:>{}}", cell, std::max<std::size_t>(rung.name.size(), 5));
    }
    text += "\n";
  }
  return text;
}

std::vector<Ladder> all_ladders() {
  std::vector<Ladder> ladders;
  for (const Layer& layer : kLayers) {
    ladders.push_back(forward(layer));
    ladders.push_back(backward(layer));
  }
  return ladders;
}

std::string all_in_one(const std::vector<Table>& tables) {
  return "\nGFLOP/s, forward:\n" + rates<Convolution>(tables, kConvolutions, "") +
         "\nGFLOP/s, back:\n" + rates<Backward>(tables, kBackwards, kBack);
}

}  // namespace
}  // namespace foundations::ch08

int main(int argc, char** argv) {
  using namespace foundations;
  LadderProgram program("Times convolutions and their gradients, each in several ways.");
  return program.run(argc, argv, [] { return ch08::all_ladders(); }, {.comment = ch08::all_in_one});
}
