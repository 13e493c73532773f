#include "common/train/checkpoint.h"

#include <gtest/gtest.h>

#include <string>

#include "common/base/error.h"
#include "common/data/mnist.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

constexpr char kFile[] = "checkpoint_test.safetensors";
std::string path() { return testing::TempDir() + "/" + kFile; }

// A net that has taken two steps with momentum.
struct Trained {
  explicit Trained(std::uint64_t seed)
      : generator(seed), model(nn::mlp({6, 4, 3}, generator)), opt(model.parameters(), kMomentum) {
    step(randn({1}, generator));
    step(randn({1}, generator));
  }
  void step(const Tensor& slope) {
    for (const Tensor& p : model.parameters()) p.grad() = (p + slope).clone();
    opt.step();
  }

  static constexpr optim::SGDOptions kMomentum{.lr = 0.1, .momentum = 0.9};
  Generator generator;
  nn::Sequential model;
  optim::SGD opt;
};

// Takes a step with both, so that the optimizers' memories are compared too.
void expect_same(Trained& a, Trained& b) {
  a.step(ones(1));
  b.step(ones(1));
  for (std::size_t i = 0; i < 4; ++i) {
    expect_equal(a.model.parameters()[i], b.model.parameters()[i]);
  }
}

TEST(Checkpoint, GoesOnWhereItStopped) {
  const std::string spec = "mlp 6 4 3";
  Trained saved(1), loaded(2);
  save_training(path(), {spec, saved.model, &saved.opt, 7}, {full({}, 0.5f), full({}, 2.0f)});
  EXPECT_EQ(load_training(path(), loaded.model, &loaded.opt), 7);
  expect_same(loaded, saved);
  EXPECT_EQ(nn::load_model(path()).std, 2);
}

TEST(Checkpoint, LoadsNothingByHalves) {
  const Trained net(1);
  Generator generator(1);
  const auto refused = [&](const std::string& sentence) {
    Trained loaded(3), same(3);
    expect_error<DataError>([&] { load_training(path(), loaded.model, &loaded.opt); },
                            path() + sentence);
    expect_same(loaded, same);
  };
  nn::save_state(path(), net.model, {{"epochs", "many"}}, net.opt.state());
  refused(": its \"epochs\" should be a whole number from 0 to 1000000, but is many");
  nn::save_state(path(), net.model, {}, {{"0.odd", ones(2)}});
  refused(": load_state() has no use for 0.odd: it belongs to another optimizer or another model");
  nn::save_state(path(), nn::mlp({6, 5, 3}, generator), {}, net.opt.state());
  refused(": tensor '0.bias' is float [5], but the model's is float [4]");
}

TEST(PixelStatistics, AreThoseOfTheTrainingImages) {
  Mnist digits;
  digits.source = "a file";
  digits.x_train = tensor({{1, 3}, {1, 3}});
  const Pixels pixels = pixel_statistics(digits);
  EXPECT_EQ(pixels.mean.item(), 2);
  expect_close(pixels.normalised(tensor({{2, 2}}), long_tensor({1})).x, zeros(1, 2));
  for (const Tensor& blank : {zeros(0, 2), ones(3, 2)}) {
    digits.x_train = blank;
    expect_error<DataError>([&] { pixel_statistics(digits); },
                            "a file: has no training images, or only ones that are all alike");
  }
}

}  // namespace
}  // namespace foundations
