#include "common/tensor/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "common/tensor/tensor.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// ---- The same numbers for ever. The wanted ones below were worked out from the definition of the
// Mersenne Twister in another language.

TEST(Generator, IsTheStandardsMersenneTwister) {
  Generator generator(5489);
  for (int i = 1; i < 10000; ++i) generator.bits();
  EXPECT_EQ(generator.bits(), 9981545732273789042u);  // [rand.predef] of the C++ standard
  generator = Generator(42);
  for (const std::uint64_t bits : {13930160852258120406u, 11788048577503494824u,
                                   13874630024467741450u, 2513787319205155662u}) {
    EXPECT_EQ(generator.bits(), bits);
  }
}

TEST(Random, GivesTheSameTensorsForASeed) {
  Generator generator(42);
  expect_equal(rand({2, 2}, generator), tensor({{12669407 * 0x1p-24, 10721167 * 0x1p-24},
                                                {12618902 * 0x1p-24, 2286276 * 0x1p-24}}));
  generator = Generator(42);
  expect_equal(rand<double>({2}, generator),
               double_tensor({6801836353641660 * 0x1p-53, 5755883094484128 * 0x1p-53}));
  // Through a logarithm, which the standard does not fix to the last bit.
  generator = Generator(42);
  expect_close(randn<double>({4}, generator),
               double_tensor({0x1.4b37d0b4daa8fp+0, 0x1.68f438d8aec29p-1, 0x1.978762f4a05dap-2,
                              -0x1.25efc127557c3p-1}),
               0, 4e-16);
  generator = Generator(42);
  expect_equal(randn({3}, generator),
               tensor({1.2938204232729367, 0.7049882664208599, 0.3979773961837886}));
  generator = Generator(42);
  expect_equal(randint(-3, 7, {2, 5}, generator),
               long_tensor({{3, 1, -3, -1, -2}, {5, 3, 1, -3, 4}}));
  generator = Generator(42);
  expect_equal(randperm(10, generator), long_tensor({1, 7, 9, 0, 3, 8, 4, 2, 5, 6}));
}

TEST(Generator, GoesOnWhereItWas) {
  Generator together(7), apart(7);
  const Tensor five = randn({5}, together);  // leaves the second of a pair of normals for later
  expect_equal(randn({2}, apart), five.slice(0, 0, 2));
  expect_equal(randn({3}, apart), five.slice(0, 2));
  Generator copied = together;
  expect_equal(randn({3}, copied), randn({3}, together));
  Generator other(8);
  EXPECT_NE(rand({1}, other).item(), rand({1}, apart).item());
}

// ---- Distributions. Seeds are fixed, so these either pass for ever or fail for ever; the bands
// are five standard deviations of what they bound (1 in 2 million for a right generator).

TEST(Rand, IsUniform) {
  constexpr int kDraws = 1000000, kBins = 100;
  Generator generator(1);
  const std::vector<float> values = rand({kDraws}, generator).to_vector();
  std::vector<int> counts(kBins);
  for (const float value : values) {
    ASSERT_GE(value, 0);
    ASSERT_LT(value, 1);
    ++counts[static_cast<int>(value * kBins)];
  }
  double chi_square = 0;
  for (const int count : counts) {
    chi_square += std::pow(count - kDraws / kBins, 2) / (kDraws / kBins);
  }
  // Mean kBins - 1, variance 2 (kBins - 1). Far too small would be as suspicious as too large.
  EXPECT_NEAR(chi_square, kBins - 1, 5 * std::sqrt(2 * (kBins - 1)));
}

TEST(Rand, UsesAllTheBitsThatAFloatHasAndNeverReachesOne) {
  Generator generator(2);
  bool odd = false;
  float greatest = 0;
  const Tensor values = rand({4000000}, generator);
  for (const float value : values.storage()) {
    greatest = std::max(greatest, value);
    odd |= static_cast<std::int64_t>(value * 0x1p24f) % 2 == 1;
  }
  EXPECT_TRUE(odd);
  EXPECT_LT(greatest, 1);
  EXPECT_GT(greatest, 1 - 5e-6);  // missed with probability (1 - 5e-6)^4e6 = 2e-9
  for (int i = 0; i < 1000; ++i) ASSERT_LT(generator.uniform(), 1);
}

TEST(Randn, HasTheMomentsOfTheNormalDistribution) {
  constexpr double kDraws = 1000000;
  Generator generator(3);
  const DoubleTensor values = randn<double>({static_cast<std::int64_t>(kDraws)}, generator);
  double first = 0, second = 0, third = 0, fourth = 0, neighbours = 0, last = 0;
  std::int64_t within_one = 0;
  for (const double x : values.storage()) {
    first += x;
    second += x * x;
    third += x * x * x;
    fourth += x * x * x * x;
    neighbours += x * last;
    last = x;
    within_one += std::abs(x) < 1;
  }
  // E x^2k is 1, 3, 15, 105 for k = 1 to 4, so the variances of x, x^2, x^3, x^4 are 1, 2, 15, 96.
  EXPECT_NEAR(first / kDraws, 0, 5 * std::sqrt(1 / kDraws));
  EXPECT_NEAR(second / kDraws, 1, 5 * std::sqrt(2 / kDraws));
  EXPECT_NEAR(third / kDraws, 0, 5 * std::sqrt(15 / kDraws));
  EXPECT_NEAR(fourth / kDraws, 3, 5 * std::sqrt(96 / kDraws));
  EXPECT_NEAR(neighbours / kDraws, 0, 5 * std::sqrt(1 / kDraws));  // the two of a pair, too
  const double inside = std::erf(std::sqrt(0.5));                  // 0.6827
  EXPECT_NEAR(within_one / kDraws, inside, 5 * std::sqrt(inside * (1 - inside) / kDraws));
}

TEST(Randint, IsUniformBetweenItsBounds) {
  constexpr int kDraws = 700000;
  Generator generator(4);
  std::vector<int> counts(7);
  for (const std::int64_t value : randint(-3, 4, {kDraws}, generator).storage()) {
    ++counts.at(static_cast<std::size_t>(value + 3));
  }
  for (const int count : counts) EXPECT_NEAR(count, kDraws / 7, 5 * std::sqrt(kDraws * 6. / 49));
}

TEST(Randint, FavoursNoNumberOfAWideRangeNorLeavesOneOut) {
  // 2^64 is 2 * bound + 2^62: without drawing again, the first 2^62 of the 2^62 * 3/2 numbers would
  // turn up 3 times where the others do twice, and 3/4 of all draws would be among them, not 2/3.
  constexpr std::int64_t kQuarter = std::int64_t{1} << 62, kBound = kQuarter + kQuarter / 2;
  constexpr int kDraws = 100000;
  Generator generator(5);
  int low = 0;
  for (int i = 0; i < kDraws; ++i) low += generator.below(kBound) < kQuarter;
  EXPECT_NEAR(low, kDraws * 2. / 3, 5 * std::sqrt(kDraws * 2. / 9));
  expect_equal(randint(5, 6, {3}, generator), long_tensor({5, 5, 5}));
  const LongTensor wide = randint(kMinLong / 2, kMaxLong / 2, {50}, generator);
  EXPECT_LT(wide.min().item(), 0);
  EXPECT_GT(wide.max().item(), 0);
}

TEST(Randint, RefusesBoundsWithNothingBetweenThem) {
  Generator generator(0);
  const auto refuses = [&](std::int64_t low, std::int64_t high) {
    expect_error<ShapeError>([&] { randint(low, high, {2}, generator); },
                             "randint() needs low < high, and less than 2^63 between them, but "
                             "got " +
                                 std::to_string(low) + " and " + std::to_string(high));
  };
  refuses(5, 5);
  refuses(kMinLong, kMaxLong);
  expect_error<ShapeError>([&] { randint(0, 2, {-1}, generator); },
                           "Trying to create tensor with negative dimension -1: [-1]");
  EXPECT_EQ(generator.bits(), Generator(0).bits());  // nothing was drawn
}

TEST(Randperm, IsAPermutation) {
  Generator generator(7);
  for (const std::int64_t n : {0, 1, 2, 3, 10, 1000}) {
    std::vector<std::int64_t> order = randperm(n, generator).to_vector();
    ASSERT_EQ(static_cast<std::int64_t>(order.size()), n);
    std::sort(order.begin(), order.end());
    for (std::int64_t i = 0; i < n; ++i) ASSERT_EQ(order[i], i);
  }
  expect_error<ShapeError>([&] { randperm(-1, generator); }, "randperm() needs n >= 0, but got -1");
}

TEST(Randperm, GivesEveryOrderEquallyOften) {
  constexpr int kDraws = 60000;
  Generator generator(8);
  std::vector<int> counts(27);
  for (int i = 0; i < kDraws; ++i) {
    const LongTensor order = randperm(3, generator);
    ++counts[order.at(0) * 9 + order.at(1) * 3 + order.at(2)];
  }
  for (const int order : {5, 7, 11, 15, 19, 21}) {  // 012 021 102 120 201 210 in base 3
    EXPECT_NEAR(counts[order], kDraws / 6, 5 * std::sqrt(kDraws * 5. / 36));
  }
}

}  // namespace
}  // namespace foundations
