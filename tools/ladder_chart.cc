#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/chart_script.h"
#include "tools/charts.h"

namespace foundations {
namespace {

constexpr double kRowHeight = 20, kAbove = 38, kBelow = 32, kHead = 58, kFoot = 10;
constexpr double kLeft = 226, kRight = 784;
constexpr double kWords = 62;  // room for the times beside the leftmost and the rightmost mark

// A table and its rows that ran.
struct Panel {
  std::string heading;
  std::vector<Row> rows;

  double height() const { return kAbove + kRowHeight * static_cast<double>(rows.size()) + kBelow; }
  bool has_notes() const {
    return std::ranges::any_of(rows, [](const Row& row) { return row.notes_seconds > 0; });
  }
};

std::vector<Panel> panels_of(const std::vector<Table>& tables) {
  std::vector<Panel> panels;
  for (const Table& table : tables) {
    Panel panel = {table.heading, table.rows};
    std::erase_if(panel.rows, [](const Row& row) { return !ran(row); });
    if (!panel.rows.empty()) panels.push_back(panel);
  }
  return panels;
}

// Returns `digit` times 10 to the power of `exponent` seconds: "200 us".
std::string tick(int digit, int exponent) {
  const char* const units[] = {" ns", " us", " ms", " s"};
  const int unit = std::clamp(static_cast<int>(std::floor(exponent / 3.0)) + 3, 0, 3);
  return number(digit * std::pow(10, exponent - 3 * (unit - 3))) + units[unit];
}

// Returns the exponents of the ends of an axis with all times and room for words beside them.
std::pair<double, double> axis(const std::vector<Row>& rows) {
  double low = INFINITY, high = 0;
  for (const Row& row : rows) {
    const double ours = minimum(row.seconds);
    const double theirs = row.notes_seconds > 0 ? row.notes_seconds : ours;
    low = std::min({low, ours, theirs});
    high = std::max({high, ours, theirs});
  }
  const double decades = std::max(std::log10(high / low), 0.5);
  const double margin = decades * kWords / (kRight - kLeft - 2 * kWords);
  return {std::log10(low) - margin, std::log10(low) + decades + margin};
}

// Returns the separator before the next item of a list.
const char* between(const std::string& list) { return list.empty() ? "" : ", "; }

void draw_scale(ChartScript& script, const std::vector<Row>& rows) {
  const auto [low, high] = axis(rows);
  std::string times, names;
  for (int e = static_cast<int>(std::floor(low)); e <= high; ++e) {
    for (const int digit : {1, 2, 5}) {
      const double exponent = e + std::log10(digit);
      if (exponent < low || exponent > high || (digit > 1 && high - low > 4)) continue;
      times += fmt::format("{}{} {}e{}", between(times), quoted(tick(digit, e)), digit, e);
    }
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    names += fmt::format("{}{} {}", between(names), quoted(name_and_threads(rows[r])), r);
  }
  script.add(fmt::format(
      "set logscale x\nset xrange [{}:{}]\nset yrange [{}:-0.5]\n"
      "set xtics scale 0 textcolor rgb '{}' font ',12' ({})\nset grid xtics lt 1 lw 1 lc rgb '{}'\n"
      "set ytics scale 0 textcolor rgb '{}' ({})\n",
      number(std::pow(10, low)), number(std::pow(10, high)),
      number(static_cast<double>(rows.size()) - 0.5), kPale, times, kGrid, kInk, names));
}

// Draws a chapter's name before the first of its rows, and a line between two chapters.
void draw_chapters(ChartScript& script, const std::vector<Row>& rows, double top) {
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (r > 0 && rows[r].chapter == rows[r - 1].chapter) continue;
    const double y = top + kRowHeight * static_cast<double>(r);
    script.words(rows[r].chapter, 16, y + kRowHeight / 2, kPale, "left", 12);
    if (r > 0) script.rule(16, y, kRight, y, kGrid);
  }
}

// Returns gnuplot's commands for data "time line words side": points, with words to their left or
// right.
std::string marks(const char* data, int shape, const char* color) {
  std::string text =
      fmt::format("{} using 1:2 with points pt {} ps 0.8 lc rgb '{}'", data, shape, color);
  for (const auto& [side, where] :
       {std::pair{"<", "right offset -0.9,0"}, {">", "left offset 0.9,0"}}) {
    text += fmt::format(
        ", {} using ($4 {} 0 ? $1 : NaN):2:3 with labels {} font ',12' textcolor rgb '{}'", data,
        side, where, color);
  }
  return text;
}

void draw_times(ChartScript& script, const Panel& panel) {
  std::string ours, theirs, links;
  for (std::size_t r = 0; r < panel.rows.size(); ++r) {
    const double seconds = minimum(panel.rows[r].seconds), notes = panel.rows[r].notes_seconds;
    // The words of the shorter time go to its left, the words of the longer to its right.
    const auto point = [r](double time, bool left) {
      return fmt::format("{} {} \"{}\" {}\n", number(time), r, format_seconds(time), left ? -1 : 1);
    };
    ours += point(seconds, seconds <= notes);
    if (notes == 0) continue;
    theirs += point(notes, notes < seconds);
    links += fmt::format("{} {}\n{} {}\n\n", number(seconds), r, number(notes), r);
  }
  script.add("$ours << EOD\n" + ours + "EOD\n");
  std::string plots = marks("$ours", 7, kOurs);
  if (panel.has_notes()) {
    script.add("$theirs << EOD\n" + theirs + "EOD\n$links << EOD\n" + links + "EOD\n");
    plots = "$links using 1:2 with lines lw 2 lc rgb '#afb8c1', " + marks("$theirs", 13, kTheirs) +
            ", " + plots;
  }
  script.add("plot " + plots + "\n");
}

// Draws the title and the key above the first panel.
void draw_head(ChartScript& script, const std::string& machine, bool notes) {
  script.words("Time of one matrix product (further left is faster)", 16, 22, kInk, "left", 16);
  const auto key = [&script](const std::string& text, double x, int shape, const char* color) {
    script.words(text, x + 10, 46, kInk,
                 fmt::format("left offset 0.8,-0.3 point pt {} ps 0.8 lc rgb '{}'", shape, color));
  };
  if (notes) key("the notes, in Python on their machine", 12, 13, kTheirs);
  key("this code, on " + machine, notes ? 300 : 12, 7, kOurs);
}

}  // namespace

std::string ladder_script(const std::vector<Table>& tables, const std::string& machine) {
  const std::vector<Panel> panels = panels_of(tables);
  if (panels.empty()) return "";
  double height = kHead + kFoot;
  for (const Panel& panel : panels) height += panel.height();
  ChartScript script(height);
  draw_head(script, machine, std::ranges::any_of(panels, &Panel::has_notes));
  double top = kHead;
  for (const Panel& panel : panels) {
    script.words(panel.heading, 16, top + kAbove - 16, kInk, "left", 14);
    script.set_box({kLeft, kRight, top + kAbove, top + panel.height() - kBelow});
    draw_scale(script, panel.rows);
    draw_chapters(script, panel.rows, top + kAbove);
    draw_times(script, panel);
    script.add("unset label\nunset arrow\n");
    top += panel.height();
  }
  return script.text() + "unset multiplot\n";
}

}  // namespace foundations
