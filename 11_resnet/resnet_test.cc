// The chapter's blocks: their way back, what the skip does, and that common's is the last of them.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "11_resnet/res_block.h"
#include "common/data/mnist.h"
#include "common/nn/check_gradients.h"
#include "common/tensor/ops.h"
#include "common/testing/properties.h"
#include "common/testing/testing.h"

namespace foundations::ch11 {
namespace {

// Gives the parameters any values; batch norm's begin at 1 and 0.
void draw_parameters(const nn::Module& module, Generator& generator) {
  for (const Tensor& p : module.parameters()) uniform_(p, -1, 1, generator);
}

TEST(Blocks, GoBackAsDifferencesSay) {
  for (const auto& rung : kBlocks) {
    for (const Place& place : {Place{2, 1}, Place{3, 2}}) {
      if (rung.run == skip && place.stride == 2) continue;
      Generator generator(7);  // draws no number so near the kink of a relu that a step crosses it
      const auto block = rung.run(2, place.channels, place.stride, generator);
      draw_parameters(*block, generator);
      EXPECT_EQ(nn::check_gradients(*block, randn({3, 2, 3, 4}, generator)), "") << rung.name;
    }
  }
}

// Common's block in the chapter's words: it has the same parameters in the same order.
TEST(Blocks, TheLastIsCommons) {
  Generator generator(1);
  for (const auto& [in, out, stride] : {std::array{3, 3, 1}, {3, 5, 1}, {3, 3, 2}, {3, 5, 2}}) {
    const auto ours = zero_init(in, out, stride, generator);
    nn::ResBlock commons(in, out, stride, generator);
    const auto p = ours->parameters(), q = commons.parameters();
    ASSERT_EQ(p.size(), q.size());
    for (std::size_t i = 0; i < p.size(); ++i) {
      EXPECT_EQ(p[i].shape(), q[i].shape());
      if (p[i].dim() == 1) expect_equal(p[i], q[i]);  // batch norm begins as common's
    }
    draw_parameters(*ours, generator);
    for (std::size_t i = 0; i < p.size(); ++i) q[i].copy_(p[i]);

    const Tensor x = randn({4, in, 7, 5}, generator), y = commons(x);
    const Tensor g = randn(y.shape(), generator);
    expect_close((*ours)(x), y, 1e-4, 1e-5);
    expect_close(ours->backward(g), commons.backward(g), 1e-3, 1e-4);
    for (std::size_t i = 0; i < p.size(); ++i) expect_close(p[i].grad(), q[i].grad(), 1e-3, 1e-4);
    commons.eval();
    ours->eval();
    expect_close((*ours)(x), commons(x), 1e-4, 1e-5);
  }
}

// However deep: at first the skips carry the stem's image to the end, and its gradient back.
TEST(ZeroInit, MakesADeepNetworkBeginAsAShallowOne) {
  Generator generator(2), same(2);
  nn::Sequential deep = network(zero_init, 4, std::vector<Place>(10, {4, 1}), generator);
  nn::Sequential shallow = network(zero_init, 4, {}, same);
  const auto p = deep.parameters(), q = shallow.parameters();
  p[p.size() - 2].copy_(q[q.size() - 2]);  // the last layer
  p[p.size() - 1].copy_(q[q.size() - 1]);
  const Tensor x = randn({5, 784}, generator), g = randn({5, 10}, generator);
  expect_close(deep(x), shallow(x), 1e-5, 1e-6);
  deep.backward(g);
  shallow.backward(g);
  expect_close(p[0].grad(), q[0].grad(), 1e-4, 1e-6);
}

TEST(Skip, NeedsOneShape) {
  Generator generator(3);
  const auto block = skip(2, 3, 1, generator);
  expect_error<ShapeError>([&] { (*block)(ones(1, 2, 4, 4)); },
                           "The size of tensor a (3) must match the size of tensor b (2) at "
                           "non-singleton dimension 1");
}

TEST(Network, IsAsDeepAsItSays) {
  Generator generator(4);
  for (const int blocks : {1, 3}) {
    const nn::Sequential model = network(plain, 8, three_stages(blocks), generator);
    int layers = 0;
    for (const Tensor& p : model.parameters()) layers += p.dim() > 1 ? 1 : 0;
    EXPECT_EQ(layers, 6 * blocks + 2);
  }
}

// common's network, by its own means: 64 images by heart.
TEST(Resnet, LearnsSomeDigitsByHeart) {
  const Threads one(1);  // for so few images, waking others takes longer than the work
  const Mnist digits = built_in_digits(64, 1);
  const Tensor x = (digits.x_train(Slice(0, 64)) - digits.x_train.mean()) / digits.x_train.std();
  const LongTensor y = digits.y_train(Slice(0, 64));
  Generator generator(5);
  nn::Sequential model = nn::make_model("resnet 784 8 16 32 10", generator);
  model.input_grad(false);
  nn::CrossEntropyLoss loss;
  optim::AdamW opt(model.parameters(), {.lr = 0.01});
  double last = 0;
  for (int step = 0; step < 60; ++step) {
    last = loss(model(x), y).item();
    model.backward(loss.backward());
    opt.step();
    opt.zero_grad();
  }
  EXPECT_LT(last, 0.01);
  EXPECT_EQ(accuracy(model(x), y).item(), 1);
}

}  // namespace
}  // namespace foundations::ch11
