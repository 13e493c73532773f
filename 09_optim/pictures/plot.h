// Marks on a grid of characters.
#pragma once

#include <fmt/core.h>

#include <cmath>
#include <string>
#include <vector>

namespace foundations::ch09 {

struct Mark {
  double x, y;
  char mark = '*';
};

// The edges of a plot.
struct Box {
  double left, right, bottom, top;
};

// Returns the marks in `rows` lines of `columns` characters; later ones cover earlier ones. Leaves
// out what lies outside or is NaN.
inline std::string plot(const std::vector<Mark>& marks, const Box& box, int columns = 61,
                        int rows = 13) {
  std::vector<std::string> grid(rows, std::string(columns, ' '));
  for (const Mark& m : marks) {
    const double column = (m.x - box.left) / (box.right - box.left) * (columns - 1);
    const double row = (box.top - m.y) / (box.top - box.bottom) * (rows - 1);
    if (!(column > -0.5 && column < columns - 0.5 && row > -0.5 && row < rows - 0.5)) continue;
    grid[std::lround(row)][std::lround(column)] = m.mark;
  }
  std::string text;
  for (int row = 0; row < rows; ++row) {
    const double y = box.top - row * (box.top - box.bottom) / (rows - 1);
    const std::string line = grid[row].substr(0, grid[row].find_last_not_of(' ') + 1);
    text += row % 4 == 0 ? fmt::format("{:5.3g} |{}\n", y, line) : fmt::format("      |{}\n", line);
  }
  return text + "      +" + std::string(columns, '-') + "\n";
}

}  // namespace foundations::ch09
