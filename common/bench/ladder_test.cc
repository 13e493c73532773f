// Programs that time ladders, run as you would run them; and the operands that they work on.
#include "common/bench/ladder.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <new>
#include <set>
#include <sstream>
#include <thread>

#include "common/base/openmp.h"
#include "common/bench/machine.h"
#include "common/bench/matmul_ladder.h"
#include "common/bench/training_rows.h"
#include "common/data/idx_testing.h"
#include "common/tensor/ops.h"
#include "common/testing/testing.h"

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

void expect_parts(const std::string& text, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) {
    EXPECT_NE(text.find(part), std::string::npos) << "no " << part << " in\n" << text;
  }
}

Tensor flat(const Tensor& a, const Tensor& b) { return (a * b).view(-1); }
Tensor times(const Tensor& a, const Tensor& b) { return a * b; }
Tensor off_by_one(const Tensor& a, const Tensor& b) { return a * b + 1; }
Tensor throws(const Tensor& a, const Tensor&) { return a.view(17); }
Tensor without_memory(const Tensor&, const Tensor&) { throw std::bad_alloc(); }

constexpr Rung<Matmul> kRungs[] = {{"times", times, 0.922}, {"again", times}};
constexpr Rung<Matmul> kWrong[] = {{"flat", flat},
                                   {"off_by_one", off_by_one},
                                   {"throws", throws},
                                   {"without_memory", without_memory}};
const MatmulProblem kTwoByThree = {"two numbers", tensor({{2}}), tensor({{3}})};
constexpr char kOnce[] = "--benchmark_min_time=0";

TEST(LadderProgram, PrintsATableForEachProblemAndWhatComesAfter) {
  const MatmulProblem of_the_notes = {"their size", tensor({{2}}).expand({5, 784}),
                                      tensor({{3}}).expand({784, 10})};
  constexpr Rung<Matmul> kProduct[] = {{"product",
                                        [](const Tensor& a, const Tensor& b) {
                                          return full({a.size(0), b.size(1)}, 6 * 784.);
                                        },
                                        0.922}};
  const Outcome got =
      run({matmul_ladder("01_a", kRungs, kTwoByThree), matmul_ladder("02_b", kRungs, kTwoByThree),
           matmul_ladder("02_b", kProduct, of_the_notes)},
          {kOnce});
  EXPECT_EQ(got.status, 0) << got.err;
  expect_parts(got.out, {"CPU  ", "\npeak  ", "\n1x1x1, two numbers, 1 thread\n",
                         "\n01_a\n  times ", "\n02_b\n  times ", " 922 ms\n", "\nthe notes: "});
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
  expect_parts(got.out, {"  flat  REFUSED: got shape [1], want [1, 1]\n",
                         "  off_by_one  REFUSED: at [0, 0]: got 7, want 6, tolerance 7.15e-07 (1 "
                         "of 1 elements differ)\n",
                         "  throws  REFUSED: it threw: shape '[17]' is ",
                         "  without_memory  REFUSED: it threw: "});
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

TEST(LadderProgram, TimesTenTimesWhatIsSelectedAndWritesWhatItPrints) {
  const std::string folder = testing::TempDir() + "/ladder_test/new/folder";
  std::filesystem::remove_all(folder);
  const Outcome got =
      run({matmul_ladder("demo", kRungs, kTwoByThree)},
          {"--benchmark_min_time=0.0001", "--benchmark_filter=again/m:1/", "--out=" + folder});
  ASSERT_EQ(got.tables.size(), 1u) << got.err;
  EXPECT_EQ(got.tables[0].rows[0].seconds.size(), 0u);
  EXPECT_EQ(got.tables[0].rows[1].seconds.size(), 10u);
  EXPECT_TRUE(got.drew);
  std::ostringstream written;
  written << std::ifstream(folder + "/ladder.txt").rdbuf();
  EXPECT_EQ(written.str(), got.out);
}

TEST(LadderProgram, ListsNames) {
  const std::vector<Ladder> ladders = {matmul_ladder("demo", kRungs, kTwoByThree)};
  for (const char* const flag : {"--benchmark_list_tests", "--benchmark_list_tests=true"}) {
    EXPECT_EQ(run(ladders, {flag}).out,
              "demo/times/m:1/k:1/n:1/threads:1/real_time\n"
              "demo/again/m:1/k:1/n:1/threads:1/real_time\n");
  }
}

TEST(LadderProgram, SaysInOneLineWhatIsWrong) {
  const std::pair<const char*, const char*> rows[] = {
      {"--nope=3", "unknown argument '--nope=3'; --help lists what there is"},
      {"--benchmark_filer=dot",
       "unknown argument '--benchmark_filer=dot'; --help lists what there is"},
      {"--benchmark_filter=none",
       "no benchmark matches --benchmark_filter=none; --benchmark_list_tests=true shows their "
       "names"},
      {"--out=/dev/null/folder", "/dev/null/folder: cannot be made a folder: Not a directory"},
  };
  for (const auto& [argument, sentence] : rows) {
    const Outcome got = run({matmul_ladder("demo", kRungs, kTwoByThree)}, {argument});
    EXPECT_EQ(got.status, 2) << argument;
    EXPECT_EQ(got.out, "") << argument;
    EXPECT_EQ(got.err, "try: " + std::string(sentence) + "\n");
  }
}

// ---- Operands ----

TEST(FiveDigits, AreTheFirstFive) {
  const std::string folder = testing::TempDir() + "/ladder_test/digits";
  std::filesystem::create_directories(folder);
  const auto five_of = [&](std::uint32_t images) {
    write_plain(folder + "/train-images-idx3-ubyte", image_bytes(images, 2, 3));
    write_plain(folder + "/train-labels-idx1-ubyte", label_bytes(images));
    return five_digits(folder);
  };
  const MatmulProblem problem = five_of(6);  // the last is for validation
  EXPECT_EQ(problem.what, "five images of MNIST from " + folder);
  EXPECT_EQ(problem.a.shape(), Shape({5, 6}));
  EXPECT_EQ(problem.a.at(4, 5), 7.f * 29 / 256);
  EXPECT_EQ(problem.b.shape(), Shape({6, 10}));
  expect_error<DataError>(
      [&] { five_of(4); },
      "MNIST from " + folder + ": has only 4 training images, and five are needed");
}

TEST(TrainingRows, GoThroughTheImagesOverAndOver) {
  Mnist digits;
  digits.x_train = tensor({{1, 9}, {3, 7}, {2, 8}});
  digits.y_train = long_tensor({4, 0, 9});
  digits.source = "three images";
  const Tensor x = (digits.x_train - digits.x_train.mean()) / digits.x_train.std();
  for (const std::int64_t n : {0, 2, 3, 8}) {
    const TrainingRows rows = training_rows(digits, n);
    EXPECT_EQ(rows.x.shape(), (Shape{n, 2}));
    EXPECT_EQ(rows.y.shape(), Shape{n});
    for (std::int64_t row = 0; row < n; ++row) {
      expect_equal(rows.x[row], x[row % 3]);  // normalised by all three images
      EXPECT_EQ(rows.y(row), digits.y_train(row % 3));
    }
  }
  digits.x_train = digits.x_train.slice(0, 0, 0);
  expect_error<DataError>([&] { training_rows(digits, 8); }, "three images has no training images");
}

}  // namespace
}  // namespace foundations
