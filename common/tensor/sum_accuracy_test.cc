// How near long sums, and what is made of them, come to the exact result.
#include <gtest/gtest.h>

#include <cstdint>

#include "common/tensor/ops.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

constexpr std::int64_t kPixels = 40'000'000;  // near 51,000 digits of 28 x 28
constexpr double kFloatUlp = 0x1p-23, kDoubleUlp = 0x1p-52;

TEST(Accuracy, OfFortyMillionEqualFloats) {
  const Tensor x = full({1}, 0.1f).expand({kPixels});
  EXPECT_EQ(x.sum().item(), static_cast<float>(double{0.1f} * kPixels));
  EXPECT_EQ(x.mean().item(), 0.1f);
  EXPECT_EQ(x.var().item(), 0);
  EXPECT_EQ(x.view({kPixels / 8, 8}).sum(0)(3), static_cast<float>(double{0.1f} * kPixels / 8));
}

TEST(Accuracy, OfFortyMillionRandomFloats) {
  const Tensor x = empty({kPixels});
  std::uint64_t state = 1;
  std::int64_t exact = 0;  // in units of 2^-24, of which every element is a multiple
  for (std::int64_t i = 0; i < kPixels; ++i) {
    state = state * 6364136223846793005 + 1442695040888963407;
    exact += state >> 40;
    x.data()[i] = static_cast<float>(state >> 40) * 0x1p-24f;
  }
  const double sum = static_cast<double>(exact) * 0x1p-24;
  EXPECT_NEAR(x.sum().item(), sum, sum * kFloatUlp);
  EXPECT_NEAR(x.mean().item(), sum / kPixels, 1e-7);
  EXPECT_NEAR(x.var().item(), 1. / 12, 1e-4);
  // Across strides too: the sum of the columns' sums, each of which is rounded once to float.
  EXPECT_NEAR(x.view({kPixels / 5, 5}).sum(0).sum().item(), sum, 2 * sum * kFloatUlp);
}

TEST(Accuracy, OfDoubles) {
  const std::int64_t n = 10'000'000;
  const DoubleTensor x = full<double>({1}, 0.1).expand({n});
  const double exact = static_cast<double>(static_cast<long double>(0.1) * n);
  EXPECT_NEAR(x.sum().item(), exact, 8 * kDoubleUlp * exact);
  EXPECT_NEAR(x.view({1, n}).expand({3, n}).t().contiguous().sum(0)(1), exact,
              8 * kDoubleUlp * exact);
}

// Short runs of floats are added as floats. Where large terms cancel, what is lost is bounded by
// the sum of their magnitudes.
TEST(Accuracy, WhereTermsCancel) {
  const Tensor x = tensor({1e8, 1, -1e8, 1}).unsqueeze(1).expand({4, 999}).contiguous();
  const double magnitudes = 999 * 2e8 + 2 * 999;
  EXPECT_NEAR(x.sum().item(), 2 * 999, 2 * kFloatUlp * magnitudes);
  expect_close(x.sum(0), full({999}, 2), 0, 2 * kFloatUlp * 2e8);
  EXPECT_NEAR(x.to<double>().sum().item(), 2 * 999, 1e-6);
}

// Far from zero, a variance from the mean of the squares would have no right digit.
TEST(Accuracy, OfAVarianceFarFromZero) {
  expect_close(double_tensor({1e9, 1e9 + 1, 1e9 + 2, 1e9 + 3}).var(), full<double>({}, 5. / 3),
               1e-12, 0);
  expect_close((arange(1000.f) + 1e7f).var(), full({}, 1001. * 1000 / 12), 1e-6, 0);
  EXPECT_EQ(full({1000}, 0.1f).std().item(), 0);
  // Two neighbours among the floats: added as floats, the second would count as the first.
  const float a = 8192, b = 8192 + 0x1p-10f;
  const Tensor x = tensor({{a}, {b}}).expand({50, 2, 32}).reshape({100, 32});
  expect_close(x.var(0), full({32}, 0x1p-22 * 100 / 99), 1e-6, 0);
  expect_close(x.var(), full({}, 0x1p-22 * 3200 / 3199), 1e-6, 0);
}

}  // namespace
}  // namespace foundations
