#include "common/bench/ladder.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "common/base/whole_file.h"
#include "common/bench/gnuplot.h"
#include "common/bench/ladder_timing.h"
#include "common/bench/machine.h"
#include "common/reference/reference.h"

namespace foundations {
namespace {

using Flags = std::vector<std::string>;

constexpr char kLegend[] =
    "\nminimum, median: of the time of one call, over the repetitions. x first, x previous: how "
    "many\n"
    "times faster, by the minima; \"within noise\" where [minimum, median] of the two overlap.\n";
constexpr char kNotesLegend[] =
    "the notes: the time of their own version of the rung, in Python, on their machine.\n";

// Returns the value of the last --benchmark_NAME=VALUE, or `otherwise`.
std::string value_of(const Flags& flags, const std::string& name, const std::string& otherwise) {
  const std::string begin = "--benchmark_" + name + "=";
  const auto last = std::find_if(flags.rbegin(), flags.rend(),
                                 [&](const std::string& flag) { return flag.starts_with(begin); });
  return last == flags.rend() ? otherwise : last->substr(begin.size());
}

// Google Benchmark wants "0.05s" from version 1.8 on, and "0.05" before. A State has `skipped()`
// from the same version on.
template <class State>
constexpr bool kSecondsHaveUnit = requires(const State& state) {
  state.skipped();
};

// Returns Google Benchmark's flags: our defaults, which the user's flags override. The seconds may
// have their unit or not. With --benchmark_min_time=0, which asks only for a sign of life, there is
// one repetition.
Flags with_defaults(const Flags& flags) {
  std::string seconds = value_of(flags, "min_time", "0.05");
  if (seconds.ends_with('s')) seconds.pop_back();
  const std::string unit = kSecondsHaveUnit<benchmark::State> ? "s" : "";
  Flags all = {seconds == "0" ? "--benchmark_repetitions=1" : "--benchmark_repetitions=10",
               "--benchmark_enable_random_interleaving=true"};
  all.insert(all.end(), flags.begin(), flags.end());
  std::erase_if(all, [](const auto& flag) { return flag.starts_with("--benchmark_min_time="); });
  all.push_back("--benchmark_min_time=" + seconds + unit);
  return all;
}

// Keeps quiet, since we print tables of our own, but for the names of --benchmark_list_tests.
class Names : public benchmark::BenchmarkReporter {
 public:
  Names() {
    SetOutputStream(&text_);
    SetErrorStream(&complaints_);  // we say in our own words that nothing is selected
  }
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>&) override {}
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_, complaints_;
};

// Returns the names of the benchmarks that --benchmark_filter selects, one a line.
std::string selected(char* name, Flags flags) {
  flags.push_back("--benchmark_list_tests=true");
  initialize_benchmark(name, flags);
  Names names;
  benchmark::RunSpecifiedBenchmarks(&names);
  if (names.text().empty()) {
    throw std::invalid_argument(
        "no benchmark matches --benchmark_filter=" + value_of(flags, "filter", "") +
        "; --benchmark_list_tests=true shows their names");
  }
  return names.text();
}

std::string report(const std::vector<Table>& tables, const LadderOptions& options) {
  std::string text;
  bool notes = false;
  for (const Table& table : tables) {
    const std::string rows = format_table(table);
    if (!rows.empty()) text += "\n" + rows;
    for (const Row& row : table.rows) notes |= ran(row) && row.notes_seconds > 0;
  }
  return text + kLegend + (notes ? kNotesLegend : "") +
         (options.comment ? options.comment(tables) : "");
}

bool any_refused(const std::vector<Table>& tables) {
  return std::ranges::any_of(tables, [](const Table& table) {
    return std::ranges::any_of(table.rows, [](const Row& row) { return !row.fault.empty(); });
  });
}

}  // namespace

Check held_to(const std::function<Answer()>& answer) {
  const auto known = std::make_shared<Answer>();
  return [=](const Tensor& got) {
    if (!known->want.defined()) *known = answer();
    return mismatch(got, known->want, known->tolerance);
  };
}

void Ladder::add(std::string_view name, const std::function<Tensor()>& compute, const Check& check,
                 const Work& work) {
  rungs.push_back({std::string(name), [=] { compute(); }, [=] { return check(compute()); }, work});
}

LadderProgram::LadderProgram(const std::string& description)
    : Program(description),
      out_(out("also write the tables to DIR/ladder.txt")),
      flags_(pass_on("--benchmark_",
                     "And flags of Google Benchmark:\n"
                     "  --benchmark_filter=REGEX     run what matches; -REGEX: what does not\n"
                     "  --benchmark_list_tests       print the names only\n"
                     "  --benchmark_repetitions=N    time each rung N times: 10\n"
                     "  --benchmark_min_time=N       for at least N seconds each: 0.05")) {}

int LadderProgram::run(int argc, char** argv, const std::function<std::vector<Ladder>()>& ladders,
                       const LadderOptions& options) {
  return Program::run(argc, argv, [&]() -> int { return time(argv[0], ladders(), options); });
}

int LadderProgram::time(char* name, const std::vector<Ladder>& ladders,
                        const LadderOptions& options) const {
  Flags flags = with_defaults(flags_);
  LadderTiming timing(ladders);
  const std::string names = selected(name, flags);
  if (value_of(flags, "list_tests", "false") != "false" ||
      std::ranges::count(flags, "--benchmark_list_tests") > 0) {
    std::cout << names;
    return 0;
  }
  flags.push_back("--benchmark_list_tests=false");
  initialize_benchmark(name, flags);
  const std::string path = out_ ? picture_path(*out_, "ladder.txt") : "";

  const std::string card = machine_card(timing.thread_counts());
  std::cout << card << std::flush;
  const auto benchmarks = static_cast<int>(std::count(names.begin(), names.end(), '\n'));
  Names quiet;
  timing.run(quiet, benchmarks * std::atoi(value_of(flags, "repetitions", "").c_str()));
  const std::vector<Table> tables = timing.tables();
  const std::string result = report(tables, options);
  std::cout << result << std::flush;
  if (out_) write_file(path, card + result);
  if (out_ && options.draw) options.draw(tables, *out_);
  return any_refused(tables) ? 1 : 0;
}

}  // namespace foundations
