#include "tools/side_by_side.h"

#include <gtest/gtest.h>

#include <sstream>

namespace foundations {
namespace {

Row row(const std::string& chapter, const std::string& name, double seconds, double notes) {
  Row made;
  made.chapter = chapter;
  made.name = name;
  made.seconds = {seconds, seconds};
  made.flops = 78400;
  made.peak = 100e9;
  made.notes_seconds = notes;
  return made;
}

// The rungs that repeat one of the notes'.
Table notes_rungs() {
  return {"5x784x10, five digits",
          {row("01_matmul", "checked", 100e-6, 922e-3), row("01_matmul", "simd", 16e-6, 0),
           row("01_matmul", "row_by_column", 50e-6, 1.35e-3),
           row("02_broadcast", "broadcast", 40e-6, 297e-6),
           row("03_einsum", "einsum", 3e-6, 75.6e-6), row("03_einsum", "matmul", 2e-6, 12.2e-6)}};
}

TEST(SideBySide, ALineForEachAndASentence) {
  Table table = notes_rungs();
  table.rows.resize(2);
  EXPECT_EQ(side_by_side({table}), R"(
The notes' Python and ours: 5x784x10, five digits
  the notes              time   ours                   time   times faster
  three loops          922 ms   checked              100 us           9220
      Most of theirs is PyTorch making a tensor object of every number the loops ask for, some 24 us
      for each of 39,200 trips (Python's own loops are far faster: see 01_matmul/README.md); ours
      reads the number.
Theirs is the mean of seven runs on their machine, ours the minimum on this one: a factor is of
the machines, too. The 39,200 multiply-adds alone take 784 ns at this one's peak.
)");
}

TEST(SideBySide, EveryRungOfTheNotesHasItsNameAndASentence) {
  std::istringstream lines(side_by_side({notes_rungs()}));
  std::vector<std::string> names;
  std::string line, last;
  while (std::getline(lines, line)) {
    EXPECT_LE(line.size(), 102u) << line;
    const bool sentence = line.rfind("      ", 0) == 0;
    const bool rung = !sentence && line.rfind("  ", 0) == 0;
    if (rung) names.push_back(line.substr(2, line.find("  ", 2) - 2));
    if (sentence && last.rfind("      ", 0) != 0) names.back() += " +";
    last = line;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"the notes", "three loops +", "row times column +",
                                             "broadcasting +", "einsum +", "PyTorch op +"}));
}

TEST(SideBySide, ARungWithoutASentenceStandsUnderItsOwnName) {
  const std::string text = side_by_side({{"a size", {row("09_new", "new", 1e-6, 2e-6)}}});
  EXPECT_NE(
      text.find("\n  new                 2.00 us   new                 1.00 us           2.00\n"
                "Theirs"),
      std::string::npos)
      << text;
}

TEST(SideBySide, ThePeakIsThatOfARungThatRan) {
  Table table = notes_rungs();
  table.rows[0].seconds.clear();
  table.rows[0].peak = 0;
  const std::string text = side_by_side({table});
  EXPECT_NE(text.find("alone take 784 ns at"), std::string::npos) << text;
}

TEST(SideBySide, CommasStandBetweenDigits) {
  const auto expect_count = [](double flops, const std::string& count) {
    Row any = row("01_matmul", "checked", 1e-6, 2e-6);
    any.flops = flops;
    const std::string text = side_by_side({{"a size", {any}}});
    EXPECT_NE(text.find("too. The " + count + " multiply-adds alone"), std::string::npos) << text;
  };
  expect_count(1568, "784");
  expect_count(2000, "1,000");
  expect_count(784000, "392,000");
  expect_count(5017600000, "2,508,800,000");
}

TEST(SideBySide, OneThreadAndOnlyWhatRan) {
  Row not_run = row("01_matmul", "checked", 1, 1), threaded = not_run;
  not_run.seconds.clear();
  threaded.threads = 2;
  EXPECT_EQ(side_by_side({{"a size", {not_run, threaded}}}), "");
  EXPECT_EQ(side_by_side({}), "");
}

}  // namespace
}  // namespace foundations
