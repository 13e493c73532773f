#include "common/bench/ladder_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace foundations {
namespace {

// Returns three significant digits of a number below 1000.
std::string three_digits(double value) {
  return fmt::format("{:.{}f}", value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}

// Returns the last row before `row` that ran on as many threads, or null.
const Row* previous(const std::vector<Row>& rows, const Row& row) {
  for (const Row* other = &row; other-- != rows.data();) {
    if (ran(*other) && other->threads == row.threads) return other;
  }
  return nullptr;
}

std::string rate(double amount, double seconds) {
  if (amount == 0) return "";
  const double giga = amount / seconds / 1e9;
  return fmt::format("{:.{}f}", giga, giga < 100 ? 2 : 0);
}

std::string percent(double part, double whole) {
  return part * whole == 0 ? "" : fmt::format("{:.1f}%", 100 * part / whole);
}

using Cells = std::vector<std::string>;

const Cells kTitles = {"rung",    "threads", "minimum", "median", "x first",  "x previous",
                       "GFLOP/s", "of peak", "GB/s",    "memory", "the notes"};

// Returns the cells under kTitles for a row that ran.
Cells cells_of(const Row& row, const Row& first, const Row* above, bool threaded) {
  const double least = minimum(row.seconds);
  return {row.name,
          threaded ? std::to_string(row.threads) : "",
          format_seconds(least),
          format_seconds(median(row.seconds)),
          &row == &first ? "1" : speedup(first, row),
          above ? speedup(*above, row) : "",
          rate(row.flops, least),
          percent(row.flops / least, row.peak),
          rate(row.bytes, least),
          format_bytes(row.memory),
          format_seconds(row.notes_seconds)};
}

// Returns the width of each column; 0 if a column has nothing under its title.
std::vector<std::size_t> widths_of(const std::vector<Cells>& lines) {
  std::vector<std::size_t> widths(kTitles.size());
  for (std::size_t c = 0; c < widths.size(); ++c) {
    for (const Cells& cells : lines) widths[c] = std::max(widths[c], cells[c].size());
    if (widths[c] > 0) widths[c] = std::max(widths[c], kTitles[c].size());
  }
  return widths;
}

std::string line(const Cells& cells, const std::vector<std::size_t>& widths) {
  std::string text = fmt::format("  {:<{}}", cells[0], widths[0]);
  for (std::size_t c = 1; c < cells.size(); ++c) {
    if (widths[c] > 0) text += fmt::format("  {:>{}}", cells[c], widths[c]);
  }
  return text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
}

std::vector<Row> rows_that(const std::vector<Row>& rows, bool (*say_something)(const Row&)) {
  std::vector<Row> some;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(some), say_something);
  return some;
}

bool ran_or_was_refused(const Row& row) { return ran(row) || !row.fault.empty(); }

}  // namespace

bool ran(const Row& row) { return !row.seconds.empty(); }

std::string name_and_threads(const Row& row) {
  return row.threads == 1 ? row.name : fmt::format("{}, {} threads", row.name, row.threads);
}

double minimum(const std::vector<double>& seconds) {
  return *std::min_element(seconds.begin(), seconds.end());
}

double median(std::vector<double> seconds) {
  std::sort(seconds.begin(), seconds.end());
  const std::size_t half = seconds.size() / 2;
  return seconds.size() % 2 == 1 ? seconds[half] : (seconds[half - 1] + seconds[half]) / 2;
}

bool within_noise(const Row& a, const Row& b) {
  return minimum(a.seconds) <= median(b.seconds) && minimum(b.seconds) <= median(a.seconds);
}

std::string format_seconds(double seconds) {
  if (seconds == 0) return "";
  const char* const units[] = {"s", "ms", "us", "ns"};
  int unit = 0;
  for (; unit < 3 && seconds < 0.9995; ++unit) seconds *= 1000;
  return three_digits(seconds) + " " + units[unit];
}

std::string format_bytes(double bytes) {
  if (bytes == 0) return "";
  const char* const units[] = {"B", "KiB", "MiB", "GiB"};
  int unit = 0;
  for (; unit < 3 && bytes >= 1023.5; ++unit) bytes /= 1024;
  const bool whole = bytes == std::round(bytes);
  return (whole ? fmt::format("{:.0f}", bytes) : three_digits(bytes)) + " " + units[unit];
}

std::string format_factor(double factor) { return three_digits(factor); }

std::string format_count(std::int64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t i = digits.size(); i > 3;) digits.insert(i -= 3, 1, ',');
  return digits;
}

std::string speedup(const Row& base, const Row& row) {
  if (base.seconds.size() < 2 || row.seconds.size() < 2) return "";
  if (within_noise(base, row)) return "within noise";
  return format_factor(minimum(base.seconds) / minimum(row.seconds));
}

std::string format_table(const Table& table) {
  const std::vector<Row> rows = rows_that(table.rows, ran_or_was_refused);
  if (rows.empty()) return "";
  const auto first = std::find_if(rows.begin(), rows.end(), ran);
  const bool threaded = std::any_of(rows.begin(), rows.end(),
                                    [](const Row& row) { return ran(row) && row.threads != 1; });
  std::vector<Cells> lines;
  for (const Row& row : rows) {
    lines.push_back(ran(row) ? cells_of(row, *first, previous(rows, row), threaded) : Cells());
    lines.back().resize(kTitles.size());
    lines.back()[0] = row.name;
  }
  const std::vector<std::size_t> widths = widths_of(lines);
  std::string text = table.heading + (threaded ? "\n" : ", 1 thread\n") + line(kTitles, widths);
  const bool chapters = rows.front().chapter != rows.back().chapter;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const Row& row = rows[r];
    if (chapters && (r == 0 || row.chapter != rows[r - 1].chapter)) text += row.chapter + "\n";
    text += ran(row) ? line(lines[r], widths)
                     : fmt::format("  {}  REFUSED: {}\n", name_and_threads(row), row.fault);
  }
  return text;
}

std::string format_bars(const Table& table, int width) {
  const std::vector<Row> rows = rows_that(table.rows, ran);
  if (rows.size() < 2) return "";
  double slowest = 0, fastest = INFINITY;
  std::size_t names = 0;
  for (const Row& row : rows) {
    slowest = std::max(slowest, minimum(row.seconds));
    fastest = std::min(fastest, minimum(row.seconds));
    names = std::max(names, name_and_threads(row).size());
  }
  const double marks = (width - 1) / std::log(std::max(slowest / fastest, 10.0));
  std::string text =
      fmt::format("{}: speed, from the slowest ({}) to the fastest ({}), log scale\n",
                  table.heading, format_seconds(slowest), format_seconds(fastest));
  for (const Row& row : rows) {
    const double factor = slowest / minimum(row.seconds);
    text += fmt::format("  {:<{}}  {:#<{}} {}x\n", name_and_threads(row), names, "",
                        1 + std::lround(marks * std::log(factor)), format_factor(factor));
  }
  return text;
}

std::string progress_line(const std::string& name, int done, int total, double elapsed_seconds) {
  const std::string text =
      fmt::format("[{:3}%] {}: {} of {} runs", total ? 100 * done / total : 0, name, done, total);
  if (done == 0) return text;
  const double left = std::ceil(elapsed_seconds / done * (total - done));
  return fmt::format("{}, about {:.0f} s left", text, left);
}

}  // namespace foundations
