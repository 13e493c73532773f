#include "common/nn/init.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

#include "common/tensor/ops.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

constexpr char kNoFans[] =
    "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions, but got "
    "shape ";

// One way to fill a weight, with what PyTorch says its standard deviation is for [784, 50].
struct Filler {
  const char* name;
  std::function<Tensor(const Tensor&, Generator&)> fill;
  std::function<DoubleTensor(const DoubleTensor&, Generator&)> fill_double;
  double std;
  double excess;    // kurtosis: 0 for normal numbers, -1.2 for uniform ones
  bool needs_fans;  // and so two dimensions
};

void PrintTo(const Filler& filler, std::ostream* out) { *out << filler.name; }

constexpr double kUniform = -1.2;

template <class Fill>
Filler filler(const char* name, Fill fill, double std, double excess = 0, bool needs_fans = true) {
  return {name, fill, fill, std, excess, needs_fans};
}

// PyTorch's standard deviations for a fan in of 50 and a fan out of 784.
const double kHeIn = std::sqrt(2.0 / 50), kHeOut = std::sqrt(2.0 / 784),
             kGlorot = std::sqrt(2.0 / (50 + 784)), kThird = 0.3 / std::sqrt(3.0);

const Filler kFillers[] = {
    filler(
        "normal", [](auto& w, auto& g) { return normal_(w, 0, 0.3, g); }, 0.3, 0, false),
    filler(
        "uniform", [](auto& w, auto& g) { return uniform_(w, -0.3, 0.3, g); }, kThird, kUniform,
        false),
    filler(
        "kaiming_normal", [](auto& w, auto& g) { return kaiming_normal_(w, g); }, kHeIn),
    filler(
        "kaiming_normal_slope", [](auto& w, auto& g) { return kaiming_normal_(w, g, {.a = 1}); },
        std::sqrt(1.0 / 50)),
    filler(
        "kaiming_uniform_fan_out",
        [](auto& w, auto& g) { return kaiming_uniform_(w, g, {.mode = Fan::kOut}); }, kHeOut,
        kUniform),
    filler(
        "glorot_normal", [](auto& w, auto& g) { return glorot_normal_(w, g); }, kGlorot),
    filler(
        "glorot_uniform", [](auto& w, auto& g) { return glorot_uniform_(w, g); }, kGlorot,
        kUniform),
};

class InitTest : public testing::TestWithParam<Filler> {};

INSTANTIATE_TEST_SUITE_P(Fillers, InitTest, testing::ValuesIn(kFillers),
                         [](const auto& test) { return std::string(test.param.name); });

// The mean of N numbers of standard deviation s is off by s / sqrt(N), their standard deviation by
// s * sqrt((2 + excess kurtosis) / 4N): four times that is allowed.
TEST_P(InitTest, HasTheMeanAndTheStandardDeviation) {
  const Filler& filler = GetParam();
  for (const std::uint64_t seed : {0, 1, 2}) {
    Generator generator(seed);
    const Tensor w = empty(784, 50);
    filler.fill(w, generator);
    const double n = static_cast<double>(w.numel());
    EXPECT_NEAR(w.mean().item(), 0, 4 * filler.std / std::sqrt(n)) << "seed " << seed;
    EXPECT_NEAR(w.std().item(), filler.std, 4 * filler.std * std::sqrt((2 + filler.excess) / 4 / n))
        << "seed " << seed;
    // Uniform numbers reach their bound and go no further; normal ones go beyond it.
    const double farthest = w.abs().max().item() / (std::sqrt(3.0) * filler.std);
    if (filler.excess == 0) {
      EXPECT_GT(farthest, 1.5) << "seed " << seed;
    } else {
      EXPECT_GT(farthest, 0.99) << "seed " << seed;
      EXPECT_LT(farthest, 1.00001) << "seed " << seed;
    }
  }
}

TEST_P(InitTest, DrawsInRowMajorOrderWhateverTheLayout) {
  const Filler& filler = GetParam();
  for (const Shape& shape : {Shape{1, 1}, {3, 5}, {4, 1, 3}, {2, 3, 1, 2}}) {
    Generator for_dense(4);
    const Tensor want = filler.fill(zeros(shape), for_dense);
    for (const Tensor& w : every_layout(full(shape, kNan))) {
      Generator generator(4);
      EXPECT_EQ(filler.fill(w, generator).data(), w.data());
      expect_equal(w, want);
    }
    Generator generator(4);
    expect_close(filler.fill_double(zeros<double>(shape), generator), want, 1e-6, 0);
  }
}

TEST_P(InitTest, DrawsNothingForNothingNorForAnExpandedTensor) {
  for (const Shape& shape : {Shape{0, 5}, {5, 0}, {2, 3, 0, 2}}) {
    Generator generator(5), untouched(5);
    EXPECT_EQ(GetParam().fill(zeros(shape), generator).shape(), shape);
    EXPECT_EQ(generator.bits(), untouched.bits());
  }
  const Tensor row = ones(1, 4);
  Generator generator(6), untouched(6);
  expect_error<ShapeError>([&] { GetParam().fill(row.expand({3, 4}), generator); }, kWrittenTwice);
  expect_equal(row, ones(1, 4));
  EXPECT_EQ(generator.bits(), untouched.bits());
}

TEST_P(InitTest, RefusesFewerThanTwoDimensionsWhereFansCount) {
  Generator generator(7);
  for (const Shape& shape : {Shape{4}, Shape{}}) {
    const Tensor x = ones(shape);
    if (GetParam().needs_fans) {
      expect_error<ShapeError>([&] { GetParam().fill(x, generator); }, kNoFans + bracketed(shape));
      expect_equal(x, ones(shape));
    } else {
      EXPECT_NE(GetParam().fill(x, generator).to_vector()[0], 1);
    }
  }
}

// ---- What they are made of ----

TEST(Fans, AreOfOutThenIn) {
  const auto expect_fans = [](const Shape& shape, std::int64_t in, std::int64_t out) {
    EXPECT_EQ(fans(shape).in, in) << bracketed(shape);
    EXPECT_EQ(fans(shape).out, out) << bracketed(shape);
  };
  expect_fans({784, 50}, 50, 784);
  expect_fans({32, 1, 5, 5}, 25, 800);
  expect_fans({6, 4, 3}, 12, 18);
  expect_fans({0, 7}, 7, 0);
}

TEST(Gain, IsWhatTheNotebooksPrint) {
  EXPECT_NEAR(gain(1), 1.0, 1e-12);
  EXPECT_NEAR(gain(0), 1.4142135623730951, 1e-12);
  EXPECT_NEAR(gain(.1), 1.4071950894605838, 1e-12);
  EXPECT_NEAR(gain(std::sqrt(5.0)), 0.5773502691896257, 1e-12);
  EXPECT_EQ(gain(), gain(0));
}

// nn.Linear's default, kaiming_uniform_ with a = sqrt(5), is uniform between -+1 / sqrt(fan in).
TEST(Kaiming, TakesASlopeAndTheFansOfAConvolution) {
  Generator generator(8), same(8);
  const Tensor w = kaiming_uniform_(empty(50, 784), generator, {.a = std::sqrt(5.0)});
  expect_close(w, uniform_(empty(50, 784), -1 / 28.0, 1 / 28.0, same), 1e-6, 1e-9);
  Generator out(9), same_out(9);  // the fans of a convolution
  expect_close(kaiming_normal_(empty(32, 1, 5, 5), out, {.mode = Fan::kOut}),
               normal_(empty(32, 1, 5, 5), 0, std::sqrt(2 / 800.0), same_out), 1e-6, 0);
}

TEST(NormalAndUniform, TakeAMeanAndBounds) {
  Generator generator(10);
  EXPECT_NEAR(normal_(empty(100, 100), 5, 0.5, generator).mean().item(), 5, 4 * 0.5 / 100);
  const Tensor uniform = uniform_(empty(100, 100), 2, 6, generator);
  EXPECT_NEAR(uniform.mean().item(), 4, 4 * (4 / std::sqrt(12.0)) / 100);
  EXPECT_GE(uniform.min().item(), 2);
  EXPECT_LT(uniform.max().item(), 6);
  expect_equal(uniform_(empty(2), 3, 3, generator), tensor({3, 3}));
  // Just below 1 a double rounds to the float 1; of 1e5 numbers between 1 - 1e-7 and 1 most do.
  EXPECT_LT(uniform_(empty(100'000), 1 - 1e-7, 1, generator).max().item(), 1);
  EXPECT_LT(uniform_(empty(100'000), 0, 0.1, generator).max().item(), 0.1);
}

TEST(NormalAndUniform, RefuseWhatIsNoDistribution) {
  Generator generator(12), untouched(12);
  const Tensor x = ones(3);
  for (const auto& [mean, std] : {std::pair(0., -1.), {0., 1. * kInf}, {-1. * kInf, 1.}}) {
    expect_error<std::invalid_argument>(
        [&, m = mean, s = std] { normal_(x, m, s, generator); },
        (std::ostringstream() << "normal_ expects a finite mean and std >= 0.0, but found mean "
                              << mean << " and std " << std)
            .str());
  }
  for (const auto& [low, high] : {std::pair(2., 1.), {0., 1. * kInf}, {-1.5e308, 1.5e308}}) {
    expect_error<std::invalid_argument>(
        [&, l = low, h = high] { uniform_(x, l, h, generator); },
        (std::ostringstream() << "uniform_ expects finite bounds, low <= high, but found low "
                              << low << " and high " << high)
            .str());
  }
  EXPECT_THROW(normal_(x, 0, kNan, generator), std::invalid_argument);
  EXPECT_THROW(uniform_(x, kNan, 1, generator), std::invalid_argument);
  EXPECT_THROW(kaiming_normal_(ones(2, 2), generator, {.a = kNan}), std::invalid_argument);
  expect_equal(x, ones(3));
  EXPECT_EQ(generator.bits(), untouched.bits());
}

}  // namespace
}  // namespace foundations
