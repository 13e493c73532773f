#include "common/testing/rung_testing.h"

#include <string>

#include "common/tensor/random.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// 0, 1, odd, prime, and one to either side of 4 rows and of 8 and 16 columns.
constexpr Sizes kSizes[] = {
    {0, 0, 0},   {0, 3, 2},    {2, 0, 3},    {3, 2, 0},    {1, 1, 1},    {1, 5, 1},    {2, 3, 4},
    {3, 4, 5},   {4, 1, 7},    {7, 13, 5},   {1, 8, 9},    {9, 7, 8},    {6, 15, 16},  {5, 17, 15},
    {17, 4, 17}, {13, 31, 33}, {33, 65, 17}, {5, 784, 10}, {64, 63, 65}, {37, 41, 43},
};

// Layouts of a matrix in memory. Each makes a [rows, columns] matrix of random numbers.
struct LayoutOf {
  const char* name;
  Tensor (*make)(std::int64_t rows, std::int64_t columns, Generator& generator);
};

const LayoutOf kLayouts[] = {
    {"contiguous",
     [](auto r, auto c, auto& g) {
       return randn({r, c}, g);
     }},
    {"transposed",
     [](auto r, auto c, auto& g) {
       return randn({c, r}, g).t();
     }},
    {"sliced",
     [](auto r, auto c, auto& g) {
       return randn({2 * r + 1, c + 3}, g).slice(0, 1, None, 2).slice(1, 2, c + 2);
     }},
    {"every other column",
     [](auto r, auto c, auto& g) {
       return randn({r, 2 * c}, g).slice(1, 0, None, 2);
     }},
    {"expanded row", [](auto r, auto c, auto& g) { return randn({c}, g).expand(r, c); }},
    {"expanded column",
     [](auto r, auto c, auto& g) {
       return randn({r, 1}, g).expand(r, c);
     }},
};

TEST_P(RungTest, IsTheProductForEverySizeAndLayout) {
  Generator generator(1);
  for (const Sizes& sizes : kSizes) {
    for (const LayoutOf& of_a : kLayouts) {
      for (const LayoutOf& of_b : kLayouts) {
        SCOPED_TRACE(sizes.text() + ", " + of_a.name + " times " + of_b.name);
        const Tensor a = of_a.make(sizes.m, sizes.k, generator);
        const Tensor b = of_b.make(sizes.k, sizes.n, generator);
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

}  // namespace
}  // namespace foundations
