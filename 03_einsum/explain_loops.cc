#include "03_einsum/explain_loops.h"

#include <cstddef>
#include <cstdint>

namespace foundations::ch03 {

std::string element(const std::string& name, const std::string& labels, const Shape& shape) {
  std::string index;
  for (std::size_t d = 0; d < labels.size(); ++d) {
    const std::int64_t size = shape[static_cast<std::int64_t>(d)];
    if (size == 1) continue;
    if (index.find(' ') != std::string::npos) index = "(" + index + ")";
    if (!index.empty()) index += " * " + std::to_string(size) + " + ";
    index += loop_variable(labels[d]);
  }
  return name + "[" + (index.empty() ? "0" : index) + "]";
}

std::string product_lines(const std::string& begin, const std::vector<std::string>& factors,
                          char op) {
  constexpr std::size_t kColumns = 96;
  const std::string indent(begin.find_first_not_of(' ') + 4, ' '), times = {' ', op};
  std::string text, line = begin;
  for (std::size_t i = 0; i < factors.size(); ++i) {
    const std::string after = i + 1 < factors.size() ? times : "";
    if (line.size() + factors[i].size() + after.size() > kColumns && line != indent) {
      text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
      line = indent;
    }
    line += factors[i] + after + (after.empty() ? "" : " ");
  }
  return text + line;
}

std::string loop_nest(const Expression& e) {
  const Subscripts& s = e.subscripts;
  std::string text, indent;
  const auto open_loop = [&](char label) {
    const std::string i = loop_variable(label);
    text += indent + "for (int64_t " + i + " = 0; " + i + " < " + std::to_string(s.size(label)) +
            "; ++" + i + ")\n";
    indent += "  ";
  };
  std::vector<std::string> factors;
  for (std::size_t i = 0; i < s.operands.size(); ++i) {
    factors.push_back(element(e.names[i], s.operands[i], e.shapes[i]));
  }
  const std::string target = element(e.result_name(), s.output, s.output_shape());

  for (const char label : s.output) open_loop(label);
  if (s.summed.empty()) return text + product_lines(indent + target + " = ", factors) + ";\n";

  const std::string kept = indent;
  if (!s.output.empty()) text.insert(text.size() - 1, " {");
  text += indent + "float sum = 0;\n";
  for (const char label : s.summed) open_loop(label);
  text += product_lines(indent + "sum += ", factors) + ";\n";
  text += kept + target + " = sum;\n";
  if (!s.output.empty()) text += kept.substr(2) + "}\n";
  return text;
}

}  // namespace foundations::ch03
