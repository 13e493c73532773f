// The pictures of //:speedups, as scripts for gnuplot (common/bench/gnuplot.h) that write an SVG,
// 800 pixels wide, to their standard output. Text comes of tables here; nothing is measured, and
// the same tables give the same text.
#pragma once

#include <string>
#include <vector>

#include "common/bench/ladder_table.h"

namespace foundations {

// A panel for each table: a line for each row that ran, in the order of the table, and on it the
// row's time (minimum) and the notes' own, on a logarithmic scale. "" if no row ran.
std::string ladder_script(const std::vector<Table>& tables, const std::string& machine);

// What holds a computation back: the bytes that come from memory, and the operations.
struct Roof {
  double bytes;  // per second
  double flops;  // per second
  int threads = 1;
};

// A dot for each row that ran. Up: its operations per second. To the right: its operations for each
// byte that it has to move whatever the code, the operands read once and the result written once (a
// table that multiplies matrices gives its n, k and m for that; others are left out). The roofs are
// what the machine allows: the bytes come no faster, nor are the operations done. That of one
// thread is drawn full, others dashed. "" if there is no dot.
std::string roofline_script(const std::vector<Table>& tables, const std::vector<Roof>& roofs,
                            const std::string& machine);

// Bytes of floats that the product of an [m, k] and a [k, n] has to move; 0 for other tables.
double compulsory_bytes(const Table& table);

// Places for labels that want to stand at `wanted` (increasing): at least `gap` apart, between
// `low` and `high` as far as they all fit, and as near to where they want to be as that allows.
std::vector<double> spread(std::vector<double> wanted, double gap, double low, double high);

}  // namespace foundations
