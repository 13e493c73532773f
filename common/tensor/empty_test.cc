// Tensors without elements: what every operation makes of them is what PyTorch makes. (What is
// refused stands with the operation that refuses it.)
#include <gtest/gtest.h>

#include <string>

#include "common/tensor/ops.h"
#include "common/tensor/overlap.h"
#include "common/tensor/print.h"
#include "common/tensor/random.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// The result: its elements, or where it has none its shape.
template <class T>
void expect_text(const TensorOf<T>& got, const std::string& want, int line = __builtin_LINE()) {
  EXPECT_EQ(got.numel() > 0 ? to_string(got) : bracketed(got.shape()), want) << "line " << line;
}

class Empty : public testing::Test {
 protected:
  const Tensor none = zeros({0}), no_rows = zeros({0, 3}), no_columns = zeros({3, 0});
};

TEST_F(Empty, IsMade) {
  expect_text(empty({2, 0}), "[2, 0]");
  expect_text(full({0}, 7), "[0]");
  expect_text(ones<bool>({0, 1}), "[0, 1]");
  expect_text(empty_like<double>(no_rows.t()), "[3, 0]");
  expect_text(from_vector<float>({}, {0, 4}), "[0, 4]");
  expect_text(arange(0), "[0]");
  expect_text(arange(1., 1.), "[0]");
  expect_text(tensor({{}, {}}), "[2, 0]");
  expect_text(Tensor(), "[0]");
}

TEST_F(Empty, HasViewsAndCopies) {
  expect_text(no_columns[-1], "[0]");
  expect_text(no_rows.select(1, 2), "[0]");
  expect_text(no_rows.index({Slice(), None, 1}), "[0, 1]");
  expect_text(no_columns.slice(0, 1, None, 2), "[1, 0]");
  expect_text(none.slice(0, -5, 5, 3), "[0]");
  expect_text(none.unsqueeze(-1), "[0, 1]");
  expect_text(zeros({1, 0, 1}).squeeze(), "[0]");
  expect_text(none.squeeze(0), "[0]");
  expect_text(zeros({1, 0}).expand({4, 0}), "[4, 0]");
  expect_text(ones({1}).expand({2, 0}), "[2, 0]");
  expect_text(no_rows.view({3, 0, 5}), "[3, 0, 5]");
  expect_text(no_rows.view({-1, 3}), "[0, 3]");
  expect_text(no_columns.t(), "[0, 3]");
  expect_text(no_rows.permute({1, 0}), "[3, 0]");
  expect_text(no_rows.diagonal(-7), "[0]");
  expect_text(none.as_strided({0, 9}, {1, 1}), "[0, 9]");
  EXPECT_TRUE(no_rows.begin() == no_rows.end());
  expect_text(no_rows.t().contiguous(), "[3, 0]");
  expect_text(no_rows.t().clone(), "[3, 0]");
  expect_text(no_rows.t().reshape({0}), "[0]");
  expect_text(no_rows.to<std::int64_t>(), "[0, 3]");
  EXPECT_TRUE(no_rows.to_vector().empty());
  EXPECT_FALSE(overlaps_itself(none.layout()));
  EXPECT_TRUE(is_dense(no_rows.layout()));
}

TEST_F(Empty, IsWritten) {
  expect_text(no_rows.copy_(ones({3})), "[0, 3]");
  expect_text(ones({1}).expand({0}).fill_(7), "[0]");
  expect_text(no_columns.zero_(), "[3, 0]");
  no_rows.slice(0) = none.unsqueeze(1);
  no_columns[0] = 7;
  expect_text(no_rows += ones({3}), "[0, 3]");
  expect_text(no_rows -= 1, "[0, 3]");
  expect_text(arange(0) *= 2, "[0]");
  expect_text(no_rows /= 0, "[0, 3]");
  expect_text(none.grad(), "[0]");
}

TEST_F(Empty, HasArithmetic) {
  expect_text(no_rows + ones({3}), "[0, 3]");
  expect_text(no_columns - ones({3, 1}), "[3, 0]");
  expect_text(none * no_columns, "[3, 0]");
  expect_text(1 / none, "[0]");
  expect_text(-no_rows, "[0, 3]");
  expect_text(none == none, "[0]");
  expect_text(none < no_columns, "[3, 0]");
  expect_text(where(none == 0, 1.f, none), "[0]");
  expect_text(no_rows.abs(), "[0, 3]");
  expect_text(no_rows.pow(-1), "[0, 3]");
  expect_text(no_rows.clamp_min(0), "[0, 3]");
  expect_text(no_rows.t().sqrt(), "[3, 0]");
}

TEST_F(Empty, IsReduced) {
  expect_text(none.sum(), "tensor(0.)");
  expect_text(Tensor().sum(), "tensor(0.)");
  expect_text(arange(0).sum(), "tensor(0)");
  expect_text((none == 0).sum(), "tensor(0)");
  expect_text(no_rows.sum(0), "tensor([0., 0., 0.])");
  expect_text(no_rows.sum(1, true), "[0, 1]");
  expect_text(none.mean(), "tensor(nan)");
  expect_text(no_rows.mean(0), "tensor([nan, nan, nan])");
  expect_text(no_rows.mean(-1), "[0]");
  expect_text(none.var(), "tensor(nan)");
  expect_text(no_rows.var(0), "tensor([nan, nan, nan])");
  expect_text(none.std(), "tensor(nan)");
  expect_text(no_rows.std(1), "[0]");
  expect_text(no_rows.max(1), "[0]");
  expect_text(no_rows.min(1, true), "[0, 1]");
  expect_text(no_rows.argmax(1), "[0]");
}

// What is drawn for no element: nothing. The generator is where it was.
TEST_F(Empty, IsDrawn) {
  Generator generator(1);
  expect_text(rand({0, 2}, generator), "[0, 2]");
  expect_text(randn({0}, generator), "[0]");
  expect_text(randint(0, 5, {0}, generator), "[0]");
  expect_text(randperm(0, generator), "[0]");
  EXPECT_EQ(generator.bits(), Generator(1).bits());
}

}  // namespace
}  // namespace foundations
