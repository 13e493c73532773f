// einsum for every element type, and what it does not copy. The chapter's test (03_einsum) tries
// the same expressions in every layout, beside the chapter's own evaluations.
#include "common/linalg/einsum.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/reference/reference_einsum.h"
#include "common/tensor/random.h"
#include "common/testing/properties.h"
#include "common/testing/random_einsum.h"
#include "common/testing/test_einsum.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

template <class T>
class EinsumOf : public testing::Test {};

using Numbers = testing::Types<float, double, std::int64_t>;
TYPED_TEST_SUITE(EinsumOf, Numbers);

// Expects exact results: every type adds whole numbers exactly.
template <class T>
void expect_exact(const EinsumCase& row, const std::vector<TensorOf<T>>& operands) {
  const TensorOf<T> got = einsum(row.subscripts, operands);
  const DoubleTensor want = reference_einsum(row.spelled, operands).want;
  const std::string wrong = mismatch(got.template to<double>(), want, zeros<double>(want.shape()));
  EXPECT_EQ(wrong, "") << row.text();
}

TYPED_TEST(EinsumOf, EvaluatesEveryExpression) {
  Generator generator(1);
  const auto check = [&](const EinsumCase& row) {
    std::vector<TensorOf<TypeParam>> operands;
    for (const Shape& shape : row.shapes) {
      operands.push_back(every_layout(whole_numbers<TypeParam>(shape, generator)).back());
    }
    expect_exact(row, operands);
  };
  for (const EinsumCase& row : kEinsumCases) check(row);
  for (const EinsumCase& row : kTenLabels) check(row);
  // From the left, the product of the first three would have nine dimensions.
  const std::string nine = "abc,def,ghi,adg,beh,cf,i->";
  check({nine, {{2, 3, 2}, {2, 1, 2}, {3, 2, 2}, {2, 2, 3}, {3, 1, 2}, {2, 2}, {2}}, nine});
}

// Small sizes, so that a float holds a product of four exactly.
TYPED_TEST(EinsumOf, EvaluatesRandomExpressions) {
  for_seeds(300, [](Generator& generator) {
    const EinsumCase row = random_einsum(generator);
    std::vector<TensorOf<TypeParam>> operands;
    for (const Shape& shape : row.shapes) {
      operands.push_back(random_operand(shape, generator, [](const Shape& s, Generator& g) {
        return whole_numbers<TypeParam>(s, g, 4);
      }));
    }
    expect_exact(row, operands);
  });
}

TEST(Einsum, WrapsIntegersAround) {
  const LongTensor x = long_tensor({kMaxLong, 1}), ones = long_tensor({1, 1});
  EXPECT_EQ(einsum("i,i", {x, ones}).item(), kMinLong);
  EXPECT_EQ(einsum("i,i->i", {x, long_tensor({2, 2})})(0), -2);
}

TEST(Einsum, TakesAListAVectorOrASpan) {
  const Tensor a = tensor({10, 6, -4}), b = tensor({2, 8, 7});
  const std::vector<Tensor> both = {a, b};
  expect_equal(einsum("i,i", {a, b}), tensor(40));
  expect_equal(einsum("i,i", both), tensor(40));
  expect_equal(einsum("i,i", std::span<const Tensor>(both)), tensor(40));
}

// Returns the bytes of memory that a call of einsum needs besides its result.
std::int64_t extra_memory(const std::string& subscripts, const std::vector<Tensor>& operands) {
  reset_peak_memory_stats();
  const std::int64_t before = memory_allocated();
  const Tensor result = einsum(subscripts, operands);
  return max_memory_allocated() - before -
         result.storage().size() * static_cast<std::int64_t>(sizeof(float));
}

TEST(Einsum, CopiesNoOperandThatAViewCanGroup) {
  Generator generator(2);
  const Tensor ij = randn({20, 30}, generator), jk = randn({30, 40}, generator);
  const Tensor ijk = randn({5, 6, 30}, generator), bij = randn({4, 20, 30}, generator);
  const Tensor bhqd = randn({2, 3, 20, 16}, generator), qhbd = bhqd.transpose(0, 2);
  const struct {
    std::string subscripts;
    std::vector<Tensor> operands;
  } kFree[] = {
      {"ij,jk->ik", {ij, jk}},
      {"ij,jk->ki", {ij, jk}},
      {"bi,bj->ij", {ij, ij}},
      {"ij,ij->i", {ij, ij}},
      {"ij,j->i", {ij, jk.select(1, 0)}},
      {"ijk,kl->ijl", {ijk, jk}},                  // i and j are one dimension
      {"jik,kl->ijl", {ijk.transpose(0, 1), jk}},  // also in the other order
      {"bij,jk->bik", {bij, jk}},                  // b and i are
      {"bij,bij->", {bij, bij}},                   // all three are
      {"bhqd,bhkd->bhqk", {bhqd, bhqd}},
      {"qhbd,khbd->bhqk", {qhbd, qhbd}},
      {"i,j->ij", {ij[0], ij[1]}},
      {"ij->j", {ij}},
  };
  for (const auto& [subscripts, operands] : kFree) {
    EXPECT_EQ(extra_memory(subscripts, operands), 0) << subscripts;
  }
  // No single stride goes through i and j in both operands: the smaller one is copied.
  const Tensor other = randn({30, 20}, generator);
  constexpr std::int64_t kBytes = 30 * 20 * sizeof(float);
  EXPECT_EQ(extra_memory("bij,ji->b", {bij, other}), kBytes);
  EXPECT_EQ(extra_memory("ji,bij->b", {other, bij}), kBytes);
}

// The output's last label is the innermost in memory, whichever operand it comes from.
TEST(Einsum, GivesAContiguousProduct) {
  Generator generator(3);
  const Tensor a = randn({3, 4}, generator), b = randn({4, 5}, generator);
  for (const char* const subscripts : {"ik,kj->ij", "ik,kj->ji", "ik,kj->i", "ik,kj->j"}) {
    EXPECT_TRUE(einsum(subscripts, {a, b}).is_contiguous()) << subscripts;
  }
}

TEST(Einsum, MakesANewTensorWhereOperandsAreMultipliedOrSummed) {
  const Tensor x = ones({3, 4}), one = ones({}), column = ones({3, 1});
  for (const Tensor& result : {einsum("ij,->ij", {x, one}), einsum("ij,ij->ij", {x, x}),
                               einsum("ij->j", {x}), einsum("ij,k->ij", {x, ones({1})})}) {
    EXPECT_NE(result.storage().data(), x.storage().data());
  }
  // Also where sizes of 1 are summed.
  einsum("ij->i", {column}).fill_(7);
  einsum("ij->", {column.slice(0, 0, 1)}).fill_(7);
  expect_equal(column, ones({3, 1}));
}

TEST(Einsum, SharesMemoryWithTheOperandOfAView) {
  const Tensor m = tensor({{1, 2, 3}, {4, 5, 6}, {7, 7, 8}});
  einsum("ii->i", {m}).zero_();
  expect_equal(m, tensor({{0, 2, 3}, {4, 0, 6}, {7, 7, 0}}));
  einsum("ij->ji", {m})[0] = 9;
  expect_equal(m, tensor({{9, 2, 3}, {9, 0, 6}, {9, 7, 0}}));
}

TEST(Einsum, OfOneOperandHasAGradientOfItsOwn) {
  const Tensor m = ones({3, 3});
  m.grad() = ones({3, 3});
  for (const char* const subscripts : {"ij->ij", "ij", "ij->ji", "ii->i", "...->..."}) {
    EXPECT_FALSE(einsum(subscripts, {m}).has_grad()) << subscripts;
  }
  const Tensor scalar = ones({});
  einsum("->", {scalar}).grad() = ones({});
  EXPECT_FALSE(scalar.has_grad());
}

// The smallest product comes first: here the last two operands', which is the only extra memory.
TEST(Einsum, MultipliesInTheOrderOfLeastMemory) {
  Generator generator(4);
  const Tensor a = randn({500, 20}, generator), b = randn({20, 1000}, generator);
  const Tensor c = randn({1000, 10}, generator);
  EXPECT_EQ(extra_memory("ij,jk,kl->il", {a, b, c}), 20 * 10 * sizeof(float));
}

TEST(Einsum, RefusesAProductOfTooManyDimensions) {
  // Each two of the five share two labels, so any product has twelve.
  const std::string subscripts = "abcdefgh,abijklmn,cdijopqr,efklopst,ghmnqrst->";
  const std::vector<Tensor> five(5, ones({2, 2, 2, 2, 2, 2, 2, 2}));
  expect_error<ShapeError>([&] { einsum(subscripts, five); },
                           "einsum(\"" + subscripts +
                               "\"): a product of two operands has 12 dimensions; a tensor has at "
                               "most 8");
}

TEST(Einsum, RefusesMoreElementsThanSixtyThreeBitsCount) {
  const std::int64_t k = std::int64_t{1} << 40;
  const std::vector<Tensor> vast(2, ones({1}).expand({k}));
  expect_error<ShapeError>([&] { einsum("i,j->ij", vast); },
                           "The number of elements of a tensor of shape [1099511627776, "
                           "1099511627776] does not fit in 63 bits");
}

}  // namespace
}  // namespace foundations
