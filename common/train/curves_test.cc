#include "common/train/curves.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "common/nn/nn.h"
#include "common/tensor/ops.h"

namespace foundations {
namespace {

TEST(LossRecord, KeepsEveryBatchAndEveryEpoch) {
  Generator generator(1);
  nn::Sequential model{nn::Linear(3, 2, generator)};
  nn::CrossEntropyLoss loss;
  optim::SGD opt(model.parameters(), {.lr = 0.1});
  const DataLoader data({randn({10, 3}, generator), arange(10).clamp_max(1)}, {.batch = 4});
  Learner learner(model, loss, opt, data, data);
  LossRecord record;
  learner.fit(2, {&record});
  const Losses& losses = record.losses();
  ASSERT_EQ(losses.train.size(), 6u);
  ASSERT_EQ(losses.valid.size(), 2u);
  EXPECT_EQ(losses.batches_an_epoch, 3);
  EXPECT_EQ(losses.train.back(), learner.loss());
  EXPECT_EQ(losses.valid[1].epoch, 2);
  EXPECT_EQ(losses.valid[1].loss, learner.history()[1].valid.loss);
}

TEST(LossCurves, AreDrawnOnALogarithmicAxis) {
  Losses losses{2, {100, 10, 1, 0.1}, {{1, 1}, {2, 0.01}}};
  EXPECT_EQ(loss_curves(losses), R"(    100 |       *
        |
        |
   8.11 |                      *
        |
        |
  0.658 |                              o      *
        |
        |                                                    *
 0.0534 |
        |
   0.01 |                                                           o
        +------------------------------------------------------------
         0                                                   2 epochs
         * train   o valid
)");
}

TEST(LossCurves, LeaveOutWhatIsNoLoss) {
  EXPECT_EQ(loss_curves({1, {}, {}}), "");
  EXPECT_EQ(loss_curves({1, {NAN, 0}, {{1, INFINITY}, {2, -1}}}), "");
  const std::string one = loss_curves({1, {2}, {{1, NAN}}});
  EXPECT_TRUE(one.starts_with("      2 |" + std::string(30, ' ') + "*\n")) << one;
  // Many batches share a column: their mean is drawn.
  Losses many{100, {}, {}};
  for (int i = 0; i < 1000; ++i) many.train.push_back(i % 2 == 0 ? 1 : 3);
  EXPECT_TRUE(loss_curves(many).starts_with("   2.06 |")) << loss_curves(many);
}

TEST(LossChart, HasBothCurves) {
  const std::string chart = loss_chart({2, {4, NAN, 2}, {{1.5, 0.5}}});
  EXPECT_TRUE(
      chart.starts_with("$train << EOD\n0.25 4\n1.25 2\nEOD\n$valid << EOD\n1.5 0.5\nEOD\n"
                        "set terminal svg"))
      << chart;
}

}  // namespace
}  // namespace foundations
