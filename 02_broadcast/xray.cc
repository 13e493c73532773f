#include "02_broadcast/xray.h"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>
#include <vector>

#include "02_broadcast/xray_cells.h"

namespace foundations::ch02 {
namespace {

// One axis of two shapes that are lined up at their last ones.
struct Axis {
  std::optional<std::int64_t> a, b;    // the sizes; none: the shape has no such axis
  std::optional<std::int64_t> result;  // none: a and b clash
};

std::vector<Axis> line_up(const Shape& a, const Shape& b) {
  const std::int64_t rank = std::max(a.size(), b.size());
  std::vector<Axis> axes(rank);
  for (std::int64_t d = 0; d < rank; ++d) {
    Axis& axis = axes[d];
    if (d >= rank - a.size()) axis.a = a[d - (rank - a.size())];
    if (d >= rank - b.size()) axis.b = b[d - (rank - b.size())];
    const std::int64_t size_a = axis.a.value_or(1), size_b = axis.b.value_or(1);
    if (size_a == size_b || size_b == 1) axis.result = size_a;
    if (size_a == 1) axis.result = size_b;
  }
  return axes;
}

bool clashes(const Axis& axis) { return !axis.result; }
bool has_missing(const Axis& axis) { return !axis.a || !axis.b; }
bool has_elements(const Axis& axis) { return axis.result && *axis.result > 0; }
bool stretches(const Axis& axis) { return axis.result && axis.a.value_or(1) != axis.b.value_or(1); }

// "3", "1 -> 3", ". -> 3"
std::string size_text(std::optional<std::int64_t> size, std::optional<std::int64_t> result) {
  const std::string own = size ? std::to_string(*size) : ".";
  const bool stretched = result && *result != size.value_or(1);
  return stretched ? own + " -> " + std::to_string(*result) : own;
}

// The axes from left to right, the two shapes and their result from top to bottom.
std::string table(const std::vector<Axis>& axes) {
  const bool clash = std::any_of(axes.begin(), axes.end(), clashes);
  std::array<std::string, 4> lines = {"  axis  ", "  a     ", "  b     ",
                                      clash ? "  clash " : "  result"};
  for (std::size_t d = 0; d < axes.size(); ++d) {
    const Axis& axis = axes[d];
    const std::string size = axis.result ? std::to_string(*axis.result) : "";
    const std::string below = !clash ? size : clashes(axis) ? "^" : "";
    const std::array<std::string, 4> column = {std::to_string(d), size_text(axis.a, axis.result),
                                               size_text(axis.b, axis.result), below};
    std::size_t width = 0;
    for (const std::string& text : column) width = std::max(width, text.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      lines[i].append(3 + width - column[i].size(), ' ') += column[i];
    }
  }
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text + '\n';
}

// How to read the drawing, as far as it has something to explain.
std::string rule(const std::vector<Axis>& axes) {
  if (axes.empty()) return "Two scalars: there is no axis to line up.\n\n";
  const bool stretch = std::any_of(axes.begin(), axes.end(), stretches);
  std::string text = "Lined up at their last axes.";
  if (std::any_of(axes.begin(), axes.end(), has_missing)) {
    text += " An axis that is missing (.) counts as 1.";
  }
  if (stretch) text += " A 1 stretches (->).";
  if (stretch && std::all_of(axes.begin(), axes.end(), has_elements)) {
    text += "\nBelow, [0] is cell 0 of a storage, and 0 alone is the same cell read again.";
  }
  return text + "\n\n";
}

// Nothing when the shapes clash, or fit but have more elements than can be counted.
std::optional<Shape> broadcast(const Shape& a, const Shape& b) try {
  const Shape result = broadcast_shapes(a, b);
  result.numel();
  return result;
} catch (const ShapeError&) {
  return std::nullopt;
}

// One line for each unsqueeze of `name` that makes it fit the other operand.
std::string cures(const std::string& name, const Operand& operand, const Shape& other) {
  std::string text;
  Shape last;
  for (std::int64_t d = 0; d <= operand.layout.dim() && operand.layout.dim() < kMaxDim; ++d) {
    const Shape shape = operand.layout.unsqueeze(d).shape;
    const std::optional<Shape> result = broadcast(shape, other);
    if (!result || shape == last) continue;  // beside a 1, two places give the same shape
    text += "  " + name + ".unsqueeze(" + std::to_string(d) + ")  makes it " + bracketed(shape) +
            " and the result " + bracketed(*result) + '\n';
    last = shape;
  }
  return text;
}

// What PyTorch would say, and what to do about it.
std::string remedy(const Operand& a, const Operand& b) {
  std::string text;
  try {
    broadcast_shapes(a.layout.shape, b.layout.shape);
  } catch (const ShapeError& error) {
    text = error.what();
  }
  const std::string ways = cures("a", a, b.layout.shape) + cures("b", b, a.layout.shape);
  if (ways.empty()) return text + "\n\nNo unsqueeze of a or b makes them fit.\n";
  return text + "\n\nWhat makes them fit:\n" + ways;
}

// Without blanks at the ends of lines, and with lines broken that are longer than the page.
std::string page(const std::string& text) {
  std::string result;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line); result += '\n') {
    line.erase(line.find_last_not_of(' ') + 1);
    const std::size_t indent = line.starts_with(' ') ? kIndent : 0;
    while (line.size() > kPageWidth) {
      const std::size_t blank = line.rfind(' ', kPageWidth);
      if (blank == std::string::npos || blank <= indent) break;
      result += line.substr(0, line.find_last_not_of(' ', blank) + 1) + '\n';
      line.replace(0, blank + 1, indent, ' ');
    }
    result += line;
  }
  return result;
}

}  // namespace

std::string xray(const Operand& operand) { return page(cells("a", operand, operand.layout.shape)); }

std::string xray(const Operand& a, const Operand& b) {
  const std::vector<Axis> axes = line_up(a.layout.shape, b.layout.shape);
  const std::string top = table(axes) + rule(axes);
  if (std::any_of(axes.begin(), axes.end(), clashes)) return page(top + remedy(a, b));
  const Shape result = broadcast_shapes(a.layout.shape, b.layout.shape);
  return page(top + cells("a", a, result) + '\n' + cells("b", b, result));
}

}  // namespace foundations::ch02
