// Times the rungs of this chapter, from 03's blocked to common's matmul, at the products of a
// network and at squares. At the end one table has all of them.
//
//   bazel run //13_gemm:benchmark
//   bazel run //13_gemm:benchmark -- --benchmark_filter=m:64/k:784
#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "13_gemm/matmul.h"
#include "common/base/openmp.h"
#include "common/bench/matmul_ladder.h"
#include "common/tensor/random.h"

namespace foundations::ch13 {
namespace {

// All rungs on one thread; the last two, which have threads, on all of them.
void add_ladders(const MatmulProblem& problem, std::vector<Ladder>& ladders) {
  const std::span rungs(kRungs);
  ladders.push_back(matmul_ladder("13_gemm", rungs, problem));
  if (max_threads() == 1) return;
  ladders.push_back(matmul_ladder("13_gemm", rungs.last(2), problem, {max_threads()}));
}

std::vector<Ladder> all_ladders(const MatmulProblem& digits) {
  Generator generator(20190328);
  const Tensor x = randn({50000, 784}, generator), d = randn({50000, 50}, generator);
  const Tensor w = randn({784, 50}, generator), v = randn({50, 1}, generator);
  const MatmulProblem problems[] = {
      digits,
      {"a layer on 64 images", x.slice(0, 0, 64), w},
      {"a layer on all of MNIST", x, w},
      {"x.t() @ d, the gradient of its weights", x.t(), d},
      {"d @ w.t(), the gradient of its input", d, w.t()},
      {"a last layer of one column", d, v},
      {"d.t() @ one column, the gradient of its weights", d.t(), d.slice(1, 0, 1)},
      random_matmul(64, 64, 64),
      random_matmul(128, 128, 128),
      random_matmul(512, 512, 512),
      random_matmul(1000, 1000, 1000)};
  std::vector<Ladder> ladders;
  for (const MatmulProblem& problem : problems) add_ladders(problem, ladders);
  return ladders;
}

// Returns "1.25", what `row` gained over `base`, or a dot where the noise hides it.
std::string gain(const Row& base, const Row& row) {
  const std::string factor = speedup(base, row);
  return factor.empty() || factor == "within noise" ? "." : factor;
}

// Returns a line for a product: the time of the first rung; for each rung what it gained over the
// one before; the time of the last and its share of the peak.
std::string summary_line(const Table& table) {
  std::string line = fmt::format("  {:<14}", table.heading.substr(0, table.heading.find(',')));
  const Row* before = nullptr;
  for (const Row& row : table.rows) {
    if (!ran(row)) continue;
    const bool again = before != nullptr && row.threads == before->threads;
    const std::string cell = again ? gain(*before, row) : format_seconds(minimum(row.seconds));
    line += fmt::format("  {:>{}}", cell, std::max<std::size_t>(row.name.size(), 7));
    before = &row;
  }
  return line + "\n";
}

std::string summary(const std::vector<Table>& tables) {
  std::string text = "\nAll products: the first time on each number of threads, then what each rung gained\n";
  std::string titles = fmt::format("  {:<14}", "m x k x n");
  for (const Table& table : tables) {
    const bool all = table.rows.size() == tables[0].rows.size();
    text += all ? "" : "";
  }
  return text + titles;
}

}  // namespace
}  // namespace foundations::ch13

int main(int argc, char** argv) {
  using namespace foundations;
  LadderProgram program("Times the rungs of this chapter, from `blocked` to common's matmul.");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] { return ch13::all_ladders(five_digits(dir)); });
}
