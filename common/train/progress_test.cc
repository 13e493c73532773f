#include "common/train/progress.h"

#include <gtest/gtest.h>

#include <csignal>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

struct AfterBatch : Callback {
  void after_batch(Learner& learner) override {
    if (learner.step() == at) work(learner);
  }
  std::int64_t at = 0;
  void (*work)(Learner&) = nullptr;
};

// A learner with 5 batches of 2 rows an epoch.
struct Lesson {
  Generator generator{1};
  nn::Sequential model{nn::Linear(3, 2, generator)};
  nn::CrossEntropyLoss loss;
  optim::SGD opt{model.parameters(), {.lr = 0.1}};
  DataLoader data{{randn({10, 3}, generator), randint(0, 2, {10}, generator)}, {.batch = 2}};
  Learner learner{model, loss, opt, data, data};
};

std::vector<std::string> lines(const std::ostringstream& out) {
  std::istringstream in(out.str());
  std::vector<std::string> all;
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

TEST(EpochTable, HasARowForEachEpoch) {
  Lesson lesson;
  std::ostringstream out;
  EpochTable table(out, 7);
  lesson.learner.fit(2, {&table});
  const std::vector<std::string> rows = lines(out);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0], "epoch  train loss  valid loss  accuracy  seconds");
  EXPECT_TRUE(rows[1].starts_with("    8      0.")) << rows[1];
  EXPECT_TRUE(rows[2].starts_with("    9      0.")) << rows[2];
  for (const std::string& row : rows) EXPECT_EQ(row.size(), rows[0].size()) << row;
  EXPECT_NE(rows[2].find("0 %"), std::string::npos) << rows[2];
}

TEST(EpochTable, SaysWhereItWasStopped) {
  Lesson lesson;
  std::ostringstream out;
  EpochTable table(out);
  AfterBatch stop;
  stop.at = 6;
  stop.work = [](Learner& learner) { learner.stop(); };
  lesson.learner.fit(3, {&stop, &table});
  ASSERT_EQ(lines(out).size(), 4u);
  EXPECT_EQ(lines(out)[3], "stopped after 7 of 15 batches");
}

// inf - inf is a NaN with the sign of minus on some processors.
TEST(EpochTable, HasColumnsForWhatIsNotANumber) {
  Lesson lesson;
  lesson.model.parameters()[0].fill_(-kNan);
  std::ostringstream out;
  EpochTable table(out);
  lesson.learner.fit(1, {&table});
  EXPECT_TRUE(lines(out)[1].starts_with("    1         nan         nan  ")) << out.str();
}

TEST(ProgressText, SaysWhereItIs) {
  const struct {
    Progress progress;
    std::string want;
  } kCases[] = {
      {{2, 5, 300, 782, 0.15324, 182000.4, 3.4},
       "epoch 2/5  batch 300/782  loss 0.1532  182000 images/s  0:03 left"},
      {{1, 1, 1, 1, 2.3, 12, 59.6}, "epoch 1/1  batch 1/1  loss 2.3000  12 images/s  1:00 left"},
      {{1, 1, 1, 1, 0, 1, 7261}, "epoch 1/1  batch 1/1  loss 0.0000  1 images/s  121:01 left"},
  };
  for (const auto& c : kCases) EXPECT_EQ(to_string(c.progress), c.want);
}

// In a test standard error is no terminal.
TEST(ProgressLine, IsNotThereWhereNothingCanBeWiped) {
  Lesson lesson;
  testing::internal::CaptureStderr();
  ProgressLine line;
  lesson.learner.fit(1, {&line});
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(ProgressLine, LeavesNothingBehind) {
  Lesson lesson;
  std::ostringstream out;
  ProgressLine line(out, 0);
  lesson.learner.fit(2, {&line});
  EXPECT_TRUE(out.str().starts_with("\r\x1b[K\x1b[?7lepoch 1/2  batch 1/5  loss 0.")) << out.str();
  EXPECT_NE(out.str().find("epoch 2/2  batch 5/5  loss 0."), std::string::npos) << out.str();
  EXPECT_TRUE(out.str().ends_with("0:00 left\x1b[?7h\r\x1b[K")) << out.str();
  EXPECT_EQ(out.str().find('\n'), std::string::npos);
}

// Ctrl-C in the third batch ends fit() behind it. Then Ctrl-C is again what it was before.
TEST(StopOnInterrupt, EndsFitAfterTheBatch) {
  Lesson lesson;
  StopOnInterrupt ctrl_c;
  AfterBatch press;
  press.at = 2;
  press.work = [](Learner&) { raise(SIGINT); };
  lesson.learner.fit(2, {&press, &ctrl_c});
  EXPECT_TRUE(lesson.learner.stopped());
  EXPECT_EQ(lesson.learner.step(), 3);
  EXPECT_EQ(lesson.learner.history().size(), 1u);
  EXPECT_EQ(std::signal(SIGINT, SIG_DFL), SIG_DFL);

  lesson.learner.fit(1, {&ctrl_c});
  EXPECT_FALSE(lesson.learner.stopped());  // the old Ctrl-C is forgotten
}

// As if it came in the validation.
TEST(StopOnInterrupt, BeginsNoEpochAfterOne) {
  struct Press : Callback {
    void after_epoch(Learner&) override { raise(SIGINT); }
  } press;
  Lesson lesson;
  StopOnInterrupt ctrl_c;
  lesson.learner.fit(3, {&press, &ctrl_c});
  EXPECT_EQ(lesson.learner.step(), 5);
}

TEST(StopOnInterrupt, PutsCtrlCBackAfterAFitThatFailed) {
  Lesson lesson;
  StopOnInterrupt ctrl_c;
  AfterBatch fail;
  fail.work = [](Learner&) { throw std::runtime_error("some reason"); };
  EXPECT_THROW(lesson.learner.fit(1, {&ctrl_c, &fail}), std::runtime_error);
  lesson.learner.fit(1, {&ctrl_c});
  EXPECT_EQ(std::signal(SIGINT, SIG_DFL), SIG_DFL);
}

TEST(StopOnInterrupt, LetsASecondOneEndTheProgram) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(
      {
        Lesson lesson;
        StopOnInterrupt ctrl_c;
        AfterBatch press;
        press.work = [](Learner&) {
          raise(SIGINT);
          raise(SIGINT);
        };
        lesson.learner.fit(1, {&press, &ctrl_c});
      },
      testing::KilledBySignal(SIGINT), "");
}

TEST(StopOnInterrupt, LeavesItIgnoredInTheBackground) {
  std::signal(SIGINT, SIG_IGN);
  Lesson lesson;
  StopOnInterrupt ctrl_c;
  AfterBatch press;
  press.work = [](Learner&) { raise(SIGINT); };
  lesson.learner.fit(1, {&press, &ctrl_c});
  EXPECT_FALSE(lesson.learner.stopped());
  EXPECT_EQ(std::signal(SIGINT, SIG_DFL), SIG_IGN);
}

}  // namespace
}  // namespace foundations
