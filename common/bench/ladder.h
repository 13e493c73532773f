// Ladders: one rung after another does the same work; each is checked, then timed. Every benchmark
// program is a LadderProgram:
//
//   int main(int argc, char** argv) {
//     foundations::LadderProgram program("Times the rungs of chapter 01.");
//     const auto& dir = program.mnist_dir();
//     return program.run(argc, argv, [&] {
//       return std::vector{matmul_ladder("01_matmul", ch01::kRungs, five_digits(dir))};
//     });
//   }
//
// Google Benchmark does the timing. We add three things: a rung that is wrong is not timed; rungs
// are timed in random order, so that a disturbance hits them all alike; and you see a machine card
// and the tables of ladder_table.h instead of Google Benchmark's lines.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/program.h"
#include "common/bench/ladder_table.h"
#include "common/tensor/tensor.h"

namespace foundations {

// The work of one run of a rung; 0 where it is not counted or not known.
struct Work {
  double flops = 0;          // floating-point operations
  double bytes = 0;          // read and written
  double notes_seconds = 0;  // the notes' Python took this long for the same work
};

struct LadderRung {
  std::string name;
  std::function<void()> run;           // timed
  std::function<std::string()> fault;  // called once before: returns what is wrong, "" if nothing
  Work work = {};
};

// Returns what is wrong with a result; "" if nothing is.
using Check = std::function<std::string(const Tensor& got)>;

// The right result, and how near a rung's result has to come, as mismatch() in reference.h takes
// them.
struct Answer {
  DoubleTensor want, tolerance;
};

// Returns a check that compares results with the answer. It computes the answer when it gets the
// first result.
Check held_to(const std::function<Answer()>& answer);

struct Ladder {
  std::string chapter;  // begins the names of its benchmarks
  std::string problem;  // the work; ladders with the same problem share a table
  std::vector<std::pair<std::string, std::int64_t>> sizes;  // the work in numbers: {{"m", 5}, ...}
  std::vector<LadderRung> rungs = {};
  std::vector<int> threads = {1};  // times every rung with each; without OpenMP, only with 1
  bool memory = false;             // also report how many bytes of tensors one run holds at most

  // Adds a rung that computes a result.
  void add(std::string_view name, const std::function<Tensor()>& compute, const Check& check,
           const Work& work = {});
};

struct LadderOptions {
  // Returns what the report says after the tables.
  std::function<std::string(const std::vector<Table>& tables)> comment = nullptr;
  // Draws into --out=DIR when everything is measured, printed and written; not after Ctrl-C.
  std::function<void(const std::vector<Table>& tables, const std::string& dir)> draw = nullptr;
};

// A program that times ladders. It times every rung ten times for at least 0.05 s each, unless
// --benchmark_repetitions and --benchmark_min_time say otherwise. --benchmark_filter selects rungs,
// --benchmark_list_tests lists their names. --out=DIR also writes the report to DIR/ladder.txt and
// Google Benchmark's JSON to DIR/ladder.json (with the processor's name, without the host's), each
// whole or not at all. On a terminal, a line tells what is running. Ctrl-C stops the program, which
// then prints what it has.
class LadderProgram : public Program {
 public:
  // `description` is the first line of --help.
  explicit LadderProgram(const std::string& description);

  // Reads the arguments, makes the ladders and times them. Returns the exit status: 0; 1 if a rung
  // was refused; 2, with one sentence on stderr, if an argument is wrong, a filter selects nothing,
  // or files or standard output cannot be written; 130 after Ctrl-C.
  int run(int argc, char** argv, const std::function<std::vector<Ladder>()>& ladders,
          const LadderOptions& options = {});

 private:
  int time(char* name, const std::vector<Ladder>& ladders, const LadderOptions& options) const;

  const std::optional<std::string>& out_;
  const std::vector<std::string>& flags_;  // Google Benchmark's
};

}  // namespace foundations
