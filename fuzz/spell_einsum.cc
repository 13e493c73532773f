#include "fuzz/spell_einsum.h"

#include <algorithm>
#include <cctype>
#include <map>

namespace foundations {
namespace {

constexpr char kDots = '~', kArrow = '>';

bool has(const std::string& text, char c) { return text.find(c) != std::string::npos; }

std::int64_t times(const std::string& text, char c) {
  return std::count(text.begin(), text.end(), c);
}

// With one character for `...`, one for `->`, and no spaces.
std::optional<std::string> shortened(std::string text) {
  if (has(text, kDots) || times(text, kArrow) > 1) return std::nullopt;
  for (std::size_t dots; (dots = text.find("...")) != std::string::npos;) {
    text.replace(dots, 3, 1, kDots);
  }
  if (has(text, kArrow)) {
    const std::size_t arrow = text.find("->");
    if (arrow == std::string::npos) return std::nullopt;
    text.erase(arrow, 1);
  }
  std::erase(text, ' ');
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && c != kDots && c != kArrow && c != ',') return std::nullopt;
  }
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

// "ij" with dots for 2 dimensions in between: "i10j".
std::string with_dots(const std::string& labels, std::int64_t dims) {
  std::string digits;
  for (std::int64_t d = dims - 1; d >= 0; --d) digits += static_cast<char>('0' + d);
  const std::size_t dots = labels.find(kDots);
  return dots == std::string::npos ? labels
                                   : labels.substr(0, dots) + digits + labels.substr(dots + 1);
}

bool sizes_agree(const std::vector<std::string>& operands,
                 const std::vector<std::vector<std::int64_t>>& shapes) {
  std::map<char, std::int64_t> sizes;  // of each label, stretched
  for (std::size_t o = 0; o < operands.size(); ++o) {
    std::map<char, std::int64_t> here;
    for (std::size_t d = 0; d < shapes[o].size(); ++d) {
      const char label = operands[o][d];
      if (!here.emplace(label, shapes[o][d]).second && here[label] != shapes[o][d]) return false;
    }
    for (const auto& [label, size] : here) {
      const std::int64_t other = sizes.emplace(label, size).first->second;
      if (size != other && size != 1 && other != 1) return false;
      if (other == 1) sizes[label] = size;
    }
  }
  return true;
}

}  // namespace

std::optional<std::string> spell_einsum(const std::string& subscripts,
                                        const std::vector<std::vector<std::int64_t>>& shapes) {
  const auto text = shortened(subscripts);
  if (!text) return std::nullopt;
  const bool explicit_output = has(*text, kArrow);
  std::string inputs = text->substr(0, text->find(kArrow));
  std::vector<std::string> operands = split(inputs);
  if (operands.size() != shapes.size()) return std::nullopt;

  std::int64_t widest = 0;  // dots
  for (std::size_t o = 0; o < operands.size(); ++o) {
    const std::int64_t dots = times(operands[o], kDots);
    const std::int64_t letters = static_cast<std::int64_t>(operands[o].size()) - dots;
    const std::int64_t dims = static_cast<std::int64_t>(shapes[o].size()) - letters;
    if (dots > 1 || dims < 0 || (dims > 0 && dots == 0)) return std::nullopt;
    operands[o] = with_dots(operands[o], dims);
    widest = std::max(widest, dims);
  }
  if (!sizes_agree(operands, shapes)) return std::nullopt;

  std::string output = {kDots};
  if (explicit_output) {
    output = text->substr(text->find(kArrow) + 1);
    if (has(output, ',')) return std::nullopt;
    for (const char c : output) {
      if (times(output, c) > 1 || (c != kDots && !has(inputs, c))) return std::nullopt;
    }
  } else {
    std::sort(inputs.begin(), inputs.end());
    for (const char c : inputs) {
      if (std::isalpha(c) && times(inputs, c) == 1) output += c;
    }
  }
  output = with_dots(output, widest);
  if (output.size() > 8) return std::nullopt;
  std::string spelled = operands[0];
  for (std::size_t o = 1; o < operands.size(); ++o) spelled += "," + operands[o];
  return spelled + "->" + output;
}

}  // namespace foundations
