#include "common/bench/ladder.h"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>

#include "common/base/error.h"
#include "common/base/stdout.h"
#include "common/base/whole_file.h"
#include "common/bench/ladder_timing.h"
#include "common/bench/machine_card.h"

namespace foundations {
namespace {

using Arguments = std::vector<std::string>;

constexpr char kLegend[] =
    "\nminimum, median: of the time of one call, over the repetitions. x first, x previous: how "
    "many\n"
    "times faster, by the minima; \"within noise\" where [minimum, median] of the two overlap.\n";
constexpr char kNotesLegend[] =
    "the notes: what their own version of the rung took, in Python, on their machine.\n";

// The value of the last --name=value; none if there is none. --name alone is "".
std::optional<std::string> flag(const Arguments& arguments, const std::string& name) {
  std::optional<std::string> value;
  for (const std::string& argument : arguments) {
    if (argument == "--" + name) value = "";
    if (argument.rfind("--" + name + "=", 0) == 0) value = argument.substr(name.size() + 3);
  }
  return value;
}

// Whether Google Benchmark takes a flag with this value, if it is there, for true.
bool is_on(const std::optional<std::string>& value) {
  const std::set<std::string> off = {"0", "f", "n", "false", "no", "off"};
  return value && off.count(*value) == 0;
}

// "0.05s" since Google Benchmark 1.8, "0.05" before: States can be `skipped` since the same
// version.
template <class State>
std::string with_unit(const std::string& seconds) {
  return requires(const State& state) { state.skipped(); }
  ? seconds + "s" : seconds;
}

// --benchmark_min_time=0 or =0s, whichever the user wrote, as this version wants it. (5x, a number
// of iterations, stays.)
std::string with_suitable_unit(const std::string& argument) {
  const std::string name = "--benchmark_min_time=";
  if (argument.rfind(name, 0) != 0) return argument;
  std::string seconds = argument.substr(name.size());
  if (seconds.ends_with('s')) seconds.pop_back();
  const bool plain = seconds.find_first_not_of("0123456789.") == std::string::npos;
  return plain ? name + with_unit<benchmark::State>(seconds) : argument;
}

// Ten repetitions, unless asked for otherwise; one when --benchmark_min_time=0 asks for no more
// than a sign of life.
int default_repetitions(const Arguments& arguments) {
  const std::optional<std::string> least = flag(arguments, "benchmark_min_time");
  return least && std::strtod(least->c_str(), nullptr) == 0 ? 1 : 10;
}

std::string ladder_txt(const std::string& folder) { return folder + "/ladder.txt"; }
std::string ladder_json(const std::string& folder) { return folder + "/ladder.json"; }

// The user's flags for Google Benchmark, after ours: it obeys the last of equal flags.
Arguments with_defaults(const Arguments& arguments, const std::optional<std::string>& out) {
  Arguments flags = {
      "--benchmark_min_time=" + with_unit<benchmark::State>("0.05"),
      "--benchmark_repetitions=" + std::to_string(default_repetitions(arguments)),
      "--benchmark_enable_random_interleaving=true",
  };
  if (out) {
    flags.push_back("--benchmark_out=" + ladder_json(*out));
    flags.push_back("--benchmark_out_format=json");
  }
  for (const std::string& argument : arguments) {
    if (argument.rfind("--out=", 0) != 0) flags.push_back(with_suitable_unit(argument));
  }
  return flags;
}

std::string help_on_own_flags;

void print_help() {
  std::cout << "Times the rungs and prints a table.\n"
            << help_on_own_flags
            << "  [--out=DIR]  also write the table to DIR/ladder.txt and DIR/ladder.json\n\n"
               "and Google Benchmark's own flags:\n\n";
  benchmark::PrintDefaultHelp();
  flush_stdout();
}

// Hands the flags to Google Benchmark, which keeps the pointer to the program's name, and returns
// those that it does not know.
Arguments initialize(char* program, Arguments flags) {
  std::vector<char*> argv = {program};
  for (std::string& argument : flags) argv.push_back(argument.data());
  int argc = static_cast<int>(argv.size());
  argv.push_back(nullptr);
  benchmark::Initialize(&argc, argv.data(), print_help);
  return {argv.begin() + 1, argv.begin() + argc};
}

// Prints nothing: the table says it all.
class Silent : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>&) override {}
};

// Google Benchmark's own lines, without the description of the machine above them: the machine card
// has that. (And Debian's library would call itself a DEBUG build there; what is timed is not.)
class WithoutContext : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override {
    std::ostringstream dropped;
    lines_->SetErrorStream(&dropped);
    const bool go_on = lines_->ReportContext(context);
    lines_->SetErrorStream(&GetErrorStream());
    return go_on;
  }
  void ReportRuns(const std::vector<Run>& runs) override { lines_->ReportRuns(runs); }
  void Finalize() override { lines_->Finalize(); }

 private:
  BenchmarkReporter* const lines_ =
      benchmark::CreateDefaultDisplayReporter();  // not ours to delete
};

// Google Benchmark's JSON without the host's name (the text is there to be shown), and kept until
// all is measured: the file becomes whole at once.
class NamelessJson : public benchmark::JSONReporter {
 public:
  bool ReportContext(const Context& context) override {
    std::stringstream lines;
    SetOutputStream(&lines);
    const bool go_on = JSONReporter::ReportContext(context);
    SetOutputStream(&text_);
    for (std::string line; std::getline(lines, line);) {
      if (line.find("\"host_name\":") == std::string::npos) text_ << line << "\n";
    }
    return go_on;
  }
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
};

// The names of the benchmarks that --benchmark_filter selects, one a line.
std::string selected() {
  Silent reporter;
  std::ostringstream names, complaint;  // Google Benchmark's own, if there are none
  reporter.SetOutputStream(&names);
  reporter.SetErrorStream(&complaint);
  benchmark::RunSpecifiedBenchmarks(&reporter);
  return names.str();
}

std::string report(const std::vector<Table>& tables, const LadderOptions& options) {
  std::string text;
  bool notes = false;
  for (const Table& table : tables) {
    const std::string rows = format_table(table);
    if (!rows.empty()) text += "\n" + rows;
    for (const Row& row : table.rows) notes |= !row.seconds.empty() && row.notes_seconds > 0;
  }
  if (text.empty()) return "\nNothing was measured.\n";
  text += kLegend;
  if (notes) text += kNotesLegend;
  for (const Table& table : tables) {
    const std::string drawn = options.bars ? format_bars(table) : "";
    if (!drawn.empty()) text += "\n" + drawn;
  }
  if (options.comment) text += options.comment(tables);
  return text;
}

// The file that Google Benchmark's JSON is to become; "" for none. (CSV it writes itself.)
std::string json_file(const Arguments& flags) {
  const bool json = flag(flags, "benchmark_out_format").value_or("json") == "json";
  return json ? flag(flags, "benchmark_out").value_or("") : "";
}

// Runs what is selected and prints what came of it. `runs` is the number of repetitions in all,
// `out` the folder of the files, if there is one.
int run(LadderTiming& timing, const Arguments& flags, int runs, const LadderOptions& options,
        const std::optional<std::string>& out) {
  const std::string format = flag(flags, "benchmark_format").value_or("");
  const std::string json_path = json_file(flags);
  std::ostream& text = format.empty() || format == "console" ? std::cout : std::cerr;
  const std::string card = machine_card(timing.thread_counts());
  text << card << std::flush;

  const bool progress = isatty(STDERR_FILENO) && format != "console";
  if (progress) timing.show_progress(runs);
  Silent silent;
  WithoutContext console;
  benchmark::BenchmarkReporter* const reporter =
      format.empty()        ? static_cast<benchmark::BenchmarkReporter*>(&silent)
      : format == "console" ? &console
                            : benchmark::CreateDefaultDisplayReporter();
  NamelessJson json;
  bool stopped = false;
  benchmark::AddCustomContext("cpu", cpu_name());
  stop_on_ctrl_c();
  try {
    benchmark::RunSpecifiedBenchmarks(reporter, json_path.empty() ? nullptr : &json);
  } catch (const Stopped&) {
    stopped = true;
    reporter->Finalize();  // JSON wants its closing bracket
    if (!json_path.empty()) json.Finalize();
  }
  if (progress) std::cerr << "\r\033[K";

  const std::string result =
      (stopped ? "\nStopped by Ctrl-C. Until then:\n" : "") + report(timing.tables(), options);
  text << result << std::flush;
  if (out) write_file(ladder_txt(*out), card + result);
  if (!json_path.empty()) write_file(json_path, json.text());
  flush_stdout();
  if (stopped) return 130;
  return timing.any_refused() ? 1 : 0;
}

int complain(const char* program, const std::string& sentence) {
  std::cerr << program << ": " << sentence << std::endl;
  return 2;
}

// Refuses, before the long work, what could not be written after it. Google Benchmark itself then
// has nothing to write.
void prepare_files(const std::optional<std::string>& out, Arguments& flags) {
  std::error_code failed;
  if (out) std::filesystem::create_directories(*out, failed);
  if (failed) throw DataError("cannot write " + ladder_txt(*out) + ": give a folder");
  if (out) check_writable(ladder_txt(*out));
  const std::string json = json_file(flags);
  if (json.empty()) return;
  check_writable(json);
  flags.push_back("--benchmark_out=/dev/null");
}

int timed(char* program, int argc, char** argv, const std::vector<Ladder>& ladders,
          const LadderOptions& options) {
  const Arguments arguments(argv + 1, argv + argc);
  std::error_code failed;
  if (const char* const typed_in = std::getenv("BUILD_WORKING_DIRECTORY")) {
    std::filesystem::current_path(typed_in, failed);
  }
  help_on_own_flags = options.own_flags;
  const std::optional<std::string> out = flag(arguments, "out");
  if (out && out->empty()) return complain(program, "--out takes a folder: --out=DIR");
  Arguments flags = with_defaults(arguments, out);

  // First only the names: without a file, which Google Benchmark would open.
  Arguments listing = flags;
  listing.insert(listing.end(), {"--benchmark_list_tests=true", "--benchmark_out="});
  const Arguments unknown = initialize(program, listing);
  if (!unknown.empty()) {
    return complain(program, "unknown flag '" + unknown[0] + "'; --help lists the flags");
  }

  LadderTiming timing(ladders);
  const std::string names = selected();
  if (is_on(flag(flags, "benchmark_list_tests"))) {
    std::cout << names;
    flush_stdout();
    return 0;
  }
  if (names.empty()) {
    return complain(program,
                    "no benchmark matches --benchmark_filter=" + benchmark::GetBenchmarkFilter() +
                        "; --benchmark_list_tests=true shows their names");
  }
  Arguments running = flags;
  running.push_back("--benchmark_list_tests=false");
  prepare_files(out, running);
  initialize(program, running);
  const auto benchmarks = std::count(names.begin(), names.end(), '\n');
  const int repetitions = std::atoi(flag(flags, "benchmark_repetitions")->c_str());
  const int status = run(timing, flags, static_cast<int>(benchmarks) * repetitions, options, out);
  const bool complete = status == 0 || status == 1;
  if (complete && out && options.write_more) options.write_more(timing.tables(), *out);
  return status;
}

}  // namespace

int ladder_main(int argc, char** argv, const std::vector<Ladder>& ladders,
                const LadderOptions& options) {
  char* const program = argv[0] + (std::string_view(argv[0]).rfind('/') + 1);  // npos + 1 is 0
  try {
    return timed(program, argc, argv, ladders, options);
  } catch (const std::exception& error) {
    return complain(program, error.what());
  }
}

}  // namespace foundations
