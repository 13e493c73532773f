// The three forms of the weight gradient: one contract, and what each holds in memory.
#include "05_forward_backward/weight_grad.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/rung_names.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations::ch05 {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();

void for_each_rung(const std::function<void(WeightGrad& weight_grad)>& law) {
  for (const auto& rung : kRungs) {
    SCOPED_TRACE(rung.name);
    law(*rung.run);
  }
}

TEST(WeightGrad, IsTheSumOfTheOuterProductsOfTheRows) {
  for_each_rung([](auto& weight_grad) {
    // 1 * [3, 4] and 10 * [5, 6]; 2 * [3, 4] and 20 * [5, 6].
    expect_equal(weight_grad(tensor({{1, 2}, {10, 20}}), tensor({{3, 4}, {5, 6}})),
                 tensor({{53, 64}, {106, 128}}));
  });
}

TEST(WeightGrad, OfAnySizeInEveryLayout) {
  const std::array<std::int64_t, 3> sizes[] = {{0, 3, 2}, {3, 0, 2},    {3, 2, 0},  {1, 1, 1},
                                               {1, 5, 3}, {33, 65, 17}, {64, 50, 1}};
  for_each_rung([&](auto& weight_grad) {
    Generator generator(1);
    for (const auto& [n, in, out] : sizes) {
      const Tensor inp = randn({n, in}, generator), out_g = randn({n, out}, generator);
      for (const Tensor& inp_layout : every_layout(inp)) {
        for (const Tensor& out_g_layout : every_layout(out_g)) {
          expect_matmul(weight_grad(inp_layout, out_g_layout), inp.t(), out_g);
        }
      }
    }
  });
}

TEST(WeightGrad, OfExpandedOperands) {
  const Tensor row = tensor({1, 2, 3}).expand(4, 3);
  const Tensor column = tensor({{1}, {0}, {2}, {-4}}).expand(4, 2);
  for_each_rung([&](auto& weight_grad) {
    expect_equal(weight_grad(row, column), tensor({{-1, -1}, {-2, -2}, {-3, -3}}));
    expect_equal(weight_grad(column, row), tensor({{-1, -2, -3}, {-1, -2, -3}}));
  });
}

// A column of inp is a row of the gradient, a column of out_g a column of it; 0 * inf is NaN.
TEST(WeightGrad, PassesNanAndInfinityOn) {
  for_each_rung([](auto& weight_grad) {
    expect_close(weight_grad(tensor({{1, kNan}, {1, 0}}), ones(2, 2)),
                 tensor({{2, 2}, {kNan, kNan}}), 0, 0, /*equal_nan=*/true);
    expect_close(weight_grad(tensor({{1, 0}}), tensor({{5, kInf}})), tensor({{5, kInf}, {0, kNan}}),
                 0, 0, /*equal_nan=*/true);
  });
}

TEST(WeightGrad, RefusesWhatIsNoPairOfMatricesWithOneNumberOfRows) {
  struct Row {
    Shape inp, out_g;
  };
  const std::vector<Row> rows = {{{3, 2}, {4, 2}},
                                 {{1, 2}, {4, 2}},  // nothing stretches
                                 {{3}, {3, 1}},
                                 {{3, 1}, {3}},
                                 {{3, 2, 1}, {3, 2}}};
  for_each_rung([&](auto& weight_grad) {
    for (const Row& row : rows) {
      expect_error<ShapeError>(
          [&] { weight_grad(zeros(row.inp), zeros(row.out_g)); },
          "a weight gradient needs an inp [n, in] and an out_g [n, out], but got " +
              bracketed(row.inp) + " and " + bracketed(row.out_g));
    }
  });
}

// To the last digit, where the digits fit.
TEST(WeightGrad, AllRungsAreEqual) {
  Generator generator(2);
  const Tensor inp = whole_numbers<float>({40, 13}, generator);
  const Tensor out_g = whole_numbers<float>({40, 6}, generator);
  const Tensor want = reference_matmul(inp.t(), out_g).to<float>();
  for_each_rung([&](auto& weight_grad) { expect_equal(weight_grad(inp, out_g), want); });
}

TEST(WeightGrad, OnlyTheOuterProductHoldsThemAll) {
  const std::int64_t n = 100, in = 20, out = 7, result = 4 * in * out;
  const Tensor inp = ones(n, in), out_g = ones(n, out);
  for (const auto& rung : kRungs) {
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
