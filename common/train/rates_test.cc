#include "common/train/rates.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "common/nn/nn.h"
#include "common/tensor/random.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// Sixteen rows in batches of four, and a layer that learns them.
struct Trained {
  Generator generator{1};
  Dataset rows{randn({16, 3}, generator), arange(16).to<float>().clamp_max(1).to<std::int64_t>()};
  nn::Sequential model{nn::Linear(3, 2, generator)};
  nn::CrossEntropyLoss loss;
  optim::SGD opt{model.parameters(), {.lr = 7}};
  Learner learner{model, loss, opt, DataLoader(rows, {.batch = 4}), DataLoader(rows)};
};

TEST(ScheduledRate, SetsTheRateOfEachBatch) {
  Trained t;
  ScheduledRate rate(sched_lin(0, 0.8));
  for (int again = 0; again < 2; ++again) {
    t.learner.fit(2, {&rate});
    ASSERT_EQ(rate.rates().size(), 8u);
    for (int step = 0; step < 8; ++step) EXPECT_NEAR(rate.rates()[step], 0.1 * step, 1e-12);
  }
  EXPECT_NEAR(t.opt.lr(), 0.7, 1e-12);
}

TEST(ScheduledRate, RunsOneCycleOverAllSteps) {
  Trained t;
  ScheduledRate rate(OneCycleOptions{.max_lr = 0.1});
  t.learner.fit(5, {&rate});
  const OneCycle cycle({.max_lr = 0.1, .total_steps = 20});
  ASSERT_EQ(rate.rates().size(), 20u);
  for (int step = 0; step < 20; ++step) EXPECT_EQ(rate.rates()[step], cycle(step));
}

TEST(LRFinder, RaisesTheRateByEqualFactors) {
  Trained t;
  LRFinder finder({.start = 1e-4, .end = 1e-2, .steps = 5});
  t.learner.fit(9, {&finder});
  ASSERT_EQ(finder.losses().size(), 5u);
  for (int i = 0; i < 5; ++i)
    EXPECT_NEAR(finder.rates()[i] / (1e-4 * std::pow(10, i / 2.)), 1, 1e-9);
  EXPECT_EQ(t.learner.step(), 5);
  EXPECT_GT(finder.suggestion(), 0);
}

TEST(LRFinder, EndsWhenTheLossIsMuchWorse) {
  Trained t;
  LRFinder finder({.start = 1e-3, .end = 1e6, .steps = 1000});
  t.learner.fit(1000, {&finder});
  EXPECT_LT(finder.losses().size(), 1000u);
  EXPECT_LT(finder.suggestion(), finder.rates().back() / 10);

  Trained broken;
  broken.model.parameters()[0].fill_(kNan);
  broken.learner.fit(9, {&finder});
  EXPECT_EQ(finder.losses().size(), 1u);
  EXPECT_TRUE(std::isnan(finder.suggestion()));
}

TEST(LRFinder, NeedsAWayUp) {
  for (const LRFinderOptions& options :
       {LRFinderOptions{.start = 0}, {.start = 1, .end = 1}, {.steps = 1}, {.start = kNan}}) {
    expect_error<std::invalid_argument>([&] { LRFinder finder(options); },
                                        "LRFinder needs 0 < start < end and at least 2 steps");
  }
}

}  // namespace
}  // namespace foundations
