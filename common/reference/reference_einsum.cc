#include "common/reference/reference_einsum.h"

#include <cmath>
#include <limits>
#include <map>

namespace foundations {
namespace {

using Indices = std::map<char, std::int64_t>;  // of each label

std::int64_t position(const std::string& labels, const Shape& shape, const Strides& strides,
                      const Indices& index) {
  std::int64_t sum = 0;
  for (std::int64_t d = 0; d < shape.size(); ++d) {
    if (shape[d] != 1) sum += index.at(labels[static_cast<std::size_t>(d)]) * strides[d];
  }
  return sum;
}

// Moves on to the next index, the last label fastest. Returns false if there is none.
bool advance(Indices& index, const Indices& sizes) {
  for (auto label = index.rbegin(); label != index.rend(); ++label) {
    if (++label->second < sizes.at(label->first)) return true;
    label->second = 0;
  }
  return false;
}

}  // namespace

template <class T>
EinsumAnswer reference_einsum(const std::string& spelled,
                              const std::vector<TensorOf<T>>& operands) {
  const std::size_t arrow = spelled.find("->");
  const std::string output = spelled.substr(arrow + 2);
  std::vector<std::string> labels(1);
  for (const char c : spelled.substr(0, arrow)) {
    if (c == ',') {
      labels.emplace_back();
    } else {
      labels.back() += c;
    }
  }

  Indices sizes, index;
  for (std::size_t o = 0; o < operands.size(); ++o) {
    const Shape& shape = operands[o].shape();
    for (std::int64_t d = 0; d < shape.size(); ++d) {
      std::int64_t& size =
          sizes.try_emplace(labels[o][static_cast<std::size_t>(d)], 1).first->second;
      if (shape[d] != 1) size = shape[d];
    }
  }
  Shape shape;
  for (const char label : output) shape.push_back(sizes.at(label));
  double terms = 1;
  bool empty = false;
  for (const auto& [label, size] : sizes) {
    index[label] = 0;
    empty |= size == 0;
    if (output.find(label) == std::string::npos) terms *= static_cast<double>(size);
  }

  EinsumAnswer answer = {zeros<double>(shape), zeros<double>(shape)};
  const Strides strides = answer.want.strides();
  while (!empty) {
    double product = 1;
    for (std::size_t o = 0; o < operands.size(); ++o) {
      const TensorOf<T>& x = operands[o];
      product *= static_cast<double>(x.data()[position(labels[o], x.shape(), x.strides(), index)]);
    }
    const std::int64_t at = position(output, shape, strides, index);
    answer.want.data()[at] += product;
    answer.tolerance.data()[at] += std::abs(product);
    if (!advance(index, sizes)) break;
  }
  for (std::int64_t i = 0; i < answer.tolerance.numel(); ++i) {
    double& scale = answer.tolerance.data()[i];
    scale = (terms + static_cast<double>(operands.size())) *
            (static_cast<double>(std::numeric_limits<T>::epsilon()) * scale +
             static_cast<double>(std::numeric_limits<T>::denorm_min()));
  }
  return answer;
}

template EinsumAnswer reference_einsum(const std::string&, const std::vector<Tensor>&);
template EinsumAnswer reference_einsum(const std::string&, const std::vector<DoubleTensor>&);
template EinsumAnswer reference_einsum(const std::string&, const std::vector<LongTensor>&);

}  // namespace foundations
