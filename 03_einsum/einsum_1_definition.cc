// What einsum means: c[i,j] += a[i,k] * b[k,j], with a loop for each label.
#include <string>

#include "03_einsum/einsum.h"

namespace foundations::ch03 {
namespace {

// Returns how many elements further on the tensor is read when the label goes up by one: 0 if the
// tensor does not have the label, or has size 1 there; the diagonal's stride if it is repeated.
int64_t stride_of(char label, const Tensor& tensor, const std::string& labels) {
  int64_t stride = 0;
  for (int64_t d = 0; d < tensor.dim(); ++d) {
    if (labels[d] == label && tensor.size(d) > 1) stride += tensor.stride(d);
  }
  return stride;
}

struct Loop {
  int64_t size;
  std::vector<int64_t> strides;  // of each operand, and last of the result
};

// Runs the loops from `loop` on, one inside the other. `at` points to an element of each operand,
// and last of the result.
void run(const Loop* loop, const Loop* innermost, std::vector<float*>& at) {
  if (loop == innermost) {
    float product = 1;
    for (std::size_t o = 0; o + 1 < at.size(); ++o) product *= *at[o];
    *at.back() += product;
    return;
  }
  for (int64_t i = 0; i < loop->size; ++i) {
    run(loop + 1, innermost, at);
    for (std::size_t o = 0; o < at.size(); ++o) at[o] += loop->strides[o];
  }
  for (std::size_t o = 0; o < at.size(); ++o) at[o] -= loop->size * loop->strides[o];
}

}  // namespace

Tensor definition(std::string_view subscripts, const std::vector<Tensor>& operands) {
  const Subscripts s = parse(subscripts, operands);
  Tensor c = zeros(s.output_shape());
  std::vector<Loop> loops;
  for (const char label : s.output + s.summed) {
    Loop& loop = loops.emplace_back(Loop{s.size(label), {}});
    for (std::size_t o = 0; o < operands.size(); ++o) {
      loop.strides.push_back(stride_of(label, operands[o], s.operands[o]));
    }
    loop.strides.push_back(stride_of(label, c, s.output));
  }
  std::vector<float*> at;
  for (const Tensor& operand : operands) at.push_back(operand.data());
  at.push_back(c.data());
  run(loops.data(), loops.data() + loops.size(), at);
  return c;
}

}  // namespace foundations::ch03
