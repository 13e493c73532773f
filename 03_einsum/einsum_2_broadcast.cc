// The same by broadcasting, as c = (a[:,None,:] * b.t()[None,:,:]).sum(-1): one product with a
// dimension for each label, the summed ones last.
#include <string>

#include "03_einsum/einsum.h"
#include "common/tensor/ops.h"

namespace foundations::ch03 {
namespace {

// Returns the operand with a dimension for each of `all` labels, in that order; of size 1 where it
// does not have the label.
Tensor lined_up(const Tensor& operand, std::string labels, const std::string& all) {
  Tensor x = without_repeated_labels(operand, labels);
  IntList order;
  for (const char label : all) {
    if (labels.find(label) == std::string::npos) {
      x = x.unsqueeze(-1);
      labels += label;
    }
    order.push_back(labels.find(label));
  }
  return x.permute(order);
}

}  // namespace

Tensor broadcast(std::string_view subscripts, const std::vector<Tensor>& operands) {
  const Subscripts s = parse(subscripts, operands);
  const std::string all = s.output + s.summed;
  if (all.size() > kMaxDim) {
    throw ShapeError("einsum(\"" + std::string(subscripts) + "\") by broadcasting needs " +
                     std::to_string(all.size()) + " dimensions, one for each label; a tensor has " +
                     "at most " + std::to_string(kMaxDim));
  }
  Tensor c = lined_up(operands[0], s.operands[0], all);
  for (std::size_t o = 1; o < operands.size(); ++o) {
    c = c * lined_up(operands[o], s.operands[o], all);
  }
  for (std::size_t k = 0; k < s.summed.size(); ++k) c = c.sum(-1);
  return c;
}

}  // namespace foundations::ch03
