// The laws of the product that every rung keeps, for random matrices. If all numbers are whole and
// small, no sum rounds: both sides of a law are equal to the last bit, in whatever order a rung
// adds.
#include <vector>

#include "common/tensor/ops.h"
#include "common/testing/properties.h"
#include "common/testing/rung_testing.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// Returns whole numbers, [rows, columns], in any layout: up to 5, so that products of three
// matrices, of sides up to 30, stay below 2^24.
Tensor whole(std::int64_t rows, std::int64_t columns, Generator& generator) {
  return random_operand({rows, columns}, generator, [](const Shape& shape, Generator& g) {
    return whole_numbers<float>(shape, g, 5);
  });
}

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

TEST_P(RungTest, IsAssociativeOnWholeNumbers) {
  for_seeds(40, [&](Generator& generator) {
    const Shape s = random_shape(4, 30, generator);
    const Tensor a = whole(s[0], s[1], generator), b = whole(s[1], s[2], generator),
                 c = whole(s[2], s[3], generator);
    expect_equal(product(product(a, b), c), product(a, product(b, c)));
    const Tensor p = permutation(randperm(s[0], generator));
    expect_equal(product(product(p, a), b), product(p, product(a, b)));
  });
}

TEST_P(RungTest, IsDistributiveOnWholeNumbers) {
  for_seeds(40, [&](Generator& generator) {
    const Shape s = random_shape(3, 30, generator);
    const Tensor a = whole(s[0], s[1], generator), b = whole(s[1], s[2], generator),
                 c = whole(s[1], s[2], generator);
    expect_equal(product(a, b + c), product(a, b) + product(a, c));
    expect_equal(product(b.t() - c.t(), a.t()), product(b.t(), a.t()) - product(c.t(), a.t()));
  });
}

TEST_P(RungTest, TransposesOnWholeNumbers) {
  for_seeds(40, [&](Generator& generator) {
    const Shape s = random_shape(3, 30, generator);
    const Tensor a = whole(s[0], s[1], generator), b = whole(s[1], s[2], generator);
    expect_equal(product(b.t(), a.t()), product(a, b).t());
  });
}

// A product may be cut anywhere: into rows, into columns, and into sums.
TEST_P(RungTest, IsMadeOfProductsOfParts) {
  for_seeds(40, [&](Generator& generator) {
    const Shape s = random_shape(3, 30, generator);
    const Tensor a = whole(s[0], s[1], generator), b = whole(s[1], s[2], generator);
    const Tensor c = product(a, b);
    const std::int64_t i = generator.below(s[0] + 1), k = generator.below(s[1] + 1),
                       j = generator.below(s[2] + 1);
    expect_equal(product(a.slice(0, i), b), c.slice(0, i));
    expect_equal(product(a, b.slice(1, 0, j)), c.slice(1, 0, j));
    expect_equal(
        product(a.slice(1, 0, k), b.slice(0, 0, k)) + product(a.slice(1, k), b.slice(0, k)), c);
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
