#include "09_optim/pictures/valley.h"

#include <gtest/gtest.h>

#include <cmath>

#include "09_optim/pictures/plot.h"

namespace foundations::ch09 {
namespace {

double height(const Path& path, std::size_t i) {
  return (std::pow(path.x[i], 2) + kSteepness * std::pow(path.y[i], 2)) / 2;
}

// Along and across, SGD shrinks by a factor in each step.
TEST(Valley, SgdWalksAsOnPaper) {
  const Path path = valley_path("", sgd, {.lr = 0.07f}, 20);
  for (int i = 0; i <= 20; ++i) {
    EXPECT_NEAR(path.x[i], -9 * std::pow(0.93, i), 1e-4);
    EXPECT_NEAR(path.y[i], 1.5 * std::pow(-0.75, i), 1e-4);
  }
}

TEST(Valley, AllPathsLeadDown) {
  for (const Path& path : valley_paths(40)) {
    ASSERT_EQ(path.x.size(), 41u);
    EXPECT_LT(height(path, 40), height(path, 0) / 10) << path.name;
  }
}

TEST(Plot, PutsMarksWhereTheyBelong) {
  EXPECT_EQ(plot({{0, 0}, {1, 1, 'o'}, {1.3, 0}, {NAN, 0}}, {0, 1, 0, 1}, 3, 2),
            "    1 |  o\n"
            "      |*\n"
            "      +---\n");
}

}  // namespace
}  // namespace foundations::ch09
