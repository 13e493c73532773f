#include "09_optim/schedules.h"

#include <gtest/gtest.h>

#include "common/nn/schedules.h"

namespace foundations::ch09 {
namespace {

TEST(Schedules, AreCommons) {
  const Schedule combined = combine({0.25, 0.75}, {sched_cos(0.1, 1), sched_lin(1, 0.2)});
  const auto commons = foundations::combine(
      {0.25, 0.75}, {foundations::sched_cos(0.1, 1), foundations::sched_lin(1, 0.2)});
  EXPECT_NEAR(sched_lin(1, 2)(0.3), 1.3, 1e-15);
  for (double position = 0; position <= 1; position += 0.0625) {
    EXPECT_EQ(sched_no(2)(position), foundations::sched_no(2)(position));
    EXPECT_NEAR(sched_lin(1, 3)(position), foundations::sched_lin(1, 3)(position), 1e-14);
    EXPECT_NEAR(sched_cos(1, 3)(position), foundations::sched_cos(1, 3)(position), 1e-14);
    EXPECT_NEAR(sched_exp(1, 3)(position), foundations::sched_exp(1, 3)(position), 1e-14);
    EXPECT_NEAR(combined(position), commons(position), 1e-14) << position;
  }
}

TEST(Combine, LeavesASeamToTheLaterPart) {
  const Schedule steps = combine({0.5, 0.5}, {sched_no(1), sched_no(2)});
  EXPECT_EQ(steps(0.499), 1);
  EXPECT_EQ(steps(0.5), 2);
  EXPECT_EQ(steps(1), 2);
}

}  // namespace
}  // namespace foundations::ch09
