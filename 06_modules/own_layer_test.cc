// A layer of your own: one class with two functions. The README quotes it.
#include <gtest/gtest.h>

#include "06_modules/descent/fit.h"
#include "common/nn/check_gradients.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/testing.h"

namespace foundations::ch06 {
namespace {

// A relu that keeps a tenth of what is negative.
class LeakyReLU : public nn::Module {
  Tensor forward(const Tensor& x) override {
    inp_ = keep(x);
    return where(x > 0, x, x * 0.1);
  }

  Tensor bwd(const Tensor& out_grad) override { return where(inp_ > 0, out_grad, out_grad * 0.1); }

  Tensor inp_;
};

TEST(LeakyReLU, KeepsATenthOfNegatives) {
  LeakyReLU leaky;
  expect_close(leaky(tensor({-2, 0, 3})), tensor({-0.2, 0, 3}));
}

TEST(LeakyReLU, HasTheRightGradient) {
  Generator generator(1);
  LeakyReLU leaky;
  EXPECT_EQ(nn::check_gradients(leaky, randn({4, 3}, generator)), "");
}

TEST(LeakyReLU, LearnsAmongOtherLayers) {
  Generator generator(1);
  nn::Sequential model{nn::Linear(3, 8, generator), LeakyReLU(), nn::Linear(8, 1, generator)};
  EXPECT_EQ(to_string(model),
            "Sequential(\n"
            "  (0): Linear(in_features=3, out_features=8, bias=True)\n"
            "  (1): LeakyReLU()\n"
            "  (2): Linear(in_features=8, out_features=1, bias=True)\n"
            ")");
  const Tensor x = randn({20, 3}, generator), targ = x.sum(1);
  const std::vector<double> losses = fit(model, x, targ, {.steps = 100, .lr = 0.05});
  EXPECT_LT(losses.back(), losses.front() / 10);
}

}  // namespace
}  // namespace foundations::ch06
