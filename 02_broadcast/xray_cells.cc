#include "02_broadcast/xray_cells.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/tensor/print.h"

namespace foundations::ch02 {
namespace {

constexpr std::int64_t kWholeAxis = 10;  // a longer axis of a grid is cut ...
constexpr std::int64_t kEdgeCells = 3;   // ... to so many at each end

std::string counted(std::int64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

// Which of `size` positions in a row are drawn where there is room for `most`: all of them, or the
// first and the last with a kGap between.
constexpr std::int64_t kGap = -1;

std::vector<std::int64_t> drawn(std::int64_t size, std::int64_t most) {
  const bool cut = size > most;
  const std::int64_t edge = cut ? std::min(kEdgeCells, (most - 1) / 2) : size;
  std::vector<std::int64_t> positions;
  for (std::int64_t i = 0; i < edge; ++i) positions.push_back(i);
  if (cut) positions.push_back(kGap);
  for (std::int64_t i = size - edge; i < size && cut; ++i) positions.push_back(i);
  return positions;
}

// Draws cells of one storage, all equally wide, so that what stands below each other is comparable.
class Pen {
 public:
  explicit Pen(std::int64_t cells)
      : width_(std::to_string(std::max<std::int64_t>(cells - 1, 0)).size() + 2) {}

  std::int64_t most() const { return (kPageWidth - kIndent + 1) / (width_ + 1); }
  std::string first(std::int64_t cell) const { return framed('[', cell, ']'); }
  std::string again(std::int64_t cell) const { return framed(' ', cell, ' '); }
  std::string unread() const { return padded("- "); }
  std::string gap() const { return padded("..."); }

 private:
  std::string framed(char left, std::int64_t cell, char right) const {
    std::string text(1, left);
    return padded(text.append(std::to_string(cell)) += right);
  }
  std::string padded(const std::string& text) const {
    return std::string(width_ - text.size(), ' ') + text + ' ';
  }
  std::int64_t width_;
};

// Whether an element of the layout lies in this cell. What views make of a contiguous layout has
// axes of which each steps over all that those with shorter steps can reach.
bool is_read(const Layout& layout, std::int64_t cell) {
  if (layout.shape.numel() == 0) return false;
  std::vector<std::pair<std::int64_t, std::int64_t>> axes;  // stride and size
  for (std::int64_t d = 0; d < layout.dim(); ++d) {
    if (layout.strides[d] != 0) axes.emplace_back(layout.strides[d], layout.shape[d]);
  }
  std::sort(axes.rbegin(), axes.rend());
  std::int64_t left = cell - layout.offset;
  for (const auto& [stride, size] : axes) {
    left -= stride * std::clamp<std::int64_t>(left / stride, 0, size - 1);
  }
  return left == 0;
}

std::string storage(std::int64_t cells, const Layout& layout, const Pen& pen) {
  if (cells == 0) return "empty";
  std::string text;
  for (const std::int64_t cell : drawn(cells, pen.most())) {
    text += cell == kGap ? pen.gap() : is_read(layout, cell) ? pen.first(cell) : pen.unread();
  }
  return text;
}

// The lines of a matrix; of a layout of higher rank, the first matrix in it.
std::vector<std::string> grid(Layout layout, const Pen& pen) {
  if (layout.shape.numel() == 0) return {"nothing: there is no element"};
  while (layout.dim() > 2) layout = layout.select(0, 0);
  while (layout.dim() < 2) layout = layout.unsqueeze(0);
  const auto [down, across] = std::pair(layout.strides[0], layout.strides[1]);
  std::vector<std::string> lines;
  for (const std::int64_t i : drawn(layout.shape[0], kWholeAxis)) {
    std::string line;
    for (const std::int64_t j : drawn(layout.shape[1], std::min(kWholeAxis, pen.most()))) {
      const bool again = (i > 0 && down == 0) || (j > 0 && across == 0);
      const std::int64_t cell = layout.offset + i * down + j * across;
      line += i == kGap || j == kGap ? pen.gap() : again ? pen.again(cell) : pen.first(cell);
    }
    lines.push_back(line);
  }
  return lines;
}

// "at [0, 0, :, :], the first of 6": which matrix of a higher rank is drawn.
std::string which_matrix(const Shape& shape) {
  std::string text = "at [";
  std::int64_t matrices = 1;
  for (std::int64_t d = 0; d < shape.size() - 2; ++d) {
    text += "0, ";
    matrices *= shape[d];
  }
  return text + ":, :]" + (matrices > 1 ? ", the first of " + std::to_string(matrices) : "");
}

std::string line(std::string label, const std::string& content) {
  label.resize(kIndent - 2, ' ');
  return "  " + label + content + '\n';
}

// "[3]   ->  [3, 3]" over "(1,)  ->  (0, 1)", and under each 0 what it does.
std::string shape_and_strides(const Layout& own, const Layout& expanded) {
  std::string sizes = bracketed(own.shape), strides = to_string(own.strides);
  if (expanded.shape == own.shape) return line("shape", sizes) + line("strides", strides);
  const std::size_t width = std::max(sizes.size(), strides.size());
  sizes.resize(width, ' ');
  strides.resize(width, ' ');
  std::string text = line("shape", sizes + "  ->  " + bracketed(expanded.shape)) +
                     line("strides", strides + "  ->  " + to_string(expanded.strides));
  if (expanded.shape.numel() == 0) return text;

  static constexpr const char* kDirections[] = {"across", "down", "along", "along"};
  static constexpr const char* kSame[] = {"column", "row", "matrix", "block"};
  std::size_t column = width + 7;  // of the stride that comes next: after "  ->  ("
  for (std::int64_t d = 0; d < expanded.dim(); ++d) {
    if (expanded.strides[d] == 0 && expanded.shape[d] > 1) {
      const std::int64_t from_last = std::min<std::int64_t>(expanded.dim() - 1 - d, 3);
      const std::string what = std::string(kDirections[from_last]) + " axis " + std::to_string(d) +
                               ": every " + kSame[from_last] + " reads the same cells";
      const bool fits = kIndent + column + 2 + what.size() <= kPageWidth;
      text += line("", fits ? std::string(column, ' ') + "^ " + what : "0 " + what);
    }
    column += std::to_string(expanded.strides[d]).size() + 2;
  }
  return text;
}

// "9 elements read 3 floats of storage; nothing is copied."
std::string summary(const Operand& operand, const Layout& expanded) {
  const std::int64_t elements = expanded.shape.numel();
  const std::int64_t read = elements == 0 ? 0 : operand.layout.shape.numel();
  std::string text = counted(elements, "element") + (elements == 1 ? " reads " : " read ");
  if (read != operand.cells) text += std::to_string(read) + " of ";
  text += counted(operand.cells, "float") + " of storage";
  if (read != operand.cells) text += " (- is not read)";
  if (elements > read) text += "; nothing is copied";
  return text + '.';
}

}  // namespace

std::string cells(const std::string& name, const Operand& operand, const Shape& shape) {
  const Layout expanded = operand.layout.expand(shape);
  const Pen pen(operand.cells);
  std::string text = name + ": " + operand.text + '\n';
  text += shape_and_strides(operand.layout, expanded);
  if (expanded.offset != 0) text += line("offset", std::to_string(expanded.offset));
  text += line("storage", storage(operand.cells, expanded, pen));
  std::string label = "reads";
  if (shape.size() > 2 && shape.numel() > 0) {
    text += line(std::exchange(label, ""), which_matrix(shape));
  }
  for (const std::string& row : grid(expanded, pen)) text += line(std::exchange(label, ""), row);
  return text + "  " + summary(operand, expanded) + '\n';
}

}  // namespace foundations::ch02
