#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "02_broadcast/stride_xray/xray.h"
#include "common/tensor/print.h"

namespace foundations::ch02 {
namespace {

constexpr std::int64_t kWholeAxis = 10;  // a longer axis of a grid is cut ...
constexpr std::int64_t kEdgeCells = 3;   // ... to this many cells at each end
constexpr std::int64_t kGap = -1;        // the position of what was cut

// Returns which of `size` positions are drawn where there is room for `most`: all of them, or the
// first and the last with a kGap between.
std::vector<std::int64_t> drawn(std::int64_t size, std::int64_t most) {
  const std::int64_t edge = size <= most ? size : std::min(kEdgeCells, (most - 1) / 2);
  std::vector<std::int64_t> positions;
  for (std::int64_t i = 0; i < edge; ++i) positions.push_back(i);
  if (edge == size) return positions;
  positions.push_back(kGap);
  for (std::int64_t i = size - edge; i < size; ++i) positions.push_back(i);
  return positions;
}

std::string line(const std::string& label, const std::string& content) {
  return fmt::format("  {:<{}}{}\n", label, kIndent - 2, content);
}

// Returns true if an element of the layout lies in this cell. In a view of a contiguous layout each
// axis steps over all that the axes with shorter steps can reach.
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

class Drawing {
 public:
  Drawing(const Operand& operand, const Shape& shape)
      : cells_(operand.cells),
        own_(operand.layout),
        expanded_(operand.layout.expand(shape)),
        width_(fmt::formatted_size("[{}]", std::max<std::int64_t>(cells_ - 1, 0))) {}

  std::string text() const {
    return shape_and_strides() + offset() + line("storage", storage()) + reads() + summary();
  }

 private:
  // All cells are equally wide, so that you can compare a column.
  std::string padded(const std::string& cell) const { return fmt::format("{:>{}} ", cell, width_); }
  std::int64_t most() const { return (kPageWidth - kIndent + 1) / (width_ + 1); }
  bool empty() const { return expanded_.shape.numel() == 0; }

  // "[3]   ->  [3, 3]" over "(1,)  ->  (0, 1)", and under each 0 what it does.
  std::string shape_and_strides() const {
    const std::string sizes = bracketed(own_.shape), strides = to_string(own_.strides);
    if (expanded_.shape == own_.shape) return line("shape", sizes) + line("strides", strides);
    const std::int64_t width = std::max(sizes.size(), strides.size());
    const auto arrow = [width](const std::string& from, const std::string& to) {
      return fmt::format("{:<{}}  ->  {}", from, width, to);
    };
    std::string text = line("shape", arrow(sizes, bracketed(expanded_.shape))) +
                       line("strides", arrow(strides, to_string(expanded_.strides)));
    std::int64_t column = width + 7;  // of the stride that comes next: after "  ->  ("
    for (std::int64_t d = 0; d < expanded_.dim(); ++d) {
      const bool stretched = expanded_.strides[d] == 0 && expanded_.shape[d] > 1;
      if (stretched && !empty()) text += mark(d, column);
      column += fmt::formatted_size("{}, ", expanded_.strides[d]);
    }
    return text;
  }

  // "^ down axis 0: every row reads the same cells", with the mark in this column if there is room.
  std::string mark(std::int64_t d, std::int64_t column) const {
    static constexpr const char* kDirections[] = {"across", "down", "along", "along"};
    static constexpr const char* kSame[] = {"column", "row", "matrix", "block"};
    const std::int64_t from_last = std::min<std::int64_t>(expanded_.dim() - 1 - d, 3);
    const std::string what = fmt::format("{} axis {}: every {} reads the same cells",
                                         kDirections[from_last], d, kSame[from_last]);
    const bool fits = kIndent + column + 2 + std::ssize(what) <= kPageWidth;
    return line("", fits ? fmt::format("{:{}}^ {}", "", column, what) : "0 " + what);
  }

  std::string offset() const {
    return expanded_.offset == 0 ? "" : line("offset", std::to_string(expanded_.offset));
  }

  std::string storage() const {
    if (cells_ == 0) return "empty";
    std::string text;
    for (const std::int64_t cell : drawn(cells_, most())) {
      text += padded(cell == kGap               ? "..."
                     : is_read(expanded_, cell) ? fmt::format("[{}]", cell)
                                                : "- ");
    }
    return text;
  }

  // A matrix; of more than two axes, the first matrix.
  std::string reads() const {
    if (empty()) return line("reads", "nothing: there is no element");
    Layout matrix = expanded_;
    std::string place, text, label = "reads";
    for (; matrix.dim() > 2; matrix = matrix.select(0, 0)) place += "0, ";
    while (matrix.dim() < 2) matrix = matrix.unsqueeze(0);
    if (!place.empty()) {
      const std::int64_t matrices = expanded_.shape.numel() / matrix.shape.numel();
      text = line(std::exchange(label, ""),
                  fmt::format("at [{}:, :]", place) +
                      (matrices > 1 ? fmt::format(", the first of {}", matrices) : ""));
    }
    for (const std::int64_t i : drawn(matrix.shape[0], kWholeAxis)) {
      text += line(std::exchange(label, ""), row(matrix, i));
    }
    return text;
  }

  std::string row(const Layout& matrix, std::int64_t i) const {
    std::string text;
    for (const std::int64_t j : drawn(matrix.shape[1], std::min(kWholeAxis, most()))) {
      const bool again = (i > 0 && matrix.strides[0] == 0) || (j > 0 && matrix.strides[1] == 0);
      const std::int64_t cell = matrix.offset + i * matrix.strides[0] + j * matrix.strides[1];
      text += padded(i == kGap || j == kGap ? "..."
                     : again                ? fmt::format("{} ", cell)
                                            : fmt::format("[{}]", cell));
    }
    return text;
  }

  // "9 elements read 3 floats of storage; nothing is copied."
  std::string summary() const {
    const std::int64_t elements = expanded_.shape.numel(), read = empty() ? 0 : own_.shape.numel();
    return fmt::format("  {} {} {}{} {} of storage{}{}.\n", elements,
                       elements == 1 ? "element reads" : "elements read",
                       read == cells_ ? "" : fmt::format("{} of ", read), cells_,
                       cells_ == 1 ? "float" : "floats", read == cells_ ? "" : " (- is not read)",
                       elements > read ? "; nothing is copied" : "");
  }

  std::int64_t cells_;
  Layout own_, expanded_;
  std::int64_t width_;  // of a cell with its brackets
};

}  // namespace

std::string cells(const std::string& name, const Operand& operand, const Shape& shape) {
  return fmt::format("{}: {}\n", name, operand.text) + Drawing(operand, shape).text();
}

}  // namespace foundations::ch02
