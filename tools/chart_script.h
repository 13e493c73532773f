// The common parts of our charts' scripts: paper, colours, words. Places are in pixels from the top
// left corner of the picture, in a README 800 pixels wide.
#pragma once

#include <string>

namespace foundations {

// On this light paper a picture reads the same on a light page, on a dark page and in print.
inline constexpr char kPaper[] = "#f6f8fa";
inline constexpr char kInk[] = "#24292f";
inline constexpr char kPale[] = "#57606a";  // for less important words; contrast 5.9 : 1
inline constexpr char kGrid[] = "#d8dee4";
inline constexpr char kOurs[] = "#0550ae";
inline constexpr char kTheirs[] = "#bc4c00";

inline constexpr int kChartWidth = 800;

struct Box {
  double left, right, top, bottom;
};

class ChartScript {
 public:
  explicit ChartScript(double height);

  // Adds lines of gnuplot.
  void add(const std::string& lines) { text_ += lines; }
  // Draws words at a place; `how` is gnuplot's: "left", "right", "center", "rotate by 30".
  void words(const std::string& text, double x, double y, const std::string& color,
             const std::string& how = "left", int size = 13);
  // Draws a thin line from one place to another.
  void rule(double x, double y, double to_x, double to_y, const std::string& color);
  // Sets the box in which the next plot is drawn.
  void set_box(const Box& box);

  const std::string& text() const { return text_; }

 private:
  std::string at(double x, double y) const;

  double height_;
  std::string text_;
};

// Returns 'text', quoted for gnuplot.
std::string quoted(const std::string& text);
// Returns seven significant digits: enough for a picture, and the same on every machine.
std::string number(double value);

}  // namespace foundations
