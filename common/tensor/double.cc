// The tensor of doubles, compiled.
#include "common/tensor/join_bodies.h"
#include "common/tensor/ops_bodies.h"
#include "common/tensor/reductions_bodies.h"
#include "common/tensor/tensor_bodies.h"

namespace foundations {

template class TensorOf<double>;
template DoubleTensor empty(const Shape&);
template DoubleTensor from_nested(const Nested<double>&);
template DoubleTensor from_vector(const std::vector<double>&, const Shape&);
template Tensor DoubleTensor::to<float>() const;
template DoubleTensor DoubleTensor::to<double>() const;
template LongTensor DoubleTensor::to<std::int64_t>() const;
template BoolTensor DoubleTensor::to<bool>() const;
template DoubleTensor arithmetic(Arithmetic, const Operand<double>&, const Operand<double>&);
template BoolTensor compare(Comparison, const Operand<double>&, const Operand<double>&);
template DoubleTensor select_where(const BoolTensor&, const Operand<double>&,
                                   const Operand<double>&);
template DoubleTensor cat(const std::vector<DoubleTensor>&, std::int64_t);
template DoubleTensor stack(const std::vector<DoubleTensor>&, std::int64_t);
template DoubleTensor pad(const DoubleTensor&, const std::vector<std::int64_t>&, ScalarOf<double>);

}  // namespace foundations
