#include "03_einsum/explained/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace foundations::ch03 {
namespace {

bool is_letter(char c) { return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z'); }

// a, b, c, ... unless one of them is a label; then A, B, C, ...; then m1, m2, m3, ...
std::vector<std::string> names_apart_from(const std::string& labels, std::size_t count) {
  for (const std::string letters : {"abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}) {
    const std::string names = letters.substr(0, count);
    const bool free = names.find_first_of(labels) == std::string::npos;
    if (free && names.size() == count) return each_alone(names);
  }
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= count; ++i) names.push_back(fmt::format("m{}", i));
  return names;
}

}  // namespace

Expression::Expression(std::string_view expression, std::vector<Shape> operand_shapes)
    : Subscripts(parse_subscripts(expression, operand_shapes)),
      text(expression),
      shapes(std::move(operand_shapes)),
      names(names_apart_from(loops(), shapes.size() + 1)) {}

bool Expression::is_stretched(std::size_t operand, char label) const {
  const std::size_t d = operands[operand].find(label);
  return d != std::string::npos && shapes[operand][static_cast<std::int64_t>(d)] != size(label);
}

double Expression::count(std::string_view labels) const {
  double product = 1;
  for (const char label : labels) product *= static_cast<double>(size(label));
  return product;
}

std::vector<std::string> each_alone(std::string_view labels) {
  std::vector<std::string> texts;
  for (const char label : labels) texts.emplace_back(1, label);
  return texts;
}

std::string joined(const std::vector<std::string>& words, const std::string& separator) {
  std::string text;
  for (const std::string& word : words) text += (&word == &words[0] ? "" : separator) + word;
  return text;
}

std::string loop_variable(char label) {
  return is_letter(label) ? std::string(1, label) : fmt::format("d{}", label - '0' + 1);
}

std::string loop_variables(std::string_view labels, const std::string& separator) {
  std::vector<std::string> names;
  for (const char label : labels) names.push_back(loop_variable(label));
  return joined(names, separator);
}

std::vector<Shape> small_shapes(std::string_view text) {
  const std::string_view operands = text.substr(0, text.find("->"));
  std::vector<Shape> shapes(1);
  std::map<char, std::int64_t> sizes;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const char c = operands[i];
    if (c == ',') shapes.emplace_back();
    if (is_letter(c)) {
      sizes.emplace(c, sizes.size() + 2);
      shapes.back().push_back(sizes[c]);
    } else if (operands.substr(i).starts_with("...")) {
      shapes.back().push_back(2);
      i += 2;
    }
  }
  return shapes;
}

}  // namespace foundations::ch03
