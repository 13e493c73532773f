#include "common/bench/ladder.h"

#include <gtest/gtest.h>

#include "common/bench/ladder_table.h"
#include "common/bench/machine_card.h"
#include "common/bench/peak.h"

namespace foundations {
namespace {

Row row(const std::string& name, const std::vector<double>& seconds, int threads = 1) {
  Row made;
  made.chapter = "demo";
  made.name = name;
  made.seconds = seconds;
  made.threads = threads;
  return made;
}

TEST(FormatSeconds, ThreeDigitsAndTheUnitThatSuits) {
  EXPECT_EQ(format_seconds(0.922), "922 ms");
  EXPECT_EQ(format_seconds(12.2e-6), "12.2 us");
  EXPECT_EQ(format_seconds(1.55e-3), "1.55 ms");
  EXPECT_EQ(format_seconds(3), "3.00 s");
  EXPECT_EQ(format_seconds(1234), "1234 s");
  EXPECT_EQ(format_seconds(5e-9), "5.00 ns");
  EXPECT_EQ(format_seconds(0.1e-9), "0.10 ns");
  EXPECT_EQ(format_seconds(0.9999e-3), "1.00 ms");  // not "1000 us"
  EXPECT_EQ(format_seconds(99.96e-6), "100 us");
  EXPECT_EQ(format_seconds(9.996e-6), "10.0 us");
  EXPECT_EQ(format_seconds(0), "");
}

TEST(FormatBytes, ThreeDigitsAndTheUnitThatSuits) {
  EXPECT_EQ(format_bytes(12), "12 B");
  EXPECT_EQ(format_bytes(1000), "1000 B");
  EXPECT_EQ(format_bytes(1024), "1 KB");
  EXPECT_EQ(format_bytes(31360), "30.6 KB");
  EXPECT_EQ(format_bytes(1023.9 * 1024), "1.00 MB");
  EXPECT_EQ(format_bytes(3.5 * 1024 * 1024), "3.50 MB");
  EXPECT_EQ(format_bytes(7.84e9), "7.30 GB");
  EXPECT_EQ(format_bytes(0), "");
}

TEST(FormatFactor, ThreeDigits) {
  EXPECT_EQ(format_factor(0.714), "0.71");
  EXPECT_EQ(format_factor(3.951), "3.95");
  EXPECT_EQ(format_factor(39.51), "39.5");
  EXPECT_EQ(format_factor(75574), "75574");
}

TEST(Median, OddAndEven) {
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({4, 1, 2, 3}), 2.5);
  EXPECT_EQ(median({7}), 7);
  EXPECT_EQ(minimum({3, 1, 2}), 1);
}

TEST(Speedup, ComparesMinima) {
  EXPECT_EQ(speedup(row("a", {10, 11, 12}), row("b", {2, 2.5, 9})), "5.00");
  EXPECT_EQ(speedup(row("a", {2, 2.5, 9}), row("b", {10, 11, 12})), "0.20");
}

TEST(Speedup, SaysWhenTheNoiseIsLargerThanTheGain) {
  const Row a = row("a", {10, 12, 40});  // minimum 10, median 12
  EXPECT_EQ(speedup(a, row("b", {9, 10, 11})), "within noise");
  EXPECT_EQ(speedup(a, row("b", {9, 9.5, 11})), "1.11");  // median 9.5: below a's minimum
  EXPECT_EQ(speedup(a, row("b", {12, 13, 14})), "within noise");
  EXPECT_EQ(speedup(a, row("b", {12.5, 13, 14})), "0.80");
  EXPECT_EQ(speedup(a, a), "within noise");
}

TEST(Speedup, OneRepetitionProvesNothing) {
  EXPECT_EQ(speedup(row("a", {10}), row("b", {2})), "");
  EXPECT_EQ(speedup(row("a", {}), row("b", {2, 2})), "");
}

TEST(FormatTable, WholeTable) {
  Table table = {
      "5x784x10, five digit images",
      {row("checked", {400e-6, 410e-6, 500e-6}), row("triple_loop", {40e-6, 41e-6, 41e-6}),
       row("the_same", {39.9e-6, 40.5e-6, 42e-6}), row("wrong", {}), row("not_selected", {}),
       row("rows", {20e-6, 20e-6, 22e-6})}};
  for (Row& r : table.rows) r.flops = 78400, r.peak = 100e9;
  table.rows[0].notes_seconds = 0.922;
  table.rows[3].fault = "at [0, 0]: got 1, want 2";
  EXPECT_EQ(format_table(table),
            "5x784x10, five digit images, 1 thread\n"
            "  rung         minimum   median  x first    x previous  GFLOP/s  of peak  the notes\n"
            "  checked       400 us   410 us        1                   0.20     0.2%     922 ms\n"
            "  triple_loop  40.0 us  41.0 us     10.0          10.0     1.96     2.0%\n"
            "  the_same     39.9 us  40.5 us     10.0  within noise     1.96     2.0%\n"
            "  wrong  REFUSED: at [0, 0]: got 1, want 2\n"
            "  rows         20.0 us  20.0 us     20.0          1.99     3.92     3.9%\n");
}

TEST(FormatTable, ThreadsChaptersAndBytes) {
  Table table = {"a sum",
                 {row("loop", {2, 2, 2}), row("loop", {1, 1, 1}, 2), row("op", {4, 4, 4})}};
  table.rows[2].chapter = "other";
  for (Row& r : table.rows) r.bytes = 8e9;
  table.rows[1].memory = 1536;
  EXPECT_EQ(format_table(table),
            "a sum\n"
            "  rung  threads  minimum  median  x first  x previous  GB/s   memory\n"
            "demo\n"
            "  loop        1   2.00 s  2.00 s        1              4.00\n"
            "  loop        2   1.00 s  1.00 s     2.00              8.00  1.50 KB\n"
            "other\n"
            "  op          1   4.00 s  4.00 s     0.50        0.50  2.00\n");
}

TEST(FormatTable, CountsFromTheFirstThatRan) {
  const Table table = {"", {row("skipped", {}), row("a", {4, 4}), row("b", {1, 1})}};
  EXPECT_NE(format_table(table).find("b      1.00 s  1.00 s     4.00        4.00"),
            std::string::npos)
      << format_table(table);
}

TEST(FormatTable, NothingRan) {
  EXPECT_EQ(format_table({"a sum", {row("loop", {})}}), "");
  EXPECT_EQ(format_table({"a sum", {}}), "");
}

TEST(FormatBars, TheFasterTheLonger) {
  const Table table = {"a sum",
                       {row("slow", {100, 120}), row("not_run", {}), row("ten", {10, 11}),
                        row("hundred", {1, 1}, 2)}};
  EXPECT_EQ(format_bars(table, 21),
            "a sum: speed, from the slowest (100 s) to the fastest (1.00 s), log scale\n"
            "  slow                # 1.00x\n"
            "  ten                 ########### 10.0x\n"
            "  hundred, 2 threads  ##################### 100x\n");
}

TEST(FormatBars, SmallDifferencesLookSmall) {
  EXPECT_EQ(format_bars({"", {row("a", {1.05, 2}), row("b", {1, 2})}}, 50),
            ": speed, from the slowest (1.05 s) to the fastest (1.00 s), log scale\n"
            "  a  # 1.00x\n"
            "  b  ## 1.05x\n");
  EXPECT_EQ(format_bars({"", {row("a", {1, 2})}}), "");
}

TEST(ProgressLine, TellsWhatIsLeft) {
  EXPECT_EQ(progress_line("01_matmul/checked", 0, 30, 0), "[  0%] 01_matmul/checked: 0 of 30 runs");
  EXPECT_EQ(progress_line("01_matmul/checked", 12, 30, 6),
            "[ 40%] 01_matmul/checked: 12 of 30 runs, about 9 s left");
}

Tensor dot(const Tensor& a, const Tensor& b) { return full({1, 1}, a(0, 0) * b(0, 0)); }
Tensor transposed(const Tensor& a, const Tensor& b) { return dot(a, b).view({1}); }
Tensor off_by_one(const Tensor& a, const Tensor& b) { return full({1, 1}, a(0, 0) * b(0, 0) + 1); }
Tensor throws(const Tensor&, const Tensor&) { throw ShapeError("no such thing"); }

constexpr Rung kRungs[] = {
    {"dot", dot, 2}, {"transposed", transposed}, {"off_by_one", off_by_one}, {"throws", throws}};

TEST(MatmulLadder, HoldsEveryRungToTheReference) {
  const Ladder ladder =
      matmul_ladder("demo", kRungs, {"two numbers", tensor({{2}}), tensor({{3}})}, {1, 2});
  ASSERT_EQ(ladder.rungs.size(), 4u);
  EXPECT_EQ(ladder.problem, "1x1x1, two numbers");
  EXPECT_EQ(ladder.threads, (std::vector<int>{1, 2}));
  EXPECT_EQ(ladder.rungs[0].name, "dot");
  EXPECT_EQ(ladder.rungs[0].flops, 2);
  EXPECT_EQ(ladder.rungs[0].notes_seconds, 0);  // the notes timed another size
  EXPECT_EQ(ladder.rungs[0].setup().fault(), "");
  EXPECT_EQ(ladder.rungs[1].setup().fault(), "got shape [1], want [1, 1]");
  EXPECT_EQ(ladder.rungs[2].setup().fault(),
            "at [0, 0]: got 7, want 6, tolerance 7.15e-07 (1 of 1 elements differ)");
  EXPECT_THROW(ladder.rungs[3].setup().fault(), ShapeError);
}

TEST(MatmulLadder, TheNotesTimesStandBesideTheirOwnSize) {
  const Ladder ladder = matmul_ladder("demo", kRungs, random_matmul(5, 784, 10));
  EXPECT_EQ(ladder.rungs[0].notes_seconds, 2);
  EXPECT_EQ(ladder.rungs[0].flops, 2 * 5 * 784 * 10);
}

// The one run of ladder_main here: Google Benchmark keeps what is registered.
TEST(LadderMain, LaddersOfTheSameProblemShareATable) {
  constexpr Rung kFirst[] = {{"dot", dot, 2}};
  constexpr Rung kSecond[] = {{"dot", dot}, {"the_same", dot}};
  const MatmulProblem problem = {"two numbers", tensor({{2}}), tensor({{3}})};
  std::vector<Table> tables;
  LadderOptions options;
  options.comment = [&tables](const std::vector<Table>& measured) {
    tables = measured;
    return "\nThat was all.\n";
  };
  bool more = false;
  options.write_more = [&more](const auto&, const auto&) { more = true; };
  char program[] = "folder/ladder_test", smoke[] = "--benchmark_min_time=0";
  char* argv[] = {program, smoke, nullptr};
  testing::internal::CaptureStdout();
  const int status = ladder_main(
      2, argv, {matmul_ladder("01_a", kFirst, problem), matmul_ladder("02_b", kSecond, problem)},
      options);
  const std::string printed = testing::internal::GetCapturedStdout();
  EXPECT_EQ(status, 0) << printed;
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0].heading, "1x1x1, two numbers");
  EXPECT_EQ(tables[0].sizes.size(), 3u);
  std::vector<std::string> names;
  for (const Row& row : tables[0].rows) names.push_back(row.chapter + "/" + row.name);
  EXPECT_EQ(names, (std::vector<std::string>{"01_a/dot", "02_b/dot", "02_b/the_same"}));
  EXPECT_NE(printed.find("01_a\n  dot "), std::string::npos) << printed;
  EXPECT_NE(printed.find("02_b\n  dot "), std::string::npos) << printed;
  EXPECT_TRUE(printed.ends_with("\nThat was all.\n")) << printed;
  EXPECT_FALSE(more) << "without --out there is nowhere to write";
}

TEST(RandomMatmul, IsTheSameEveryTime) {
  const MatmulProblem one = random_matmul(3, 4, 5), two = random_matmul(3, 4, 5);
  EXPECT_TRUE(one.a.shape() == Shape({3, 4}));
  EXPECT_TRUE(one.b.shape() == Shape({4, 5}));
  EXPECT_EQ(one.a.to_vector(), two.a.to_vector());
  EXPECT_EQ(one.b.to_vector(), two.b.to_vector());
  EXPECT_NE(one.a(0, 0), one.b(0, 0));
}

TEST(PeakFlops, IsMeasuredOnce) {
  const double peak = peak_flops(1);
  EXPECT_GT(peak, 1e8);  // slower than any machine that could have built this
  EXPECT_EQ(peak_flops(1), peak);
}

TEST(MachineCard, WarnsOfABuildThatIsNotForTiming) {
  const std::string card = machine_card({1});
#if defined(__OPTIMIZE__) && defined(NDEBUG)
  EXPECT_EQ(card.find("***"), std::string::npos) << card;
#else
  EXPECT_EQ(card.rfind("*** THIS BUILD ", 0), 0u) << card;
#endif
  EXPECT_NE(card.find("compiler  "), std::string::npos) << card;
  const std::size_t peak = card.find("\npeak      ");
  ASSERT_NE(peak, std::string::npos) << card;
  EXPECT_NEAR(std::stod(card.substr(peak + 11)), peak_flops(1) / 1e9, 0.51);
  EXPECT_EQ(card.find(" GFLOP/s on 1 thread (", peak), card.find(' ', peak + 11)) << card;
}

}  // namespace
}  // namespace foundations
