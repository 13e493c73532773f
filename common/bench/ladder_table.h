// The text that a ladder prints: a table of the measurements, and bars. Nothing here measures.
//
// The honest stopwatch. Every rung is timed several times over ("repetitions"). A repetition can
// only be too slow, never too fast. So the minimum is the time the rung takes, and the gap from
// minimum to median shows how noisy the machine was. Two rungs are compared by their minima. If
// their ranges from minimum to median overlap, this machine cannot see the difference, and the
// table says "within noise" instead of a factor. One repetition shows no noise, so it gives no
// factor either.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace foundations {

// The measurements of one rung on one number of threads.
struct Row {
  std::string chapter;
  std::string name;
  int threads = 1;
  std::vector<double> seconds = {};  // per call, one for each repetition; empty: it did not run
  double flops = 0;                  // floating-point operations per call, 0: not counted
  double bytes = 0;                  // bytes read and written per call, 0: not counted
  double memory = 0;                 // bytes of tensors one call holds at most, 0: not counted
  double peak = 0;                   // the machine's FLOP/s with as many threads, 0: not measured
  double notes_seconds = 0;          // the notes' own time, 0: they do not give it
  std::string fault = {};            // why it was refused; such a row has no times
};

// All rungs that do the same work on the same operands.
struct Table {
  std::string heading;
  std::vector<Row> rows;
  std::vector<std::pair<std::string, std::int64_t>> sizes = {};  // the work: {{"m", 5}, ...}
};

bool ran(const Row& row);
std::string name_and_threads(const Row& row);  // "blocked", "blocked, 2 threads"

double minimum(const std::vector<double>& seconds);
double median(std::vector<double> seconds);
bool within_noise(const Row& a, const Row& b);

// Returns three significant digits and a fitting unit: "922 ms", "12.2 us". "" for 0.
std::string format_seconds(double seconds);
// Returns three significant digits and a fitting unit: "12 B", "3.52 KiB", "1 MiB". "" for 0.
std::string format_bytes(double bytes);
// Returns "0.71", "3.95", "39.5", "395".
std::string format_factor(double factor);
// Returns "39,200".
std::string format_count(std::int64_t count);
// Returns how many times faster `row` is than `base`, or "within noise"; "" if either has fewer
// than two repetitions.
std::string speedup(const Row& base, const Row& row);

// Returns a heading, column titles and a line for each row that ran or was refused; "" if no row
// did. "x first" compares with the first row that ran, "x previous" with the row above on the same
// number of threads. Empty columns are left out.
std::string format_table(const Table& table);

// Returns a bar for each row that ran: the faster, the longer. The logarithmic scale goes from the
// slowest row (one mark) to the fastest, or to ten times the slowest row's speed if that is more
// (`width` marks). "" for fewer than two rows.
std::string format_bars(const Table& table, int width = 50);

// Returns "[ 40%] 01_matmul/checked: 12 of 30 runs, about 20 s left".
std::string progress_line(const std::string& name, int done, int total, double elapsed_seconds);

}  // namespace foundations
