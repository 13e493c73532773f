#include "07_train_loop/cross_entropy.h"

#include <gtest/gtest.h>

#include <cmath>

#include "common/nn/nn.h"
#include "common/reference/reference.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/testing.h"

namespace foundations::ch07 {
namespace {

TEST(CrossEntropyTest, IsCommonsForEveryRung) {
  Generator generator(1);
  for (const auto& [n, classes] : {std::pair(1, 1), std::pair(1, 10), std::pair(64, 10),
                                   std::pair(7, 3), std::pair(3, 1000)}) {
    const Tensor logits = 3 * randn({n, classes}, generator);
    const LongTensor targ = randint(0, classes, {n}, generator);
    const DoubleTensor want = cross_entropy(logits.to<double>(), targ);
    for (const auto& rung : kCrossEntropies) {
      SCOPED_TRACE(rung.name);
      expect_close(rung.run(logits, targ), want, 1e-5, 1e-6);
      const Tensor columns = logits.t().clone().t();
      expect_close(rung.run(columns, targ), want, 1e-5, 1e-6);
    }
    expect_close(cross_entropy_grad(logits, targ), cross_entropy_backward(logits, targ), 1e-5,
                 1e-7);
  }
}

// By differences of the loss in double, for every element.
TEST(CrossEntropyGradTest, IsTheSlopeOfTheLoss) {
  Generator generator(2);
  const DoubleTensor logits = 3 * randn<double>({4, 5}, generator);
  const LongTensor targ = long_tensor({0, 4, 2, 2});
  const auto loss = [&](const DoubleTensor& x) { return cross_entropy(x, targ).item(); };
  const Tensor grad = cross_entropy_grad(logits.to<float>(), targ);
  expect_close(grad, numerical_gradient(loss, logits), 1e-5, 1e-6);
  expect_close(grad.sum(1), zeros(4), 0, 1e-6);
}

// What a model that knows nothing is worth.
TEST(CrossEntropyTest, IsTheLogarithmOfTheNumberOfClassesForEqualLogits) {
  for (const auto& rung : kCrossEntropies) {
    EXPECT_NEAR(rung.run(zeros(5, 10), long_tensor({0, 1, 2, 3, 9})).item(), std::log(10), 1e-6);
  }
}

TEST(CrossEntropyTest, OnlyTheLastRungTakesLargeLogits) {
  const Tensor sure = tensor({{89, 0}}), wrong = tensor({{0, 200}});
  const LongTensor first = long_tensor({0});
  EXPECT_TRUE(std::isnan(literal(sure, first).item()));
  EXPECT_EQ(log_rule(sure, first).item(), kInf);
  EXPECT_EQ(log_sum_exp(sure, first).item(), 0);
  EXPECT_EQ(literal(tensor({{-120, 0}}), first).item(), kInf);
  EXPECT_EQ(log_rule(tensor({{-120, 0}}), first).item(), 120);
  EXPECT_EQ(log_sum_exp(wrong, first).item(), 200);
  const Tensor low = tensor({{-200, -200}});
  EXPECT_EQ(log_rule(low, first).item(), -kInf);
  EXPECT_NEAR(log_sum_exp(low, first).item(), std::log(2), 1e-6);
  EXPECT_EQ(log_sum_exp(tensor({{1e30, -1e30}}), first).item(), 0);
}

}  // namespace
}  // namespace foundations::ch07
