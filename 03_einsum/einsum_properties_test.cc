// Random expressions: the three rungs and einsum of common against the definition in double and, by
// way of it, against one another; and the laws of einsum, which need no definition to hold.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "03_einsum/einsum.h"
#include "common/linalg/einsum.h"
#include "common/reference/reference_einsum.h"
#include "common/tensor/ops.h"
#include "common/testing/properties.h"
#include "common/testing/random_einsum.h"
#include "common/testing/rung_names.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations::ch03 {
namespace {

using Operands = std::vector<Tensor>;

Tensor of_common(std::string_view subscripts, const Operands& operands) {
  return foundations::einsum(subscripts, operands);
}

class EinsumProperties : public testing::TestWithParam<Rung<Einsum>> {
 protected:
  Tensor einsum(const std::string& subscripts, const Operands& operands) {
    return GetParam().run(subscripts, operands);
  }
};

INSTANTIATE_TEST_SUITE_P(Rungs, EinsumProperties,
                         testing::Values(kEinsumRungs[0], kEinsumRungs[1], kEinsumRungs[2],
                                         Rung<Einsum>{"common", of_common}),
                         name_of_rung);

// Whole numbers so small that the sums of products of four of them are exact.
Tensor whole(const Shape& shape, Generator& generator) {
  return random_operand(shape, generator, [](const Shape& unstretched, Generator& g) {
    return whole_numbers<float>(unstretched, g, 4);
  });
}

template <class Make>
Operands operands_of(const EinsumCase& row, Generator& generator, Make make) {
  Operands operands;
  for (const Shape& shape : row.shapes) operands.push_back(make(shape, generator));
  return operands;
}

TEST_P(EinsumProperties, IsItsDefinition) {
  for_seeds(400, [&](Generator& generator) {
    const EinsumCase row = random_einsum(generator);
    SCOPED_TRACE(row.text());
    const Operands real = operands_of(row, generator, [](const Shape& shape, Generator& g) {
      return random_operand(shape, g, randn<float>);
    });
    const EinsumAnswer near = reference_einsum(row.spelled, real);
    EXPECT_EQ(mismatch(einsum(row.subscripts, real), near.want, near.tolerance), "");
    const Operands whole_ones = operands_of(row, generator, whole);
    const EinsumAnswer exact = reference_einsum(row.spelled, whole_ones);
    expect_equal(einsum(row.subscripts, whole_ones).to<double>(), exact.want);
  });
}

// Permuting the labels of the output permutes the output.
TEST_P(EinsumProperties, PermutesItsOutput) {
  for_seeds(200, [&](Generator& generator) {
    const EinsumCase row = random_einsum(generator);
    const Operands operands = operands_of(row, generator, whole);
    const std::size_t output = row.spelled.find('>') + 1;
    const IntList order =
        random_order(static_cast<std::int64_t>(row.spelled.size() - output), generator);
    std::string permuted = row.spelled.substr(0, output);
    for (const std::int64_t d : order) permuted += row.spelled[output + std::size_t(d)];
    SCOPED_TRACE(row.text() + " and " + permuted);
    expect_equal(einsum(permuted, operands), einsum(row.spelled, operands).permute(order));
  });
}

TEST_P(EinsumProperties, IsLinearInEachOperand) {
  for_seeds(200, [&](Generator& generator) {
    const EinsumCase row = random_einsum(generator);
    SCOPED_TRACE(row.text());
    Operands operands = operands_of(row, generator, whole);
    const Tensor before = einsum(row.subscripts, operands).clone();  // which may be a view
    const std::size_t o = std::size_t(generator.below(std::int64_t(operands.size())));
    const Tensor more = whole(row.shapes[o], generator), first = operands[o];
    operands[o] = more;
    const Tensor with_more = einsum(row.subscripts, operands).clone();
    operands[o] = first + more * 3;
    expect_equal(einsum(row.subscripts, operands), before + with_more * 3);
  });
}

}  // namespace
}  // namespace foundations::ch03
