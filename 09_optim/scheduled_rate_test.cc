// A schedule in the loop, as the lesson has it, beside common's callback.
#include <gtest/gtest.h>

#include <utility>

#include "common/nn/nn.h"
#include "common/tensor/random.h"
#include "common/train/rates.h"

namespace foundations {
namespace {

namespace lesson {

struct ScheduledRate : Callback {
  explicit ScheduledRate(Schedule s) : schedule(std::move(s)) {}
  void before_batch(Learner& learner) override {
    learner.optimizer().set_lr(schedule(learner.position()));
  }
  Schedule schedule;
};

}  // namespace lesson

TEST(ScheduledRate, IsCommons) {
  const Schedule schedule = sched_cos(1, 0.1);
  lesson::ScheduledRate ours(schedule);
  ScheduledRate commons(schedule);
  float weights[2];
  Callback* const callbacks[] = {&ours, &commons};
  for (int i = 0; i < 2; ++i) {
    Generator generator(1);
    const Dataset rows{randn({8, 3}, generator), arange(8).clamp_max(1)};
    nn::Sequential model{nn::Linear(3, 2, generator)};
    nn::CrossEntropyLoss loss;
    optim::SGD opt(model.parameters(), {.lr = 0});
    Learner learner(model, loss, opt, DataLoader(rows, {.batch = 2}), DataLoader(rows));
    learner.fit(3, {callbacks[i]});
    weights[i] = model.parameters()[0](0, 0);
    EXPECT_DOUBLE_EQ(opt.lr(), schedule(11 / 12.));
  }
  EXPECT_EQ(weights[0], weights[1]);
}

}  // namespace
}  // namespace foundations
