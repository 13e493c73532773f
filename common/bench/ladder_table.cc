#include "common/bench/ladder_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace foundations {
namespace {

std::string format(const char* pattern, double value) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, value);
  return text;
}

std::string padded(const std::string& text, std::size_t width, bool to_the_left) {
  const std::string space(width - std::min(width, text.size()), ' ');
  return to_the_left ? text + space : space + text;
}

constexpr char kThreads[] = "threads";

// A column of the table: its title and its text for every row that ran.
struct Column {
  std::string title;
  std::vector<std::string> cells;

  bool empty() const {
    return std::all_of(cells.begin(), cells.end(), [](const auto& cell) { return cell.empty(); });
  }
  std::size_t width() const {
    std::size_t width = title.size();
    for (const std::string& cell : cells) width = std::max(width, cell.size());
    return width;
  }
};

// The row before `row` that ran with as many threads; null if there is none.
const Row* previous(const std::vector<Row>& rows, const Row& row) {
  for (const Row* other = &row; other-- != rows.data();) {
    if (ran(*other) && other->threads == row.threads) return other;
  }
  return nullptr;
}

std::string rate(const Row& row, double amount) {
  if (amount == 0) return "";
  const double giga = amount / minimum(row.seconds) / 1e9;
  return format(giga < 100 ? "%.2f" : "%.0f", giga);
}

std::vector<Column> columns(const std::vector<Row>& rows) {
  std::vector<Column> all = {{"rung", {}},    {kThreads, {}},     {"minimum", {}},  {"median", {}},
                             {"x first", {}}, {"x previous", {}}, {"GFLOP/s", {}},  {"of peak", {}},
                             {"GB/s", {}},    {"memory", {}},     {"the notes", {}}};
  const auto first = std::find_if(rows.begin(), rows.end(), ran);
  const bool threaded = std::any_of(rows.begin(), rows.end(),
                                    [](const Row& row) { return ran(row) && row.threads != 1; });
  for (const Row& row : rows) {
    std::vector<std::string> cells(all.size());
    cells[0] = row.name;
    if (ran(row)) {
      const Row* const above = previous(rows, row);
      const double least = minimum(row.seconds);
      cells[1] = threaded ? std::to_string(row.threads) : "";
      cells[2] = format_seconds(least);
      cells[3] = format_seconds(median(row.seconds));
      cells[4] = &row == &*first ? "1" : speedup(*first, row);
      cells[5] = above ? speedup(*above, row) : "";
      cells[6] = rate(row, row.flops);
      cells[7] =
          row.flops * row.peak == 0 ? "" : format("%.1f%%", 100 * row.flops / least / row.peak);
      cells[8] = rate(row, row.bytes);
      cells[9] = format_bytes(row.memory);
      cells[10] = format_seconds(row.notes_seconds);
    }
    for (std::size_t c = 0; c < all.size(); ++c) all[c].cells.push_back(cells[c]);
  }
  all.erase(std::remove_if(all.begin(), all.end(), [](const Column& c) { return c.empty(); }),
            all.end());
  return all;
}

}  // namespace

bool ran(const Row& row) { return !row.seconds.empty(); }

std::string name_and_threads(const Row& row) {
  return row.threads == 1 ? row.name : row.name + ", " + std::to_string(row.threads) + " threads";
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
  const int decimals = seconds < 9.995 ? 2 : seconds < 99.95 ? 1 : 0;
  char text[32];
  std::snprintf(text, sizeof text, "%.*f %s", decimals, seconds, units[unit]);
  return text;
}

std::string format_bytes(double bytes) {
  if (bytes == 0) return "";
  const char* const units[] = {" B", " KB", " MB", " GB"};
  int unit = 0;
  for (; unit < 3 && bytes >= 1023.5; ++unit) bytes /= 1024;
  return format(bytes == std::round(bytes) || bytes >= 99.95 ? "%.0f"
                : bytes < 9.995                              ? "%.2f"
                                                             : "%.1f",
                bytes) +
         units[unit];
}

std::string format_factor(double factor) {
  return format(factor < 9.995 ? "%.2f" : factor < 99.95 ? "%.1f" : "%.0f", factor);
}

std::string speedup(const Row& base, const Row& row) {
  if (base.seconds.size() < 2 || row.seconds.size() < 2) return "";
  if (within_noise(base, row)) return "within noise";
  return format_factor(minimum(base.seconds) / minimum(row.seconds));
}

std::string format_table(const Table& table) {
  std::vector<Row> rows;
  for (const Row& row : table.rows) {
    if (ran(row) || !row.fault.empty()) rows.push_back(row);
  }
  if (rows.empty()) return "";
  const std::vector<Column> shown = columns(rows);
  const auto line = [&shown](auto cell_of) {
    std::string text = "  ";
    for (const Column& column : shown) {
      text.append(padded(cell_of(column), column.width(), &column == shown.data())).append("  ");
    }
    return text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
  };
  const bool threaded = shown.size() > 1 && shown[1].title == kThreads;
  std::string text = table.heading + (threaded ? "\n" : ", 1 thread\n") +
                     line([](const Column& c) { return c.title; });
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const bool chapters = rows.front().chapter != rows.back().chapter;
    if (chapters && (r == 0 || rows[r].chapter != rows[r - 1].chapter)) {
      text += rows[r].chapter + "\n";
    }
    if (rows[r].fault.empty()) {
      text += line([r](const Column& c) { return c.cells[r]; });
    } else {
      text += "  " + name_and_threads(rows[r]) + "  REFUSED: " + rows[r].fault + "\n";
    }
  }
  return text;
}

std::string format_bars(const Table& table, int width) {
  double slowest = 0, fastest = INFINITY;
  std::size_t names = 0, count = 0;
  for (const Row& row : table.rows) {
    if (!ran(row)) continue;
    slowest = std::max(slowest, minimum(row.seconds));
    fastest = std::min(fastest, minimum(row.seconds));
    names = std::max(names, name_and_threads(row).size());
    ++count;
  }
  if (count < 2) return "";
  const double marks = (width - 1) / std::log(std::max(slowest / fastest, 10.0));
  std::string text = table.heading + ": speed, from the slowest (" + format_seconds(slowest) +
                     ") to the fastest (" + format_seconds(fastest) + "), log scale\n";
  for (const Row& row : table.rows) {
    if (!ran(row)) continue;
    const double least = minimum(row.seconds);
    const auto length =
        static_cast<std::size_t>(1 + std::lround(marks * std::log(slowest / least)));
    text += "  " + padded(name_and_threads(row), names, true) + "  " + std::string(length, '#') +
            " " + format_factor(slowest / least) + "x\n";
  }
  return text;
}

std::string progress_line(const std::string& name, int done, int total, double elapsed_seconds) {
  char text[160];
  std::snprintf(text, sizeof text, "[%3d%%] %s: %d of %d runs", total ? 100 * done / total : 0,
                name.c_str(), done, total);
  if (done == 0) return text;
  return text + format(", about %.0f s left", std::ceil(elapsed_seconds / done * (total - done)));
}

}  // namespace foundations
