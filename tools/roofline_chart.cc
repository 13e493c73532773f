#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tools/chart_script.h"
#include "tools/charts.h"

namespace foundations {
namespace {

constexpr double kHeight = 560;
constexpr Box kBox = {64, 784, 64, 500};
constexpr double kLabelGap = 16;   // from one rung's name to the next
constexpr double kDotToName = 26;  // room for the line from the dot to the name
constexpr double kNames = 150;     // left of the first dots
constexpr double kBeforeDots = 14, kAfterDots = 40;
constexpr double kUnderDots = 44, kOverRoofs = 28;

struct Dot {
  std::string name;
  double gflops;  // per second
};

// The rungs that do the same work, from the slowest up.
struct Column {
  std::string work;      // "5x784x10"
  double intensity = 0;  // operations per byte
  std::vector<Dot> dots = {};
};

// Returns the bytes that a product of floats, [m, k] times [k, n], has to move; 0 for other tables.
double compulsory_bytes(const Table& table) {
  const auto& sizes = table.sizes;
  if (sizes.size() != 3 || sizes[0].first != "m" || sizes[1].first != "k") return 0;
  const auto m = static_cast<double>(sizes[0].second), k = static_cast<double>(sizes[1].second),
             n = static_cast<double>(sizes[2].second);
  return m * k * n > 0 ? sizeof(float) * (m * k + k * n + m * n) : 0;
}

std::vector<Column> columns(const std::vector<Table>& tables) {
  std::vector<Column> columns;
  for (const Table& table : tables) {
    const double bytes = compulsory_bytes(table);
    if (bytes == 0) continue;
    Column column = {fmt::format("{}x{}x{}", table.sizes[0].second, table.sizes[1].second,
                                 table.sizes[2].second)};
    for (const Row& row : table.rows) {
      if (!ran(row) || row.flops == 0) continue;
      column.intensity = row.flops / bytes;
      column.dots.push_back({name_and_threads(row), row.flops / minimum(row.seconds) / 1e9});
    }
    std::ranges::sort(column.dots, {}, &Dot::gflops);
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

// Returns an axis on which the dots keep `before` and `after` pixels from the ends.
Axis axis_around(double least, double most, double from, double before, double to, double after) {
  const double decade = (std::abs(to - from) - before - after) / std::log10(most / least);
  return {least * std::pow(10, -before / decade), most * std::pow(10, after / decade), from, to};
}

struct Axes {
  Axis x, y;
};

// Returns axes with room for all dots and roofs, and for a decade at least.
Axes axes_around(const std::vector<Column>& all, const std::vector<Roof>& roofs) {
  double left = INFINITY, right = 0, slowest = INFINITY, highest = 0;
  for (const Column& column : all) {
    left = std::min(left, column.intensity);
    right = std::max(right, column.intensity);
    slowest = std::min(slowest, column.dots.front().gflops);
    highest = std::max(highest, column.dots.back().gflops);
  }
  for (const Roof& roof : roofs) highest = std::max(highest, roof.flops / 1e9);
  return {axis_around(left, std::max(right, 10 * left), kBox.left, kNames, kBox.right, kAfterDots),
          axis_around(slowest, std::max(highest, 10 * slowest), kBox.bottom, kUnderDots, kBox.top,
                      kOverRoofs)};
}

void draw_axes(ChartScript& script, const Axes& axes) {
  script.set_box(kBox);
  script.add(
      fmt::format("set logscale xy\nset xrange [{}:{}]\nset yrange [{}:{}]\n"
                  "set border 3 lw 1 lc rgb '{}'\n"
                  "set grid xtics ytics lt 1 lw 1 lc rgb '{}'\n"
                  "set tics nomirror textcolor rgb '{}' font ',12'\n"
                  "set format '%g'\nset mxtics 10\nset mytics 10\n",
                  number(axes.x.low), number(axes.x.high), number(axes.y.low), number(axes.y.high),
                  kPale, kGrid, kPale));
  script.words("operations per byte, where operands are read once and the result is written once",
               (kBox.left + kBox.right) / 2, kHeight - 18, kInk, "center");
}

// Returns "118", "9.8".
std::string giga(double value) {
  return fmt::format("{:.{}f}", value / 1e9, value < 9.95e9 ? 1 : 0);
}

// Draws the words along the slope and above the level part. Returns the points of the roof: from
// intensity `start` up to the ridge as fast as the bytes come, then level.
std::string draw_roof(ChartScript& script, const Roof& roof, double start, const Axes& axes) {
  const auto& [x, y] = axes;
  const double peak = roof.flops / 1e9, bandwidth = roof.bytes / 1e9;
  const double ridge = std::clamp(peak / bandwidth, start, x.high);
  const auto height = [=](double intensity) { return std::min(intensity * bandwidth, peak); };

  const std::string threads = roof.threads == 1 ? "" : fmt::format(", {} threads", roof.threads);
  const double slope = std::atan2(std::abs(y.decade()), x.decade());
  const double along = 40;                            // where the words begin, up the slope
  const double under = roof.threads == 1 ? 11 : -11;  // and off it
  script.words(fmt::format("{}{}: {} GB/s", roof.from, threads, giga(roof.bytes)),
               x.pixel(start) + along * std::cos(slope) + under * std::sin(slope),
               y.pixel(height(start)) - along * std::sin(slope) + under * std::cos(slope), kTheirs,
               "left rotate by " + number(slope * 180 / std::numbers::pi), 12);
  if (roof.from == "memory") {  // a cache has the same peak
    script.words(fmt::format("peak{}: {} GFLOP/s", threads, giga(roof.flops)), kBox.right,
                 y.pixel(peak) - 10, kTheirs, "right", 12);
  }
  std::string points;
  for (const double intensity : {start, ridge, x.high}) {
    points += number(intensity) + " " + number(height(intensity)) + "\n";
  }
  return points;
}

// Draws the names beside a column of dots, and their work below.
void draw_column(ChartScript& script, const Column& column, double roof, const Axes& axes) {
  const double px = axes.x.pixel(column.intensity);
  std::vector<double> wanted;
  for (const Dot& dot : column.dots) wanted.push_back(-axes.y.pixel(dot.gflops));
  const std::vector<double> places =
      spread(wanted, kLabelGap, -kBox.bottom + kUnderDots - kLabelGap, -roof - kLabelGap / 2);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    script.rule(px - 6, -wanted[i], px - kDotToName + 3, -places[i], kPale);
    script.words(column.dots[i].name, px - kDotToName, -places[i], kInk, "right", 12);
  }
  script.words(column.work, px + 6, kBox.bottom - 12, kPale, "right", 12);
}

}  // namespace

std::vector<double> spread(std::vector<double> wanted, double gap, double low, double high) {
  // Subtract gap * i, and "at least gap apart" becomes "not decreasing". You get the nearest
  // numbers that do not decrease by giving neighbours in the wrong order their mean, until no
  // neighbours are in the wrong order.
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
  const Axes axes = axes_around(all, roofs);
  ChartScript script(kHeight);
  script.words("How much of the machine each rung uses: " + machine, 16, 22, kInk, "left", 16);
  script.words("GFLOP/s", 16, 46, kInk);
  script.words("above the slope: the operands lay in a cache", kBox.right, 46, kPale, "right", 12);
  draw_axes(script, axes);

  const double start = axes.x.value(
      axes.x.pixel(std::ranges::min(all, {}, &Column::intensity).intensity) - kBeforeDots);
  double lowest_roof = INFINITY;
  std::string plots, dots;
  for (const Roof& roof : roofs) {
    const std::string name = fmt::format("$roof{}", &roof - roofs.data());
    lowest_roof = std::min(lowest_roof, roof.flops / 1e9);
    script.add(name + " << EOD\n" + draw_roof(script, roof, start, axes) + "EOD\n");
    plots += fmt::format("{} using 1:2 with lines lw 2 lc rgb '{}' dashtype {}, ", name, kTheirs,
                         &roof == roofs.data() ? "1" : "(12, 6)");
  }
  for (const Column& column : all) {
    draw_column(script, column, axes.y.pixel(lowest_roof), axes);
    for (const Dot& dot : column.dots) {
      dots += number(column.intensity) + " " + number(dot.gflops) + "\n";
    }
  }
  script.add(
      fmt::format("$dots << EOD\n{}EOD\nplot {}$dots using 1:2 with points pt 7 ps 0.8 lc "
                  "rgb '{}'\nunset multiplot\n",
                  dots, plots, kOurs));
  return script.text();
}

}  // namespace foundations
