// What a start leads to, in bands that every seed keeps to; and that learn() is gradient descent.
#include "04_init/experiment/learn.h"

#include <gtest/gtest.h>

#include <cmath>

#include "04_init/forward.h"
#include "common/testing/testing.h"

namespace foundations::ch04 {
namespace {

// 500 of the training digits.
Learnt learnt(DrawWeights draw, std::uint64_t seed, int steps) {
  static const Mnist digits = get_data();
  static const Tensor x =
      normalize(digits.x_train, digits.x_train.mean(), digits.x_train.std()).slice(0, 0, 500);
  Generator generator(seed);
  return learn(draw, x, digits.y_train.slice(0, 0, 500), steps, generator);
}

TEST(Learn, OnlyFromAStartThatKeepsTheSize) {
  for (const std::uint64_t seed : {0, 1}) {
    SCOPED_TRACE(seed);
    const Learnt vanished = learnt(small, seed, 60);
    EXPECT_LT(vanished.gradient, 1e-11);
    EXPECT_NEAR(vanished.loss, std::log(10), 0.02);
    EXPECT_LT(vanished.accuracy, 0.2);
    const Learnt exploded = learnt(unscaled, seed, 60);
    EXPECT_GT(exploded.gradient, 1e7);
    EXPECT_TRUE(std::isnan(exploded.loss));
    const Learnt faded = learnt(simplified, seed, 60), kept = learnt(kaiming_normal, seed, 60);
    EXPECT_LT(faded.gradient, 0.3);
    EXPECT_GT(kept.gradient, 1);
    EXPECT_LT(kept.gradient, 30);
    EXPECT_LT(kept.loss, faded.loss / 2);
    EXPECT_GT(kept.accuracy, faded.accuracy + 0.2);
  }
}

TEST(Learn, StepsAgainstTheGradient) {
  const Learnt before = learnt(kaiming_normal, 2, 0), after = learnt(kaiming_normal, 2, 1);
  EXPECT_EQ(before.gradient, after.gradient);
  EXPECT_GT(before.loss, after.loss);
}

}  // namespace
}  // namespace foundations::ch04
