// Every rung keeps the contract of matmul.h: each row of kRungs passes what rung_testing.h asks.
// And, where this chapter's rungs cut matrices into pieces: sizes around every cut, and threads.
#include "03_einsum/matmul.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/base/openmp.h"
#include "common/linalg/matmul.h"
#include "common/tensor/random.h"
#include "common/testing/properties.h"
#include "common/testing/rung_testing.h"
#include "common/testing/testing.h"

namespace foundations::ch03 {

INSTANTIATE_TEST_SUITE_P(Matmul, RungTest, testing::ValuesIn(kRungs), name_of_rung);

namespace {

// One below, at and one past: 6 rows and 16 columns of a register tile; 64 and 256 k, 512 columns
// of a cache tile; 96 rows and 256 columns of a block.
constexpr Sizes kCuts[] = {
    {5, 3, 15},   {6, 3, 16},   {7, 3, 17},   {11, 3, 31},  {12, 3, 32},  {13, 3, 33},
    {7, 63, 17},  {7, 64, 17},  {7, 65, 17},  {7, 255, 17}, {7, 256, 17}, {7, 257, 17},
    {3, 66, 511}, {3, 66, 512}, {3, 66, 513}, {95, 9, 255}, {96, 9, 256}, {97, 9, 257},
};

class CutsTest : public testing::TestWithParam<Rung<Matmul>> {};
INSTANTIATE_TEST_SUITE_P(Matmul, CutsTest, testing::ValuesIn(kRungs), name_of_rung);

TEST_P(CutsTest, IsTheProductOnBothSidesOfEveryCut) {
  Generator generator(1);
  for (const Sizes& sizes : kCuts) {
    SCOPED_TRACE(sizes.text());
    const Tensor a = randn({sizes.m, sizes.k}, generator), b = randn({sizes.k, sizes.n}, generator);
    expect_matmul(GetParam().run(a, b), a, b);
  }
}

// Enough work for threads of their own. Each caller has operands of its own, too: what one leaves
// where another reads makes a difference.
TEST_P(CutsTest, MayBeCalledFromSeveralThreadsAtOnce) {
  struct Call {
    Tensor a, b, want;
  };
  Generator generator(2);
  std::vector<Call> calls;
  for (const int64_t i : {0, 1, 2, 3}) {
    const Tensor a = randn({97 + i, 83}, generator), b = randn({83, 101 - i}, generator);
    calls.push_back({a, b, GetParam().run(a, b)});
  }
  EXPECT_TRUE(holds_at_once(4, [&](int i) {
    const Call& call = calls[static_cast<std::size_t>(i)];
    return same(GetParam().run(call.a, call.b), call.want);
  })) << "got another result than alone";
}

// An element of c is summed in the same order whoever does it, so not a bit depends on threads, nor
// on the blocks: packed has none.
TEST(ThreadedTest, HasTheSameBitsOnAnyNumberOfThreads) {
  Generator generator(3);
  for (const Sizes& sizes : {Sizes{0, 3, 2}, Sizes{2, 0, 3}, Sizes{1, 1, 1}, Sizes{5, 784, 10},
                             Sizes{64, 300, 50}, Sizes{97, 257, 259}, Sizes{200, 20, 530}}) {
    const Tensor a = randn({sizes.m, sizes.k}, generator), b = randn({sizes.k, sizes.n}, generator);
    const Tensor want = packed(a, b);
    for (int threads = 1; threads <= 8; ++threads) {
      SCOPED_TRACE(sizes.text() + " on " + std::to_string(threads) + " threads");
      expect_equal(threaded_on(threads, a, b), want);
    }
  }
}

TEST(ThreadedTest, IsTheSameOnBothSidesOfTheSizeThatIsWorthThreads) {
  constexpr int64_t kK = 50, kN = 100;
  Generator generator(4);
  for (const int64_t m : {kWorthThreads / (kK * kN) - 1, kWorthThreads / (kK * kN)}) {
    const Tensor a = randn({m, kK}, generator), b = randn({kK, kN}, generator);
    expect_equal(threaded(a, b), packed(a, b));
  }
}

TEST(ReferencesTest, AreTheOnesOfCommon) {
  Generator generator(5);
  const Tensor a = randn({33, 65}, generator), b = randn({65, 17}, generator);
  for (const Rung<Matmul>& reference : kReferences) {
    SCOPED_TRACE(reference.name);
    expect_equal(reference.run(a, b), foundations::matmul(a, b));
    expect_matmul(reference.run(a, b), a, b);
  }
}

}  // namespace
}  // namespace foundations::ch03
