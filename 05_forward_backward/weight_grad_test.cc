// The three forms of the weight gradient: one contract, and what each holds in memory.
#include "05_forward_backward/weight_grad.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/rung_names.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations::ch05 {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

class WeightGradTest : public testing::TestWithParam<Rung<WeightGrad<float>>> {
 protected:
  Tensor weight_grad(const Tensor& inp, const Tensor& out_g) { return GetParam().run(inp, out_g); }
};

TEST_P(WeightGradTest, IsTheSumOfTheOuterProductsOfTheRows) {
  // 1 * [3, 4] and 10 * [5, 6]; 2 * [3, 4] and 20 * [5, 6].
  expect_equal(weight_grad(tensor({{1, 2}, {10, 20}}), tensor({{3, 4}, {5, 6}})),
               tensor({{53, 64}, {106, 128}}));
}

TEST_P(WeightGradTest, OfAnySizeInEveryLayout) {
  Generator generator(1);
  for (const auto& [n, in, out] : {std::array{0, 3, 2},
                                   {3, 0, 2},
                                   {3, 2, 0},
                                   {1, 1, 1},
                                   {1, 5, 3},
                                   {33, 65, 17},
                                   {64, 50, 1}}) {
    const Tensor inp = randn({n, in}, generator), out_g = randn({n, out}, generator);
    for (const Tensor& inp_layout : every_layout(inp)) {
      for (const Tensor& out_g_layout : every_layout(out_g)) {
        expect_matmul(weight_grad(inp_layout, out_g_layout), inp.t(), out_g);
      }
    }
  }
}

TEST_P(WeightGradTest, OfExpandedOperands) {
  const Tensor row = tensor({1, 2, 3}).expand({4, 3});
  const Tensor column = tensor({{1}, {0}, {2}, {-4}}).expand({4, 2});
  expect_equal(weight_grad(row, column), tensor({{-1, -1}, {-2, -2}, {-3, -3}}));
  expect_equal(weight_grad(column, row), tensor({{-1, -2, -3}, {-1, -2, -3}}));
}

TEST_P(WeightGradTest, PassesNanAndInfinityOn) {
  // A column of inp is a row of the gradient, a column of out_g a column of it.
  const Tensor of_inp = weight_grad(tensor({{1, kNan}, {1, 0}}), ones({2, 2}));
  expect_equal(of_inp[0], tensor({2, 2}));
  EXPECT_TRUE(std::isnan(of_inp(1, 0)) && std::isnan(of_inp(1, 1)));
  const Tensor of_out_g = weight_grad(tensor({{1, 0}}), tensor({{5, kInf}}));
  expect_equal(of_out_g[0], tensor({5, kInf}));
  EXPECT_EQ(of_out_g(1, 0), 0);
  EXPECT_TRUE(std::isnan(of_out_g(1, 1)));  // 0 * inf
}

TEST_P(WeightGradTest, RefusesWhatIsNoPairOfMatricesWithOneNumberOfRows) {
  const auto expect_refused = [&](const Shape& inp, const Shape& out_g) {
    expect_error<ShapeError>(
        [&] { weight_grad(zeros(inp), zeros(out_g)); },
        "a weight gradient needs an inp [n, in] and an out_g [n, out], but got " + bracketed(inp) +
            " and " + bracketed(out_g));
  };
  expect_refused({3, 2}, {4, 2});
  expect_refused({1, 2}, {4, 2});  // nothing stretches
  expect_refused({3}, {3, 1});
  expect_refused({3, 1}, {3});
  expect_refused({3, 2, 1}, {3, 2});
}

INSTANTIATE_TEST_SUITE_P(WeightGrad, WeightGradTest, testing::ValuesIn(kRungs<float>),
                         name_of_rung);

// To the last digit, where the digits fit; in double too.
template <class T>
void expect_all_rungs_equal() {
  Generator generator(2);
  const auto inp = whole_numbers<T>({40, 13}, generator);
  const auto out_g = whole_numbers<T>({40, 6}, generator);
  const TensorOf<T> want = reference_matmul(inp.t(), out_g).template to<T>();
  for (const Rung<WeightGrad<T>>& rung : kRungs<T>) {
    SCOPED_TRACE(rung.name);
    expect_equal(rung.run(inp, out_g), want);
  }
}

TEST(WeightGrad, AllRungsAreEqual) {
  expect_all_rungs_equal<float>();
  expect_all_rungs_equal<double>();
}

TEST(WeightGrad, OnlyTheOuterProductHoldsThemAll) {
  const std::int64_t n = 100, in = 20, out = 7, result = 4 * in * out;
  const Tensor inp = ones({n, in}), out_g = ones({n, out});
  for (const Rung<WeightGrad<float>>& rung : kRungs<float>) {
    reset_peak_memory_stats();
    const std::int64_t before = memory_allocated();
    rung.run(inp, out_g);
    EXPECT_EQ(max_memory_allocated() - before,
              rung.name == "by_outer" ? n * result + result : result)
        << rung.name;
  }
}

}  // namespace
}  // namespace foundations::ch05
