#include "07_train_loop/loop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "07_train_loop/fit.h"
#include "common/data/mnist.h"
#include "common/tensor/ops.h"
#include "common/testing/testing.h"
#include "common/train/learner.h"

namespace foundations::ch07 {
namespace {

nn::Sequential small_net(std::int64_t inputs) {
  Generator generator(1);
  return nn::Sequential{nn::Linear(inputs, 20, generator), nn::ReLU(),
                        nn::Linear(20, 10, generator)};
}

Dataset some_digits(std::int64_t n) {
  const Mnist digits = built_in_digits(n * 6 / 5 + 6, 0);
  return {normalize(digits.x_train, digits.x_train.mean(), digits.x_train.std())(Slice(0, n)),
          digits.y_train(Slice(0, n))};
}

// 100 rows in batches of 32: the last one is smaller.
TEST(LoopTest, GivesTheSameLossesInEveryRung) {
  const Dataset train = some_digits(100);
  nn::Sequential model = small_net(784);
  const std::vector<float> want = by_hand(model, train.x, train.y, {.epochs = 3, .batch = 32});
  ASSERT_EQ(want.size(), 12u);
  EXPECT_NEAR(want[0], std::log(10), 0.3);
  EXPECT_LT(want.back(), want[0]);
  for (const auto& rung : kLoops) {
    SCOPED_TRACE(rung.name);
    nn::Sequential again = small_net(784);
    EXPECT_EQ(rung.run(again, train.x, train.y, {.epochs = 3, .batch = 32}), want);
    for (std::size_t i = 0; i < 4; ++i) {
      expect_equal(again.parameters()[i], model.parameters()[i]);
      EXPECT_FALSE(again.parameters()[i].has_grad());
    }
  }
}

TEST(LoopTest, TrainsOtherModelsFromTheSecondRungOn) {
  const Dataset train = some_digits(40);
  std::vector<float> want;
  for (const auto& rung : std::span(kLoops).subspan(1)) {
    SCOPED_TRACE(rung.name);
    Generator generator(1);
    nn::Sequential deeper = nn::mlp({784, 15, 12, 10}, generator);
    const std::vector<float> losses = rung.run(deeper, train.x, train.y, {.batch = 16});
    if (want.empty()) want = losses;
    EXPECT_EQ(losses, want);
    EXPECT_EQ(losses.size(), 3u);
  }
}

TEST(FitTest, LearnsSixtyFourImagesByHeart) {
  const Dataset train = some_digits(64);
  nn::Sequential model = small_net(784);
  nn::CrossEntropyLoss loss;
  Optimizer opt(model.parameters(), 0.1f);
  const DataLoader loader(train, Sampler(64, 16));
  const History history = fit(30, model, loss, opt, loader, loader);
  EXPECT_EQ(history.losses.size(), 120u);
  EXPECT_EQ(history.valid.back().accuracy, 1);
  EXPECT_LT(history.valid.back().loss, 0.1);
}

struct BatchLosses : Callback {
  void after_batch(Learner& learner) override { values.push_back(learner.loss()); }
  std::vector<double> values;
};

// But for roundings: common's step multiplies and subtracts in one instruction.
TEST(FitTest, IsTheLoopOfCommonsLearner) {
  const Dataset data = some_digits(100);
  nn::CrossEntropyLoss loss;

  nn::Sequential model = small_net(784);
  Optimizer opt(model.parameters(), 0.1f);
  Generator generator(2);
  const History history = fit(3, model, loss, opt, DataLoader(data, Sampler(100, 32, &generator)),
                              DataLoader(data, Sampler(100, 32)));

  nn::Sequential same_model = small_net(784);
  optim::SGD same_opt(same_model.parameters(), {.lr = 0.1});
  Generator same_generator(2);
  const foundations::Dataset same_data{data.x, data.y};
  Learner learner(same_model, loss, same_opt,
                  foundations::DataLoader(same_data, {.batch = 32, .shuffle = &same_generator}),
                  foundations::DataLoader(same_data, {.batch = 32}));
  BatchLosses losses;
  learner.fit(3, {&losses});

  ASSERT_EQ(losses.values.size(), history.losses.size());
  for (std::size_t i = 0; i < history.losses.size(); ++i) {
    EXPECT_NEAR(losses.values[i], history.losses[i], 1e-5) << i;
  }
  ASSERT_EQ(learner.history().size(), history.valid.size());
  for (std::size_t i = 0; i < history.valid.size(); ++i) {
    EXPECT_NEAR(learner.history()[i].valid.loss, history.valid[i].loss, 1e-5);
    EXPECT_EQ(learner.history()[i].valid.accuracy, history.valid[i].accuracy);
  }
}

// 10 rows by 4: the last batch has 2. A plain mean of batch means would give it twice its weight.
TEST(ValidateTest, WeighsBatchesByTheirRows) {
  Generator generator(1);
  const Dataset valid{randn({10, 5}, generator), randint(0, 3, {10}, generator)};
  nn::Sequential model{nn::Linear(5, 3, generator)};
  nn::CrossEntropyLoss loss;
  const Score whole = validate(model, loss, DataLoader(valid, Sampler(10, 10)));
  const Score parts = validate(model, loss, DataLoader(valid, Sampler(10, 4)));
  EXPECT_NEAR(parts.loss, whole.loss, 1e-6);
  EXPECT_NEAR(parts.accuracy, whole.accuracy, 1e-6);
  EXPECT_TRUE(model.is_training());
}

TEST(SamplerTest, DealsOutEveryRowOnce) {
  const std::vector<LongTensor> batches = Sampler(10, 3).batches();
  ASSERT_EQ(batches.size(), 4u);
  expect_equal(batches[0], long_tensor({0, 1, 2}));
  expect_equal(batches[3], long_tensor({9}));
  EXPECT_TRUE(Sampler(0, 3).batches().empty());
  EXPECT_EQ(Sampler(3, 10).batches().size(), 1u);

  Generator generator(1);
  const Sampler shuffled(100, 30, &generator);
  std::vector<std::int64_t> epochs[2];
  for (auto& seen : epochs) {
    for (const LongTensor& batch : shuffled.batches()) {
      for (const std::int64_t row : batch.to_vector()) seen.push_back(row);
    }
  }
  EXPECT_NE(epochs[0], epochs[1]);
  for (auto& seen : epochs) {
    EXPECT_FALSE(std::ranges::is_sorted(seen));
    std::ranges::sort(seen);
    EXPECT_EQ(seen, arange(100).to_vector());
  }
}

TEST(DatasetTest, GivesImagesAndDigitsOfTheSameRows) {
  const Dataset data{tensor({{0, 0}, {1, 1}, {2, 2}}), long_tensor({0, 1, 2})};
  const auto [x, y] = data[long_tensor({2, 0})];
  expect_equal(x, tensor({{2, 2}, {0, 0}}));
  expect_equal(y, long_tensor({2, 0}));
  EXPECT_EQ(data[Slice(1, 9)].x.shape(), Shape({2, 2}));
}

}  // namespace
}  // namespace foundations::ch07
