// How much of the machine a product n x n x n uses as n grows, and from which n on threads pay.
//
//   bazel run //13_gemm:growth
//   bazel run //13_gemm:growth -- --out=DIR     # and a picture, DIR/growth.svg, if gnuplot is there
#include <fmt/format.h>

#include <iostream>
#include <string>
#include <vector>

#include "13_gemm/matmul.h"
#include "common/base/openmp.h"
#include "common/bench/gnuplot.h"
#include "common/bench/machine.h"
#include "common/bench/matmul_ladder.h"
#include "common/reference/reference.h"

namespace foundations::ch13 {
namespace {

constexpr int64_t kLeastN = 16, kMostN = 2048;
constexpr int64_t kMostChecked = 256;  // the n up to which the product in double is no long wait

// Takes threads however little the work is: where they pay is what you want to know.
Tensor threaded_regardless(const Tensor& a, const Tensor& b) {
  return threaded_on(max_threads(), a, b);
}

constexpr Rung<Matmul> kOneThread[] = {{"blocked", blocked}, {"matmul", matmul}};
constexpr Rung<Matmul> kThreads[] = {{"threaded", threaded_regardless}, {"matmul", matmul}};

Ladder ladder(std::span<const Rung<Matmul>> rungs, const MatmulProblem& problem, int threads) {
  const int64_t n = problem.a.size(0);
  Ladder ladder = matmul_ladder("growth", rungs, problem, {threads});
  for (LadderRung& rung : ladder.rungs) {
    if (n > kMostChecked) rung.fault = [] { return std::string(); };
  }
  return ladder;
}

std::vector<Ladder> ladders() {
  std::vector<Ladder> all;
  for (int64_t n = kLeastN; n <= kMostN; n *= 2) {
    const MatmulProblem problem = random_matmul(n, n, n);
    all.push_back(ladder(kOneThread, problem, 1));
    if (max_threads() > 1) all.push_back(ladder(kThreads, problem, max_threads()));
  }
  return all;
}

std::string gflops(const Row& row) {
  return fmt::format("{:.0f}", row.flops / minimum(row.seconds) / 1e9);
}

// Returns GFLOP/s: a line for each n, a column for each rung and number of threads.
std::string by_n(const std::vector<Table>& tables, const std::string& title) {
  std::string titles = title, lines;
  for (const Table& table : tables) {
    lines += fmt::format("{:>6}", table.sizes[0].second);
    for (const Row& row : table.rows) {
      if (!ran(row)) continue;
      const std::string name = name_and_threads(row);
      if (&table == tables.data()) titles += fmt::format("  {}", name);
      lines += fmt::format("  {:>{}}", gflops(row), name.size());
    }
    lines += "\n";
  }
  return titles + "\n" + lines;
}
