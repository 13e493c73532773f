// The pictures of //:speedups, as scripts for gnuplot (common/bench/gnuplot.h) that write an SVG,
// 800 pixels wide, to standard output. Nothing is measured here: tables become text, and the same
// tables give the same text.
#pragma once

#include <string>
#include <vector>

#include "common/bench/ladder_table.h"

namespace foundations {

// Returns a picture with a panel for each table. In a panel, each row that ran gets a line, in the
// order of the table, with its time (minimum) and the notes' own on a logarithmic scale. "" if no
// row ran.
std::string ladder_script(const std::vector<Table>& tables, const std::string& machine);

// The limits of a computation: the bytes that come from memory or from a cache, and the operations.
struct Roof {
  double bytes;  // per second
  double flops;  // per second
  int threads = 1;
  std::string from = "memory";
};

// Returns a picture with a dot for each row that ran. Up: its operations per second. To the right:
// its operations for each byte that any code has to move, since the operands are read once and the
// result is written once (this needs a table with the sizes m, k and n of a product; other tables
// are left out). The roofs are the machine's limits on bytes and operations. The first roof is a
// full line, other roofs are dashed. "" if there is no dot.
std::string roofline_script(const std::vector<Table>& tables, const std::vector<Roof>& roofs,
                            const std::string& machine);

// Returns places for labels, as near as possible to the `wanted` places (increasing): at least
// `gap` apart, and between `low` and `high` if they all fit.
std::vector<double> spread(std::vector<double> wanted, double gap, double low, double high);

}  // namespace foundations
