#include "common/testing/rung_testing.h"

#include <cmath>
#include <string>
#include <vector>

#include "common/tensor/random.h"
#include "common/testing/properties.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// 0, 1, odd, prime, and one to either side of 4 rows and of 8 and 16 columns.
constexpr Sizes kSizes[] = {
    {0, 0, 0},   {0, 3, 2},    {2, 0, 3},    {3, 2, 0},    {1, 1, 1},    {1, 5, 1},    {2, 3, 4},
    {3, 4, 5},   {4, 1, 7},    {7, 13, 5},   {1, 8, 9},    {9, 7, 8},    {6, 15, 16},  {5, 17, 15},
    {17, 4, 17}, {13, 31, 33}, {33, 65, 17}, {5, 784, 10}, {64, 63, 65}, {37, 41, 43},
};

// Returns [rows, columns] matrices of random numbers, in every layout that a view can have.
std::vector<Tensor> matrices(std::int64_t rows, std::int64_t columns, Generator& generator) {
  std::vector<Tensor> all = every_layout(randn({rows, columns}, generator));
  all.push_back(randn({rows, columns + 3}, generator).slice(1, 2, columns + 2));  // of a wider one
  all.push_back(randn({columns}, generator).expand(rows, columns));
  all.push_back(randn({rows, 1}, generator).expand(rows, columns));
  return all;
}

TEST_P(RungTest, IsTheProductForEverySizeAndLayout) {
  Generator generator(1);
  for (const Sizes& sizes : kSizes) {
    for (const Tensor& a : matrices(sizes.m, sizes.k, generator)) {
      for (const Tensor& b : matrices(sizes.k, sizes.n, generator)) {
        SCOPED_TRACE(sizes.text() + ", strides " + bracketed(a.strides()) + " times " +
                     bracketed(b.strides()));
        expect_matmul(product(a, b), a, b);
        if (HasFailure()) return;  // one case says enough
      }
    }
  }
}

TEST_P(RungTest, GivesANewContiguousTensorAndLeavesItsOperands) {
  Generator generator(2);
  const Tensor a = randn({3, 4}, generator), b = randn({4, 5}, generator);
  const Tensor a_before = a.clone(), b_before = b.clone();
  const Tensor c = product(a, b);
  EXPECT_TRUE(c.is_contiguous());
  EXPECT_EQ(c.storage().size(), 15);
  expect_equal(a, a_before);
  expect_equal(b, b_before);
}

// Reused memory is full of NaN here, so you see what a rung forgets to write.
TEST_P(RungTest, WritesEveryElement) {
  Generator generator(3);
  for (const auto& [m, k, n] : {Sizes{7, 13, 5}, Sizes{2, 0, 3}, Sizes{16, 3, 33}}) {
    const Tensor a = randn({m, k}, generator), b = randn({k, n}, generator);
    for (int i = 0; i < 4; ++i) full({m, n}, kNan);
    expect_matmul(product(a, b), a, b);
  }
}

TEST_P(RungTest, PassesNanAndInfinityOn) {
  const Tensor a = tensor({{1, kNan, 0}, {0, 1, 2}, {1, 1, 1}});
  const Tensor b = tensor({{1, 2, 3, kInf, 5}, {0, 1, 0, 1, 0}, {1, kInf, 1, -kInf, 1}});
  const Tensor c = product(a, b);
  expect_matmul(c, a, b);
  EXPECT_TRUE(std::isnan(c(0, 0)));  // NaN * 0
  EXPECT_TRUE(std::isnan(c(0, 1)));  // 0 * inf
  EXPECT_EQ(c(2, 1), kInf);
  EXPECT_TRUE(std::isnan(c(2, 3)));  // inf - inf
  // Zeros must not be skipped, at any k.
  for (std::int64_t k = 0; k < 7; ++k) {
    const Tensor row = zeros(1, 7), column = ones(7, 9);
    column[k] = kInf;
    EXPECT_TRUE(std::isnan(product(row, column)(0, 8))) << "k = " << k;
  }
}

TEST_P(RungTest, RefusesWhatIsNoPairOfMatrices) {
  struct Case {
    Shape a, b;
    std::string sentence;
  };
  const Case cases[] = {
      {{5, 784}, {783, 10}, "mat1 and mat2 shapes cannot be multiplied (5x784 and 783x10)"},
      {{2, 3}, {2, 3}, "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)"},
      {{0, 1}, {0, 1}, "mat1 and mat2 shapes cannot be multiplied (0x1 and 0x1)"},
      {{3}, {3, 2}, "matmul takes two matrices, but got tensors of shapes [3] and [3, 2]"},
      {{2, 3, 4},
       {4, 2},
       "matmul takes two matrices, but got tensors of shapes [2, 3, 4] and [4, 2]"},
      {{}, {}, "matmul takes two matrices, but got tensors of shapes [] and []"},
  };
  for (const Case& row : cases) {
    expect_error<ShapeError>([&] { product(ones(row.a), ones(row.b)); }, row.sentence);
  }
}

// ---- Random matrices ----

Tensor real(std::int64_t rows, std::int64_t columns, Generator& generator) {
  return random_operand({rows, columns}, generator, randn<float>);
}

// Returns the matrix that puts row order[i] of its right factor into row i.
Tensor permutation(const LongTensor& order) {
  const Tensor p = zeros(order.numel(), order.numel());
  for (std::int64_t i = 0; i < order.numel(); ++i) p.at(i, order(i)) = 1;
  return p;
}

Tensor rows_in_order(const Tensor& x, const LongTensor& order) {
  const Tensor result = empty(x.shape());
  for (std::int64_t i = 0; i < order.numel(); ++i) result[i] = x[order(i)];
  return result;
}

TEST_P(RungTest, IsTheProductOfRandomViews) {
  for_seeds(60, [&](Generator& generator) {
    const std::int64_t most = chance(8, generator) ? 150 : 40;
    const Shape s = random_shape(3, most, generator);
    const Tensor a = real(s[0], s[1], generator), b = real(s[1], s[2], generator);
    expect_matmul(product(a, b), a, b);
  });
}

// Every sum has only one term that is not 0, so nothing rounds, whatever the numbers.
TEST_P(RungTest, PermutesRowsAndColumnsExactly) {
  for_seeds(40, [&](Generator& generator) {
    const Shape s = random_shape(2, 40, generator);
    const Tensor a = real(s[0], s[1], generator);
    const LongTensor rows = randperm(s[0], generator), columns = randperm(s[1], generator);
    expect_equal(product(permutation(arange(s[0])), a), a);
    expect_equal(product(a, permutation(arange(s[1]))), a);
    expect_equal(product(permutation(rows), a), rows_in_order(a, rows));
    expect_equal(product(a, permutation(columns).t()), rows_in_order(a.t(), columns).t());
  });
}

TEST_P(RungTest, GivesTheSameBitsEachTime) {
  for_seeds(20, [&](Generator& generator) {
    const Shape s = random_shape(3, 60, generator);
    const Tensor a = real(s[0], s[1], generator), b = real(s[1], s[2], generator);
    const Tensor first = product(a, b);
    for (int again = 0; again < 3; ++again) expect_equal(product(a, b), first);
  });
}

// Each caller has its own operands: if one writes where another reads, a result changes.
TEST_P(RungTest, MayBeCalledFromSeveralThreadsAtOnce) {
  struct Call {
    Tensor a, b, want;
  };
  Generator generator(1);
  std::vector<Call> calls;
  for (const std::int64_t i : {0, 1, 2, 3}) {
    const Tensor a = randn({40 + i, 61}, generator), b = randn({61, 80 - i}, generator);
    calls.push_back({a, b, product(a, b).clone()});
  }
  EXPECT_TRUE(holds_at_once(4, [&](int i) {
    const Call& call = calls[static_cast<std::size_t>(i)];
    return same(product(call.a, call.b), call.want);
  })) << "got another result than alone";
}

}  // namespace
}  // namespace foundations
