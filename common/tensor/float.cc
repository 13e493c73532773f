// The tensor of floats, compiled.
#include "common/tensor/join_bodies.h"
#include "common/tensor/ops_bodies.h"
#include "common/tensor/reductions_bodies.h"
#include "common/tensor/tensor_bodies.h"

namespace foundations {

template class TensorOf<float>;
template Tensor empty(const Shape&);
template Tensor from_nested(const Nested<float>&);
template Tensor from_vector(const std::vector<float>&, const Shape&);
template Tensor Tensor::to<float>() const;
template DoubleTensor Tensor::to<double>() const;
template LongTensor Tensor::to<std::int64_t>() const;
template BoolTensor Tensor::to<bool>() const;
template Tensor arithmetic(Arithmetic, const Operand<float>&, const Operand<float>&);
template BoolTensor compare(Comparison, const Operand<float>&, const Operand<float>&);
template Tensor select_where(const BoolTensor&, const Operand<float>&, const Operand<float>&);
template Tensor cat(const std::vector<Tensor>&, std::int64_t);
template Tensor stack(const std::vector<Tensor>&, std::int64_t);
template Tensor pad(const Tensor&, const std::vector<std::int64_t>&, ScalarOf<float>);

}  // namespace foundations
