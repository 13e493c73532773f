// What `explain` prints does what einsum does: its loop nests and other forms, compiled and run.
#include "03_einsum/emitted.h"

#include <gtest/gtest.h>

#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include "common/linalg/einsum.h"
#include "common/linalg/subscripts.h"
#include "common/reference/reference_einsum.h"
#include "common/tensor/random.h"
#include "common/testing/testing.h"

namespace foundations::ch03 {

// How GoogleTest shows the row that a test failed on.
void PrintTo(const Emitted& emitted, std::ostream* out) { *out << emitted.row.text(); }

namespace {

class EmittedTest : public testing::TestWithParam<Emitted> {
 protected:
  EmittedTest() {
    Generator generator(1);
    for (const Shape& shape : row().shapes) operands_.push_back(randn(shape, generator));
  }

  const EinsumCase& row() const { return GetParam().row; }

  void expect_einsum(const Tensor& got) const {
    std::vector<DoubleTensor> exact;
    for (const Tensor& operand : operands_) exact.push_back(operand.to<double>());
    const EinsumAnswer answer = reference_einsum(row().spelled, operands_);
    EXPECT_EQ(mismatch(got, einsum(row().subscripts, exact), answer.tolerance), "");
    EXPECT_EQ(mismatch(got, answer.want, answer.tolerance), "");
  }

  std::vector<Tensor> operands_;
};

INSTANTIATE_TEST_SUITE_P(Rows, EmittedTest, testing::ValuesIn(emitted()));

TEST_P(EmittedTest, LoopNestIsEinsum) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  const Tensor result = full(einsum(row().subscripts, operands_).shape(), kNan);
  GetParam().loops(operands_, result.data());
  expect_einsum(result);
}

TEST_P(EmittedTest, BroadcastFormIsEinsum) {
  const Subscripts s = parse_subscripts(row().subscripts, row().shapes);
  const std::size_t labels = s.output.size() + s.summed.size();
  ASSERT_EQ(GetParam().broadcast != nullptr, labels <= kMaxDim);
  if (GetParam().broadcast) expect_einsum(GetParam().broadcast(operands_));
}

TEST_P(EmittedTest, ProductsAreEinsum) {
  ASSERT_EQ(GetParam().products != nullptr, operands_.size() > 1);
  if (GetParam().products) expect_einsum(GetParam().products(operands_));
}

TEST(Emitted, HasAllRows) { EXPECT_GE(emitted().size(), 100u); }

}  // namespace
}  // namespace foundations::ch03
