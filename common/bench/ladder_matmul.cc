#include <benchmark/benchmark.h>

#include <memory>

#include "common/bench/ladder.h"
#include "common/reference/reference.h"
#include "common/tensor/random.h"

namespace foundations {
namespace {

// The operands and, once a rung has asked for them, the right answer and how near it must be met.
struct Judged {
  Tensor a, b;
  DoubleTensor want, tolerance;

  std::string fault_of(const Tensor& got) {
    if (!want.defined()) {
      want = reference_matmul(a, b);
      tolerance = matmul_tolerance(a, b);
    }
    return mismatch(got, want, tolerance);
  }
};

}  // namespace

MatmulProblem random_matmul(std::int64_t n, std::int64_t k, std::int64_t m) {
  Generator generator(20190328);
  const Tensor a = randn({n, k}, generator);
  return {"normal random numbers", a, randn({k, m}, generator)};
}

Ladder matmul_ladder(const std::string& chapter, std::span<const Rung> rungs,
                     const MatmulProblem& problem, const std::vector<int>& threads) {
  const std::int64_t n = problem.a.size(0), k = problem.a.size(1), m = problem.b.size(1);
  const std::string sizes = std::to_string(n) + "x" + std::to_string(k) + "x" + std::to_string(m);
  Ladder ladder = {
      chapter, sizes + ", " + problem.what, {{"n", n}, {"k", k}, {"m", m}}, {}, threads};
  const auto judged = std::make_shared<Judged>(Judged{problem.a, problem.b, {}, {}});
  for (const Rung& rung : rungs) {
    const auto matmul = rung.matmul;
    const auto setup = [judged, matmul] {
      return Trial{
          [judged, matmul] { benchmark::DoNotOptimize(matmul(judged->a, judged->b).data()); },
          [judged, matmul] { return judged->fault_of(matmul(judged->a, judged->b)); }};
    };
    LadderRung& added = ladder.rungs.emplace_back();
    added.name = rung.name;
    added.setup = setup;
    added.flops = 2.0 * static_cast<double>(n * k * m);
    if (sizes == "5x784x10") added.notes_seconds = rung.notes_seconds;
  }
  return ladder;
}

}  // namespace foundations
