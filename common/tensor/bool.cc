// The tensor of bools, compiled.
#include "common/tensor/join_bodies.h"
#include "common/tensor/ops_bodies.h"
#include "common/tensor/reductions_bodies.h"
#include "common/tensor/tensor_bodies.h"

namespace foundations {

template class TensorOf<bool>;
template BoolTensor empty(const Shape&);
template BoolTensor from_nested(const Nested<bool>&);
template BoolTensor from_vector(const std::vector<bool>&, const Shape&);
template Tensor BoolTensor::to<float>() const;
template DoubleTensor BoolTensor::to<double>() const;
template LongTensor BoolTensor::to<std::int64_t>() const;
template BoolTensor BoolTensor::to<bool>() const;
template BoolTensor compare(Comparison, const Operand<bool>&, const Operand<bool>&);
template BoolTensor select_where(const BoolTensor&, const Operand<bool>&, const Operand<bool>&);
template BoolTensor cat(const std::vector<BoolTensor>&, std::int64_t);
template BoolTensor stack(const std::vector<BoolTensor>&, std::int64_t);
template BoolTensor pad(const BoolTensor&, const std::vector<std::int64_t>&, ScalarOf<bool>);

}  // namespace foundations
