#include "08_conv/look/see.h"

#include <gtest/gtest.h>

#include "08_conv/net.h"
#include "common/testing/testing.h"

namespace foundations::ch08 {
namespace {

TEST(MosaicTest, LaysImagesSideBySide) {
  const Tensor images = tensor({{{1, 0}}, {{0, 1}}, {{1, 1}}});  // three of 1 x 2
  const float grey = 0.3f;
  expect_equal(
      mosaic(images, 2),
      tensor({{1, 0, grey, 0, 1}, {grey, grey, grey, grey, grey}, {1, 1, grey, grey, grey}}));
  expect_equal(mosaic(images(Slice(0, 1)), 1), tensor({{1, 0}}));
}

TEST(EnlargedTest, MakesSquaresOfPixels) {
  expect_equal(enlarged(tensor({{1, 2}}), 2), tensor({{1, 1, 2, 2}, {1, 1, 2, 2}}));
}

TEST(SeeTest, ShowsTheDigitTheFiltersAndEveryLayer) {
  Generator generator(1);
  nn::Sequential model = net(kStarts[1], generator);
  const std::vector<Stage> stages = see(model, randn({784}, generator));
  const Shape shapes[] = {{1, 28, 28}, {8, 5, 5}, {8, 14, 14}, {16, 7, 7}, {32, 4, 4}, {32, 2, 2}};
  ASSERT_EQ(stages.size(), std::size(shapes));
  for (std::size_t i = 0; i < stages.size(); ++i) {
    SCOPED_TRACE(stages[i].name);
    EXPECT_EQ(stages[i].images.shape(), shapes[i]);
    EXPECT_GE(stages[i].images.min().item(), 0);
    EXPECT_LE(stages[i].images.max().item(), 1);
  }
  EXPECT_TRUE(model.is_training());
  model(zeros(1, 784));  // its hooks are gone with what they wrote to
  EXPECT_EQ(one_picture(stages).size(1), 640);
}

}  // namespace
}  // namespace foundations::ch08
