// The last factor: from `blocked` to common's matmul, one idea after the other. Each row has the
// idea that names it and all those above (common/linalg/ideas.h); `tiles` has none of them, and the
// last has them all, which is matmul.
//
//   bazel run //03_einsum:last_factor
//   bazel run //03_einsum:last_factor -- --benchmark_filter=m:64/k:784
#include <array>
#include <cstddef>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "03_einsum/matmul.h"
#include "common/base/openmp.h"
#include "common/bench/matmul_ladder.h"
#include "common/linalg/gemm.h"
#include "common/tensor/random.h"

namespace foundations::ch03 {
namespace {

constexpr int kCount = std::size(kIdeas);

template <int kUsed>
Tensor with_first_ideas(const Tensor& a, const Tensor& b) {
  check_matrices(a, b);
  const int64_t ar = a.size(0), ac = a.size(1), bc = b.size(1);
  Tensor c = empty(ar, bc);
  gemm<float>(ar, ac, bc, {a.data(), a.stride(0), a.stride(1)},
              {b.data(), b.stride(0), b.stride(1)}, {c.data(), c.stride(0), c.stride(1)},
              max_threads(), first_ideas(kUsed));
  return c;
}

template <std::size_t... N>
constexpr auto steps(std::index_sequence<N...>) {
  return std::array{Rung<Matmul>{"blocked", blocked}, Rung<Matmul>{"tiles", with_first_ideas<0>},
                    Rung<Matmul>{kIdeas[N].name, with_first_ideas<N + 1>}...};
}
constexpr auto kSteps = steps(std::make_index_sequence<kCount>());

// The last idea says when not to use threads, and so it has to be seen with them.
void add_ladders(const MatmulProblem& problem, std::vector<Ladder>& ladders) {
  const std::span all(kSteps);
  ladders.push_back(matmul_ladder("last_factor", all.first(kSteps.size() - 1), problem));
  if (max_threads() == 1) return;
  ladders.push_back(matmul_ladder("last_factor", all.last(2), problem, {max_threads()}));
}

std::vector<Ladder> last_factor(const MatmulProblem& digits) {
  Generator generator(20190328);
  const Tensor x = randn({50000, 784}, generator), d = randn({50000, 50}, generator);
  const Tensor w = randn({784, 50}, generator), v = randn({50, 1}, generator);
  std::vector<Ladder> ladders;
  for (const MatmulProblem& problem :
       {digits, random_matmul(64, 784, 50), random_matmul(64, 64, 64), random_matmul(512, 512, 512),
        MatmulProblem{"a layer on all of MNIST", x, w},
        MatmulProblem{"its weight gradient, x.t() @ d", x.t(), d},
        MatmulProblem{"the last layer", d, v}}) {
    add_ladders(problem, ladders);
  }
  return ladders;
}

}  // namespace
}  // namespace foundations::ch03

int main(int argc, char** argv) {
  using namespace foundations;
  LadderProgram program("From `blocked` to common's matmul, one idea after the other.");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] { return ch03::last_factor(five_digits(dir)); });
}
