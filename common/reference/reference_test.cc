#include "common/reference/reference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "common/reference/reference_conv.h"
#include "common/reference/reference_einsum.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

TEST(ReferenceMatmul, WorksOutByHandForAnyStrides) {
  const Tensor a = tensor({{1, 2, 3}, {4, 5, 6}});
  expect_equal(reference_matmul(a, tensor({{7, 8}, {9, 10}, {11, 12}})),
               double_tensor({{58, 64}, {139, 154}}));
  expect_equal(reference_matmul(a, a.t()), double_tensor({{14, 32}, {32, 77}}));
  expect_equal(reference_matmul(a.slice(1, 0, None, 2), tensor({{1}, {2}})),
               double_tensor({{7}, {16}}));
  expect_equal(reference_matmul(a, tensor({{1, 2}}).expand(3, 2)),
               double_tensor({{6, 12}, {15, 30}}));
}

TEST(ReferenceMatmul, SumsInDouble) {
  EXPECT_EQ(reference_matmul(tensor({{1e8, 1, -1e8}}), ones(3, 1)).item(), 1);  // in float: 0
}

TEST(ReferenceMatmul, OfNothingAndOfNan) {
  EXPECT_EQ(reference_matmul(zeros(0, 3), zeros(3, 2)).shape(), Shape({0, 2}));
  expect_equal(reference_matmul(zeros(1, 0), zeros(0, 2)), zeros<double>(1, 2));
  const DoubleTensor c = reference_matmul(tensor({{0, 1}}), tensor({{kInf, 0}, {1, kNan}}));
  EXPECT_TRUE(std::isnan(c(0, 0)));  // 0 * inf
  EXPECT_TRUE(std::isnan(c(0, 1)));
}

TEST(MatmulTolerance, FollowsTheArithmetic) {
  const float eps = std::numeric_limits<float>::epsilon();
  const Tensor a = tensor({{3, -4}}), b = tensor({{1}, {1}});
  EXPECT_NEAR(matmul_tolerance(a, b).item(), 2 * eps * 7, 1e-12);
  EXPECT_NEAR(matmul_tolerance(a.to<double>(), b.to<double>()).item(), 2 * 0x1p-52 * 7, 1e-28);
  EXPECT_EQ(matmul_tolerance(zeros(1, 0), zeros(0, 1)).item(), 0);
}

TEST(ReferenceEinsum, WorksOutByHand) {
  const Tensor a = tensor({{1, 2, 3}, {4, 5, 6}}), b = tensor({{7, 8}, {9, 10}, {11, 12}});
  const LongTensor m = long_tensor({{1, 2}, {3, 4}});
  expect_equal(reference_einsum<float>("ik,kj->ji", {a, b}).want,
               double_tensor({{58, 139}, {64, 154}}));
  expect_equal(reference_einsum<std::int64_t>("ii->i", {m}).want, double_tensor({1, 4}));
  EXPECT_EQ(reference_einsum<float>("ij,j->", {a.t(), tensor({10})}).want.item(), 210);
  expect_equal(reference_einsum<float>("ij->j", {zeros(0, 2)}).want, zeros<double>(2));
}

TEST(ReferenceEinsum, ToleratesWhatTheArithmeticRounds) {
  const double eps = std::numeric_limits<float>::epsilon();
  const Tensor a = tensor({{3, -4}, {0, 1}}), b = tensor({{1}, {1}});
  // Two terms and two operands, whatever the size of the output.
  const DoubleTensor tolerance = reference_einsum<float>("ik,kj->ij", {a, b}).tolerance;
  EXPECT_EQ(tolerance.shape(), Shape({2, 1}));
  EXPECT_NEAR(tolerance(0, 0), 4 * eps * 7, 1e-12);
  EXPECT_NEAR(tolerance(1, 0), 4 * eps * 1, 1e-12);
  const DoubleTensor finer =
      reference_einsum<double>("ik,kj->ij", {a.to<double>(), b.to<double>()}).tolerance;
  EXPECT_NEAR(finer(0, 0), 4 * 0x1p-52 * 7, 1e-28);
}

TEST(ReferenceConv2d, WorksOutByHand) {
  const Tensor x = tensor({{{{1, 2, 3}, {4, 5, 6}}}}), weight = tensor({{{{1, 10}, {100, 1000}}}});
  expect_equal(reference_conv2d(x, weight, tensor({7}), 1, 0),
               double_tensor({{{{5428, 6539}}}}));  // 1 + 20 + 400 + 5000 + 7 and so on
  expect_equal(reference_conv2d(x, weight, tensor({0}), 2, 1),
               double_tensor({{{{1000, 3200}, {40, 65}}}}));  // the padding's products are left out
  const auto grads = reference_conv2d_backward(tensor({{{{1, 2}}}}), x, weight, 1, 0);
  expect_equal(grads.x, double_tensor({{{{1, 12, 20}, {100, 1200, 2000}}}}));
  expect_equal(grads.weight, double_tensor({{{{5, 8}, {14, 17}}}}));
  expect_equal(grads.bias, double_tensor({3}));
}

TEST(Mismatch, NamesShapesFirst) {
  const Tensor a = tensor({{1, 2}});
  EXPECT_EQ(matmul_mismatch(tensor({5}), a, a.t()), "got shape [1], want [1, 1]");
}

TEST(Mismatch, NamesTheFirstBadElement) {
  const Tensor got = tensor({{1, 2.5}, {3, 5}});
  const DoubleTensor want = double_tensor({{1, 2}, {3, 4}}), tolerance = full<double>({2, 2}, 0.25);
  EXPECT_EQ(mismatch(got, want, tolerance),
            "at [0, 1]: got 2.5, want 2, tolerance 0.25 (2 of 4 elements differ)");
  EXPECT_EQ(mismatch(got, want, full<double>({2, 2}, 1)), "");  // exactly the tolerance is enough
}

TEST(Mismatch, NanDoesNotPass) {
  const DoubleTensor one = full<double>({1}, 1), nan = full<double>({1}, kNan);
  EXPECT_NE(mismatch(full({1}, kNan), one, one), "");
  EXPECT_NE(mismatch(full({1}, 1), nan, one), "");
  EXPECT_NE(mismatch(full({1}, 1), one, nan), "");  // nor with NaN as the tolerance
  EXPECT_EQ(mismatch(full({1}, kNan), nan, nan), "");
  EXPECT_NE(mismatch(full({1}, kNan), nan, nan, /*equal_nan=*/false), "");
}

TEST(Mismatch, InfinityMustBeMet) {
  const DoubleTensor inf = full<double>({1}, kInf);
  EXPECT_EQ(mismatch(full({1}, kInf), inf, inf), "");
  EXPECT_NE(mismatch(full({1}, -kInf), inf, inf), "");
  EXPECT_NE(mismatch(full({1}, 3e38f), inf, inf), "");
  EXPECT_NE(mismatch(full({1}, kNan), inf, inf), "");
  EXPECT_NE(mismatch(full({1}, kInf), full<double>({1}, 1), full<double>({1}, 1)), "");
  EXPECT_EQ(mismatch(full({1}, kInf), full<double>({1}, 1e60), zeros<double>(1)), "");
}

// Returns sum(x^3), whose gradient is 3 x^2.
double sum_of_cubes(const DoubleTensor& x) {
  double sum = 0;
  for (const double value : x.to_vector()) sum += value * value * value;
  return sum;
}

TEST(NumericalGradient, OfAPolynomial) {
  const DoubleTensor x = double_tensor({{1, -2, 0}, {3, 0.5, -0.1}});
  const DoubleTensor gradient = double_tensor({{3, 12, 0}, {27, 0.75, 0.03}});
  for (const auto& [view, want] : {std::pair(x, gradient), std::pair(x.t(), gradient.t())}) {
    expect_close(numerical_gradient(sum_of_cubes, view), want, 0, 1e-8);
  }
}

TEST(NumericalGradient, PutsEveryElementBack) {
  const DoubleTensor x = double_tensor({{0.1, 0.2}, {0.3, 0.7}});
  const std::vector<double> before = x.to_vector();
  numerical_gradient(sum_of_cubes, x);
  EXPECT_EQ(x.to_vector(), before);
  const auto refuse = [](const DoubleTensor&) -> double { throw std::runtime_error("no"); };
  EXPECT_THROW(numerical_gradient(refuse, x), std::runtime_error);
  EXPECT_EQ(x.to_vector(), before);
}

TEST(NumericalGradient, RefusesElementsThatShareMemory) {
  const DoubleTensor x = double_tensor({1}).expand(3);
  EXPECT_THROW(numerical_gradient(sum_of_cubes, x), ShapeError);
}

}  // namespace
}  // namespace foundations
