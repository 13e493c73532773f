#include "03_einsum/einsum.h"

#include <string>

namespace foundations::ch03 {

Subscripts parse(std::string_view subscripts, const std::vector<Tensor>& operands) {
  std::vector<Shape> shapes;
  for (const Tensor& operand : operands) shapes.push_back(operand.shape());
  return parse_subscripts(subscripts, shapes);
}

Tensor without_repeated_labels(Tensor operand, std::string& labels) {
  for (std::size_t second = 1; second < labels.size();) {
    const char label = labels[second];
    const std::size_t first = labels.find(label);
    if (first == second) {
      ++second;
      continue;
    }
    operand = operand.diagonal(0, first, second);  // a new last dimension in place of the two
    labels.erase(second, 1);
    labels.erase(first, 1);
    labels += label;
    second = 1;
  }
  return operand;
}

}  // namespace foundations::ch03
