#include "03_einsum/explain_expression.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>
#include <utility>

#include "common/base/error.h"

namespace foundations::ch03 {
namespace {

std::string numbered(char letter, std::size_t number) {
  return std::string(1, letter).append(std::to_string(number));
}

// a, b, c, ... unless a label is called so; then A, B, C, ...; then m1, m2, m3, ...
std::vector<std::string> names_apart_from(const std::string& labels, std::size_t count) {
  for (const char first : {'a', 'A'}) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count && i < 26; ++i) {
      names.emplace_back(1, static_cast<char>(first + i));
    }
    const auto is_label = [&](const std::string& name) {
      return labels.find(name) != std::string::npos;
    };
    if (names.size() == count && std::none_of(names.begin(), names.end(), is_label)) return names;
  }
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= count; ++i) names.push_back(numbered('m', i));
  return names;
}

bool is_letter(char c) { return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z'); }

// How many labels the operand at this place of the subscripts has.
std::int64_t labels_around(std::string_view text, std::size_t place) {
  const std::size_t begin = text.substr(0, place).rfind(',') + 1;  // npos + 1 is 0
  const std::size_t end = std::min(text.find_first_of(",-", place), text.size());
  return std::count_if(text.begin() + begin, text.begin() + end, is_letter);
}

}  // namespace

Expression::Expression(std::string_view expression, std::vector<Shape> operands)
    : text(expression),
      shapes(std::move(operands)),
      subscripts(parse_subscripts(text, shapes)),
      names(names_apart_from(loops(), shapes.size() + 1)) {}

bool Expression::is_stretched(std::size_t operand, char label) const {
  const std::size_t d = subscripts.operands[operand].find(label);
  return d != std::string::npos && shapes[operand][static_cast<std::int64_t>(d)] == 1 &&
         subscripts.size(label) != 1;
}

std::string loop_variable(char label) {
  return is_letter(label) ? std::string(1, label)
                          : numbered('d', static_cast<std::size_t>(label - '0' + 1));
}

std::string loop_variables(const std::string& labels, std::string_view separator) {
  std::vector<std::string> names;
  for (const char label : labels) names.push_back(loop_variable(label));
  return join(names, separator);
}

std::vector<Shape> small_shapes(std::string_view text) {
  std::vector<Shape> shapes(1);
  std::array<std::int64_t, 128> sizes{};
  std::int64_t next = 2;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("->")) break;
    if (text[i] == ',') shapes.emplace_back();
    if (rest.starts_with("...")) {  // one dimension, or none where there is no room for it
      if (std::max(labels_around(text, i), shapes.back().size()) < kMaxDim)
        shapes.back().push_back(2);
      i += 2;
      continue;
    }
    if (!is_letter(text[i])) continue;
    if (shapes.back().size() == kMaxDim) {
      throw SubscriptError(text, i,
                           "a tensor has at most " + std::to_string(kMaxDim) + " dimensions");
    }
    std::int64_t& size = sizes[static_cast<unsigned char>(text[i])];
    if (size == 0) size = next++;
    shapes.back().push_back(size);
  }
  return shapes;
}

Shape parse_shape(std::string_view text) {
  if (text == "scalar") return {};
  Shape shape;
  for (const char *at = text.data(), *const end = at + text.size();; ++at) {
    std::int64_t size = 0;
    const auto [stop, error] = std::from_chars(at, end, size);
    const bool fits = error == std::errc() && size >= 0 && shape.size() < kMaxDim;
    if (!fits || (stop != end && *stop != 'x')) {
      throw ShapeError("'" + std::string(text) +
                       "' is no shape; write 2x3x4 for [2, 3, 4] (up to " +
                       std::to_string(kMaxDim) + " sizes), or scalar");
    }
    shape.push_back(size);
    if (stop == end) return shape;
    at = stop;
  }
}

std::string join(const std::vector<std::string>& words, std::string_view separator,
                 std::string_view last_separator) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? last_separator : separator;
    text += words[i];
  }
  return text;
}

std::string join(const std::vector<std::string>& words, std::string_view separator) {
  return join(words, separator, separator);
}

}  // namespace foundations::ch03
