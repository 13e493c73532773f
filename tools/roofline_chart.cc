#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>

#include "tools/chart_script.h"
#include "tools/charts.h"

namespace foundations {
namespace {

constexpr double kHeight = 560;
constexpr Box kBox = {64, 784, 64, 500};
constexpr double kLabelGap = 16;   // from one rung's name to the next
constexpr double kDotToName = 26;  // room for the line between them
constexpr double kNames = 150;     // left of the first dots
constexpr double kBeforeDots = 14, kAfterDots = 40;
constexpr double kUnderDots = 44, kOverRoofs = 28;

struct Dot {
  std::string name;
  double flops;  // per second
};

// The rungs that do the same work, from the slowest up.
struct Column {
  std::string work;  // "5x784x10"
  double intensity;  // operations per byte
  std::vector<Dot> dots;
};

std::vector<Column> columns(const std::vector<Table>& tables) {
  std::vector<Column> columns;
  for (const Table& table : tables) {
    const double bytes = compulsory_bytes(table);
    if (bytes == 0) continue;
    Column column;
    for (const Row& row : table.rows) {
      if (!ran(row) || row.flops == 0) continue;
      column.intensity = row.flops / bytes;
      column.dots.push_back({name_and_threads(row), row.flops / minimum(row.seconds)});
    }
    std::ranges::sort(column.dots, {}, &Dot::flops);
    for (const auto& size : table.sizes) {
      if (!column.work.empty()) column.work += 'x';
      column.work += std::to_string(size.second);
    }
    if (!column.dots.empty()) columns.push_back(column);
  }
  return columns;
}

// A logarithmic axis on paper: value low at pixel from, value high at pixel to.
struct Axis {
  double low, high, from, to;

  double decade() const { return (to - from) / std::log10(high / low); }  // in pixels
  double pixel(double value) const { return from + decade() * std::log10(value / low); }
  double value(double pixel) const { return low * std::pow(10, (pixel - from) / decade()); }
};

// ...so that the dots keep `before` and `after` pixels from the ends.
Axis axis_around(double least, double most, double from, double before, double to, double after) {
  const double decade = (std::abs(to - from) - before - after) / std::log10(most / least);
  return {least * std::pow(10, -before / decade), most * std::pow(10, after / decade), from, to};
}

// "118", "9.8"
std::string giga(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value < 9.95e9 ? "%.1f" : "%.0f", value / 1e9);
  return text;
}

void draw_axes(ChartScript& script, const Axis& x, const Axis& y) {
  script.set_box(kBox);
  script.line() << "set logscale xy\nset xrange [" << number(x.low) << ":" << number(x.high)
                << "]\nset yrange [" << number(y.low) << ":" << number(y.high) << "]\n"
                << "set border 3 lw 1 lc rgb '" << kPale << "'\n"
                << "set grid xtics ytics lt 1 lw 1 lc rgb '" << kGrid << "'\n"
                << "set tics nomirror textcolor rgb '" << kPale << "' font ',12'\n"
                << "set format '%g'\nset mxtics 10\nset mytics 10\n";
  script.words("operations per byte, where operands are read once and the result is written once",
               (kBox.left + kBox.right) / 2, kHeight - 18, kInk, "center");
}

// "", ", 2 threads"
std::string with_threads(const Roof& roof) {
  return roof.threads == 1 ? "" : ", " + std::to_string(roof.threads) + " threads";
}

// From intensity `start` on: up to the ridge as fast as the bytes come, then level. Returns the
// line's points; its words are drawn along the slope and above the level part.
std::string draw_roof(ChartScript& script, const Roof& roof, double start, const Axis& x,
                      const Axis& y) {
  const double peak = roof.flops / 1e9, bandwidth = roof.bytes / 1e9;
  const double ridge = std::clamp(peak / bandwidth, start, x.high);
  const double foot = std::min(start * bandwidth, peak);

  const double slope = std::atan2(std::abs(y.decade()), x.decade());
  const double along = 40;                            // where the words begin, up the slope
  const double under = roof.threads == 1 ? 11 : -11;  // and off it
  script.words("memory" + with_threads(roof) + ": " + giga(roof.bytes) + " GB/s",
               x.pixel(start) + along * std::cos(slope) + under * std::sin(slope),
               y.pixel(foot) - along * std::sin(slope) + under * std::cos(slope), kTheirs,
               "left rotate by " + number(slope * 180 / std::numbers::pi), 12);
  script.words("multiply-adds" + with_threads(roof) + ": " + giga(roof.flops) + " GFLOP/s",
               kBox.right, y.pixel(peak) - 10, kTheirs, "right", 12);
  return number(start) + " " + number(foot) + "\n" + number(ridge) + " " +
         number(std::min(ridge * bandwidth, peak)) + "\n" + number(x.high) + " " +
         number(std::min(x.high * bandwidth, peak)) + "\n";
}

// Dots one above the other, their names beside them, and below them what they do.
void draw_column(ChartScript& script, const Column& column, double roof, const Axis& x,
                 const Axis& y) {
  const double px = x.pixel(column.intensity);
  std::vector<double> wanted;
  for (const Dot& dot : column.dots) wanted.push_back(-y.pixel(dot.flops / 1e9));
  const std::vector<double> places =
      spread(wanted, kLabelGap, -kBox.bottom + kUnderDots - kLabelGap, -roof - kLabelGap / 2);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    script.line() << "set arrow from screen " << script.at(px - 6, -wanted[i]) << " to screen "
                  << script.at(px - kDotToName + 3, -places[i]) << " nohead lw 1 lc rgb '" << kPale
                  << "'\n";
    script.words(column.dots[i].name, px - kDotToName, -places[i], kInk, "right", 12);
  }
  script.words(column.work, px + 6, kBox.bottom - 12, kPale, "right", 12);
}

}  // namespace

double compulsory_bytes(const Table& table) {
  double n = 0, k = 0, m = 0;
  for (const auto& [name, size] : table.sizes) {
    if (name == "n") n = static_cast<double>(size);
    if (name == "k") k = static_cast<double>(size);
    if (name == "m") m = static_cast<double>(size);
  }
  const bool is_product = table.sizes.size() == 3 && n * k * m > 0;
  return is_product ? sizeof(float) * (n * k + k * m + n * m) : 0;
}

std::vector<double> spread(std::vector<double> wanted, double gap, double low, double high) {
  // With gap * i taken off, "at least gap apart" reads "not decreasing"; the nearest such numbers
  // are found by giving neighbours in the wrong order their mean, until there are none.
  struct Group {
    double sum;
    int count;
    double mean() const { return sum / count; }
  };
  std::vector<Group> groups;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    groups.push_back({wanted[i] - gap * static_cast<double>(i), 1});
    while (groups.size() > 1 && groups[groups.size() - 2].mean() > groups.back().mean()) {
      const Group last = groups.back();
      groups.pop_back();
      groups.back() = {groups.back().sum + last.sum, groups.back().count + last.count};
    }
  }
  const double highest = std::max(low, high - gap * static_cast<double>(wanted.size() - 1));
  std::size_t i = 0;
  for (const Group& group : groups) {
    for (int n = 0; n < group.count; ++n, ++i) {
      wanted[i] = std::clamp(group.mean(), low, highest) + gap * static_cast<double>(i);
    }
  }
  return wanted;
}

std::string roofline_script(const std::vector<Table>& tables, const std::vector<Roof>& roofs,
                            const std::string& machine) {
  const std::vector<Column> all = columns(tables);
  if (all.empty()) return "";
  double left = INFINITY, right = 0, slowest = INFINITY, highest = 0, lowest_roof = INFINITY;
  for (const Column& column : all) {
    left = std::min(left, column.intensity);
    right = std::max(right, column.intensity);
    slowest = std::min(slowest, column.dots.front().flops / 1e9);
    highest = std::max(highest, column.dots.back().flops / 1e9);
  }
  for (const Roof& roof : roofs) {
    highest = std::max(highest, roof.flops / 1e9);
    lowest_roof = std::min(lowest_roof, roof.flops / 1e9);
  }
  const Axis x =
      axis_around(left, std::max(right, 10 * left), kBox.left, kNames, kBox.right, kAfterDots);
  highest = std::max(highest, 10 * slowest);
  const Axis y = axis_around(slowest, highest, kBox.bottom, kUnderDots, kBox.top, kOverRoofs);

  ChartScript script(kHeight);
  script.words("How much of the machine each rung uses: " + machine, 16, 22, kInk, "left", 16);
  script.words("GFLOP/s", 16, 46, kInk);
  script.words("above the slope: the operands lay in a cache", kBox.right, 46, kPale, "right", 12);
  draw_axes(script, x, y);
  std::string plots;
  for (std::size_t r = 0; r < roofs.size(); ++r) {
    const std::string name = "$roof" + std::to_string(r);
    const double start = x.value(x.pixel(left) - kBeforeDots);
    const std::string points = draw_roof(script, roofs[r], start, x, y);
    script.line() << name << " << EOD\n" << points << "EOD\n";
    plots += name + " using 1:2 with lines lw 2 lc rgb '" + kTheirs + "' dashtype " +
             (roofs[r].threads == 1 ? "1, " : "(12, 6), ");
  }
  for (const Column& column : all) draw_column(script, column, y.pixel(lowest_roof), x, y);
  script.line() << "$dots << EOD\n";
  for (const Column& column : all) {
    for (const Dot& dot : column.dots) {
      script.line() << number(column.intensity) << " " << number(dot.flops / 1e9) << "\n";
    }
  }
  script.line() << "EOD\nplot " << plots << "$dots using 1:2 with points pt 7 ps 0.8 lc rgb '"
                << kOurs << "'\nunset multiplot\n";
  return script.text();
}

}  // namespace foundations
