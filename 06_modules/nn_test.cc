// Each layer by hand, and the names and the printed form that PyTorch gives modules. Modules of
// random layers and sizes are in properties_test.cc.
#include "06_modules/nn.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "06_modules/modules.h"
#include "common/linalg/matmul.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/testing.h"

namespace foundations::ch06::nn {
namespace {

constexpr char kNoForward[] = "backward() needs a forward pass before it: call the model first";
constexpr char kNoLayerAfter[] = "backward() of a layer needs that of the layer after it first";

// The weights of common/nn/nn.h, which computes x @ w, are the transposes of ours.
Parameters as_common(const Module& model) {
  const std::vector<Tensor> p = model.parameters();
  return {p[0].t(), p[1], p[2].t(), p[3], 0};
}

// Float rounding: both sides round sums whose terms are not much larger than the largest result.
void expect_gradient(const std::string& of, const Tensor& got, const Tensor& want) {
  SCOPED_TRACE("gradient of " + of);
  expect_close(got, want, 1e-5, want.numel() > 0 ? 1e-5 * want.abs().max().item() : 0);
}

void expect_like_common(Model& model, const Tensor& x, const Tensor& targ) {
  const Parameters same = as_common(model);
  const Gradients want = common_gradients(same, x, targ);
  expect_close(model(x, targ), common_network(same).forward(x, targ), 1e-5, 0, true);
  model.backward();
  const auto named = model.named_parameters();
  expect_gradient("x", x.grad(), want[0]);
  expect_gradient(named[0].first, named[0].second.grad(), want[1].t());
  expect_gradient(named[1].first, named[1].second.grad(), want[2]);
  expect_gradient(named[2].first, named[2].second.grad(), want[3].t());
  expect_gradient(named[3].first, named[3].second.grad(), want[4]);
}

TEST(Model, RunAgainItReplacesTheGradients) {
  Generator generator(4);
  const Tensor x = randn({6, 5}, generator), targ = randn({6}, generator);
  Model model(5, 4, 1, generator);
  expect_like_common(model, x * 2, targ);
  const Tensor first = model.parameters()[0].grad();
  expect_like_common(model, x, targ);
  const Tensor second = model.parameters()[0].grad();
  model.backward();
  expect_equal(model.parameters()[0].grad(), second);
  EXPECT_NE(first.data(), second.data());
}

// A pass that was refused on its last step does not mix with the one before.
TEST(Model, DoesNotGoBackThroughHalfAPass) {
  Generator generator(6);
  Model model(4, 2, 1, generator);
  const Tensor x = randn({3, 4}, generator), targ = randn({3}, generator);
  model(x, targ);
  expect_error<ShapeError>(
      [&] { model(x * 2, targ.unsqueeze(-1)); },
      "mse() needs output.squeeze(-1) and targ of one shape, but got an output "
      "of [3, 1] and a targ of [3, 1]: their difference would broadcast");
  expect_error<std::logic_error>([&] { model.backward(); }, kNoLayerAfter);
  for (const Tensor& p : model.parameters()) EXPECT_FALSE(p.has_grad());
}

TEST(Model, CannotBeCopied) {
  EXPECT_FALSE(std::is_copy_constructible_v<Model>);
  EXPECT_FALSE(std::is_copy_assignable_v<Model>);
}

// ---- Layers ----

TEST(Linear, MultipliesByTheTransposedWeightAndAddsTheBias) {
  Generator generator(7);
  Linear linear(3, 2, generator);
  linear.weight().copy_(tensor({{1, 2, 3}, {4, 5, 6}}));
  linear.bias().copy_(tensor({10, 20}));
  const Tensor x = tensor({{1, 0, -1}});
  const Tensor out = linear(x);
  expect_equal(out, tensor({{8, 18}}));
  out.grad() = tensor({{1, 10}});
  linear.backward();
  expect_equal(x.grad(), tensor({{41, 52, 63}}));
  expect_equal(linear.weight().grad(), tensor({{1, 0, -1}, {10, 0, -10}}));
  expect_equal(linear.bias().grad(), tensor({1, 10}));
}

// Uniform on +-1/28. Of 39,200 numbers the standard deviation is off by sqrt(1/(5 n)) of itself (a
// uniform's fourth moment is 9/5 of the square of its variance, so var(s^2)/s^4 = 4/(5 n)): here
// 0.23 %, of which four are allowed; the mean by the deviation over the root of n. The largest
// misses the bound by 1 part in 39,200, or less than 20 of them but for a chance of e^-20.
TEST(Linear, StartsAsPyTorchDoes) {
  Generator generator(8);
  Linear linear(784, 50, generator);
  const double std = 1 / (28 * std::sqrt(3)), n = 39200;
  EXPECT_NEAR(linear.weight().std().item(), std, 4 * std / std::sqrt(5 * n));
  EXPECT_NEAR(linear.weight().mean().item(), 0, 4 * std / std::sqrt(n));
  EXPECT_LE(linear.weight().abs().max().item(), 1.0 / 28);
  EXPECT_GT(linear.weight().abs().max().item(), (1 - 20 / n) / 28);
  EXPECT_NEAR(linear.bias().std().item(), std, 4 * std / std::sqrt(5 * 50));
  EXPECT_LE(linear.bias().abs().max().item(), 1.0 / 28);
  Generator again(8);
  expect_equal(Linear(784, 50, again).weight(), linear.weight());
}

TEST(Linear, WithoutInputsIsItsBias) {
  Generator generator(9);
  expect_equal(Linear(0, 2, generator)(ones({3, 0})), zeros({3, 2}));
}

TEST(Linear, RefusesOtherShapes) {
  Generator generator(10);
  Linear linear(3, 2, generator);
  for (const Tensor& x : {ones({4, 2}), ones({3}), ones({2, 4, 3}), Tensor(tensor(1))}) {
    expect_error<ShapeError>([&] { linear(x); },
                             "Linear(in_features=3, out_features=2, bias=True) needs an input of "
                             "[n, 3], but got " +
                                 bracketed(x.shape()));
  }
}

TEST(ReLU, HasNoShiftAndTheDerivative0At0) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  ReLU relu;
  const Tensor x = tensor({-2, 0, 3, kInf});
  const Tensor out = relu(x);
  expect_equal(out, tensor({0, 0, 3, kInf}));
  out.grad() = tensor({1, 2, 3, 4});
  relu.backward();
  expect_equal(x.grad(), tensor({0, 0, 3, 4}));
  EXPECT_TRUE(std::isnan(relu(tensor({kNan})).item()));
}

TEST(Sequential, CanHoldAnother) {
  Generator generator(11);
  const auto linear = std::make_shared<Linear>(3, 2, generator);
  const auto inner = std::make_shared<Sequential>(
      std::vector<std::shared_ptr<Module>>{linear, std::make_shared<ReLU>()});
  Sequential outer({inner, std::make_shared<Sequential>(std::vector<std::shared_ptr<Module>>{})});
  const Tensor x = randn({4, 3}, generator);
  const Tensor out = outer(x);
  out.grad() = ones({4, 2});
  outer.backward();
  expect_close(x.grad(), matmul((out > 0).to<float>(), linear->weight()));
  EXPECT_EQ(outer.named_parameters()[1].first, "0.0.bias");
  EXPECT_EQ(to_string(outer),
            "Sequential(\n"
            "  (0): Sequential(\n"
            "    (0): Linear(in_features=3, out_features=2, bias=True)\n"
            "    (1): ReLU()\n"
            "  )\n"
            "  (1): Sequential()\n"
            ")");
}

TEST(Layers, NeedAForwardPassAndTheLayerAfter) {
  Generator generator(12);
  const std::vector<std::shared_ptr<Module>> layers = {
      std::make_shared<ReLU>(), std::make_shared<Linear>(3, 4, generator),
      std::make_shared<Sequential>(std::vector<std::shared_ptr<Module>>{std::make_shared<ReLU>()})};
  for (const auto& layer : layers) {
    SCOPED_TRACE(to_string(*layer));
    const Tensor inp = ones({2, 3});
    expect_error<std::logic_error>([&] { layer->backward(); }, kNoForward);
    (*layer)(inp);
    expect_error<std::logic_error>([&] { layer->backward(); }, kNoLayerAfter);
    EXPECT_FALSE(inp.has_grad());
    expect_error<std::invalid_argument>([&] { (*layer)(inp, inp); },
                                        "the layer takes 1 tensors, but got 2");
  }
  Model model(3, 2, 1, generator);
  expect_error<std::logic_error>([&] { model.backward(); }, kNoForward);
  EXPECT_FALSE(model.parameters()[0].has_grad());
}

// ---- What is registered ----

TEST(Model, Has39301NumbersInFourTensors) {
  Generator generator(13);
  const Model model(784, 50, 1, generator);
  const std::vector<Tensor> parameters = model.parameters();
  std::string listed;
  std::int64_t numbers = 0;
  std::size_t i = 0;
  for (const auto& [name, parameter] : model.named_parameters()) {
    listed += name + " " + bracketed(parameter.shape()) + "\n";
    numbers += parameter.numel();
    EXPECT_EQ(parameter.data(), parameters.at(i++).data());
  }
  EXPECT_EQ(listed,
            "layers.0.weight [50, 784]\n"
            "layers.0.bias [50]\n"
            "layers.2.weight [1, 50]\n"
            "layers.2.bias [1]\n");
  EXPECT_EQ(parameters.size(), 4u);
  EXPECT_EQ(numbers, 39301);
}

TEST(Model, PrintsAsPyTorchDoes) {
  Generator generator(14);
  std::ostringstream printed;
  printed << Model(784, 50, 1, generator);
  EXPECT_EQ(printed.str(),
            "Model(\n"
            "  (layers): Sequential(\n"
            "    (0): Linear(in_features=784, out_features=50, bias=True)\n"
            "    (1): ReLU()\n"
            "    (2): Linear(in_features=50, out_features=1, bias=True)\n"
            "  )\n"
            ")");
  EXPECT_EQ(to_string(Linear(784, 50, generator)),
            "Linear(in_features=784, out_features=50, bias=True)");
  EXPECT_EQ(to_string(ReLU()), "ReLU()");
  EXPECT_EQ(to_string(Mse()), "Mse()");
}

TEST(Model, ZeroGradTakesTheGradientsAway) {
  Generator generator(15);
  Model model(3, 2, 1, generator);
  const auto expect_grads = [&model](bool there) {
    for (const Tensor& p : model.parameters()) EXPECT_EQ(p.has_grad(), there);
  };
  model.zero_grad();  // when there are none
  const Tensor x = randn({4, 3}, generator), targ = ones({4});
  for (int i = 0; i < 2; ++i) {
    expect_like_common(model, x, targ);
    expect_grads(true);
    model.zero_grad();
    expect_grads(false);
  }
}

// The notes' Model keeps its layers in a plain list. It goes back, but nobody finds what it has to
// learn.
class PlainList : public Module {
 public:
  explicit PlainList(Generator& generator)
      : layers_{std::make_shared<Linear>(3, 2, generator), std::make_shared<ReLU>(),
                std::make_shared<Linear>(2, 1, generator)} {}

  Tensor forward(const Args& args) override {
    auto [x, targ] = unpack<2>(args);
    for (const auto& layer : layers_) x = (*layer)(x);
    return loss_(x, targ);
  }

  void bwd(const Tensor&, const Args&) override {
    loss_.backward();
    for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) (*layer)->backward();
  }

  std::string name() const override { return "Model"; }

  std::vector<std::shared_ptr<Module>> layers_;
  Mse loss_;
};

TEST(PlainListOfLayers, HasNoParametersAndYetGradients) {
  Generator generator(16), same(16);
  PlainList list(generator);
  Model model(3, 2, 1, same);
  EXPECT_TRUE(list.parameters().empty());
  EXPECT_TRUE(list.named_parameters().empty());
  EXPECT_EQ(to_string(list), "Model()");
  const Tensor x = randn({4, 3}, generator), targ = randn({4}, generator);
  expect_equal(list(x, targ), model(x, targ));
  list.backward();
  model.backward();
  expect_equal(list.layers_[0]->parameters()[0].grad(), model.parameters()[0].grad());
}

// Registers what a test asks for, next to a parameter "weight" and a module "layer".
class Registers : public Module {
 public:
  Registers() {
    register_parameter("weight", ones({1}));
    register_module("layer", std::make_shared<ReLU>());
  }
  using Module::register_module;
  using Module::register_parameter;
  std::string name() const override { return "Registers"; }
  std::string extra_repr() const override { return "two"; }
};

TEST(Register, RefusesNamesThatWouldConfuse) {
  struct Row {
    std::string name, why;
    bool empty = false;
  };
  for (const auto& [name, why, empty] :
       std::vector<Row>{{"", "a name is needed"},
                        {"a.b", "a name has no dot, which joins the names of a path"},
                        {"weight", "the name is taken"},
                        {"layer", "the name is taken"},
                        {"new", "there is nothing in it", true}}) {
    Registers module;
    const Tensor parameter = empty ? Tensor() : ones({1});
    const auto relu = empty ? nullptr : std::make_shared<ReLU>();
    const std::string text = "Registers cannot register \"" + name + "\": " + why, as = name;
    expect_error<std::invalid_argument>([&] { module.register_parameter(as, parameter); }, text);
    expect_error<std::invalid_argument>([&] { module.register_module(as, relu); }, text);
    EXPECT_EQ(module.parameters().size(), 1u);
    EXPECT_EQ(to_string(module), "Registers(\n  two\n  (layer): ReLU()\n)");
  }
}

TEST(Register, HasWhatIsThereAndTheLayersOwn) {
  const auto inner = std::make_shared<Registers>();
  Registers outer;
  EXPECT_EQ(outer.register_module("inner", inner), inner);
  const auto named = outer.named_parameters();
  ASSERT_EQ(named.size(), 2u);
  EXPECT_EQ(named[0].first, "weight");
  EXPECT_EQ(named[1].first, "inner.weight");
  EXPECT_THROW(outer(ones({1})), std::logic_error);  // forward is not implemented
}

}  // namespace
}  // namespace foundations::ch06::nn
