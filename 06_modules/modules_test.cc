// Every refactor has the loss and the gradients of common/nn/nn.h, and says what is wrong in the
// same words.
#include "06_modules/modules.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/nn/nn.h"
#include "common/reference/reference.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/rung_names.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations::ch06 {

void PrintTo(const Refactor& refactor, std::ostream* out) { *out << refactor.name; }

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

struct Problem {
  Tensor x, targ;
  Parameters p;
};

// Biases are not 0 here, so that a network without them is noticed.
Problem random_problem(std::int64_t n, std::int64_t m, std::int64_t nh, float shift,
                       std::uint64_t seed) {
  Generator generator(seed);
  const double to_1 = std::sqrt(2.0 / static_cast<double>(m));
  const double to_2 = std::sqrt(1.0 / static_cast<double>(nh));
  return {randn({n, m}, generator),
          randint(0, 10, {n}, generator).to<float>(),
          {randn({m, nh}, generator) * to_1, randn({nh}, generator) * 0.1,
           randn({nh, 1}, generator) * to_2, randn({1}, generator), shift}};
}

// Float rounding: both sides round sums whose terms are not much larger than the largest result.
void expect_gradients(const Gradients& got, const Gradients& want) {
  for (std::size_t i = 0; i < want.size(); ++i) {
    SCOPED_TRACE("gradient of " + std::string(kGradientNames[i]));
    const double largest = want[i].numel() > 0 ? want[i].abs().max().item() : 0;
    expect_close(got[i], want[i], 1e-5, 1e-5 * largest);
  }
}

class RefactorTest : public testing::TestWithParam<Refactor> {
 protected:
  // Forward and backward; loss and gradients must be those of common.
  void expect_like_common(const Problem& problem) {
    const auto& [x, targ, p] = problem;
    const Network network = GetParam().network(p), common = common_network(p);
    expect_close(network.forward(x, targ), common.forward(x, targ), 1e-5, 0, true);  // n = 0: NaN
    network.backward();
    expect_gradients(gradients(p, x), common_gradients(p, x, targ));
  }
};

INSTANTIATE_TEST_SUITE_P(Refactors, RefactorTest, testing::ValuesIn(kRefactors), name_of_rung);

TEST_P(RefactorTest, HasTheGradientsOfCommon) {
  struct Sizes {
    std::int64_t n, m, nh;
  };
  std::uint64_t seed = 1;
  for (const auto& [n, m, nh] : std::vector<Sizes>{
           {0, 3, 2}, {1, 1, 1}, {1, 784, 50}, {2, 3, 4}, {8, 20, 10}, {33, 65, 17}}) {
    for (const float shift : {0.f, 0.5f}) {
      SCOPED_TRACE(testing::Message() << n << "x" << m << "x" << nh << "x1, shift " << shift);
      expect_like_common(random_problem(n, m, nh, shift, seed++));
    }
  }
}

// By central differences, in double, of a loss that is written down once more.
TEST_P(RefactorTest, HasTheGradientsOfItsLoss) {
  for (const float shift : {0.f, 0.5f}) {
    const Problem d = random_problem(5, 6, 4, shift, 30);
    const Network network = GetParam().network(d.p);
    network.forward(d.x, d.targ);
    network.backward();
    const Gradients got = gradients(d.p, d.x);
    const std::array<DoubleTensor, 5> in = {d.x.to<double>(), d.p.w1.to<double>(),
                                            d.p.b1.to<double>(), d.p.w2.to<double>(),
                                            d.p.b2.to<double>()};
    const auto loss = [&](const DoubleTensor&) {  // of `in`, one of which is being moved
      const DoubleTensor l1 = reference_matmul(in[0], in[1]) + in[2];
      const DoubleTensor out = reference_matmul(l1.clamp_min(0) - d.p.shift, in[3]) + in[4];
      return (out.squeeze(-1) - d.targ.to<double>()).pow(2).mean().item();
    };
    for (std::size_t i = 0; i < in.size(); ++i) {
      SCOPED_TRACE("gradient of " + std::string(kGradientNames[i]));
      expect_close(got[i], numerical_gradient(loss, in[i]), 1e-5, 1e-5);
    }
  }
}

TEST_P(RefactorTest, ReadsAnyStrides) {
  const auto [x, targ, p] = random_problem(5, 7, 3, 0.5, 40);
  for (std::size_t layout = 0; layout < every_layout(x).size(); ++layout) {
    SCOPED_TRACE(testing::Message() << "layout " << layout);
    expect_like_common({every_layout(x)[layout],
                        every_layout(targ)[layout],
                        {every_layout(p.w1)[layout], every_layout(p.b1)[layout],
                         every_layout(p.w2)[layout], every_layout(p.b2)[layout], p.shift}});
  }
  expect_like_common({x.slice(0, 0, 1).expand({5, 7}), targ, p});
}

TEST_P(RefactorTest, TheGradientIsTheMeanOfThoseOfTheRows) {
  const auto [x, targ, p] = random_problem(4, 6, 5, 0, 50);
  const Network network = GetParam().network(p);
  const Tensor mean = zeros(p.w1.shape());
  for (std::int64_t row = 0; row < 4; ++row) {
    network.forward(x.slice(0, row, row + 1), targ.slice(0, row, row + 1));
    network.backward();
    mean += p.w1.grad() / 4;
  }
  network.forward(x, targ);
  network.backward();
  expect_close(p.w1.grad(), mean, 1e-5, 1e-5);
}

TEST_P(RefactorTest, RunAgainItReplacesTheGradients) {
  const auto [x, targ, p] = random_problem(6, 5, 4, 0.5, 60);
  const auto [other_x, other_targ, other_p] = random_problem(3, 5, 4, 0.5, 61);
  const Network network = GetParam().network(p);
  network.forward(other_x, other_targ);
  network.backward();
  const Tensor first = p.w1.grad();
  for (int i = 0; i < 2; ++i) {
    network.forward(x, targ);
    network.backward();
    expect_gradients(gradients(p, x), common_gradients(p, x, targ));
  }
  network.backward();
  expect_gradients(gradients(p, x), common_gradients(p, x, targ));
  EXPECT_NE(first.data(), p.w1.grad().data());  // and who kept the first still has it
}

// At exactly 0 relu has no derivative; the notes' (inp > 0) says 0.
TEST_P(RefactorTest, SaysThatTheDerivativeAt0Is0) {
  const Parameters p = {tensor({{1, 1}}), tensor({-2, 1}), tensor({{3}, {5}}), tensor({1}), 0};
  const Tensor x = tensor({{2}});  // l1 = [0, 3], out = 16
  const Network network = GetParam().network(p);
  expect_equal(network.forward(x, tensor({15})), tensor(1));
  network.backward();
  expect_equal(p.b2.grad(), tensor({2}));
  expect_equal(p.w2.grad(), tensor({{0}, {6}}));
  expect_equal(p.b1.grad(), tensor({0, 10}));
  expect_equal(p.w1.grad(), tensor({{0, 20}}));
  expect_equal(x.grad(), tensor({{10}}));
}

TEST_P(RefactorTest, PassesNanOn) {
  const auto [x, targ, p] = random_problem(3, 4, 2, 0, 70);
  x[1] = kNan;
  const Network network = GetParam().network(p);
  EXPECT_TRUE(std::isnan(network.forward(x, targ).item()));
  network.backward();
  EXPECT_TRUE(std::isnan(p.b2.grad().item()));
}

TEST_P(RefactorTest, RefusesTargetsThatWouldBroadcast) {
  const Problem d = random_problem(3, 4, 2, 0, 80);
  const Network network = GetParam().network(d.p);
  for (const Tensor& wrong : {d.targ.unsqueeze(-1), d.targ.slice(0, 0, 2), d.targ[0]}) {
    expect_error<ShapeError>([&] { network.forward(d.x, wrong); },
                             "mse() needs output.squeeze(-1) and targ of one shape, but got an "
                             "output of [3, 1] and a targ of " +
                                 bracketed(wrong.shape()) + ": their difference would broadcast");
  }
}

TEST_P(RefactorTest, RefusesWhatOnlyBroadcastingWouldMakeFit) {
  const Problem d = random_problem(3, 4, 2, 0, 85);
  const Tensor& x = d.x;
  const Parameters& p = d.p;
  const auto expect_refused = [&](const Tensor& wrong_x, const Parameters& wrong) {
    const Network network = GetParam().network(wrong);
    expect_error<ShapeError>(
        [&] { network.forward(wrong_x, d.targ); },
        "the network needs x [n, m], w1 [m, nh], b1 [nh], w2 [nh, 1] and b2 [1], but got " +
            bracketed(wrong_x.shape()) + ", " + bracketed(wrong.w1.shape()) + ", " +
            bracketed(wrong.b1.shape()) + ", " + bracketed(wrong.w2.shape()) + ", " +
            bracketed(wrong.b2.shape()));
  };
  expect_refused(x[0], p);
  expect_refused(x.unsqueeze(1), p);
  expect_refused(x, {p.w1.t(), p.b1, p.w2, p.b2});
  expect_refused(x, {p.w1, ones({1}), p.w2, p.b2});
  expect_refused(x, {p.w1, ones({3, 2}), p.w2, p.b2});
  expect_refused(x, {p.w1, p.b1, ones({2, 2}), p.b2});
  expect_refused(x, {p.w1, p.b1, p.w2, ones({3, 1})});
}

TEST_P(RefactorTest, NeedsAForwardPassFirst) {
  const auto [x, targ, p] = random_problem(3, 4, 2, 0, 90);
  const Network network = GetParam().network(p);
  expect_error<std::logic_error>(network.backward,
                                 "backward() needs a forward pass before it: call the model first");
  EXPECT_FALSE(p.w1.has_grad());
}

// A pass that was refused on its last step does not mix with the one before.
TEST_P(RefactorTest, DoesNotGoBackThroughHalfAPass) {
  const Problem d = random_problem(3, 4, 2, 0, 95);
  const Network network = GetParam().network(d.p);
  network.forward(d.x, d.targ);
  network.backward();
  const Gradients before = gradients(d.p, d.x);
  expect_error<ShapeError>([&] { network.forward(d.x * 2, d.targ[0]); },
                           "mse() needs output.squeeze(-1) and targ of one shape, but got an "
                           "output of [3, 1] and a targ of []: their difference would broadcast");
  expect_error<std::logic_error>(network.backward,
                                 "backward() of a layer needs that of the layer after it first");
  for (std::size_t i = 0; i < before.size(); ++i) expect_equal(gradients(d.p, d.x)[i], before[i]);
}

TEST(MakeParameters, StartsAsChapter04Does) {
  Generator generator(1);
  const Parameters p = make_parameters(784, 50, generator, 0.5);
  // 39,200 and 50 normal numbers: four times the spread of their standard deviations.
  EXPECT_NEAR(p.w1.std().item() / std::sqrt(2.0 / 784), 1, 4 / std::sqrt(2 * 39200));
  EXPECT_NEAR(p.w2.std().item() * std::sqrt(50), 1, 4 / std::sqrt(2 * 50));
  expect_equal(p.b1, zeros({50}));
  expect_equal(p.b2, zeros({1}));
  EXPECT_EQ(p.w2.shape(), Shape({50, 1}));
  EXPECT_EQ(p.shift, 0.5);
}

// ---- Layers ----

template <class Layer>
void expect_that_order_matters(Layer layer, const Tensor& inp) {
  expect_error<std::logic_error>([&] { layer.backward(); },
                                 "backward() needs a forward pass before it: call the model first");
  const Tensor out = layer(inp);
  expect_error<std::logic_error>([&] { layer.backward(); },
                                 "backward() of a layer needs that of the layer after it first");
  EXPECT_FALSE(inp.has_grad());
  out.grad() = ones(out.shape());
  layer.backward();
  EXPECT_EQ(inp.grad().shape(), inp.shape());
}

TEST(Layers, NeedAForwardPassAndTheLayerAfter) {
  expect_that_order_matters(layers_as_classes::Relu(0), ones({2, 3}));
  expect_that_order_matters(layers_as_classes::Lin(ones({3, 4}), ones({4})), ones({2, 3}));
  expect_that_order_matters(module_class::Relu(0), ones({2, 3}));
  expect_that_order_matters(module_class::Lin(ones({3, 4}), ones({4})), ones({2, 3}));
  expect_that_order_matters(module_einsum::Lin(ones({3, 4}), ones({4})), ones({2, 3}));
  expect_that_order_matters(module_matmul::Lin(ones({3, 4}), ones({4})), ones({2, 3}));
}

template <class Module>
void expect_not_implemented() {
  Module module;
  const Tensor a = ones({2});
  expect_error<std::logic_error>([&] { module(); }, "not implemented");
  expect_error<std::logic_error>([&] { module(a); }, "not implemented");
  expect_error<std::logic_error>([&] { module(a, a); }, "not implemented");
  expect_error<std::logic_error>([&] { module(a, a, a); }, "not implemented");
  expect_error<std::logic_error>([&] { module.bwd(a, {}); }, "not implemented");
}

TEST(Module, IsNotImplementedForAnyNumberOfArguments) {
  expect_not_implemented<module_class::Module>();
  expect_not_implemented<module_einsum::Module>();
  expect_not_implemented<module_matmul::Module>();
}

template <class Relu, class Mse>
void expect_arguments_counted() {
  Relu relu(0);
  Mse mse;
  const Tensor a = ones({2, 1});
  expect_error<std::invalid_argument>([&] { relu(); }, "the layer takes 1 tensors, but got 0");
  expect_error<std::invalid_argument>([&] { relu(a, a); }, "the layer takes 1 tensors, but got 2");
  expect_error<std::invalid_argument>([&] { mse(a); }, "the layer takes 2 tensors, but got 1");
}

TEST(Module, CountsItsArguments) {
  expect_arguments_counted<module_class::Relu, module_class::Mse>();
  expect_arguments_counted<module_einsum::Relu, module_einsum::Mse>();
  expect_arguments_counted<module_matmul::Relu, module_matmul::Mse>();
}

// One relu for a network: that of the functions and that of the classes must not differ. The shift
// does not enter the derivative of relu, but it enters what w2 is multiplied by.
TEST(Shift, ChangesTheGradientOfW2Most) {
  const auto [x, targ, p] = random_problem(1000, 20, 50, 0, 99);
  Parameters shifted = p;
  shifted.shift = 0.5;
  const Gradients without = common_gradients(p, x, targ), with = common_gradients(shifted, x, targ);
  const auto difference = [&](std::size_t i) {
    return (with[i] - without[i]).pow(2).sum().sqrt().item() /
           without[i].pow(2).sum().sqrt().item();
  };
  EXPECT_GT(difference(3), 0.5);
  EXPECT_GT(difference(3), 3 * difference(1));
}

}  // namespace
}  // namespace foundations::ch06
