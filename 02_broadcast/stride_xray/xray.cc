#include "02_broadcast/stride_xray/xray.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace foundations::ch02 {
namespace {

bool has(const std::string& text, const char* sign) { return text.find(sign) != std::string::npos; }

// Returns what is wrong with a result of these two shapes, in PyTorch's words: they clash, or it
// has more elements than can be counted. Returns "" if nothing is wrong.
std::string misfit(const Shape& a, const Shape& b) try {
  broadcast_shapes(a, b).numel();
  return "";
} catch (const ShapeError& error) {
  return error.what();
}

// Returns "3", "1 -> 3" or ". -> 3": a size of a shape, and what it stretches to.
std::string size_text(const Shape& shape, std::int64_t d, std::int64_t result) {
  const std::string own = d < 0 ? "." : std::to_string(shape[d]);
  const bool stretched = (d < 0 || shape[d] == 1) && result != 1;
  return stretched ? fmt::format("{} -> {}", own, result) : own;
}

// Draws the axes from left to right, the two shapes and their result from top to bottom.
std::string table(const Shape& a, const Shape& b) {
  std::array<std::string, 5> lines = {"  axis  ", "  a     ", "  b     ", "  result", "  clash "};
  const std::int64_t rank = std::max(a.size(), b.size());
  for (std::int64_t d = 0; d < rank; ++d) {
    const std::int64_t in_a = d - (rank - a.size()), in_b = d - (rank - b.size());
    const std::int64_t size_a = in_a < 0 ? 1 : a[in_a], size_b = in_b < 0 ? 1 : b[in_b];
    const std::int64_t result = size_a == 1 ? size_b : size_a;
    const std::array<std::string, 5> column = {std::to_string(d), size_text(a, in_a, result),
                                               size_text(b, in_b, result), std::to_string(result),
                                               size_b == 1 || size_b == result ? "" : "^"};
    std::size_t width = 0;
    for (const std::string& text : column) width = std::max(width, text.size());
    for (std::size_t i = 0; i < 5; ++i) lines[i] += fmt::format("   {:>{}}", column[i], width);
  }
  const std::string& last = has(lines[4], "^") ? lines[4] : lines[3];
  return fmt::format("{}\n{}\n{}\n{}\n\n", lines[0], lines[1], lines[2], last);
}

// Says how to read the signs in the table and, if there are elements, below it.
std::string legend(const std::string& table, bool elements) {
  if (!has(table, "0")) return "Two scalars: there is no axis to line up.\n\n";
  std::string text = "Lined up at their last axes.";
  if (has(table, ".")) text += " An axis that is missing (.) counts as 1.";
  if (has(table, "->")) text += " A 1 stretches (->).";
  if (has(table, "->") && elements) {
    text += "\nBelow, [0] is cell 0 of a storage, and 0 alone is the same cell read again.";
  }
  return text + "\n\n";
}

// Returns one line for each place at which `name` can be unsqueezed until it fits the other
// operand.
std::string cures(const std::string& name, const Shape& own, const Shape& other) {
  std::string text;
  Shape last;
  for (std::int64_t d = 0; d <= own.size(); ++d) {
    Shape shape = own;
    std::string calls = name;
    while (!misfit(shape, other).empty() && shape.size() < kMaxDim) {
      shape.insert(d, 1);
      calls += fmt::format(".unsqueeze({})", d);
    }
    // Beside a 1, two places give the same shape.
    if (!misfit(shape, other).empty() || shape == last) continue;
    text += fmt::format("  {}  makes it {} and the result {}\n", calls, bracketed(shape),
                        bracketed(broadcast_shapes(shape, other)));
    last = shape;
  }
  return text;
}

// Cuts blanks off the ends of lines, and breaks lines that are longer than the page.
std::string page(const std::string& text) {
  std::string result;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line); result += line + '\n') {
    line.erase(line.find_last_not_of(' ') + 1);
    const std::size_t indent = line.starts_with(' ') ? kIndent : 0;
    while (line.size() > kPageWidth) {
      const std::size_t blank = line.rfind(' ', kPageWidth);
      if (blank == std::string::npos || blank <= indent) break;
      result += line.substr(0, line.find_last_not_of(' ', blank) + 1) + '\n';
      line.replace(0, blank + 1, indent, ' ');
    }
  }
  return result;
}

}  // namespace

std::string xray(const Operand& operand) { return page(cells("a", operand, operand.layout.shape)); }

std::string xray(const Operand& a, const Operand& b) {
  const Shape &shape_a = a.layout.shape, &shape_b = b.layout.shape;
  const std::string top = table(shape_a, shape_b);
  if (!has(top, "^")) {
    const Shape result = broadcast_shapes(shape_a, shape_b);
    return page(top + legend(top, result.numel() > 0) + cells("a", a, result) + '\n' +
                cells("b", b, result));
  }
  const std::string ways = cures("a", shape_a, shape_b) + cures("b", shape_b, shape_a);
  return page(top + legend(top, false) + misfit(shape_a, shape_b) + "\n\n" +
              (ways.empty() ? "No unsqueeze of a or b makes them fit.\n"
                            : "What makes them fit:\n" + ways));
}

}  // namespace foundations::ch02
