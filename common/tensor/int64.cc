// The tensor of int64s, compiled.
#include "common/tensor/join_bodies.h"
#include "common/tensor/ops_bodies.h"
#include "common/tensor/reductions_bodies.h"
#include "common/tensor/tensor_bodies.h"

namespace foundations {

template class TensorOf<std::int64_t>;
template LongTensor empty(const Shape&);
template LongTensor from_nested(const Nested<std::int64_t>&);
template LongTensor from_vector(const std::vector<std::int64_t>&, const Shape&);
template Tensor LongTensor::to<float>() const;
template DoubleTensor LongTensor::to<double>() const;
template LongTensor LongTensor::to<std::int64_t>() const;
template BoolTensor LongTensor::to<bool>() const;
template LongTensor arithmetic(Arithmetic, const Operand<std::int64_t>&,
                               const Operand<std::int64_t>&);
template BoolTensor compare(Comparison, const Operand<std::int64_t>&, const Operand<std::int64_t>&);
template LongTensor select_where(const BoolTensor&, const Operand<std::int64_t>&,
                                 const Operand<std::int64_t>&);
template LongTensor cat(const std::vector<LongTensor>&, std::int64_t);
template LongTensor stack(const std::vector<LongTensor>&, std::int64_t);
template LongTensor pad(const LongTensor&, const std::vector<std::int64_t>&,
                        ScalarOf<std::int64_t>);

}  // namespace foundations
