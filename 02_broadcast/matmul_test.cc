// Holds each row of kRungs to the contract of matmul.h: the tests are rung_testing.h's.
#include "02_broadcast/matmul.h"

#include <gtest/gtest.h>

#include "common/tensor/tensor.h"
#include "common/testing/rung_testing.h"

namespace foundations::ch02 {
namespace {

std::int64_t peak_bytes(const Rung<Matmul>& rung, const Tensor& a, const Tensor& b) {
  const std::int64_t before = memory_allocated();
  reset_peak_memory_stats();
  rung.run(a, b);
  return max_memory_allocated() - before;
}

// What the second rung is for.
TEST(Matmul, MakesATemporaryAsLargeAsBOrNone) {
  const Tensor a = ones(5, 784), b = ones(784, 10);
  const std::int64_t result = 4 * 5 * 10, row = 4 * 10, temporary = 4 * 784 * 10;
  EXPECT_EQ(peak_bytes(kRungs[0], a, b), result + row + temporary) << kRungs[0].name;
  EXPECT_EQ(peak_bytes(kRungs[1], a, b), result) << kRungs[1].name;
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Matmul, RungTest, testing::ValuesIn(kRungs), name_of_rung);

}  // namespace foundations::ch02
