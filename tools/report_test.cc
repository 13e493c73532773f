// What //:speedups makes of its tables: pictures, and the comparison with the notes.
#include <gtest/gtest.h>

#include "tools/charts.h"
#include "tools/side_by_side.h"

namespace foundations {
namespace {

Row row(const std::string& chapter, const std::string& name, double seconds, double notes = 0) {
  return {.chapter = chapter,
          .name = name,
          .seconds = {seconds, 2 * seconds},
          .flops = 78400,
          .notes_seconds = notes};
}

Table notes_size() {
  Row refused = row("02", "refused", 1);
  refused.seconds.clear();
  return {"5x784x10, it's five digits",
          {row("01", "loops", 100e-6, 0.922), row("01", "rows", 2e-3, 1e-3), refused,
           row("02", "fast", 1e-6)},
          {{"m", 5}, {"k", 784}, {"n", 10}}};
}

int count(const std::string& script, const std::string& text) {
  int count = 0;
  for (auto at = script.find(text); at != std::string::npos; at = script.find(text, at + 1))
    ++count;
  return count;
}

void expect_parts(const std::string& script, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) EXPECT_EQ(count(script, part), 1) << part << "\n" << script;
}

void expect_none(const std::string& script, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) EXPECT_EQ(count(script, part), 0) << part << "\n" << script;
}

TEST(LadderScript, HasTimesWordsChaptersAndAScale) {
  const std::string script = ladder_script({notes_size()}, "a machine");
  expect_parts(script, {
                           // Time, line, words, and the side of the words: -1 left, 1 right.
                           "$ours << EOD\n"
                           "0.0001 0 \"100 us\" -1\n"
                           "0.002 1 \"2.00 ms\" 1\n"
                           "1e-06 2 \"1.00 us\" 1\n"
                           "EOD\n",
                           "$theirs << EOD\n"
                           "0.922 0 \"922 ms\" 1\n"
                           "0.001 1 \"1.00 ms\" -1\n"
                           "EOD\n",
                           "$links << EOD\n0.0001 0\n0.922 0\n\n0.002 1\n0.001 1\n\nEOD\n",
                           "('loops' 0, 'rows' 1, 'fast' 2)",
                           "set label '01' ",
                           "set label '02' ",
                           "'1 us' 1e-6, '10 us' 1e-5, '100 us' 1e-4, '1 ms' 1e-3, ",
                           "'1 s' 1e0)",
                           "'5x784x10, it''s five digits'",
                           "'this code, on a machine'",
                       });
  expect_none(script, {"refused"});
}

TEST(LadderScript, APanelForEachTableAndFinerTicksWhereTimesAreNear) {
  const Table other = {"another size", {row("01", "slow", 30e-3), row("01", "fast", 1e-3)}};
  const std::string script = ladder_script({notes_size(), other, {"none ran", {}}}, "a machine");
  EXPECT_EQ(count(script, "\nplot "), 2) << script;
  expect_parts(script, {"'1 ms' 1e-3, '2 ms' 2e-3, '5 ms' 5e-3, '10 ms' 1e-2"});
  expect_none(ladder_script({other}, "a machine"), {"the notes"});
  EXPECT_EQ(ladder_script({{"none ran", {}}}, "a machine"), "");
}

TEST(RooflineScript, DotsAndRoofs) {
  const Table no_product = {"a sum", {row("02", "sum", 1)}, {{"m", 5}}};
  const std::vector<Roof> roofs = {{20e9, 100e9}, {50e9, 100e9, 1, "L2"}, {30e9, 200e9, 2}};
  const std::string script = roofline_script({notes_size(), no_product}, roofs, "a machine");
  expect_parts(script, {
                           "$dots << EOD\n"
                           "1.65961 0.0392\n"
                           "1.65961 0.784\n"
                           "1.65961 78.4\n"
                           "EOD\n",
                           "\n5 100\n",         // where 20 GB/s meet 100 GFLOP/s
                           "\n6.666667 200\n",  // where 30 GB/s meet 200 GFLOP/s
                           "'memory: 20 GB/s'",
                           "'L2: 50 GB/s'",
                           "'memory, 2 threads: 30 GB/s'",
                           "'peak: 100 GFLOP/s'",
                           "'5x784x10'",
                       });
  expect_none(script, {"'sum'", "nan", "inf"});
  Table alone = notes_size();
  alone.rows.resize(1);
  expect_none(roofline_script({alone}, {}, "a machine"), {"nan", "inf"});
  EXPECT_EQ(roofline_script({}, {}, "a machine"), "");
}

TEST(Spread, MovesNeighboursAsLittleAsItTakesAndStaysInside) {
  struct Case {
    std::vector<double> wanted;
    double high;
    std::vector<double> want;
  };
  const Case cases[] = {
      {{}, 10, {}},
      {{1, 5, 9}, 10, {1, 5, 9}},
      {{5, 5}, 10, {4, 6}},
      {{5, 6, 6, 9.5}, 20, {3.625, 5.625, 7.625, 9.625}},
      {{0, 0}, 10, {0, 2}},
      {{10, 10}, 10, {8, 10}},
      {{1, 1, 1}, 3, {0, 2, 4}},  // they do not fit
  };
  for (const auto& [wanted, high, want] : cases) EXPECT_EQ(spread(wanted, 2, 0, high), want);
}

TEST(SideBySide, ALineForEachAndASentence) {
  Row first = row("01_matmul", "not_run", 1, 1), threaded = row("01_matmul", "checked", 1, 1);
  first.seconds.clear();
  threaded.threads = 2;
  Table table = {"5x784x10, five digits",
                 {first, row("01_matmul", "checked", 100e-6, 922e-3), threaded,
                  row("01_matmul", "simd", 16e-6, 0), row("09_new", "new", 1e-6, 2e-6)}};
  for (Row& each : table.rows) each.peak = ran(each) ? 100e9 : 0;
  EXPECT_EQ(side_by_side({table}), R"(
The notes' Python and ours: 5x784x10, five digits
  the notes              time   ours                   time   times faster
  three loops          922 ms   checked              100 us           9220
      Most of theirs is PyTorch making a tensor object of every number the loops ask for, some 24 us
      for each of 39,200 trips (Python's own loops are far faster: see 01_matmul/README.md); ours
      reads the number.
  new                 2.00 us   new                 1.00 us           2.00
Theirs is the mean of seven runs on their machine, ours the minimum on this one: a factor is of
the machines, too. The 39,200 multiply-adds alone take 784 ns at our peak.
)");
  EXPECT_EQ(side_by_side({{"a size", {first, threaded}}}), "");
  EXPECT_EQ(side_by_side({}), "");
}

}  // namespace
}  // namespace foundations
