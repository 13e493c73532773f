#include "07_train_loop/mistakes/mistakes.h"

#include <gtest/gtest.h>

#include "common/tensor/ops.h"
#include "common/testing/testing.h"

namespace foundations::ch07 {
namespace {

// Rows 1 and 3 are wrong, row 3 by far the more.
const Tensor kLogits = tensor({{5, 0, 0}, {0, 1, 0}, {0, 0, 5}, {0, 9, 0}});
const LongTensor kTarg = long_tensor({0, 2, 2, 0});

TEST(ConfusionTest, CountsAnswersByWhatIsRight) {
  const LongTensor counts = confusion(kLogits, kTarg);
  expect_equal(counts, long_tensor({{1, 1, 0}, {0, 0, 0}, {0, 1, 1}}));
  EXPECT_EQ(confusion_table(counts),
            "right    said 0     1     2\n"
            "    0        1     1     .   50.0 %\n"
            "    1        .     .     .\n"
            "    2        .     1     1   50.0 %\n");
}

TEST(WorstMistakesTest, HasTheLargestLossFirst) {
  const std::vector<Mistake> all = worst_mistakes(kLogits, kTarg, 20);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].row, 3);
  EXPECT_EQ(all[0].right, 0);
  EXPECT_EQ(all[0].said, 1);
  EXPECT_NEAR(all[0].probability, 0.99975, 1e-5);
  EXPECT_EQ(all[1].row, 1);
  EXPECT_EQ(worst_mistakes(kLogits, kTarg, 1).size(), 1u);
}

TEST(PicturesTest, StandUnderWhatWasSaid) {
  const Tensor images = zeros(4, 784);
  images[3] = 1;
  images(1, 0) = 1;
  const std::vector<Mistake> worst = worst_mistakes(kLogits, kTarg, 2);
  const std::string text = pictures(images, worst, Style::kHalfBlocks);
  EXPECT_TRUE(text.starts_with("1? It is 0. (100 %)           1? It is 2. (58 %)\n")) << text;
  const Tensor page = sheet(images, worst, 5);
  EXPECT_EQ(page.shape(), Shape({30, 150}));
  EXPECT_EQ(page.sum().item(), 785);
  EXPECT_EQ(page(0, 30), 1);
  EXPECT_EQ(page(0, 28), 0);
}

}  // namespace
}  // namespace foundations::ch07
