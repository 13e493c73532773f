#include "02_broadcast/xray_operand.h"

#include <charconv>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <vector>

namespace foundations::ch02 {
namespace {

constexpr const char* kNoShape =
    "not a shape: write the sizes with commas between them, as in 3,3 or 256,256,3, or [] for a "
    "scalar";
constexpr const char* kNoView =
    "not a view: between sizes stand commas, as in 3,3, and after them come views, each one of "
    "[index], .t() and .unsqueeze(dim)";
constexpr const char* kNoIndex =
    "not an index: write numbers, start:stop:step, None and ... with commas between them, as in "
    "3[:,None] or 4,5[1:3,0]";
constexpr const char* kNoDim = "unsqueeze takes one dim, as in 3.unsqueeze(1)";

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) { skip_spaces(); }

  Operand operand(const std::string& text) {
    const Shape sizes = shape();
    Layout layout = Layout::contiguous(sizes);
    while (!rest_.empty()) layout = view(layout);
    return {text, sizes.numel(), layout};
  }

 private:
  Shape shape() {
    Shape sizes;
    if (accept("[]")) return sizes;
    do {
      sizes.push_back(integer(kNoShape));
    } while (accept(","));
    return sizes;
  }

  Layout view(const Layout& layout) {
    if (accept("[")) return layout.index(indices());
    if (accept(".unsqueeze(")) {
      const std::int64_t dim = integer(kNoDim);
      expect(")", kNoDim);
      return layout.unsqueeze(dim);
    }
    if (!accept(".t()")) throw ShapeError("'" + std::string(rest_) + "' is " + kNoView);
    if (layout.dim() > 2) {
      throw ShapeError("t() expects a tensor with <= 2 dimensions, but self is " +
                       std::to_string(layout.dim()) + "D");
    }
    return layout.dim() < 2 ? layout : layout.transpose(0, 1);
  }

  std::vector<Index> indices() {
    std::vector<Index> result;
    do {
      result.push_back(index());
    } while (accept(","));
    expect("]", kNoIndex);
    return result;
  }

  Index index() {
    if (accept("None")) return None;
    if (accept("...")) return Ellipsis;
    const std::optional<std::int64_t> start = number();
    if (!accept(":")) {
      if (!start) throw ShapeError(kNoIndex);
      return *start;
    }
    const std::optional<std::int64_t> stop = number();
    const std::optional<std::int64_t> step = accept(":") ? number() : std::nullopt;
    return Slice(bound(start), bound(stop), step.value_or(1));
  }

  static Slice::Bound bound(std::optional<std::int64_t> position) {
    return position ? Slice::Bound(*position) : Slice::Bound(None);
  }

  std::int64_t integer(const char* otherwise) {
    const std::optional<std::int64_t> value = number();
    if (!value) throw ShapeError(otherwise);
    return *value;
  }

  std::optional<std::int64_t> number() {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error == std::errc::invalid_argument) return std::nullopt;
    if (error == std::errc::result_out_of_range) {
      throw ShapeError(std::string(rest_.data(), end) + " does not fit in 63 bits");
    }
    rest_.remove_prefix(end - rest_.data());
    skip_spaces();
    return value;
  }

  bool accept(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    skip_spaces();
    return true;
  }

  void expect(std::string_view token, const char* otherwise) {
    if (!accept(token)) throw ShapeError(otherwise);
  }

  void skip_spaces() {
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);
  }

  std::string_view rest_;  // what is still to be read
};

}  // namespace

Operand parse_operand(const std::string& text) try {
  return Parser(text).operand(text);
} catch (const std::logic_error& error) {  // a ShapeError or an IndexError
  throw ShapeError("'" + text + "': " + error.what());
}

}  // namespace foundations::ch02
