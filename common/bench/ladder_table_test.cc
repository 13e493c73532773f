#include "common/bench/ladder_table.h"

#include <gtest/gtest.h>

namespace foundations {
namespace {

Row row(const std::string& name, const std::vector<double>& seconds, int threads = 1) {
  return {.chapter = "demo", .name = name, .threads = threads, .seconds = seconds};
}

TEST(Formats, ThreeDigitsAndTheUnitThatSuits) {
  const std::pair<double, const char*> seconds[] = {
      {0, ""},
      {0.922, "922 ms"},
      {12.2e-6, "12.2 us"},
      {1.55e-3, "1.55 ms"},
      {3, "3.00 s"},
      {1234, "1234 s"},
      {5e-9, "5.00 ns"},
      {0.1e-9, "0.10 ns"},
      {0.9999e-3, "1.00 ms"},  // not "1000 us"
      {99.96e-6, "100 us"},
      {9.996e-6, "10.0 us"},
  };
  for (const auto& [value, text] : seconds) EXPECT_EQ(format_seconds(value), text);
  const std::pair<double, const char*> bytes[] = {
      {0, ""},
      {12, "12 B"},
      {1000, "1000 B"},
      {1024, "1 KiB"},
      {31360, "30.6 KiB"},
      {1023.9 * 1024, "1.00 MiB"},
      {3670016, "3.50 MiB"},
      {7.84e9, "7.30 GiB"},
  };
  for (const auto& [value, text] : bytes) EXPECT_EQ(format_bytes(value), text);
  const std::pair<double, const char*> factors[] = {
      {0.714, "0.71"}, {3.951, "3.95"}, {39.51, "39.5"}, {75574, "75574"}};
  for (const auto& [value, text] : factors) EXPECT_EQ(format_factor(value), text);
  const std::pair<std::int64_t, const char*> counts[] = {
      {0, "0"}, {784, "784"}, {1000, "1,000"}, {392000, "392,000"}, {2508800000, "2,508,800,000"}};
  for (const auto& [value, text] : counts) EXPECT_EQ(format_count(value), text);
}

TEST(Formats, MedianAndMinimum) {
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({4, 1, 2, 3}), 2.5);
  EXPECT_EQ(median({7}), 7);
  EXPECT_EQ(minimum({3, 1, 2}), 1);
}

TEST(Speedup, OfTheMinimaUnlessTheNoiseIsLarger) {
  struct Case {
    std::vector<double> base, other;
    std::string want;
  };
  const Case cases[] = {
      {{10, 11, 12}, {2, 2.5, 9}, "5.00"},
      {{2, 2.5, 9}, {10, 11, 12}, "0.20"},
      {{10, 12, 40}, {9, 10, 11}, "within noise"},
      {{10, 12, 40}, {9, 9.5, 11}, "1.11"},  // a median below the other's minimum
      {{10, 12, 40}, {12, 13, 14}, "within noise"},
      {{10, 12, 40}, {12.5, 13, 14}, "0.80"},
      {{10}, {2}, ""},  // one repetition proves nothing
      {{}, {2, 2}, ""},
  };
  for (const auto& [base, other, want] : cases) {
    EXPECT_EQ(speedup(row("a", base), row("b", other)), want);
  }
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
                 {row("skipped", {}), row("loop", {2, 2, 2}), row("loop", {1, 1, 1}, 2),
                  row("op", {4, 4, 4})}};
  table.rows[3].chapter = "other";
  for (Row& r : table.rows) r.bytes = 8e9;
  table.rows[2].memory = 1536;
  EXPECT_EQ(format_table(table),
            "a sum\n"
            "  rung  threads  minimum  median  x first  x previous  GB/s    memory\n"
            "demo\n"
            "  loop        1   2.00 s  2.00 s        1              4.00\n"
            "  loop        2   1.00 s  1.00 s     2.00              8.00  1.50 KiB\n"
            "other\n"
            "  op          1   4.00 s  4.00 s     0.50        0.50  2.00\n");
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
  EXPECT_EQ(format_bars({"near", {row("a", {1.05, 2}), row("b", {1, 2})}}, 50),
            "near: speed, from the slowest (1.05 s) to the fastest (1.00 s), log scale\n"
            "  a  # 1.00x\n"
            "  b  ## 1.05x\n");
  EXPECT_EQ(format_bars({"alone", {row("a", {1, 2})}}), "");
}

TEST(ProgressLine, TellsWhatIsLeft) {
  EXPECT_EQ(progress_line("01_matmul/checked", 0, 30, 0), "[  0%] 01_matmul/checked: 0 of 30 runs");
  EXPECT_EQ(progress_line("01_matmul/checked", 12, 30, 6),
            "[ 40%] 01_matmul/checked: 12 of 30 runs, about 9 s left");
}

}  // namespace
}  // namespace foundations
