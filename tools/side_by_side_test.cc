#include "tools/side_by_side.h"

#include <gtest/gtest.h>

#include <sstream>

namespace foundations {
namespace {

Row row(const std::string& chapter, const std::string& name, double seconds, double notes) {
  return {.chapter = chapter,
          .name = name,
          .seconds = {seconds, seconds},
          .flops = 78400,
          .peak = 100e9,
          .notes_seconds = notes};
}

TEST(SideBySide, ALineForEachAndASentence) {
  Row first = row("01_matmul", "not_run", 1, 1), threaded = row("01_matmul", "checked", 1, 1);
  first.seconds.clear();
  first.peak = 0;  // only a rung that ran has a peak
  threaded.threads = 2;
  const Table table = {"5x784x10, five digits",
                       {first, row("01_matmul", "checked", 100e-6, 922e-3), threaded,
                        row("01_matmul", "simd", 16e-6, 0), row("09_new", "new", 1e-6, 2e-6)}};
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

TEST(SideBySide, EveryRungOfTheNotesHasItsNameAndASentence) {
  const std::pair<Row, const char*> rungs[] = {
      {row("01_matmul", "checked", 1, 2), "three loops"},
      {row("01_matmul", "row_by_column", 1, 2), "row times column"},
      {row("02_broadcast", "broadcast", 1, 2), "broadcasting"},
      {row("03_einsum", "einsum", 1, 2), "einsum"},
      {row("03_einsum", "matmul", 1, 2), "PyTorch op"},
  };
  for (const auto& [rung, theirs] : rungs) {
    const std::string text = side_by_side({{"a size", {rung}}});
    const std::size_t line = text.find("\n  " + std::string(theirs) + "  ");
    ASSERT_NE(line, std::string::npos) << text;
    EXPECT_EQ(text.substr(text.find('\n', line + 1), 7), "\n      ") << text;
    std::istringstream lines(text);
    for (std::string each; std::getline(lines, each);) EXPECT_LE(each.size(), 102u) << each;
  }
}

}  // namespace
}  // namespace foundations
