#include "common/train/learner.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "common/data/mnist.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// A net of two layers that learns some digits, always from the same start.
struct Lesson {
  explicit Lesson(std::int64_t rows, double lr = 0.1, std::int64_t batch = 16)
      : model{nn::Linear(784, 20, generator), nn::ReLU(), nn::Linear(20, 10, generator)},
        opt(model.parameters(), {.lr = lr}),
        data(digits(rows)),
        learner(model, loss, opt, DataLoader(data, {.batch = batch}), DataLoader(data)) {
    model.input_grad(false);
  }

  static Dataset digits(std::int64_t rows) {
    const Mnist all = built_in_digits(128, 0);
    const Tensor x = normalize(all.x_train, all.x_train.mean(), all.x_train.std());
    return {x(Slice(0, rows)), all.y_train(Slice(0, rows))};
  }

  Generator generator{1};
  nn::Sequential model;
  nn::CrossEntropyLoss loss;
  optim::SGD opt;
  Dataset data;
  Learner learner;
};

// Calls what it is given after each batch.
struct AfterBatch : Callback {
  explicit AfterBatch(const std::function<void(Learner&)>& work) : call(work) {}
  void after_batch(Learner& learner) override { call(learner); }
  std::function<void(Learner&)> call;
};

TEST(Learner, LearnsSixtyFourImagesByHeart) {
  Lesson lesson(64);
  lesson.learner.fit(30);
  ASSERT_EQ(lesson.learner.history().size(), 30u);
  EXPECT_NEAR(lesson.learner.history().front().train_loss, std::log(10), 0.5);
  EXPECT_LT(lesson.learner.history().back().train_loss, 0.1);
  EXPECT_EQ(lesson.learner.history().back().valid.accuracy, 1);
  EXPECT_GT(lesson.learner.history().back().seconds, 0);
}

// 40 rows by 16: the last batch has 8.
TEST(Learner, StepsAsTheLoopByHand) {
  Lesson lesson(40), by_hand(40);
  std::vector<double> losses, want;
  AfterBatch keep([&](Learner& learner) { losses.push_back(learner.loss()); });
  lesson.learner.fit(2, {&keep});
  std::vector<double> means;
  for (int epoch = 0; epoch < 2; ++epoch) {
    double sum = 0;
    for (std::int64_t i = 0; i < 40; i += 16) {
      const auto [xb, yb] = by_hand.data[Slice(i, i + 16)];
      want.push_back(by_hand.loss(by_hand.model(xb), yb).item());
      by_hand.model.backward(by_hand.loss.backward());
      for (const Tensor& p : by_hand.model.parameters()) p -= 0.1 * p.grad();
      by_hand.model.zero_grad();
      sum += want.back() * static_cast<double>(yb.numel());
    }
    means.push_back(sum / 40);
  }
  ASSERT_EQ(losses.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) EXPECT_NEAR(losses[i], want[i], 1e-5);
  for (std::size_t i = 0; i < means.size(); ++i) {
    EXPECT_NEAR(lesson.learner.history()[i].train_loss, means[i], 1e-5);
  }
  for (const Tensor& p : lesson.model.parameters()) EXPECT_FALSE(p.has_grad());
}

// Writes down when it is called, and where the learner says that it is.
struct Diary : Callback {
  void before_fit(Learner& l) override { add("fit", l); }
  void before_batch(Learner& l) override { add("<", l); }
  void after_batch(Learner& l) override { add(">", l); }
  void after_epoch(Learner& l) override { add("epoch", l); }
  void after_fit(Learner& l) override { add("end", l); }
  void add(const std::string& what, const Learner& l) {
    text += what + " " + std::to_string(l.epoch()) + "/" + std::to_string(l.epochs()) + " " +
            std::to_string(l.step()) + "/" + std::to_string(l.steps()) + "\n";
    modes += l.model().is_training() ? 't' : 'e';
    positions.push_back(l.position());
  }
  std::string text, modes;
  std::vector<double> positions;
};

TEST(Learner, CallsInOrderAndSaysWhereItIs) {
  Lesson lesson(32);
  Diary diary;
  lesson.model.eval();
  lesson.learner.fit(2, {&diary});
  EXPECT_EQ(diary.text,
            "fit 0/2 0/4\n"
            "< 0/2 0/4\n> 0/2 0/4\n< 0/2 1/4\n> 0/2 1/4\nepoch 0/2 2/4\n"
            "< 1/2 2/4\n> 1/2 2/4\n< 1/2 3/4\n> 1/2 3/4\nepoch 1/2 4/4\n"
            "end 2/2 4/4\n");
  EXPECT_EQ(diary.modes, "e" + std::string(11, 't'));  // trains whatever it found
  EXPECT_EQ(diary.positions, (std::vector<double>{0, 0, 0, .25, .25, .5, .5, .5, .75, .75, 1, 1}));
}

TEST(Learner, StopsAfterTheBatchAndKeepsWhatThereIs) {
  Lesson lesson(64), whole(64);
  std::vector<double> losses;
  AfterBatch stop_at_the_sixth([&](Learner& learner) {
    losses.push_back(learner.loss());
    if (learner.step() == 5) learner.stop();
  });
  Diary diary;
  lesson.learner.fit(3, {&stop_at_the_sixth, &diary});
  EXPECT_EQ(losses.size(), 6u);
  EXPECT_TRUE(lesson.learner.stopped());
  const std::vector<EpochResult>& history = lesson.learner.history();
  ASSERT_EQ(history.size(), 2u);
  EXPECT_NEAR(history[1].train_loss, (losses[4] + losses[5]) / 2, 1e-9);
  EXPECT_EQ(history[1].valid.loss,
            evaluate(lesson.model, lesson.loss, DataLoader(lesson.data)).loss);
  EXPECT_TRUE(diary.text.ends_with("epoch 1/3 6/12\nend 2/3 6/12\n")) << diary.text;
  lesson.learner.fit(1);  // and goes on
  EXPECT_EQ(history.size(), 3u);
  EXPECT_FALSE(lesson.learner.stopped());
}

TEST(Learner, StopsBeforeTheFirstBatch) {
  Lesson lesson(32);
  struct : Callback {
    void before_fit(Learner& learner) override { learner.stop(); }
  } stop;
  lesson.learner.fit(2, {&stop});
  EXPECT_TRUE(lesson.learner.history().empty());
  EXPECT_EQ(lesson.learner.step(), 0);
}

TEST(Learner, StopsAfterAnEpoch) {
  Lesson lesson(32);
  struct : Callback {
    void after_epoch(Learner& learner) override { learner.stop(); }
  } stop;
  lesson.learner.fit(3, {&stop});
  EXPECT_EQ(lesson.learner.history().size(), 1u);
  EXPECT_TRUE(lesson.learner.stopped());
}

TEST(Learner, TrainsOnNothingAndValidatesOnNothing) {
  Lesson none(0), no_epoch(32);
  none.learner.fit(1);
  ASSERT_EQ(none.learner.history().size(), 1u);
  EXPECT_TRUE(std::isnan(none.learner.history()[0].train_loss));
  EXPECT_TRUE(std::isnan(none.learner.history()[0].valid.accuracy));
  EXPECT_EQ(none.learner.position(), 0);
  no_epoch.learner.fit(0);
  EXPECT_TRUE(no_epoch.learner.history().empty());
}

// 10 rows by 4: the last batch has 2. A plain mean of batch means would give it twice its weight.
TEST(Evaluate, WeighsBatchesByTheirRows) {
  Generator generator(1);
  const Dataset data{randn({10, 5}, generator), randint(0, 3, {10}, generator)};
  nn::Sequential model{nn::Linear(5, 3, generator)};
  nn::CrossEntropyLoss loss;
  const Score whole = evaluate(model, loss, DataLoader(data, {.batch = 10}));
  const Score parts = evaluate(model, loss, DataLoader(data, {.batch = 4}));
  EXPECT_NEAR(parts.loss, whole.loss, 1e-6);
  EXPECT_NEAR(parts.accuracy, whole.accuracy, 1e-6);
  const Score first = evaluate(model, loss, DataLoader({data.x(Slice(0, 8)), data.y(Slice(0, 8))}));
  const Score last = evaluate(model, loss, DataLoader({data.x(Slice(8)), data.y(Slice(8))}));
  const double plain = (2 * first.loss + last.loss) / 3;
  EXPECT_GT(std::abs(plain - whole.loss), 1e-3);  // the difference that it makes
}

TEST(Evaluate, LeavesTheModelInItsMode) {
  Generator generator(1);
  nn::Sequential model{nn::Linear(5, 3, generator)};
  nn::CrossEntropyLoss loss;
  const DataLoader none({ones(0, 5), arange(0)});
  for (const bool training : {true, false}) {
    model.train(training);
    EXPECT_TRUE(std::isnan(evaluate(model, loss, none).loss));
    EXPECT_EQ(model.is_training(), training);
    const DataLoader too_wide({ones(2, 6), arange(2)});
    EXPECT_THROW(evaluate(model, loss, too_wide), ShapeError);
    EXPECT_EQ(model.is_training(), training);
  }
}

}  // namespace
}  // namespace foundations
