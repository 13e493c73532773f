// The same by matrix products. The labels of two operands fall into four groups; make each group
// one dimension, and the product is a batch of matmuls.
//
//   batch   in both, kept     left   in a alone       a: [batch, left, summed]
//   summed  in both, gone     right  in b alone       b: [batch, summed, right]
#include <string>

#include "03_einsum/einsum.h"
#include "common/linalg/matmul.h"

namespace foundations::ch03 {
namespace {

struct Factor {
  Tensor tensor;
  std::string labels;  // of its dimensions, each once
};

bool has(const std::string& labels, char label) { return labels.find(label) != std::string::npos; }

// Returns the labels of x that are (or are not) in y, and are (or are not) in z.
std::string choose(const std::string& x, const std::string& y, bool in_y, const std::string& z,
                   bool in_z) {
  std::string chosen;
  for (const char label : x) {
    if (has(y, label) == in_y && has(z, label) == in_z) chosen += label;
  }
  return chosen;
}

// Returns the operand without repeated labels, and without its dimensions of size 1: a label that
// is not there stretches to whatever another operand has.
Factor factor(const Tensor& operand, std::string labels) {
  Tensor x = without_repeated_labels(operand, labels);
  for (std::size_t d = labels.size(); d-- > 0;) {
    if (x.size(d) != 1) continue;
    x = x.squeeze(d);
    labels.erase(d, 1);
  }
  return {x, labels};
}

Factor sum_over(Factor x, const std::string& labels) {
  for (const char label : labels) {
    const std::size_t d = x.labels.find(label);
    x = {x.tensor.sum(d), x.labels.erase(d, 1)};
  }
  return x;
}

Tensor permuted(const Factor& x, const std::string& labels) {
  IntList order;
  for (const char label : labels) order.push_back(x.labels.find(label));
  return x.tensor.permute(order);
}

int64_t product_of_sizes(const Subscripts& s, const std::string& labels) {
  int64_t product = 1;
  for (const char label : labels) product *= s.size(label);
  return product;
}

// Returns a * b, summed over the labels that are not in `kept`.
Factor multiply(std::string_view subscripts, const Subscripts& s, Factor a, Factor b,
                const std::string& kept) {
  a = sum_over(a, choose(a.labels, b.labels, false, kept, false));
  b = sum_over(b, choose(b.labels, a.labels, false, kept, false));
  const std::string batch = choose(a.labels, b.labels, true, kept, true);
  const std::string summed = choose(a.labels, b.labels, true, kept, false);
  const std::string left = choose(a.labels, b.labels, false, kept, true);
  const std::string right = choose(b.labels, a.labels, false, kept, true);
  const std::string labels = batch + left + right;
  if (labels.size() > kMaxDim) {
    throw ShapeError("einsum(\"" + std::string(subscripts) + "\") by matmul: the product of the " +
                     "first operands has " + std::to_string(labels.size()) +
                     " dimensions; a tensor has at most " + std::to_string(kMaxDim));
  }
  const int64_t bs = product_of_sizes(s, batch), m = product_of_sizes(s, left),
                k = product_of_sizes(s, summed), n = product_of_sizes(s, right);
  const Tensor c = matmul(permuted(a, batch + left + summed).reshape(bs, m, k),
                          permuted(b, batch + summed + right).reshape(bs, k, n));
  Shape shape;
  for (const char label : labels) shape.push_back(s.size(label));
  return {c.view(shape), labels};
}

}  // namespace

Tensor by_matmul(std::string_view subscripts, const std::vector<Tensor>& operands) {
  const Subscripts s = parse(subscripts, operands);
  Factor c = factor(operands[0], s.operands[0]);
  for (std::size_t o = 1; o < operands.size(); ++o) {
    std::string kept = s.output;
    for (std::size_t later = o + 1; later < operands.size(); ++later) kept += s.operands[later];
    c = multiply(subscripts, s, c, factor(operands[o], s.operands[o]), kept);
  }
  const std::string gone = choose(c.labels, s.output, false, "", false);
  c = sum_over(c, gone);
  // A sum over sizes of 1 changes nothing, and gives a new tensor even then.
  if (operands.size() == 1 && !s.summed.empty() && gone.empty()) c.tensor = c.tensor.clone();
  for (const char label : s.output) {
    if (!has(c.labels, label)) c = {c.tensor.unsqueeze(-1), c.labels + label};
  }
  return permuted(c, s.output);
}

}  // namespace foundations::ch03
