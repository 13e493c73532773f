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

// Returns the seconds as this version of Google Benchmark takes them. You may write either.
std::string min_time(const Flags& flags) {
  std::string text = value_of(flags, "min_time", "0.05");
  if (text.ends_with('s')) text.pop_back();
  char* end = nullptr;
  const double seconds = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(seconds >= 0)) {
    throw std::invalid_argument("--benchmark_min_time: " + text + " is not a number of seconds");
  }
  return text + (kSecondsHaveUnit<benchmark::State> ? "s" : "");
}

// Returns Google Benchmark's flags: our defaults, which the user's flags override. With
// --benchmark_min_time=0, which asks only for a sign of life, there is one repetition.
Flags with_defaults(const Flags& flags) {
  for (const std::string& flag : flags) {
    if (!flag.starts_with("--benchmark_out") && !flag.starts_with("--benchmark_format")) continue;
    throw std::invalid_argument(flag +
                                ": a ladder prints its own tables, and --out=DIR writes "
                                "Google Benchmark's JSON to DIR/ladder.json");
  }
  const bool once = std::strtod(min_time(flags).c_str(), nullptr) == 0;
  Flags all = {std::string("--benchmark_repetitions=") + (once ? "1" : "10"),
               "--benchmark_enable_random_interleaving=true"};
  all.insert(all.end(), flags.begin(), flags.end());
  std::erase_if(all, [](const auto& flag) { return flag.starts_with("--benchmark_min_time="); });
  all.push_back("--benchmark_min_time=" + min_time(flags));
  return all;
}

bool lists_tests(const Flags& flags) {
  const Flags off = {"", "0", "f", "n", "false", "no", "off"};
  const bool bare = std::ranges::count(flags, "--benchmark_list_tests") > 0;
  return bare || std::ranges::count(off, value_of(flags, "list_tests", "")) == 0;
}

// Google Benchmark's JSON, or the names that it lists. Kept in memory: files are written whole.
class Json : public benchmark::JSONReporter {
 public:
  Json() {
    SetOutputStream(&text_);
    SetErrorStream(&complaints_);
  }
  // Returns the text without the host's name, so that you can show it to others.
  std::string text() const {
    std::string text = text_.str();
    const std::size_t host = text.find("    \"host_name\":");
    if (host != std::string::npos) text.erase(host, text.find('\n', host) + 1 - host);
    return text;
  }

 private:
  std::ostringstream text_, complaints_;
};

// Returns the names of the benchmarks that --benchmark_filter selects, one a line.
std::string selected(char* name, Flags flags) {
  flags.push_back("--benchmark_list_tests=true");
  initialize_benchmark(name, flags);
  Json names;
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
  if (text.empty()) return "\nNothing was measured.\n";
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
      out_(out("also write the tables to DIR/ladder.txt and the figures to DIR/ladder.json")),
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
  if (lists_tests(flags)) {
    std::cout << names;
    return 0;
  }
  flags.push_back("--benchmark_list_tests=false");
  initialize_benchmark(name, flags);
  const std::string text_path = out_ ? picture_path(*out_, "ladder.txt") : "";
  const std::string json_path = out_ ? picture_path(*out_, "ladder.json") : "";

  const std::string card = machine_card(timing.thread_counts());
  std::cout << card << std::flush;
  const auto benchmarks = static_cast<int>(std::count(names.begin(), names.end(), '\n'));
  Json json;
  const bool stopped =
      !timing.run(json, benchmarks * std::atoi(value_of(flags, "repetitions", "").c_str()));
  const std::vector<Table> tables = timing.tables();
  const std::string result =
      (stopped ? "\nStopped by Ctrl-C. Until then:\n" : "") + report(tables, options);
  std::cout << result << std::flush;
  if (out_) {
    write_file(text_path, card + result);
    write_file(json_path, json.text());
  }
  if (stopped) return 130;
  if (out_ && options.draw) options.draw(tables, *out_);
  return any_refused(tables) ? 1 : 0;
}

}  // namespace foundations
