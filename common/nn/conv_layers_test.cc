// The layers for images: what they compute, what they print, and their way back.
#include "common/nn/conv_layers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>

#include "common/nn/check_gradients.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/testing/testing.h"

namespace foundations::nn {
namespace {

TEST(Conv2d, IsTheConvolutionOfItsParameters) {
  Generator generator(1);
  const Tensor x = randn({2, 3, 6, 5}, generator);
  Conv2d conv(3, 4, 3, {.stride = 2, .padding = 1}, generator);
  expect_equal(conv(x), conv2d(x, conv.weight(), conv.bias(), {.stride = 2, .padding = 1}));
  Conv2d bare(3, 4, 3, {.bias = false}, generator);
  expect_equal(bare(x), conv2d(x, bare.weight(), Tensor()));
  EXPECT_EQ(conv.parameters().size(), 2u);
  EXPECT_EQ(bare.parameters().size(), 1u);
  conv.input_grad(false);
  EXPECT_FALSE(conv.backward(conv(x)).defined());
}

TEST(Conv2d, StartsAsPyTorchDoes) {
  Generator generator(2), same(2);
  const Conv2d conv(8, 4, 5, generator);  // a fan of 200
  const double bound = 1 / std::sqrt(200.);
  expect_close(conv.weight(), uniform_(empty(4, 8, 5, 5), -bound, bound, same), 1e-6);
  expect_equal(conv.bias(), uniform_(empty(4), -bound, bound, same));
}

TEST(ImageLayers, PrintAsInPyTorch) {
  Generator generator(3);
  const Sequential model{Unflatten({1, 28, 28}),
                         Conv2d(1, 8, 5, {.stride = 2, .padding = 2, .bias = false}, generator),
                         GeneralRelu({.leak = 0.1, .sub = 0.4, .max = 6}),
                         Conv2d(8, 4, 3, generator),
                         AvgPool2d(2, {.ceil_mode = true}),
                         MaxPool2d(3, {.stride = 1, .padding = 1}),
                         AdaptiveAvgPool2d()};
  EXPECT_EQ(to_string(model),
            "Sequential(\n"
            "  (0): Unflatten(dim=1, unflattened_size=[1, 28, 28])\n"
            "  (1): Conv2d(1, 8, kernel_size=(5, 5), stride=(2, 2), padding=(2, 2), bias=False)\n"
            "  (2): GeneralRelu(leak=0.1, sub=0.4, max=6)\n"
            "  (3): Conv2d(8, 4, kernel_size=(3, 3), stride=(1, 1))\n"
            "  (4): AvgPool2d(kernel_size=2, stride=2, ceil_mode=True)\n"
            "  (5): MaxPool2d(kernel_size=3, stride=1, padding=1)\n"
            "  (6): AdaptiveAvgPool2d(output_size=1)\n"
            ")");
}

TEST(ImageLayers, GoBackAsDifferencesSay) {
  Generator generator(4);
  const struct {
    std::shared_ptr<Module> layer;
    Shape x;
  } cases[] = {
      {share(Conv2d(2, 3, 3, {.stride = 2, .padding = 1}, generator)), {2, 2, 5, 4}},
      {share(Conv2d(3, 2, 1, {.bias = false}, generator)), {2, 3, 2, 2}},
      {share(AvgPool2d(2, {.ceil_mode = true})), {2, 2, 3, 4}},
      {share(MaxPool2d(3, {.stride = 2, .padding = 1})), {2, 2, 5, 4}},
      {share(AdaptiveAvgPool2d()), {2, 3, 3, 2}},
      {share(Unflatten({2, 3})), {2, 6}},
      {share(GeneralRelu()), {4, 5}},
      {share(GeneralRelu({.leak = 0.1, .sub = 0.4, .max = 0.5})), {4, 5}},
      {share(GeneralRelu({.max = 0.5})), {4, 5}},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(check_gradients(*c.layer, randn(c.x, generator)), "") << *c.layer;
  }
}

TEST(GeneralRelu, LeaksShiftsAndIsNeverLargerThanMax) {
  const Tensor x = tensor({-2, 0, 1, 7, kNan, kInf, -kInf});
  const struct {
    GeneralReluOptions options;
    Tensor out;
  } cases[] = {
      {{}, tensor({0, 0, 1, 7, kNan, kInf, 0})},
      {{.leak = 0.25}, tensor({-0.5, 0, 1, 7, kNan, kInf, -kInf})},
      {{.sub = 0.5}, tensor({-0.5, -0.5, 0.5, 6.5, kNan, kInf, -0.5})},
      {{.leak = 0.25, .sub = 0.5, .max = 6}, tensor({-1, -0.5, 0.5, 6, kNan, 6, -kInf})},
  };
  for (const auto& c : cases) {
    GeneralRelu layer(c.options);
    expect_close(layer(x), c.out, 0, 0, true);
  }
}

TEST(Unflatten, GivesRowsAShapeAndTakesThemBack) {
  Unflatten images({1, 2, 3});
  const Tensor x = tensor({{1, 2, 3, 4, 5, 6}, {7, 8, 9, 10, 11, 12}});
  expect_equal(images(x), x.reshape(2, 1, 2, 3));
  expect_equal(images.backward(x.reshape(2, 1, 2, 3)), x);
  EXPECT_EQ(images(ones(0, 6)).shape(), Shape({0, 1, 2, 3}));
  expect_error<ShapeError>([&] { images(ones(2, 7)); },
                           "Unflatten(dim=1, unflattened_size=[1, 2, 3]) needs rows of 6 numbers, "
                           "but got [2, 7]");
}

}  // namespace
}  // namespace foundations::nn
