#include "tools/chart_script.h"

#include <fmt/format.h>

namespace foundations {

ChartScript::ChartScript(double height) : height_(height) {
  add(
      fmt::format("set terminal svg size {},{} dashed noenhanced font 'sans-serif,13' background "
                  "'{}'\nunset key\nset border 0\nset multiplot\n",
                  kChartWidth, number(height), kPaper));
}

void ChartScript::words(const std::string& text, double x, double y, const std::string& color,
                        const std::string& how, int size) {
  add(fmt::format("set label {} at screen {} {} textcolor rgb '{}' font ',{}'\n", quoted(text),
                  at(x, y), how, color, size));
}

void ChartScript::rule(double x, double y, double to_x, double to_y, const std::string& color) {
  add(fmt::format("set arrow from screen {} to screen {} nohead lw 1 lc rgb '{}'\n", at(x, y),
                  at(to_x, to_y), color));
}

void ChartScript::set_box(const Box& box) {
  add(
      fmt::format("set lmargin at screen {}\nset rmargin at screen {}\n"
                  "set tmargin at screen {}\nset bmargin at screen {}\n",
                  number(box.left / kChartWidth), number(box.right / kChartWidth),
                  number(1 - box.top / height_), number(1 - box.bottom / height_)));
}

// Returns a place in fractions of the picture from its bottom left corner: "0.0213, 0.91".
std::string ChartScript::at(double x, double y) const {
  return number(x / kChartWidth) + ", " + number(1 - y / height_);
}

std::string quoted(const std::string& text) {
  std::string quotes = "'";
  for (const char c : text) quotes += c == '\'' ? "''" : c == '\n' ? " " : std::string(1, c);
  return quotes + "'";
}

std::string number(double value) { return fmt::format("{:.7g}", value); }

}  // namespace foundations
