#include <algorithm>
#include <cmath>

#include "tools/chart_script.h"
#include "tools/charts.h"

namespace foundations {
namespace {

constexpr double kRowHeight = 20, kAbove = 38, kBelow = 32, kHead = 58, kFoot = 10;
constexpr double kLeft = 226, kRight = 784;
constexpr double kWords = 62;  // beside the leftmost and the rightmost mark, for their times

std::vector<Row> rows_that_ran(const Table& table) {
  std::vector<Row> rows = table.rows;
  std::erase_if(rows, [](const Row& row) { return !ran(row); });
  return rows;
}

double panel_height(const std::vector<Row>& rows) {
  return kAbove + kRowHeight * static_cast<double>(rows.size()) + kBelow;
}

// `digit` times 10 to the power of `exponent` seconds: "200 us"
std::string tick(int digit, int exponent) {
  const char* const units[] = {" ns", " us", " ms", " s"};
  const int unit = std::clamp(static_cast<int>(std::floor(exponent / 3.0)) + 3, 0, 3);
  return number(digit * std::pow(10, exponent - 3 * (unit - 3))) + units[unit];
}

// Exponents of the ends of an axis that has all times and, beside them, room for words.
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

void draw_scale(ChartScript& script, const std::vector<Row>& rows) {
  const auto [low, high] = axis(rows);
  script.line() << "set logscale x\nset xrange [" << number(std::pow(10, low)) << ":"
                << number(std::pow(10, high)) << "]\n"
                << "set yrange [" << number(static_cast<double>(rows.size()) - 0.5) << ":-0.5]\n"
                << "set xtics scale 0 textcolor rgb '" << kPale << "' font ',12' (";
  const char* between = "";
  for (int e = static_cast<int>(std::floor(low)); e <= high; ++e) {
    for (const int digit : {1, 2, 5}) {
      const double exponent = e + std::log10(digit);
      if (exponent < low || exponent > high || (digit > 1 && high - low > 4)) continue;
      script.line() << between << quoted(tick(digit, e)) << " " << digit << "e" << e;
      between = ", ";
    }
  }
  script.line() << ")\nset grid xtics lt 1 lw 1 lc rgb '" << kGrid << "'\n"
                << "set ytics scale 0 textcolor rgb '" << kInk << "' (";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    script.line() << (r > 0 ? ", " : "") << quoted(name_and_threads(rows[r])) << " " << r;
  }
  script.line() << ")\n";
}

// The chapter's name before the first of its rows, and a rule between two chapters.
void draw_chapters(ChartScript& script, const std::vector<Row>& rows, double top) {
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (r > 0 && rows[r].chapter == rows[r - 1].chapter) continue;
    const double y = top + kRowHeight * static_cast<double>(r);
    script.words(rows[r].chapter, 16, y + kRowHeight / 2, kPale, "left", 12);
    if (r == 0) continue;
    script.line() << "set arrow from screen " << script.at(16, y) << " to screen "
                  << script.at(kRight, y) << " nohead lw 1 lc rgb '" << kGrid << "'\n";
  }
}

void draw_times(ChartScript& script, const std::vector<Row>& rows) {
  std::ostringstream ours, theirs, links;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const double seconds = minimum(rows[r].seconds), notes = rows[r].notes_seconds;
    // The words of the lesser of two times go to its left, of the greater to its right.
    const auto write = [r](std::ostream& to, double time, bool left) {
      to << number(time) << " " << r << " \"" << format_seconds(time) << "\" " << (left ? -1 : 1)
         << "\n";
    };
    write(ours, seconds, seconds <= notes);
    if (notes == 0) continue;
    write(theirs, notes, notes < seconds);
    links << number(seconds) << " " << r << "\n" << number(notes) << " " << r << "\n\n";
  }
  script.line() << "$ours << EOD\n" << ours.str() << "EOD\n";
  const bool notes = !theirs.str().empty();
  if (notes) {
    script.line() << "$theirs << EOD\n"
                  << theirs.str() << "EOD\n"
                  << "$links << EOD\n"
                  << links.str() << "EOD\n";
  }
  const auto marks = [&script](const char* data, int shape, const char* color) {
    script.line() << data << " using 1:2 with points pt " << shape << " ps 0.8 lc rgb '" << color
                  << "'";
    for (const bool left : {true, false}) {
      script.line() << ", " << data << " using ($4 " << (left ? "<" : ">") << " 0 ? $1 : NaN):2:3 "
                    << "with labels " << (left ? "right offset -0.9,0" : "left offset 0.9,0")
                    << " font ',12' textcolor rgb '" << color << "'";
    }
  };
  script.line() << "plot ";
  if (notes) {
    script.line() << "$links using 1:2 with lines lw 2 lc rgb '#afb8c1', ";
    marks("$theirs", 13, kTheirs);
    script.line() << ", ";
  }
  marks("$ours", 7, kOurs);
  script.line() << "\n";
}

// What is what, above the first panel.
void draw_head(ChartScript& script, const std::string& machine, bool notes) {
  script.words("Time of one matrix product (further left is faster)", 16, 22, kInk, "left", 16);
  const auto key = [&script](const std::string& text, double x, int shape, const char* color) {
    script.words(text, x + 10, 46, kInk,
                 "left offset 0.8,-0.3 point pt " + std::to_string(shape) + " ps 0.8 lc rgb '" +
                     color + "'");
  };
  if (notes) key("the notes, in Python on their machine", 12, 13, kTheirs);
  key("this code, on " + machine, notes ? 300 : 12, 7, kOurs);
}

}  // namespace

std::string ladder_script(const std::vector<Table>& tables, const std::string& machine) {
  double height = kHead + kFoot;
  bool notes = false, any = false;
  for (const Table& table : tables) {
    const std::vector<Row> rows = rows_that_ran(table);
    if (rows.empty()) continue;
    height += panel_height(rows);
    any = true;
    for (const Row& row : rows) notes |= row.notes_seconds > 0;
  }
  if (!any) return "";
  ChartScript script(height);
  draw_head(script, machine, notes);
  double top = kHead;
  for (const Table& table : tables) {
    const std::vector<Row> rows = rows_that_ran(table);
    if (rows.empty()) continue;
    script.words(table.heading, 16, top + kAbove - 16, kInk, "left", 14);
    script.set_box({kLeft, kRight, top + kAbove, top + panel_height(rows) - kBelow});
    draw_scale(script, rows);
    draw_chapters(script, rows, top + kAbove);
    draw_times(script, rows);
    script.line() << "unset label\nunset arrow\n";
    top += panel_height(rows);
  }
  script.line() << "unset multiplot\n";
  return script.text();
}

}  // namespace foundations
