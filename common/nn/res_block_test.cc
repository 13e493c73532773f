// The residual block: how it starts, what its skip carries, and its way back.
#include "common/nn/res_block.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "common/nn/check_gradients.h"
#include "common/nn/functional.h"
#include "common/nn/init.h"
#include "common/tensor/ops.h"
#include "common/testing/testing.h"

namespace foundations::nn {
namespace {

struct Case {
  std::int64_t in, out, stride;
  Shape x, y;
};
const Case kCases[] = {
    {2, 2, 1, {3, 2, 3, 4}, {3, 2, 3, 4}},
    {2, 3, 1, {2, 2, 3, 3}, {2, 3, 3, 3}},
    {2, 2, 2, {3, 2, 5, 4}, {3, 2, 3, 2}},
    {1, 3, 2, {4, 1, 3, 3}, {4, 3, 2, 2}},
};

TEST(ResBlock, GoesBackAsDifferencesSay) {
  for (const Case& c : kCases) {
    Generator generator(10);  // draws no number so near the kink of a relu that a step crosses it
    ResBlock block(c.in, c.out, c.stride, generator);
    // Any weights: those of batch norm begin at 1 and 0.
    for (const Tensor& p : block.parameters()) uniform_(p, -1, 1, generator);
    const Tensor x = randn(c.x, generator);
    EXPECT_EQ(block(x).shape(), c.y);
    EXPECT_EQ(check_gradients(block, x), "") << block;
  }
}

// At first the branch adds 0 to the skip and takes nothing from its gradient.
TEST(ResBlock, StartsAsTheReluOfItsInput) {
  Generator generator(2);
  ResBlock block(3, 3, 1, generator);
  const Tensor x = randn({4, 3, 5, 5}, generator), g = randn({4, 3, 5, 5}, generator);
  expect_equal(block(x), relu(x));
  expect_equal(block.backward(g), relu_backward(g, x));
}

TEST(ResBlock, HasNoMoreThanItsShapesNeed) {
  Generator generator(3);
  EXPECT_EQ(
      to_string(ResBlock(4, 4, 1, generator)),
      "ResBlock(\n"
      "  (conv1): Conv2d(4, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), bias=False)\n"
      "  (bn1): BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=True, "
      "track_running_stats=True, relu=True)\n"
      "  (conv2): Conv2d(4, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), bias=False)\n"
      "  (bn2): BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=True, "
      "track_running_stats=True, relu=True)\n"
      "  (id): Sequential()\n"
      ")");
  const std::string both = to_string(ResBlock(4, 8, 2, generator));
  EXPECT_NE(both.find("  (id): Sequential(\n"
                      "    (0): AvgPool2d(kernel_size=2, stride=2, ceil_mode=True)\n"
                      "    (1): Conv2d(4, 8, kernel_size=(1, 1), stride=(1, 1), bias=False)\n"),
            std::string::npos)
      << both;
  for (const std::int64_t stride : {0, 3}) {
    expect_error<std::invalid_argument>(
        [&] { ResBlock(4, 4, stride, generator); },
        "ResBlock needs a stride of 1 or 2, but got " + std::to_string(stride));
  }
}

}  // namespace
}  // namespace foundations::nn
