#include "common/testing/test_layouts.h"

namespace foundations {

template <class T>
TensorOf<T> whole_numbers(const Shape& shape, Generator& generator, std::int64_t bound) {
  const std::int64_t low = std::same_as<T, bool> ? 0 : -bound;
  const std::int64_t end = std::same_as<T, bool> ? 2 : bound + 1;
  return randint(low, end, shape, generator).template to<T>();
}

template <class T>
std::vector<TensorOf<T>> every_layout(const TensorOf<T>& x) {
  IntList backwards;
  Shape reversed, doubled;
  for (std::int64_t d = 0; d < x.dim(); ++d) {
    backwards.push_back(x.dim() - 1 - d);
    reversed.push_back(x.size(x.dim() - 1 - d));
    doubled.push_back(2 * x.size(d) + 1);
  }
  const TensorOf<T> transposed = empty<T>(reversed).permute(backwards);
  TensorOf<T> stepped = full<T>(doubled, junk<T>());
  for (std::int64_t d = 0; d < x.dim(); ++d) stepped = stepped.slice(d, 1, None, 2);
  return {x, x.clone().contiguous(), transposed.copy_(x), stepped.copy_(x)};
}

template Tensor whole_numbers(const Shape&, Generator&, std::int64_t);
template DoubleTensor whole_numbers(const Shape&, Generator&, std::int64_t);
template LongTensor whole_numbers(const Shape&, Generator&, std::int64_t);
template BoolTensor whole_numbers(const Shape&, Generator&, std::int64_t);
template std::vector<Tensor> every_layout(const Tensor&);
template std::vector<DoubleTensor> every_layout(const DoubleTensor&);
template std::vector<LongTensor> every_layout(const LongTensor&);
template std::vector<BoolTensor> every_layout(const BoolTensor&);

}  // namespace foundations
