// Every refactor has the gradients of its loss, and says what is wrong in the same words. That it
// has those of common/nn/nn.h too, for any sizes and layouts, is in properties_test.cc.
#include "06_modules/modules.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/nn/nn.h"
#include "common/reference/reference.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/rung_names.h"
#include "common/testing/testing.h"

namespace foundations::ch06 {

void PrintTo(const Refactor& refactor, std::ostream* out) { *out << refactor.name; }

namespace {

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

class RefactorTest : public testing::TestWithParam<Refactor> {};

INSTANTIATE_TEST_SUITE_P(Refactors, RefactorTest, testing::ValuesIn(kRefactors), name_of_rung);

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

TEST_P(RefactorTest, RunAgainItReplacesTheGradients) {
  const auto [x, targ, p] = random_problem(6, 5, 4, 0.5, 60);
  const Network network = GetParam().network(p);
  network.forward(x * 2, targ);
  network.backward();
  const Tensor first = p.w1.grad();
  network.forward(x, targ);
  for (int i = 0; i < 2; ++i) {
    network.backward();
    expect_gradients(gradients(p, x), common_gradients(p, x, targ));
  }
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
  struct Row {
    Tensor x;
    Parameters p;
  };
  for (const auto& [wrong_x, wrong] : std::vector<Row>{{x[0], p},
                                                       {x.unsqueeze(1), p},
                                                       {x, {p.w1.t(), p.b1, p.w2, p.b2}},
                                                       {x, {p.w1, ones({1}), p.w2, p.b2}},
                                                       {x, {p.w1, ones({3, 2}), p.w2, p.b2}},
                                                       {x, {p.w1, p.b1, ones({2, 2}), p.b2}},
                                                       {x, {p.w1, p.b1, p.w2, ones({3, 1})}}}) {
    std::string shapes;
    for (const Tensor& t : {wrong_x, wrong.w1, wrong.b1, wrong.w2, wrong.b2}) {
      shapes += (shapes.empty() ? "" : ", ") + bracketed(t.shape());
    }
    const Network network = GetParam().network(wrong);
    const Tensor& in = wrong_x;
    expect_error<ShapeError>(
        [&] { network.forward(in, d.targ); },
        "the network needs x [n, m], w1 [m, nh], b1 [nh], w2 [nh, 1] and b2 [1], but got " +
            shapes);
  }
}

// Nor through a pass that was refused on its last step, and not one half of it and one of another.
TEST_P(RefactorTest, DoesNotGoBackWithoutAWholePass) {
  const Problem d = random_problem(3, 4, 2, 0, 95);
  const Network network = GetParam().network(d.p);
  expect_error<std::logic_error>(network.backward,
                                 "backward() needs a forward pass before it: call the model first");
  EXPECT_FALSE(d.p.w1.has_grad());
  network.forward(d.x, d.targ);
  network.backward();
  const Gradients before = gradients(d.p, d.x);
  EXPECT_THROW(network.forward(d.x * 2, d.targ[0]), ShapeError);
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
void expect_that_order_matters(Layer layer) {
  const Tensor inp = ones({2, 3});
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
  const Tensor w = ones({3, 4}), b = ones({4});
  expect_that_order_matters(layers_as_classes::Relu(0));
  expect_that_order_matters(layers_as_classes::Lin(w, b));
  expect_that_order_matters(module_class::Relu(0));
  expect_that_order_matters(module_class::Lin(w, b));
  expect_that_order_matters(module_einsum::Lin(w, b));
  expect_that_order_matters(module_matmul::Lin(w, b));
}

// A Module takes any number of arguments, and a layer counts them.
template <class Module, class Relu, class Mse>
void expect_arguments_counted() {
  Module module;
  Relu relu(0);
  Mse mse;
  const Tensor a = ones({2, 1});
  for (const auto& call :
       std::vector<std::function<void()>>{[&] { module(); }, [&] { module(a); },
                                          [&] { module(a, a); }, [&] { module.bwd(a, {}); }}) {
    expect_error<std::logic_error>(call, "not implemented");
  }
  expect_error<std::invalid_argument>([&] { relu(); }, "the layer takes 1 tensors, but got 0");
  expect_error<std::invalid_argument>([&] { relu(a, a); }, "the layer takes 1 tensors, but got 2");
  expect_error<std::invalid_argument>([&] { mse(a); }, "the layer takes 2 tensors, but got 1");
}

TEST(Module, CountsItsArguments) {
  expect_arguments_counted<module_class::Module, module_class::Relu, module_class::Mse>();
  expect_arguments_counted<module_einsum::Module, module_einsum::Relu, module_einsum::Mse>();
  expect_arguments_counted<module_matmul::Module, module_matmul::Relu, module_matmul::Mse>();
}

}  // namespace
}  // namespace foundations::ch06
