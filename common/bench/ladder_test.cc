// Programs that time ladders, run as you would run them.
#include "common/bench/ladder.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <new>
#include <set>
#include <sstream>
#include <thread>

#include "common/base/openmp.h"
#include "common/bench/machine.h"
#include "common/bench/matmul_ladder.h"

namespace foundations {
namespace {

// The outcome of a program.
struct Outcome {
  int status = 0;
  std::string out, err;
  std::vector<Table> tables = {};  // empty if there was no report
  bool drew = false;
};

Outcome run(const std::vector<Ladder>& ladders, std::vector<std::string> arguments) {
  // Google Benchmark remembers flags from one run to the next.
  arguments.insert(arguments.begin(), {"folder/try", "--benchmark_filter=all"});
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  Outcome outcome;
  LadderOptions options;
  options.comment = [&](const std::vector<Table>& tables) {
    outcome.tables = tables;
    return "\nThat was all.\n";
  };
  options.draw = [&](const auto&, const std::string&) { outcome.drew = true; };
  LadderProgram program("Tries ladders.");
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  outcome.status = program.run(
      static_cast<int>(argv.size()), argv.data(), [&] { return ladders; }, options);
  outcome.out = testing::internal::GetCapturedStdout();
  outcome.err = testing::internal::GetCapturedStderr();
  return outcome;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

Tensor dot(const Tensor& a, const Tensor& b) {
  check_matrices(a, b);
  const Tensor c = zeros(a.size(0), b.size(1));
  for (std::int64_t i = 0; i < a.size(0); ++i) {
    for (std::int64_t j = 0; j < b.size(1); ++j) {
      for (std::int64_t k = 0; k < b.size(0); ++k) c(i, j) += a(i, k) * b(k, j);
    }
  }
  return c;
}
Tensor flat(const Tensor& a, const Tensor& b) { return dot(a, b).view(-1); }
Tensor off_by_one(const Tensor& a, const Tensor& b) {
  const Tensor c = dot(a, b);
  c(0, 0) += 1;
  return c;
}
Tensor throws(const Tensor& a, const Tensor&) { return dot(a, ones(17, 17)); }
Tensor without_memory(const Tensor&, const Tensor&) { throw std::bad_alloc(); }

constexpr Rung<Matmul> kRungs[] = {{"dot", dot, 0.922}, {"again", dot}};
constexpr Rung<Matmul> kWrong[] = {{"flat", flat},
                                   {"off_by_one", off_by_one},
                                   {"throws", throws},
                                   {"without_memory", without_memory}};
const MatmulProblem kTwoByThree = {"two numbers", tensor({{2}}), tensor({{3}})};
constexpr char kOnce[] = "--benchmark_min_time=0";

TEST(LadderProgram, PrintsATableForEachProblemAndWhatComesAfter) {
  const std::vector<Ladder> ladders = {matmul_ladder("01_a", kRungs, kTwoByThree),
                                       matmul_ladder("02_b", kRungs, kTwoByThree),
                                       matmul_ladder("02_b", kRungs, random_matmul(5, 784, 10))};
  const Outcome got = run(ladders, {kOnce});
  EXPECT_EQ(got.status, 0) << got.err;
  EXPECT_TRUE(has(got.out, "CPU  ") && has(got.out, "\npeak  ")) << got.out;
  EXPECT_TRUE(has(got.out, "\n1x1x1, two numbers, 1 thread\n")) << got.out;
  EXPECT_TRUE(has(got.out, "\n01_a\n  dot ") && has(got.out, "\n02_b\n  dot ")) << got.out;
  EXPECT_TRUE(has(got.out, " 922 ms\n")) << got.out;  // beside the notes' size
  EXPECT_TRUE(has(got.out, "\nthe notes: ")) << got.out;
  EXPECT_TRUE(got.out.ends_with("\nThat was all.\n")) << got.out;
  EXPECT_FALSE(got.drew) << "without --out there is nowhere to draw";
  ASSERT_EQ(got.tables.size(), 2u);
  ASSERT_EQ(got.tables[0].rows.size(), 4u);
  EXPECT_EQ(got.tables[0].sizes.size(), 3u);
  EXPECT_EQ(got.tables[0].rows[0].notes_seconds, 0) << "the notes timed another size";
  EXPECT_EQ(got.tables[0].rows[0].flops, 2);
  EXPECT_EQ(got.tables[1].rows[0].flops, 2 * 5 * 784 * 10);
}

TEST(LadderProgram, RefusesARungThatIsWrong) {
  const Outcome got = run({matmul_ladder("demo", kWrong, kTwoByThree)}, {kOnce});
  EXPECT_EQ(got.status, 1);
  EXPECT_TRUE(has(got.out, "  flat  REFUSED: got shape [1], want [1, 1]\n")) << got.out;
  EXPECT_TRUE(has(got.out,
                  "  off_by_one  REFUSED: at [0, 0]: got 7, want 6, tolerance 7.15e-07 (1 of 1 "
                  "elements differ)\n"))
      << got.out;
  EXPECT_TRUE(has(got.out, "  throws  REFUSED: it threw: mat1 and mat2 ")) << got.out;
  EXPECT_TRUE(has(got.out, "  without_memory  REFUSED: it threw: ")) << got.out;
}

TEST(LadderProgram, TellsWhatTheRungsDid) {
  std::int64_t sleeps = 0;
  std::set<int> threads;
  Ladder ladder = {.chapter = "demo", .problem = "some work", .sizes = {{"m", 1}}};
  ladder.threads = {1, 2};
  const auto sleep = [&] {
    ++sleeps;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  };
  ladder.rungs = {{"sleeps", sleep, nullptr},
                  {"asks", [&] { threads.insert(max_threads()); }, nullptr}};
  Ladder memory = {.chapter = "demo", .problem = "memory", .sizes = {}};
  memory.rungs = {{"large", [] { zeros(1000, 1000); }, nullptr},
                  {"small", [] { zeros(10); }, nullptr}};
  memory.memory = true;
  const auto began = std::chrono::steady_clock::now();
  const Outcome got =
      run({ladder, memory}, {"--benchmark_min_time=0.02s", "--benchmark_repetitions=3"});
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;

  ASSERT_EQ(got.tables.size(), 2u) << got.err;
  const std::vector<Row>& rows = got.tables[0].rows;
  ASSERT_EQ(rows.size(), kOpenMp ? 4u : 2u);
  for (const Row& row : rows) {
    EXPECT_EQ(row.seconds.size(), 3u) << row.name;
    EXPECT_EQ(row.peak, peak_flops(row.threads)) << row.name;
  }
  // All sleeps last about equally long, so together they fit into the time that passed.
  EXPECT_GT(sleeps, 20);
  EXPECT_GE(minimum(rows[0].seconds), 1e-3);
  EXPECT_LT(minimum(rows[0].seconds) * static_cast<double>(sleeps), 2 * took.count());
  EXPECT_EQ(threads, kOpenMp ? std::set<int>({1, 2}) : std::set<int>({1}));
  EXPECT_EQ(got.tables[1].rows[0].memory, 4e6);
  EXPECT_EQ(got.tables[1].rows[1].memory, 40);
}

TEST(LadderProgram, TimesTenTimesWhatIsSelected) {
  const std::vector<Ladder> ladders = {matmul_ladder("demo", kRungs, kTwoByThree)};
  const Outcome got =
      run(ladders, {"--benchmark_min_time=0.0001", "--benchmark_filter=again/m:1/"});
  ASSERT_EQ(got.tables.size(), 1u) << got.err;
  EXPECT_EQ(got.tables[0].rows[0].seconds.size(), 0u);
  EXPECT_EQ(got.tables[0].rows[1].seconds.size(), 10u);
  EXPECT_FALSE(has(got.out, "  dot ")) << got.out;
}

TEST(LadderProgram, ListsNames) {
  const std::vector<Ladder> ladders = {matmul_ladder("demo", kRungs, kTwoByThree)};
  const std::string dot_and_again =
      "demo/dot/m:1/k:1/n:1/threads:1/real_time\ndemo/again/m:1/k:1/n:1/threads:1/real_time\n";
  EXPECT_EQ(run(ladders, {"--benchmark_list_tests"}).out, dot_and_again);
  EXPECT_EQ(run(ladders, {"--benchmark_list_tests=true"}).out, dot_and_again);
  EXPECT_TRUE(has(run(ladders, {"--benchmark_list_tests=no", kOnce}).out, "CPU "));
}

TEST(LadderProgram, WritesWhatItPrintsAndJson) {
  const std::vector<Ladder> ladders = {matmul_ladder("demo", kRungs, kTwoByThree)};
  const std::string folder = testing::TempDir() + "/ladder_test/new/folder";
  std::filesystem::remove_all(folder);
  const Outcome got = run(ladders, {kOnce, "--out=" + folder});
  EXPECT_EQ(got.status, 0) << got.err;
  EXPECT_TRUE(got.drew);
  EXPECT_EQ(contents(folder + "/ladder.txt"), got.out);
  const std::string json = contents(folder + "/ladder.json");
  EXPECT_TRUE(json.starts_with("{") && json.ends_with("}\n")) << json;
  for (const char* const part : {"\"cpu\": \"", "\"executable\": \"try\"", "\"GFLOP/s\": ",
                                 "\"name\": \"demo/dot/m:1/k:1/n:1/threads:1/real_time\""}) {
    EXPECT_TRUE(has(json, part)) << part << " in\n" << json;
  }
  EXPECT_FALSE(has(json, "host_name")) << json;
}

TEST(LadderProgram, CtrlCStopsAndPrintsWhatThereIs) {
  const std::string folder = testing::TempDir() + "/ladder_test/stopped";
  std::filesystem::remove_all(folder);
  Ladder ladder = {.chapter = "demo", .problem = "some work", .sizes = {}};
  int calls = 0;
  const auto press = [&] {
    if (++calls == 3) std::raise(SIGINT);
  };
  ladder.rungs = {{"presses", press, nullptr}};
  const Outcome got = run({ladder}, {kOnce, "--benchmark_repetitions=100000", "--out=" + folder});
  EXPECT_EQ(got.status, 130) << got.err;
  EXPECT_EQ(calls, 3);
  EXPECT_TRUE(has(got.out, "\n\nStopped by Ctrl-C. Until then:\n\nsome work")) << got.out;
  EXPECT_EQ(got.tables.at(0).rows.at(0).seconds.size(), 2u);
  EXPECT_TRUE(contents(folder + "/ladder.json").ends_with("}\n"));
  EXPECT_FALSE(got.drew) << "half a measurement is no picture";
}

TEST(LadderProgram, SaysInOneLineWhatIsWrong) {
  const std::vector<Ladder> ladders = {matmul_ladder("demo", kRungs, kTwoByThree)};
  const std::pair<const char*, const char*> rows[] = {
      {"--nope=3", "unknown argument '--nope=3'; --help lists what there is"},
      {"--benchmark_filer=dot",
       "unknown argument '--benchmark_filer=dot'; --help lists what there is"},
      {"--benchmark_filter=none",
       "no benchmark matches --benchmark_filter=none; --benchmark_list_tests=true shows their "
       "names"},
      {"--benchmark_min_time=soon", "--benchmark_min_time: soon is not a number of seconds"},
      {"--benchmark_min_time=-1", "--benchmark_min_time: -1 is not a number of seconds"},
      {"--benchmark_format=json",
       "--benchmark_format=json: a ladder prints its own tables, and --out=DIR writes Google "
       "Benchmark's JSON to DIR/ladder.json"},
      {"--out=/dev/null/folder", "/dev/null/folder: cannot be made a folder: Not a directory"},
  };
  for (const auto& [argument, sentence] : rows) {
    const Outcome got = run(ladders, {argument});
    EXPECT_EQ(got.status, 2) << argument;
    EXPECT_EQ(got.out, "") << argument;
    EXPECT_EQ(got.err, "try: " + std::string(sentence) + "\n");
  }
}

}  // namespace
}  // namespace foundations
