// Times the rungs of this chapter: three ways to add tensors of different shapes, with common's
// operator as the last, and two ways to multiply matrices.
//
//   bazel run //02_broadcast:benchmark
//   bazel run //02_broadcast:benchmark -- --benchmark_filter=add
#include <benchmark/benchmark.h>

#include <exception>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "02_broadcast/broadcast.h"
#include "02_broadcast/matmul.h"
#include "common/bench/five_digits.h"
#include "common/bench/ladder.h"
#include "common/reference/reference.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"

namespace foundations {
namespace {

using Add = std::function<Tensor(const Tensor&, const Tensor&)>;

// The element of x that the rule pairs with an index of the result: lined up at the last
// dimension, and where x has a size of 1, there is only index 0.
double stretched(const Tensor& x, const IntList& index) {
  std::int64_t position = 0;
  for (std::int64_t d = 0; d < x.dim(); ++d) {
    if (x.size(d) != 1) position += index[index.size() - x.dim() + d] * x.stride(d);
  }
  return x.data()[position];
}

// Two tensors to add, the shape of their sum and, once a rung has asked for it, the sum in double.
struct Addition {
  Tensor a, b;
  Shape shape;
  DoubleTensor want;

  std::string fault_of(const Tensor& got) {
    if (!want.defined()) {
      want = empty<double>(shape);
      const std::int64_t numel = want.numel();
      for (std::int64_t i = 0; i < numel; ++i) {
        const IntList index = index_of(i, shape);
        want.data()[i] = stretched(a, index) + stretched(b, index);
      }
    }
    // Floats from 1 to 2 lie 2^-23 apart: a sum is off by half of that at most.
    return mismatch(got, want, full<double>({}, 0x1p-24).expand(shape));
  }
};

LadderRung add_rung(std::string_view name, const Add& add, const std::shared_ptr<Addition>& work) {
  const auto run = [=] { benchmark::DoNotOptimize(add(work->a, work->b).data()); };
  const auto fault = [=] { return work->fault_of(add(work->a, work->b)); };
  return {.name = std::string(name), .setup = [=] { return Trial{run, fault}; }};
}

// Random numbers from 0 to 1 in two shapes that broadcast to a third.
Ladder add_ladder(const std::string& what, const Shape& shape_a, const Shape& shape_b,
                  const Shape& shape) {
  Generator generator(42);
  const Tensor a = rand(shape_a, generator), b = rand(shape_b, generator);
  const auto work = std::make_shared<Addition>(Addition{a, b, shape, {}});
  Ladder ladder = {
      .chapter = "02_broadcast/add",
      .problem = bracketed(shape_a) + " + " + bracketed(shape_b) + ", " + what,
      .sizes = {{"numel", shape.numel()}},
      .rungs = {},
      .memory = true,
  };
  for (const ch02::AddRung& rung : ch02::kAddRungs) {
    ladder.rungs.push_back(add_rung(rung.name, rung.add, work));
  }
  const Add ours = [](const Tensor& x, const Tensor& y) { return x + y; };
  ladder.rungs.push_back(add_rung("common", ours, work));
  return ladder;
}

}  // namespace
}  // namespace foundations

int main(int argc, char** argv) try {
  using namespace foundations;
  const MatmulProblem digits = five_digits(argc, argv);
  std::vector<Ladder> ladders;
  // In cache, then far out of it: results of 256 KB and of 32 MB.
  for (const auto& [n, m] : {std::pair(256, 256), std::pair(4096, 2048)}) {
    ladders.push_back(add_ladder("a row along the rows", {n, m}, {m}, {n, m}));
    ladders.push_back(add_ladder("a column along the columns", {n, m}, {n, 1}, {n, m}));
    ladders.push_back(add_ladder("every one with every other", {n, 1}, {m}, {n, m}));
  }
  ladders.push_back(add_ladder("the notes' image", {256, 256, 3}, {3}, {256, 256, 3}));
  for (const MatmulProblem& problem : {digits, random_matmul(512, 512, 512)}) {
    ladders.push_back(matmul_ladder("02_broadcast/matmul", ch02::kRungs, problem));
    ladders.back().memory = true;
  }
  return ladder_main(argc, argv, ladders, {.own_flags = kFiveDigitsFlags});
} catch (const std::exception& error) {
  std::cerr << "benchmark: " << error.what() << "\n";
  return 2;
}
