// The chapter's optimizers beside common's, and what the lesson says of them.
#include "09_optim/optim.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>
#include <string>

#include "common/nn/optim.h"
#include "common/tensor/random.h"
#include "common/testing/testing.h"

namespace foundations::ch09 {
namespace {

constexpr Settings kSettings{.lr = 0.05f, .weight_decay = 0.3f, .beta2 = 0.9f};

std::unique_ptr<optim::Optimizer> common_optimizer(std::string_view name, const Tensor& p) {
  const double lr = kSettings.lr, decay = kSettings.weight_decay;
  if (name == "sgd") return std::make_unique<optim::SGD>(std::vector{p}, optim::SGDOptions{lr});
  if (name == "momentum") {
    return std::make_unique<optim::SGD>(std::vector{p}, optim::SGDOptions{lr, 0.9});
  }
  if (name == "l2") {
    return std::make_unique<optim::SGD>(std::vector{p}, optim::SGDOptions{lr, 0.9, decay});
  }
  const std::pair betas{0.9, 0.9};
  if (name == "adam") {
    return std::make_unique<optim::Adam>(std::vector{p},
                                         optim::AdamOptions{lr, betas, 1e-8, decay});
  }
  return std::make_unique<optim::AdamW>(std::vector{p},
                                        optim::AdamWOptions{lr, betas, 1e-8, decay});
}

TEST(Optimizers, StepAsCommonsDo) {
  for (const auto& rung : kOptimizers) {
    Generator generator(4);
    const Tensor p = randn({7, 5}, generator), q = p.clone();
    const auto ours = rung.run({p}, kSettings);
    const auto commons = common_optimizer(rung.name, q);
    for (int step = 0; step < 10; ++step) {
      p.grad() = q.grad() = randn({7, 5}, generator);
      ours->step();
      commons->step();
      ours->zero_grad();
      EXPECT_FALSE(p.has_grad());
    }
    SCOPED_TRACE(rung.name);
    expect_close(p, q, 1e-5, 2e-6);
  }
}

// On p * p / 2 the gradient is p. Worked out on paper for lr .1, momentum .9, decay 0.
TEST(Optimizers, StepDownAParabolaAsOnPaper) {
  const struct {
    Make* make;
    double first, second;
  } rows[] = {
      {sgd, 0.9, 0.81},
      {momentum, 0.9, 0.9 - 0.1 * (0.9 + 0.9)},
      {adam, 0.9,
       0.9 - 0.1 * ((0.09 + 0.09) / 0.19) / std::sqrt((0.999e-3 + 0.81e-3) / (1 - 0.999 * 0.999))},
  };
  for (const auto& row : rows) {
    const Tensor p = ones(1);
    const auto opt = row.make({p}, {});
    for (const double want : {row.first, row.second}) {
      p.grad() = p.clone();
      opt->step();
      EXPECT_NEAR(p.item(), want, 2e-5);  // 1 - beta2 in float has four digits
    }
  }
}

TEST(Adam, StepsAsFarWhateverTheScaleOfTheGradient) {
  const Tensor p = zeros(3);
  p.grad() = tensor({1e-4, 1, 1e4});
  adam({p}, {})->step();
  expect_close(p, tensor({-0.1, -0.1, -0.1}), 2e-4);
}

}  // namespace
}  // namespace foundations::ch09
