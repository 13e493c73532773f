#include "common/data/augment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

#include "common/base/error.h"
#include "common/tensor/join.h"
#include "common/tensor/ops.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// n images with a dot at (14, 14), on paper that is -0.5.
Tensor dots(std::int64_t n) {
  Tensor x = full({n, 28, 28}, -0.5);
  x(_, 14, 14) = 2;
  return x.view(n, 784);
}

TEST(RandomShift, ReachesEveryPlaceWithinReach) {
  for (const std::int64_t by : {0, 1, 2}) {
    Generator generator(1);
    std::set<std::pair<std::int64_t, std::int64_t>> places;
    for (const Tensor& image : random_shift(dots(400), by, generator)) {
      const std::int64_t place = image.argmax().item();
      places.insert({place / 28, place % 28});
      EXPECT_EQ(image.sum().item(), -0.5 * 783 + 2);  // one dot, and else paper
    }
    EXPECT_EQ(std::int64_t(places.size()), (2 * by + 1) * (2 * by + 1));
    EXPECT_EQ(places.begin()->first, 14 - by);
    EXPECT_EQ(places.rbegin()->second, 14 + by);
  }
}

// The farthest shifts leave one row and one column, whose pixels the image then repeats.
TEST(RandomShift, RepeatsTheEdge) {
  const Tensor x = arange(784).to<float>().view(1, 784);
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Generator generator(seed), same(seed);
    const Tensor shifted = random_shift(x, 27, generator).view(28, 28);
    const std::int64_t down = same.below(55) - 27, right = same.below(55) - 27;
    const auto inside = [](std::int64_t i) { return std::clamp<std::int64_t>(i, 0, 27); };
    for (std::int64_t r = 0; r < 28; ++r) {
      for (std::int64_t c = 0; c < 28; ++c) {
        ASSERT_EQ(shifted(r, c), float(inside(r - down) * 28 + inside(c - right)))
            << down << " down, " << right << " right, at " << r << ", " << c;
      }
    }
  }
}

TEST(RandomShift, TakesAnyStridesAndBothShapes) {
  Generator source(1);
  const Tensor x = randn({6, 784}, source), twice = cat({x, x}, 1);
  Generator a(2), b(2), c(2);
  const Tensor want = random_shift(x, 3, a);
  expect_equal(random_shift(x.view(6, 1, 28, 28), 3, b), want.view(6, 1, 28, 28));
  expect_equal(random_shift(twice(_, Slice(784)), 3, c), want);
  EXPECT_EQ(random_shift(x(Slice(0, 0)), 3, a).shape(), Shape({0, 784}));
  expect_equal(random_shift(x[0].expand(2, 784), 0, a), x[0].expand(2, 784));
}

TEST(RandomShift, RefusesOtherShapesAndTooFar) {
  Generator generator(1);
  for (const Shape& shape : {Shape{}, Shape{784}, Shape{2, 783}, Shape{2, 28, 28}}) {
    expect_error<ShapeError>(
        [&] { random_shift(ones(shape), 1, generator); },
        "random_shift() needs images [n, 784] or [n, 1, 28, 28], but got " + bracketed(shape));
  }
  for (const std::int64_t by : {-1, 28}) {
    expect_error<std::invalid_argument>(
        [&] { random_shift(ones(2, 784), by, generator); },
        "random_shift() moves by 0 to 27 pixels, but got " + std::to_string(by));
  }
}

}  // namespace
}  // namespace foundations
