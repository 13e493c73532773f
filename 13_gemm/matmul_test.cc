// Every rung keeps the contract of matmul.h: each row of kRungs passes what rung_testing.h asks.
// And, where this chapter's rungs cut matrices into pieces or choose a way: sizes around every cut,
// and every pair of layouts there.
#include "13_gemm/matmul.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/linalg/matmul.h"
#include "common/tensor/random.h"
#include "common/testing/properties.h"
#include "common/testing/rung_testing.h"
#include "common/testing/testing.h"

namespace foundations::ch13 {

INSTANTIATE_TEST_SUITE_P(Matmul, RungTest, testing::ValuesIn(kRungs), name_of_rung);

namespace {

// One below, at and one past: 6 rows of a tile, 64 and 256 columns, 256 k, 96 rows of a block, 128
// rows that leave b in place, 2048 sums of a vector. One, two and three columns beyond whole
// vectors, at a k long enough for dot products.
constexpr Sizes kCuts[] = {
    {5, 3, 63},    {6, 3, 64},    {7, 3, 65},     {13, 255, 17}, {13, 256, 17}, {13, 257, 17},
    {95, 9, 255},  {96, 9, 256},  {97, 9, 257},   {127, 20, 70}, {128, 20, 70}, {129, 20, 70},
    {50, 300, 50}, {97, 300, 49}, {131, 300, 51}, {130, 260, 3}, {2047, 9, 1},  {2049, 9, 1},
    {1, 270, 300}, {300, 270, 1}, {31, 300, 200},
};

Tensor laid_out(bool columns, int64_t rows, int64_t size, Generator& generator) {
  return columns ? randn({size, rows}, generator).t() : randn({rows, size}, generator);
}

class CutsTest : public testing::TestWithParam<Rung<Matmul>> {};
INSTANTIATE_TEST_SUITE_P(Matmul, CutsTest, testing::ValuesIn(kRungs), name_of_rung);

TEST_P(CutsTest, IsTheProductOnBothSidesOfEveryCut) {
  Generator generator(1);
  for (const Sizes& sizes : kCuts) {
    for (const int layouts : {0, 1, 2, 3}) {  // a, b or both in columns
      SCOPED_TRACE(sizes.text() + ", layouts " + std::to_string(layouts));
      const Tensor a = laid_out(layouts & 1, sizes.m, sizes.k, generator);
      const Tensor b = laid_out(layouts & 2, sizes.k, sizes.n, generator);
      expect_matmul(GetParam().run(a, b), a, b);
    }
  }
}

// What lies between the rows of a view, or behind them, is not part of it.
TEST_P(CutsTest, DoesNotMixInWhatLiesBesideAView) {
  Generator generator(2);
  for (const Sizes& sizes : {Sizes{5, 300, 10}, Sizes{64, 300, 50}, Sizes{129, 30, 20}}) {
    SCOPED_TRACE(sizes.text());
    const Tensor wide_a = full({sizes.m, sizes.k + 40}, kNan);
    const Tensor wide_b = full({sizes.k + 40, sizes.n + 40}, kNan);
    const Tensor a = wide_a.slice(1, 20, 20 + sizes.k);
    const Tensor b = wide_b.slice(0, 20, 20 + sizes.k).slice(1, 20, 20 + sizes.n);
    a.copy_(randn({sizes.m, sizes.k}, generator));
    b.copy_(randn({sizes.k, sizes.n}, generator));
    expect_matmul(GetParam().run(a, b), a, b);
  }
}

TEST(ThreadedTest, IsTheProductOnAnyNumberOfThreads) {
  Generator generator(3);
  for (const Sizes& sizes : {Sizes{0, 3, 2}, Sizes{2, 0, 3}, Sizes{1, 1, 1}, Sizes{5, 784, 10},
                             Sizes{64, 300, 50}, Sizes{50, 300, 784}, Sizes{3000, 50, 1}}) {
    const Tensor a = randn({sizes.m, sizes.k}, generator), b = randn({sizes.k, sizes.n}, generator);
    const Tensor at = randn({sizes.k, sizes.m}, generator).t();
    for (int threads = 1; threads <= 8; ++threads) {
      SCOPED_TRACE(sizes.text() + " on " + std::to_string(threads) + " threads");
      const Tensor c = threaded_on(threads, a, b);
      expect_matmul(c, a, b);
      expect_equal(threaded_on(threads, a, b), c);  // the same bits every time
      expect_matmul(threaded_on(threads, at, b), at, b);
    }
  }
}

TEST(ThreadedTest, MayBeCalledFromSeveralThreadsAtOnce) {
  struct Call {
    Tensor a, b, want;
  };
  Generator generator(4);
  std::vector<Call> calls;
  for (const int64_t i : {0, 1, 2, 3}) {
    const Tensor a = randn({97 + i, 83}, generator), b = randn({83, 101 - i}, generator);
    calls.push_back({a, b, threaded_on(1, a, b)});
  }
  EXPECT_TRUE(holds_at_once(4, [&](int i) {
    const Call& call = calls[static_cast<std::size_t>(i)];
    return same(threaded_on(1, call.a, call.b), call.want);
  })) << "got another result than alone";
}

TEST(ReferenceTest, IsTheOneOfCommon) {
  Generator generator(5);
  const Tensor a = randn({33, 65}, generator), b = randn({65, 17}, generator);
  expect_equal(matmul(a, b), foundations::matmul(a, b));
}

}  // namespace
}  // namespace foundations::ch13
