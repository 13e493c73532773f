#include "02_broadcast/stride_xray/operand.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <vector>

namespace foundations::ch02 {
namespace {

// Each of these takes what it reads off the front of `rest`.

bool accept(std::string_view& rest, std::string_view token) {
  if (!rest.starts_with(token)) return false;
  rest.remove_prefix(token.size());
  return true;
}

// Returns None where there is no number, or one of more than 63 bits.
Slice::Bound number(std::string_view& rest) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (error != std::errc()) return None;
  rest.remove_prefix(end - rest.data());
  return value;
}

std::optional<Index> index(std::string_view& rest) {
  if (accept(rest, "None")) return None;
  if (accept(rest, "...")) return Ellipsis;
  const Slice::Bound start = number(rest);
  if (!accept(rest, ":")) return start ? std::optional<Index>(*start) : std::nullopt;
  const Slice::Bound stop = number(rest);
  const Slice::Bound step = accept(rest, ":") ? number(rest) : None;
  return Slice(start, stop, step.value_or(1));
}

// Returns what is between the brackets; nothing where it is no index.
std::vector<Index> indices(std::string_view& rest) {
  std::vector<Index> result;
  do {
    const std::optional<Index> next = index(rest);
    if (!next) return {};
    result.push_back(*next);
  } while (accept(rest, ","));
  return accept(rest, "]") ? result : std::vector<Index>();
}

Layout transposed(const Layout& layout) {
  if (layout.dim() < 2) return layout;
  if (layout.dim() == 2) return layout.transpose(0, 1);
  throw ShapeError("t() expects a tensor with <= 2 dimensions, but self is " +
                   std::to_string(layout.dim()) + "D");
}

Layout view(const Layout& layout, std::string_view& rest) {
  const std::string text(rest);
  if (accept(rest, ".t()")) return transposed(layout);
  if (accept(rest, ".unsqueeze(")) {
    const Slice::Bound dim = number(rest);
    if (dim && accept(rest, ")")) return layout.unsqueeze(*dim);
  } else if (accept(rest, "[")) {
    if (const std::vector<Index> read = indices(rest); !read.empty()) return layout.index(read);
  }
  throw ShapeError("'" + text +
                   "' is not a view: write .t(), .unsqueeze(dim) or [index], with numbers, "
                   "start:stop:step, None and ... between commas, as in 3[:,None] or 4,5[1:3,0]");
}

}  // namespace

Operand parse_operand(const std::string& text) {
  std::string bare = text;
  std::erase(bare, ' ');
  const std::size_t end = std::min(bare.find_first_of("[.", 1), bare.size());  // 1: not that of []
  const Shape shape = parse_shape(bare.substr(0, end));
  try {
    Layout layout = Layout::contiguous(shape);
    for (auto rest = std::string_view(bare).substr(end); !rest.empty();) {
      layout = view(layout, rest);
    }
    return {text, shape.numel(), layout};
  } catch (const std::logic_error& error) {  // a ShapeError or an IndexError
    throw ShapeError("'" + text + "': " + error.what());
  }
}

}  // namespace foundations::ch02
