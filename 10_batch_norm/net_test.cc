// The chapter's network learns with batch norm at a rate at which it does not without; LSUV.
#include "10_batch_norm/net.h"

#include <gtest/gtest.h>

#include <cmath>

#include "10_batch_norm/lsuv.h"
#include "common/data/data_loader.h"
#include "common/data/mnist.h"
#include "common/testing/properties.h"
#include "common/testing/testing.h"
#include "common/train/learner.h"

namespace foundations::ch10 {
namespace {

TEST(Lsuv, GivesEveryLayerMeanZeroAndDeviationOne) {
  Generator generator(1);
  const Layers all = layers({4, 8, 8}, false, generator);
  Tensor x = randn({100, 1, 28, 28}, generator);
  lsuv(all, x);
  for (const auto& layer : all) {
    x = (*layer)(x);
    if (layer->parameters().empty()) continue;
    EXPECT_NEAR(x.mean().item(), 0, 1e-4) << *layer;
    EXPECT_NEAR(x.std().item(), 1, 1e-4) << *layer;
  }
}

// Returns the accuracy on the validation digits after a hundred steps at a rate of 1.
double accuracy(bool batch_norm) {
  const Threads one(1);  // beside other tests, two threads wait for each other
  const Mnist digits = built_in_digits(1200, 0);
  const auto images = [](const Tensor& x) { return (x - 0.2).view(x.size(0), 1, 28, 28); };
  Generator generator(1);
  nn::Sequential model(layers({8, 16, 32, 64, 64}, batch_norm, generator));
  nn::CrossEntropyLoss loss;
  optim::SGD opt(model.parameters(), {.lr = 1});
  Learner learner(model, loss, opt,
                  DataLoader({images(digits.x_train), digits.y_train}, {.batch = 50}),
                  DataLoader({images(digits.x_valid), digits.y_valid}, {.batch = 50}));
  learner.fit(5);
  return learner.history().back().valid.accuracy;
}

TEST(Net, LearnsAtARateOfOneWithBatchNormOnly) {
  EXPECT_GT(accuracy(true), 0.9);
  EXPECT_LT(accuracy(false), 0.5);
}

}  // namespace
}  // namespace foundations::ch10
