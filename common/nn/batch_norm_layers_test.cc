// BatchNorm1d and BatchNorm2d: training, eval, the skip, and their state in a file.
#include "common/nn/batch_norm_layers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "common/nn/check_gradients.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/testing.h"

namespace foundations::nn {
namespace {

TEST(BatchNormLayers, PrintAsPyTorchDoes) {
  EXPECT_EQ(to_string(BatchNorm1d(50)),
            "BatchNorm1d(50, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)");
  EXPECT_EQ(to_string(BatchNorm2d(8, {.eps = 0.001, .momentum = 0.3, .relu = true})),
            "BatchNorm2d(8, eps=0.001, momentum=0.3, affine=True, track_running_stats=True, "
            "relu=True)");
}

TEST(BatchNormLayers, PassDifferences) {
  Generator generator(1);
  BatchNorm1d one(4);
  EXPECT_EQ(check_gradients(one, randn({6, 4}, generator)), "");
  BatchNorm2d two(3, {.relu = true});
  uniform_(two.weight(), 0.5, 2, generator);
  uniform_(two.bias(), -1, 1, generator);
  EXPECT_EQ(check_gradients(two, randn({4, 3, 2, 3}, generator)), "");
}

TEST(BatchNormLayers, TrainByTheBatchAndEvalByWhatTheyRemember) {
  BatchNorm1d bn(1);
  const Tensor x = tensor({{1}, {3}});  // mean 2, biased variance 1, unbiased 2
  expect_close(bn(x), tensor({{-1}, {1}}), 1e-4);
  expect_close(bn.named_buffers()[0].second, tensor({0.2}));
  expect_close(bn.named_buffers()[1].second, tensor({0.9 + 0.2}));
  bn.eval();
  expect_close(bn(x), (x - 0.2) / std::sqrt(1.1), 1e-4);
  expect_close(bn(x.slice(0, 0, 1)), tensor({{0.8 / std::sqrt(1.1)}}), 1e-4);  // one row will do
  expect_close(bn.named_buffers()[0].second, tensor({0.2}));
}

// What a residual block needs, in small: relu(bn(x) + x), and its gradient by both paths.
struct Block : Module {
  explicit Block(const BatchNormOptions& options)
      : bn_(register_module("bn", BatchNorm2d(3, options))) {}
  Tensor forward(const Tensor& x) override { return bn_(x, x); }
  Tensor bwd(const Tensor& g) override {
    const Tensor through = bn_.backward(g);
    return through + bn_.take_skip_grad();
  }
  BatchNorm2d& bn_;
};

TEST(BatchNormLayers, AddASkip) {
  Generator generator(2);
  for (const bool relu : {false, true}) {
    Block block({.relu = relu});
    const Tensor x = randn({4, 3, 2, 2}, generator);
    EXPECT_EQ(check_gradients(block, x), "");
    EXPECT_FALSE(block.bn_.take_skip_grad().defined());  // taken
    EXPECT_THROW(block.bn_(x, ones(1)), ShapeError);
    BatchNorm2d alone(3, {.relu = relu});
    expect_equal(block.bn_(x), alone(x));  // the skip of the call before is forgotten
    block.bn_.backward(x);
    EXPECT_FALSE(block.bn_.take_skip_grad().defined());
  }
}

TEST(BatchNormLayers, KeepNothingInEval) {
  BatchNorm2d bn(3, {.relu = true});
  const Tensor x = ones(4, 3, 5, 5);
  const std::int64_t before = memory_allocated();
  bn(x, x);
  EXPECT_GT(memory_allocated(), before);
  bn.eval();
  bn(x, x);
  EXPECT_EQ(memory_allocated(), before);
}

TEST(BatchNormLayers, RefuseOtherShapes) {
  BatchNorm1d one(2);
  BatchNorm2d two(2);
  const std::string text = "(2, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)";
  expect_error<ShapeError>(
      [&] { one(ones(2, 2, 1, 1)); },
      "BatchNorm1d" + text + " needs an input of [n, 2], but got [2, 2, 1, 1]");
  expect_error<ShapeError>(
      [&] { two(ones(3, 1, 4, 4)); },
      "BatchNorm2d" + text + " needs an input of [n, 2, h, w], but got [3, 1, 4, 4]");
}

TEST(BatchNormLayers, GoWithTheirStatisticsIntoAFile) {
  const std::string path = testing::TempDir() + "/batch_norm_layers_test.safetensors";
  Generator generator(3);
  const auto net = [&] {
    return Sequential{Linear(4, 3, generator), BatchNorm1d(3), ReLU(), Linear(3, 2, generator)};
  };
  Sequential trained = net(), loaded = net();
  for (int i = 0; i < 5; ++i) trained(randn({8, 4}, generator) + 2);
  save_state(path, trained);
  load_state(path, loaded);
  trained.eval();
  loaded.eval();
  const Tensor x = randn({5, 4}, generator);
  expect_equal(loaded(x), trained(x));
  EXPECT_EQ(loaded.named_buffers()[0].first, "1.running_mean");
  EXPECT_EQ(loaded.named_buffers()[1].first, "1.running_var");
  EXPECT_EQ(loaded.parameters().size(), 6u);  // buffers are not among them
}

}  // namespace
}  // namespace foundations::nn
