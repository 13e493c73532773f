#include "common/nn/schedules.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

#include "common/base/error.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

TEST(Schedules, GoFromStartToEnd) {
  const double half_root = std::sqrt(0.5);
  const struct {
    Schedule schedule;
    double position, want;
  } rows[] = {
      {sched_no(0.3), 0, 0.3},         {sched_no(0.3), 1, 0.3},
      {sched_lin(1, 2), 0, 1},         {sched_lin(1, 2), 0.3, 1.3},
      {sched_lin(2, 1), 0.75, 1.25},   {sched_lin(0.1, 0.7), 1, 0.7},
      {sched_cos(1, 2), 0, 1},         {sched_cos(1, 2), 0.25, 1.5 - half_root / 2},
      {sched_cos(1, 2), 0.5, 1.5},     {sched_cos(2, 0), 1 / 3., 1.5},
      {sched_cos(0.1, 0.7), 1, 0.7},   {sched_exp(1, 100), 0.5, 10},
      {sched_exp(-8, -1), 1 / 3., -4}, {sched_exp(0.1, 0.7), 1, 0.7},
  };
  for (const auto& row : rows) {
    EXPECT_NEAR(row.schedule(row.position), row.want, 1e-14) << row.position << " " << row.want;
  }
  for (const Schedule& end : {sched_lin(0.1, 0.7), sched_cos(0.1, 0.7)}) EXPECT_EQ(end(1), 0.7);
}

TEST(Schedules, RefusePositionsOutside) {
  for (const Schedule& schedule : {sched_no(1), sched_lin(1, 2), sched_cos(1, 2), sched_exp(1, 2),
                                   combine({1}, {sched_no(1)})}) {
    expect_error<std::invalid_argument>([&] { schedule(1.01); },
                                        "a schedule needs a position from 0 to 1, but got 1.01");
    EXPECT_THROW(schedule(-1e-9), std::invalid_argument);
    EXPECT_THROW(schedule(kNan), std::invalid_argument);
  }
}

TEST(SchedExp, NeedsTwoNumbersOfOneSign) {
  for (const auto& [start, end] : {std::pair(0., 1.), {1., 0.}, {-1., 1.}, {1., 1. * kNan}}) {
    EXPECT_THROW(sched_exp(start, end), std::invalid_argument) << start << " " << end;
  }
  expect_error<std::invalid_argument>(
      [] { sched_exp(1, 0); },
      "sched_exp() needs two numbers of one sign, and not 0, but got 1 and 0");
}

TEST(Combine, RunsOneAfterAnother) {
  const Schedule two = combine({0.3, 0.7}, {sched_lin(0, 1), sched_lin(5, 6)});
  const Schedule skip = combine(
      {0, 0.5, 0, 0.5, 0}, {sched_no(7), sched_no(1), sched_no(8), sched_lin(2, 3), sched_no(9)});
  const Schedule thirds = combine({0.1, 0.2, 0.7}, {sched_no(1), sched_no(2), sched_no(3)});
  const Schedule rounded =
      combine({0.7, 0.3, 1 - 0.7 - 0.3}, {sched_no(1), sched_lin(2, 3), sched_no(9)});
  const Schedule short_by_a_little = combine({0.5, 0.5 - 5e-7}, {sched_no(0), sched_lin(2, 3)});
  const struct {
    const Schedule& schedule;
    double position, want;
  } rows[] = {
      {two, 0, 0},
      {two, 0.15, 0.5},
      {two, 0.3 - 1e-6, 1 - 1e-6 / 0.3},
      {two, 0.3, 5},
      {two, 0.65, 5.5},
      {two, 1, 6},
      {skip, 0, 1},
      {skip, 0.499, 1},
      {skip, 0.5, 2},
      {skip, 1, 3},
      {thirds, 0.1, 2},
      {thirds, 0.3, 3},  // 0.1 + 0.2 is more than 0.3
      {thirds, 0.299, 2},
      {short_by_a_little, 1, 3},
      {rounded, 1, 3},
  };
  for (const auto& row : rows) {
    EXPECT_NEAR(row.schedule(row.position), row.want, 1e-9) << row.position << " " << row.want;
  }
}

TEST(Combine, NeedsAScheduleForEachPartOfAWhole) {
  const Schedule s = sched_no(1);
  for (const std::vector<double>& parts : {std::vector<double>{0.5, 0.6},
                                           {1.5, -0.5},
                                           {1},
                                           {},
                                           {0.5, 0.5 + 2e-6},
                                           {0.5, kNan},
                                           {0.5, 0.25, 0.25}}) {
    EXPECT_THROW(combine(parts, {s, s}), std::invalid_argument);
  }
  EXPECT_THROW(combine({}, {}), std::invalid_argument);
  expect_error<std::invalid_argument>(
      [&] {
        combine({0.5, 0.6}, {s});
      },
      "combine() needs a schedule for each part, and parts of at "
      "least 0 that sum to 1, but got 2 parts that sum to 1.1 and "
      "1 schedules");
}

// What PyTorch's OneCycleLR does: the first part ends a step early, between two steps if need be.
TEST(OneCycle, IsPyTorchs) {
  const struct {
    OneCycleOptions options;
    std::int64_t step;
    double want;
  } rows[] = {
      {{.max_lr = 1, .total_steps = 10}, 0, 0.04},
      {{.max_lr = 1, .total_steps = 10}, 1, 0.52},
      {{.max_lr = 1, .total_steps = 10}, 2, 1},
      {{.max_lr = 1, .total_steps = 10}, 3, (1 + std::cos(std::numbers::pi / 7)) / 2},
      {{.max_lr = 1, .total_steps = 10}, 9, 4e-6},
      {{.max_lr = 0.5, .total_steps = 5, .div_factor = 10}, 0, 0.05},
      {{.max_lr = 0.5, .total_steps = 5}, 1, 0.25 + 0.25 * std::cos(std::numbers::pi / 7)},
      {{.max_lr = 0.5, .total_steps = 5, .div_factor = 10, .final_div_factor = 5}, 4, 0.01},
      {{.max_lr = 1, .total_steps = 1}, 0, 4e-6},
      {{.max_lr = 1, .total_steps = 10, .pct_start = 0.1}, 0, 1},  // PyTorch divides by 0
      {{.max_lr = 1, .total_steps = 3, .pct_start = 0}, 0, 0.75},
      {{.max_lr = 1, .total_steps = 3, .pct_start = 1}, 2, 1},
  };
  for (const auto& row : rows) {
    EXPECT_NEAR(OneCycle(row.options)(row.step), row.want, 5e-6)
        << row.options.total_steps << " " << row.step;
  }
}

TEST(OneCycle, IsTwoSchedulesCombined) {
  const OneCycle cycle({.max_lr = 0.1, .total_steps = 101});
  const double seam = (0.3 * 101 - 1) / 100;
  const Schedule combined =
      combine({seam, 1 - seam}, {sched_cos(0.1 / 25, 0.1), sched_cos(0.1, 0.1 / 25e4)});
  for (int step = 0; step <= 100; ++step) EXPECT_NEAR(cycle(step), combined(step / 100.), 1e-12);
}

TEST(OneCycle, EndsWithItsLastStep) {
  const OneCycle cycle({.max_lr = 1, .total_steps = 10});
  expect_error<IndexError>([&] { cycle(10); },
                           "Tried to step 11 times. The specified number of total steps is 10");
  EXPECT_THROW(cycle(-1), IndexError);
  expect_error<std::invalid_argument>([] { OneCycle({.max_lr = 1, .total_steps = 0}); },
                                      "Expected positive integer total_steps, but got 0");
  expect_error<std::invalid_argument>(
      [] { OneCycle({.max_lr = 1, .total_steps = 9, .pct_start = 1.5}); },
      "Expected float between 0 and 1 pct_start, but got 1.5");
}

}  // namespace
}  // namespace foundations
