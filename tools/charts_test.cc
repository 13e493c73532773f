#include "tools/charts.h"

#include <gtest/gtest.h>

namespace foundations {
namespace {

Row row(const std::string& chapter, const std::string& name, double seconds, double notes = 0) {
  Row made;
  made.chapter = chapter;
  made.name = name;
  made.seconds = {seconds, 2 * seconds};
  made.flops = 78400;
  made.notes_seconds = notes;
  return made;
}

Table notes_size() {
  Row refused = row("02", "refused", 1);
  refused.seconds.clear();
  return {"5x784x10, it's five digits",
          {row("01", "loops", 100e-6, 0.922), row("01", "rows", 2e-3, 1e-3), refused,
           row("02", "fast", 1e-6)},
          {{"n", 5}, {"k", 784}, {"m", 10}}};
}

bool has(const std::string& script, const std::string& text) {
  return script.find(text) != std::string::npos;
}

std::size_t count(const std::string& script, const std::string& text) {
  std::size_t count = 0;
  for (auto at = script.find(text); at != std::string::npos; at = script.find(text, at + 1))
    ++count;
  return count;
}

TEST(LadderScript, TimesAndTheirWords) {
  const std::string script = ladder_script({notes_size()}, "a machine");
  // Time, line, words, and on which side they stand: -1 left, 1 right.
  EXPECT_TRUE(has(script,
                  "$ours << EOD\n"
                  "0.0001 0 \"100 us\" -1\n"
                  "0.002 1 \"2.00 ms\" 1\n"
                  "1e-06 2 \"1.00 us\" 1\n"
                  "EOD\n"))
      << script;
  EXPECT_TRUE(has(script,
                  "$theirs << EOD\n"
                  "0.922 0 \"922 ms\" 1\n"
                  "0.001 1 \"1.00 ms\" -1\n"
                  "EOD\n"))
      << script;
  EXPECT_TRUE(has(script, "$links << EOD\n0.0001 0\n0.922 0\n\n0.002 1\n0.001 1\n\nEOD\n"))
      << script;
}

TEST(LadderScript, NamesChaptersAndScale) {
  const std::string script = ladder_script({notes_size()}, "a machine");
  EXPECT_TRUE(has(script, "('loops' 0, 'rows' 1, 'fast' 2)")) << script;
  EXPECT_EQ(count(script, "set label '01' "), 1u) << script;
  EXPECT_EQ(count(script, "set label '02' "), 1u) << script;
  EXPECT_TRUE(has(script, "'1 us' 1e-6, '10 us' 1e-5, '100 us' 1e-4, '1 ms' 1e-3, ")) << script;
  EXPECT_TRUE(has(script, "'1 s' 1e0)")) << script;
  EXPECT_TRUE(has(script, "'5x784x10, it''s five digits'")) << script;
  EXPECT_TRUE(has(script, "'this code, on a machine'")) << script;
  EXPECT_FALSE(has(script, "refused")) << script;
}

TEST(LadderScript, APanelForEachTableAndFinerTicksWhereTimesAreNear) {
  const Table other = {"another size", {row("01", "slow", 30e-3), row("01", "fast", 1e-3)}};
  const std::string script = ladder_script({notes_size(), other}, "a machine");
  EXPECT_EQ(count(script, "\nplot "), 2u) << script;
  EXPECT_TRUE(has(script, "'1 ms' 1e-3, '2 ms' 2e-3, '5 ms' 5e-3, '10 ms' 1e-2")) << script;
  EXPECT_EQ(count(ladder_script({other}, "a machine"), "the notes"), 0u);
}

TEST(LadderScript, NothingRan) {
  EXPECT_EQ(ladder_script({}, "a machine"), "");
  EXPECT_EQ(ladder_script({{"a size", {}}}, "a machine"), "");
}

TEST(CompulsoryBytes, OperandsAndResultOnce) {
  EXPECT_EQ(compulsory_bytes(notes_size()), 4 * (5 * 784 + 784 * 10 + 5 * 10));
  EXPECT_EQ(compulsory_bytes({"", {}, {{"n", 5}}}), 0);
  EXPECT_EQ(compulsory_bytes({"", {}, {{"b", 2}, {"n", 5}, {"k", 5}, {"m", 5}}}), 0);
  EXPECT_EQ(compulsory_bytes({"", {}, {}}), 0);
}

TEST(RooflineScript, DotsAndRoofs) {
  const Table no_product = {"a sum", {row("02", "sum", 1)}, {{"n", 5}}};
  const std::string script =
      roofline_script({notes_size(), no_product}, {{20e9, 100e9}, {30e9, 200e9, 2}}, "a machine");
  EXPECT_TRUE(has(script,
                  "$dots << EOD\n"
                  "1.65961 0.0392\n"
                  "1.65961 0.784\n"
                  "1.65961 78.4\n"
                  "EOD\n"))
      << script;
  EXPECT_TRUE(has(script, "\n5 100\n")) << script;         // where 20 GB/s meet 100 GFLOP/s
  EXPECT_TRUE(has(script, "\n6.666667 200\n")) << script;  // and 30 meet 200
  EXPECT_TRUE(has(script, "'memory: 20 GB/s'")) << script;
  EXPECT_TRUE(has(script, "'memory, 2 threads: 30 GB/s'")) << script;
  EXPECT_TRUE(has(script, "'multiply-adds: 100 GFLOP/s'")) << script;
  EXPECT_TRUE(has(script, "'5x784x10'")) << script;
  EXPECT_FALSE(has(script, "'sum'")) << script;
  EXPECT_FALSE(has(script, "nan") || has(script, "inf")) << script;
}

TEST(RooflineScript, ASingleDot) {
  Table table = notes_size();
  table.rows.resize(1);
  const std::string script = roofline_script({table}, {}, "a machine");
  EXPECT_FALSE(has(script, "nan") || has(script, "inf")) << script;
  EXPECT_EQ(roofline_script({}, {}, "a machine"), "");
}

TEST(Spread, KeepsWhatIsApart) {
  const std::vector<double> apart = {1, 5, 9};
  EXPECT_EQ(spread(apart, 2, 0, 10), apart);
  EXPECT_EQ(spread({}, 2, 0, 10), std::vector<double>());
}

TEST(Spread, MovesNeighboursAsLittleAsItTakes) {
  EXPECT_EQ(spread({5, 5}, 2, 0, 10), (std::vector<double>{4, 6}));
  EXPECT_EQ(spread({5, 6, 6, 9.5}, 2, 0, 20), (std::vector<double>{3.625, 5.625, 7.625, 9.625}));
}

TEST(Spread, StaysInside) {
  EXPECT_EQ(spread({0, 0}, 2, 0, 10), (std::vector<double>{0, 2}));
  EXPECT_EQ(spread({10, 10}, 2, 0, 10), (std::vector<double>{8, 10}));
  EXPECT_EQ(spread({1, 1, 1}, 2, 0, 3), (std::vector<double>{0, 2, 4}));  // they do not fit
}

}  // namespace
}  // namespace foundations
