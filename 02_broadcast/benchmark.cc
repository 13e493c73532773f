// Times the rungs of this chapter: four ways to add tensors of different shapes, with common's
// operator as the last row, and two ways to multiply matrices.
//
//   bazel run //02_broadcast:benchmark
//   bazel run //02_broadcast:benchmark -- --benchmark_filter=add
#include <string>
#include <utility>
#include <vector>

#include "02_broadcast/broadcast.h"
#include "02_broadcast/matmul.h"
#include "common/bench/matmul_ladder.h"
#include "common/reference/reference.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"

namespace foundations::ch02 {
namespace {

// Returns the element of x that the rule pairs with an index of the result: lined up at the last
// dimension, and where x has a size of 1 there is only index 0.
double stretched(const Tensor& x, const IntList& index) {
  std::int64_t position = 0;
  for (std::int64_t d = 0; d < x.dim(); ++d) {
    if (x.size(d) != 1) position += index[index.size() - x.dim() + d] * x.stride(d);
  }
  return x.data()[position];
}

Answer sum_in_double(const Tensor& a, const Tensor& b, const Shape& shape) {
  DoubleTensor want = empty<double>(shape);
  const std::int64_t numel = want.numel();
  for (std::int64_t i = 0; i < numel; ++i) {
    const IntList index = index_of(i, shape);
    want.data()[i] = stretched(a, index) + stretched(b, index);
  }
  // Floats from 1 to 2 lie 2^-23 apart: a sum is off by half of that at most.
  return {want, full<double>({}, 0x1p-24).expand(shape)};
}

// Returns the ladder that adds random numbers from 0 to 1, in two shapes that broadcast to a third.
Ladder add_ladder(const std::string& what, const Shape& shape_a, const Shape& shape_b,
                  const Shape& shape) {
  Generator generator(42);
  const Tensor a = rand(shape_a, generator), b = rand(shape_b, generator);
  const Check check = held_to([=] { return sum_in_double(a, b, shape); });
  Ladder ladder = {.chapter = "02_broadcast/add",
                   .problem = bracketed(shape_a) + " + " + bracketed(shape_b) + ", " + what,
                   .sizes = {{"numel", shape.numel()}},
                   .memory = true};
  for (const Rung<Add>& rung : kAddRungs) {
    ladder.add(
        rung.name, [=, add = rung.run] { return add(a, b); }, check);
  }
  ladder.add(
      "common", [=] { return a + b; }, check);
  return ladder;
}

std::vector<Ladder> ladders(const MatmulProblem& digits) {
  std::vector<Ladder> all;
  // In cache, then far out of it: results of 256 KB and of 32 MB.
  for (const auto& [m, n] : {std::pair(256, 256), std::pair(4096, 2048)}) {
    all.push_back(add_ladder("a row along the rows", {m, n}, {n}, {m, n}));
    all.push_back(add_ladder("a column along the columns", {m, n}, {m, 1}, {m, n}));
    all.push_back(add_ladder("every one with every other", {m, 1}, {n}, {m, n}));
  }
  all.push_back(add_ladder("the notes' image", {256, 256, 3}, {3}, {256, 256, 3}));
  for (const MatmulProblem& problem : {digits, random_matmul(512, 512, 512)}) {
    all.push_back(matmul_ladder("02_broadcast/matmul", kRungs, problem));
    all.back().memory = true;
  }
  return all;
}

}  // namespace
}  // namespace foundations::ch02

int main(int argc, char** argv) {
  using namespace foundations;
  LadderProgram program("Times the rungs of this chapter: sums, and products of matrices.");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] { return ch02::ladders(five_digits(dir)); });
}
