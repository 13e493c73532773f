// A layer of one's own: one class with two functions. The README quotes it.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "06_modules/modules_4_module_matmul.h"
#include "common/reference/reference.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/testing.h"

namespace foundations::ch06::module_matmul {
namespace {

class LeakyRelu : public Module {
 public:
  Tensor forward(const Args& args) override {
    const auto [inp] = unpack<1>(args);
    return where(inp > 0, inp, inp * 0.1);
  }

  void bwd(const Tensor& out, const Args& args) override {
    const auto [inp] = unpack<1>(args);
    inp.grad() = where(inp > 0, out.grad(), out.grad() * 0.1);
  }
};

TEST(LeakyRelu, KeepsATenthOfNegatives) {
  LeakyRelu leaky;
  expect_close(leaky(tensor({-2, 0, 3})), tensor({-0.2, 0, 3}));
}

// Among other layers, in a list, against central differences in double.
TEST(LeakyRelu, HasTheGradientOfItsLoss) {
  Generator generator(1);
  const Tensor x = randn({4, 3}, generator), targ = randn({4}, generator);
  const Tensor w = randn({3, 1}, generator), b = tensor({0.25});
  const std::vector<std::shared_ptr<Module>> layers = {
      std::make_shared<LeakyRelu>(), std::make_shared<Lin>(w, b), std::make_shared<LeakyRelu>()};
  Mse mse;
  Tensor out = x;
  for (const auto& layer : layers) out = (*layer)(out);
  mse(out, targ);
  mse.backward();
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) (*layer)->backward();

  const auto leaky = [](const DoubleTensor& t) { return where(t > 0, t, t * 0.1); };
  const DoubleTensor exact_x = x.to<double>(), exact_w = w.to<double>();
  const auto loss = [&](const DoubleTensor&) {  // one of the two is being moved
    const DoubleTensor output = leaky(reference_matmul(leaky(exact_x), exact_w) + b.to<double>());
    return (output.squeeze(-1) - targ.to<double>()).pow(2).mean().item();
  };
  expect_close(x.grad(), numerical_gradient(loss, exact_x), 1e-5, 1e-5);
  expect_close(w.grad(), numerical_gradient(loss, exact_w), 1e-5, 1e-5);
}

}  // namespace
}  // namespace foundations::ch06::module_matmul
