// Ladders: the same work done by one rung after another, each checked, then timed. Every benchmark
// program is one call of ladder_main:
//
//   int main(int argc, char** argv) {
//     const MatmulProblem digits = {"five digit images", x, w};
//     return ladder_main(argc, argv, {matmul_ladder("01_matmul", kRungs, digits)});
//   }
//
// Google Benchmark does the timing, and all of its flags work. What ladder_main adds: a rung that
// is wrong is not timed; every rung is timed ten times for at least 0.05 s each (unless
// --benchmark_repetitions and --benchmark_min_time say otherwise), rungs in random order, so that a
// disturbance hits them all alike; a machine card and, in place of Google Benchmark's lines
// (--benchmark_format=console brings them back), the tables of ladder_table.h. With
// --benchmark_format=json or csv these go to stderr, and stdout has Google Benchmark's alone.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/bench/ladder_table.h"
#include "common/bench/rung.h"
#include "common/tensor/tensor.h"

namespace foundations {

// What is timed, and how its result is checked.
struct Trial {
  std::function<void()> run;
  std::function<std::string()> fault;  // what is wrong with the result; "" if nothing is
};

struct LadderRung {
  std::string name;
  std::function<Trial()> setup;  // called once, before the first timing
  double flops = 0;              // floating-point operations of one run, 0: not counted
  double bytes = 0;              // bytes read and written by one run, 0: not counted
  double notes_seconds = 0;      // what the notes' Python took for the same, 0: they do not say
};

struct Ladder {
  std::string chapter;  // begins the names of its benchmarks
  std::string problem;  // the work; ladders with the same problem share a table
  std::vector<std::pair<std::string, std::int64_t>> sizes;  // the work in numbers: {{"n", 5}, ...}
  std::vector<LadderRung> rungs;
  std::vector<int> threads = {1};  // every rung is timed with each; without OpenMP, with 1 alone
  bool memory = false;             // also tell how many bytes of tensors one run holds at most
};

// Two matrices to multiply, and what they are.
struct MatmulProblem {
  std::string what;
  Tensor a;  // [n, k]
  Tensor b;  // [k, m]
};

// Standard normal matrices from a fixed seed.
MatmulProblem random_matmul(std::int64_t n, std::int64_t k, std::int64_t m);

// Each rung multiplies a by b, and is held to the product in double (reference.h). The notes' own
// times stand beside 5x784x10, which is what they timed.
Ladder matmul_ladder(const std::string& chapter, std::span<const Rung> rungs,
                     const MatmulProblem& problem, const std::vector<int>& threads = {1});

struct LadderOptions {
  bool bars = false;           // draw bars under each table
  std::string_view own_flags;  // lines for --help on flags that the caller has already taken out
  // What the report says after tables and bars.
  std::function<std::string(const std::vector<Table>& tables)> comment = nullptr;
  // Writes more files to --out=DIR when all is measured, printed and written; not after Ctrl-C.
  std::function<void(const std::vector<Table>& tables, const std::string& dir)> write_more =
      nullptr;
};

// Times all rungs that --benchmark_filter selects and prints the tables. --out=DIR also writes them
// to DIR/ladder.txt, and Google Benchmark's JSON to DIR/ladder.json, with the name of the processor
// and without the host's, each whole or not at all. Relative paths count from where `bazel run` was
// typed. On a terminal, a line tells what is running; Ctrl-C stops and prints what there is.
// Returns the exit status: 0; 1 when a rung was refused; 2 for a flag that does not exist, a filter
// that selects nothing or a DIR or standard output that cannot be written, with a sentence on
// stderr; 130 after Ctrl-C.
int ladder_main(int argc, char** argv, const std::vector<Ladder>& ladders,
                const LadderOptions& options = {});

}  // namespace foundations
