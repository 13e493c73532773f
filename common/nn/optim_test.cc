// Optimizers against their formulas in double, what they pass over, keep and refuse.
#include "common/nn/optim.h"

#include <gtest/gtest.h>

#include "common/tensor/ops.h"
#include "common/testing/testing.h"

namespace foundations::optim {
namespace {

TEST(SGD, StepsAgainstTheGradient) {
  const Tensor p = tensor({{1, 2, 3}, {4, 5, 6}}), transposed = p.t(), still = ones(2);
  SGD opt({transposed, still}, {.lr = 0.5});
  transposed.grad() = tensor({{2, 4}, {6, 8}, {0, -2}});
  opt.step();
  expect_equal(p, tensor({{0, -1, 3}, {2, 1, 7}}));
  expect_equal(still, ones(2));
  opt.zero_grad();
  EXPECT_FALSE(transposed.has_grad());
}

}  // namespace
}  // namespace foundations::optim
