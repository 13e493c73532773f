#include "fuzz/einsum_model.h"

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace foundations {
namespace {

constexpr char kDots = '~', kArrow = '=';
constexpr std::size_t kMostDims = 8;

bool has(const std::string& text, char c) { return text.find(c) != std::string::npos; }

std::int64_t times(const std::string& text, char c) {
  return std::count(text.begin(), text.end(), c);
}

void replace_all(std::string& text, const std::string& from, char to) {
  for (std::size_t at; (at = text.find(from)) != std::string::npos;) {
    text.replace(at, from.size(), 1, to);
  }
}

// Returns the text with one character for `...`, one for `->`, and no spaces.
std::optional<std::string> shortened(std::string text) {
  if (has(text, kDots) || has(text, kArrow)) return std::nullopt;
  replace_all(text, "...", kDots);
  replace_all(text, "->", kArrow);
  std::erase(text, ' ');
  const bool known = std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalpha(c) || c == kDots || c == kArrow || c == ',';
  });
  if (!known || times(text, kArrow) > 1) return std::nullopt;
  return text;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ',') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// Returns "i10j" for "i~j" if the dots are 2 dimensions.
std::string with_dots(std::string labels, std::int64_t dims) {
  std::string digits;
  for (std::int64_t d = dims - 1; d >= 0; --d) digits += static_cast<char>('0' + d);
  const std::size_t dots = labels.find(kDots);
  return dots == std::string::npos ? labels : labels.replace(dots, 1, digits);
}

// Adds the sizes that one operand gives. Returns false if they contradict earlier sizes.
bool add_sizes(const std::string& labels, const Numbers& shape,
               std::map<char, std::int64_t>& sizes) {
  std::map<char, std::int64_t> here;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (here.emplace(labels[d], shape[d]).first->second != shape[d]) return false;
  }
  for (const auto& [label, size] : here) {
    std::int64_t& known = sizes.emplace(label, size).first->second;
    if (size != known && size != 1 && known != 1) return false;
    if (known == 1) known = size;
  }
  return true;
}

// Returns the dots, then the labels that occur once, in alphabetical order.
std::string implied_output(std::string inputs) {
  std::string output = {kDots};
  std::sort(inputs.begin(), inputs.end());
  for (const char c : inputs) {
    if (c != kDots && c != ',' && times(inputs, c) == 1) output += c;
  }
  return output;
}

bool is_output_of(const std::string& output, const std::string& inputs) {
  return std::all_of(output.begin(), output.end(), [&](char c) {
    return c != ',' && times(output, c) == 1 && (c == kDots || has(inputs, c));
  });
}

}  // namespace

std::optional<Spelled> spell(const Question& question) {
  const auto text = shortened(question.subscripts);
  if (!text) return std::nullopt;
  const std::string inputs = text->substr(0, text->find(kArrow));
  const std::vector<std::string> operands = split(inputs);
  if (operands.size() != question.shapes.size()) return std::nullopt;

  Spelled spelled;
  std::int64_t widest = 0;  // dots
  for (std::size_t o = 0; o < operands.size(); ++o) {
    const Numbers& shape = question.shapes[o];
    const std::int64_t dots = times(operands[o], kDots);
    const std::int64_t letters = static_cast<std::int64_t>(operands[o].size()) - dots;
    const std::int64_t dims = static_cast<std::int64_t>(shape.size()) - letters;
    if (dots > 1 || dims < 0 || (dims > 0 && dots == 0)) return std::nullopt;
    const std::string labels = with_dots(operands[o], dims);
    if (!add_sizes(labels, shape, spelled.sizes)) return std::nullopt;
    spelled.inputs += (o > 0 ? "," : "") + labels;
    widest = std::max(widest, dims);
  }

  const std::string output =
      has(*text, kArrow) ? text->substr(text->find(kArrow) + 1) : implied_output(inputs);
  if (!is_output_of(output, inputs)) return std::nullopt;
  spelled.output = with_dots(output, widest);
  if (spelled.output.size() > kMostDims) return std::nullopt;
  return spelled;
}

}  // namespace foundations
