// The text a ladder prints: a table of what was measured, and bars. Nothing here measures.
//
// The honest stopwatch. Every rung is timed several times over ("repetitions"). A repetition can
// only be too slow, never too fast, so the minimum is the time the rung takes, and how far the
// median lies above it shows how noisy the machine was. Two rungs are compared by their minima; but
// where their ranges from minimum to median overlap, the difference is one that this machine cannot
// see, and the table says "within noise" in place of a factor. One repetition shows no noise, so it
// gives no factor either.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace foundations {

// What became of one rung at one number of threads.
struct Row {
  std::string chapter;
  std::string name;
  int threads = 1;
  std::vector<double> seconds = {};  // per call, one for each repetition; empty: it did not run
  double flops = 0;                  // floating-point operations per call, 0: not counted
  double bytes = 0;                  // bytes read and written per call, 0: not counted
  double memory = 0;                 // bytes of tensors one call holds at most, 0: not counted
  double peak = 0;                   // the machine's FLOP/s with as many threads, 0: not measured
  double notes_seconds = 0;          // the notes' own time, 0: they give none
  std::string fault = {};            // why it was refused; such a row has no times
};

// All rungs that do the same work on the same operands.
struct Table {
  std::string heading;
  std::vector<Row> rows;
  std::vector<std::pair<std::string, std::int64_t>> sizes = {};  // the work: {{"n", 5}, ...}
};

bool ran(const Row& row);
std::string name_and_threads(const Row& row);  // "blocked", "blocked, 2 threads"

double minimum(const std::vector<double>& seconds);
double median(std::vector<double> seconds);
bool within_noise(const Row& a, const Row& b);

// Three significant digits and the unit that suits: "922 ms", "12.2 us". "" for 0.
std::string format_seconds(double seconds);
// Three significant digits and the unit that suits, 1 KB being 1024 B: "12 B", "3.52 KB", "1 MB".
std::string format_bytes(double bytes);
// "0.71", "3.95", "39.5", "395"
std::string format_factor(double factor);
// "39,200"
std::string format_count(std::int64_t count);
// How many times faster `row` is than `base`; "within noise"; "" where either has one repetition or
// none.
std::string speedup(const Row& base, const Row& row);

// Heading, column titles and a line for each row that ran or was refused; "" if there is none.
// "x first" counts from the first row that ran, "x previous" from the one above it with as many
// threads. A column that would be empty is left out.
std::string format_table(const Table& table);

// A bar for each row that ran: the faster, the longer, on a logarithmic scale from the slowest row
// (one mark) to ten times its speed or the fastest (`width` marks). "" for fewer than two rows.
std::string format_bars(const Table& table, int width = 50);

// "[ 40%] 01_matmul/checked: 12 of 30 runs, about 20 s left"
std::string progress_line(const std::string& name, int done, int total, double elapsed_seconds);

}  // namespace foundations
