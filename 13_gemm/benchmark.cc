// Times the rungs of this chapter, from 03's blocked to common's matmul, at the products of a
// network and at squares. The last table has all of them in one.
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

// All rungs on one thread; the last two, which have threads, also on all of them.
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
  const Tensor g = randn({50000, 1}, generator);
  const MatmulProblem problems[] = {digits,
                                    {"x @ w, a layer on 64 images", x.slice(0, 0, 64), w},
                                    {"x @ w, the layer on all of MNIST", x, w},
                                    {"x.t() @ d, the gradient of its weights", x.t(), d},
                                    {"d @ w.t(), the gradient of its input", d, w.t()},
                                    {"d @ v, a layer with one output", d, v},
                                    {"d.t() @ g, the gradient of its weights", d.t(), g},
                                    random_matmul(64, 64, 64),
                                    random_matmul(128, 128, 128),
                                    random_matmul(512, 512, 512),
                                    random_matmul(1000, 1000, 1000)};
  std::vector<Ladder> ladders;
  for (const MatmulProblem& problem : problems) add_ladders(problem, ladders);
  return ladders;
}

// Returns a cell of the last table: the time of the first row on a number of threads, and what each
// row gained over the one above it, or a dot if this run cannot tell.
std::string cell(const Row* above, const Row& row) {
  if (above == nullptr || above->threads != row.threads) {
    return format_seconds(minimum(row.seconds));
  }
  const std::string factor = speedup(*above, row);
  return factor.empty() || factor == "within noise" ? "." : factor;
}

// Returns all tables in one, a line for each product. The titles are those of the first table.
std::string all_in_one(const std::vector<Table>& tables) {
  std::string titles = fmt::format("  {:<14}", "m x k x n"), lines;
  for (const Table& table : tables) {
    std::string line = fmt::format("  {:<14}", table.heading.substr(0, table.heading.find(',')));
    const Row* above = nullptr;
    for (const Row& row : table.rows) {
      if (!ran(row)) continue;
      const std::string title =
          row.threads == 1 ? row.name : fmt::format("{}, {}", row.name, row.threads);
      const std::size_t width = std::max<std::size_t>(title.size(), 7);
      if (lines.empty()) titles += fmt::format("  {:>{}}", title, width);
      line += fmt::format("  {:>{}}", cell(above, row), width);
      above = &row;
    }
    lines += line + "\n";
  }
  return "\nAll products. The first time on one thread and on more, then what each rung gained:\n" +
         titles + "\n" + lines;
}

}  // namespace
}  // namespace foundations::ch13

int main(int argc, char** argv) {
  using namespace foundations;
  LadderProgram program("Times the rungs of this chapter, from `blocked` to common's matmul.");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] { return ch13::all_ladders(five_digits(dir)); },
                     {.comment = ch13::all_in_one});
}
