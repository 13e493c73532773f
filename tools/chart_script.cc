#include "tools/chart_script.h"

#include <cstdio>

namespace foundations {

ChartScript::ChartScript(double height) : height_(height) {
  text_ << "set terminal svg size " << kChartWidth << "," << number(height)
        << " dashed noenhanced font 'sans-serif,13' background '" << kPaper << "'\n"
        << "unset key\nset border 0\nset multiplot\n";
}

void ChartScript::words(const std::string& text, double x, double y, const std::string& color,
                        const std::string& how, int size) {
  text_ << "set label " << quoted(text) << " at screen " << at(x, y) << " " << how
        << " textcolor rgb '" << color << "' font '," << size << "'\n";
}

void ChartScript::set_box(const Box& box) {
  text_ << "set lmargin at screen " << number(box.left / kChartWidth) << "\n"
        << "set rmargin at screen " << number(box.right / kChartWidth) << "\n"
        << "set tmargin at screen " << number(1 - box.top / height_) << "\n"
        << "set bmargin at screen " << number(1 - box.bottom / height_) << "\n";
}

std::string ChartScript::at(double x, double y) const {
  return number(x / kChartWidth) + ", " + number(1 - y / height_);
}

std::string quoted(const std::string& text) {
  std::string quotes = "'";
  for (const char c : text) quotes += c == '\'' ? "''" : c == '\n' ? " " : std::string(1, c);
  return quotes + "'";
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.7g", value);
  return text;
}

}  // namespace foundations
