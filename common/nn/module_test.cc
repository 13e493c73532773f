// Modules: layers by hand and by differences, names, what is registered and what is refused.
#include "common/nn/module.h"

#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "common/nn/check_gradients.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/tensor/print.h"
#include "common/tensor/random.h"
#include "common/testing/properties.h"
#include "common/testing/testing.h"

namespace foundations::nn {
namespace {

Sequential make_model(Generator& generator) {
  return Sequential{Linear(3, 4, generator), ReLU(), Linear(4, 2, generator)};
}

// Registers what a test asks for, and computes nothing.
struct Registers : Module {
  using Module::add_grad;
  using Module::register_buffer;
  using Module::register_module;
  using Module::register_parameter;
  std::string extra;

  std::string extra_repr() const override { return extra; }
  Tensor forward(const Tensor& x) override { return x; }
  Tensor bwd(const Tensor& out_grad) override { return out_grad; }
};

std::string names(const NamedTensors& named) {
  std::string text;
  for (const auto& [name, tensor] : named) text += name + " " + bracketed(tensor.shape()) + "\n";
  return text;
}

// ---- Layers ----

TEST(Linear, MultipliesByTheTransposedWeightAndAddsTheBias) {
  Generator generator(7);
  Linear linear(3, 2, generator);
  linear.weight().copy_(tensor({{1, 2, 3}, {4, 5, 6}}));
  linear.bias().copy_(tensor({10, 20}));
  expect_equal(linear(tensor({{1, 0, -1}})), tensor({{8, 18}}));
  expect_equal(linear.backward(tensor({{1, 10}})), tensor({{41, 52, 63}}));
  expect_equal(linear.weight().grad(), tensor({{1, 0, -1}, {10, 0, -10}}));
  expect_equal(linear.bias().grad(), tensor({1, 10}));
}

TEST(Linear, StartsAsPyTorchDoes) {
  Generator generator(8), same(8);
  const Linear linear(784, 50, generator);
  expect_equal(linear.weight(), uniform_(empty(50, 784), -1 / 28., 1 / 28., same));
  expect_equal(linear.bias(), uniform_(empty(50), -1 / 28., 1 / 28., same));
  expect_equal(Linear(0, 2, same)(ones(3, 0)), zeros(3, 2));  // without inputs it is its bias
}

TEST(Linear, RefusesOtherShapes) {
  Generator generator(10);
  Linear linear(3, 2, generator);
  for (const Tensor& x : {ones(4, 2), ones(3), ones(2, 4, 3), Tensor(tensor(1))}) {
    expect_error<ShapeError>([&] { linear(x); },
                             "Linear(in_features=3, out_features=2, bias=True) needs an input of "
                             "[n, 3], but got " +
                                 bracketed(x.shape()));
  }
}

TEST(Flatten, GivesTheShapeBack) {
  Flatten flatten;
  const Shape rows[][2] = {
      {{2, 3, 4}, {2, 12}}, {{2}, {2, 1}}, {{0, 3, 4}, {0, 12}}, {{1, 1, 0}, {1, 0}}};
  for (const auto& [shape, flat] : rows) {
    EXPECT_EQ(to_string(flatten(ones(shape)).shape()), to_string(flat));
    EXPECT_EQ(to_string(flatten.backward(ones(flat)).shape()), to_string(shape));
  }
}

// Any depth and sizes, layers in Sequentials of their own or not, against differences.
TEST(CheckGradients, PassesModulesOfAllKinds) {
  for_seeds(30, [](Generator& generator) {
    std::vector<std::shared_ptr<Module>> layers;
    const std::int64_t in = 1 + generator.below(4);
    std::int64_t width = in;
    for (std::int64_t left = generator.below(4); left >= 0; --left) {
      const std::int64_t out = 1 + generator.below(4);
      layers.push_back(share(Linear(width, out, generator)));
      if (left > 0) layers.push_back(share(ReLU()));
      if (chance(2, generator)) layers = {share(Sequential(layers))};
      width = out;
    }
    Sequential model(layers);
    const Tensor x = random_operand({random_size(5, generator), in}, generator, randn<float>);
    EXPECT_EQ(check_gradients(model, x), "") << model;
  });
}

// A shortcut: two paths that meet, whose gradients add.
template <class Activation>
struct Residual : Module {
  explicit Residual(Generator& generator) : lin_(register_module("lin", Linear(3, 3, generator))) {}
  Tensor forward(const Tensor& x) override { return activation_(lin_(x)) + x; }
  Tensor bwd(const Tensor& g) override { return lin_.backward(activation_.backward(g)) + g; }
  Linear& lin_;
  Activation& activation_ = register_module("activation", Activation());
};

TEST(CheckGradients, PassesTwoPathsThatMeet) {
  Generator generator(3);
  Sequential model{Residual<ReLU>(generator), Residual<ReLU>(generator)};  // moved, with all below
  EXPECT_EQ(check_gradients(model, randn({4, 3}, generator)), "");
  EXPECT_EQ(model.parameters().size(), 4u);
  EXPECT_EQ(to_string(Residual<ReLU>(generator)),
            "Residual(\n"
            "  (lin): Linear(in_features=3, out_features=3, bias=True)\n"
            "  (activation): ReLU()\n"
            ")");
}

// Goes wrong on its way back as it is told to.
struct Wrong : Module {
  explicit Wrong(std::string how) : how_(std::move(how)) {}
  Tensor forward(const Tensor& x) override { return x * scale_; }
  Tensor bwd(const Tensor& g) override {
    if (how_ != "forgets")
      add_grad(scale_, g.sum(0) * (how_ == "one of scale" ? tensor({1, 1.02}) : tensor({1, 1})));
    return how_ == "x" ? g * 2.1 : g * 2;
  }
  std::string how_;
  Tensor scale_ = register_parameter("scale", tensor({2, 2}));
};

TEST(CheckGradients, FindsWhatIsWrong) {
  const Tensor x = tensor({{1, 1}});
  const auto check = [&](const std::string& how) {
    Wrong module(how);
    const std::string wrong = check_gradients(module, x);
    return wrong.substr(0, wrong.find(" is "));
  };
  EXPECT_EQ(check("nothing"), "");
  EXPECT_EQ(check("forgets"), "there");
  EXPECT_EQ(check("one of scale"), "the gradient by scale[1]");
  EXPECT_EQ(check("x"), "the gradient by x[0][0]");
}

// ---- The way back ----

TEST(Backward, AddsToTheGradientsAndHandsItsOwnBack) {
  Generator generator(4);
  Sequential model = make_model(generator);
  const Tensor x = randn({5, 3}, generator), g = randn({5, 2}, generator);
  model(x);
  const Tensor grad = model.backward(g);
  std::vector<Tensor> once;
  for (const Tensor& p : model.parameters()) once.push_back(p.grad());
  expect_equal(model.backward(g), grad);
  for (std::size_t i = 0; i < once.size(); ++i) {
    expect_close(model.parameters()[i].grad(), once[i] * 2);
    EXPECT_NE(model.parameters()[i].grad().data(), once[i].data());  // who kept the first has it
  }
  model.zero_grad();
  for (const Tensor& p : model.parameters()) EXPECT_FALSE(p.has_grad());
}

TEST(Backward, LeavesOutWhatNobodyReads) {
  Generator generator(4), same(4);
  Sequential model{Flatten(), make_model(generator)}, whole{Flatten(), make_model(same)};
  model.input_grad(false);
  const Tensor x = randn({5, 3, 1}, generator), g = randn({5, 2}, generator);
  expect_equal(model(x), whole(x));
  EXPECT_FALSE(model.backward(g).defined());
  EXPECT_TRUE(whole.backward(g).defined());
  for (std::size_t i = 0; i < 4; ++i) {
    expect_equal(model.parameters()[i].grad(), whole.parameters()[i].grad());
  }
  model.input_grad(true);
  model(x);
  expect_equal(model.backward(g), whole.backward(g));
}

TEST(Backward, NeedsACallInTrainingModeThatWentWell) {
  Generator generator(6);
  Sequential model = make_model(generator);
  const Tensor x = ones(5, 3), g = ones(5, 2);
  const auto refuses = [&] {
    expect_error<std::logic_error>(
        [&] { model.backward(g); },
        "Sequential cannot go back: call it first, in training mode, and without an error");
    for (const Tensor& p : model.parameters()) EXPECT_FALSE(p.has_grad());
  };
  refuses();
  model(x);
  EXPECT_THROW(model(ones(5, 4)), ShapeError);
  refuses();
  model.eval();
  EXPECT_FALSE(model.is_training());
  model(x);
  refuses();
  model.train();
  model(x);
  expect_error<ShapeError>([&] { model.backward(ones(5)); },
                           "Sequential needs a gradient of the shape of its output, [5, 2], to go "
                           "back, but got [5]");
  model.backward(g);
}

TEST(Eval, KeepsNothing) {
  Generator generator(6);
  Sequential model = make_model(generator);
  const Tensor x = ones(100, 3);
  const std::int64_t before = memory_allocated();
  model(x);
  EXPECT_GT(memory_allocated(), before);
  model.eval();
  model(x);
  EXPECT_EQ(memory_allocated(), before);
}

// ---- Losses ----

TEST(OnForward, ShowsWhatEveryLayerGave) {
  Generator generator(12);
  Sequential model = make_model(generator);
  std::vector<std::string> seen;
  for (const auto& [name, layer] : model.named_children()) {
    layer->on_forward([&seen, name = name](const Module& m, const Tensor& out) {
      seen.push_back(name + " " + m.name() + " " + bracketed(out.shape()) +
                     (m.is_training() ? "" : " eval"));
    });
  }
  const Tensor x = ones(5, 3);
  model(x);
  EXPECT_EQ(seen,
            (std::vector<std::string>{"0 Linear [5, 4]", "1 ReLU [5, 4]", "2 Linear [5, 2]"}));
  model.eval();
  model.named_children()[0].second->on_forward({});
  model(x);
  EXPECT_EQ(std::vector(seen.begin() + 3, seen.end()),
            (std::vector<std::string>{"1 ReLU [5, 4] eval", "2 Linear [5, 2] eval"}));
}

TEST(OnForward, GetsTheOutputItselfAndMayRefuseIt) {
  ReLU relu;
  Tensor first, second;
  relu.on_forward([&](const Module&, const Tensor& out) { first = out; });
  relu.on_forward([&](const Module&, const Tensor& out) { second = out; });  // in its place
  ReLU moved = std::move(relu);
  const Tensor out = moved(ones(2));
  EXPECT_FALSE(first.defined());
  EXPECT_EQ(second.data(), out.data());
  moved.on_forward([](const Module&, const Tensor&) { throw std::runtime_error("no"); });
  expect_error<std::runtime_error>([&] { moved(ones(2)); }, "no");
  EXPECT_THROW(moved.backward(ones(2)), std::logic_error);  // that call did not end well
}

TEST(Loss, HandsTheGradientOfItsLastCallBack) {
  Generator generator(1);
  const Tensor inp = randn({4, 3}, generator);
  const LongTensor targ = long_tensor({2, 0, 1, 1});
  CrossEntropyLoss cross;
  expect_error<std::logic_error>([&] { cross.backward(); }, "a loss cannot go back: call it first");
  expect_equal(cross(inp, targ), cross_entropy(inp, targ));
  EXPECT_THROW(cross(inp, targ.slice(0, 1)), ShapeError);
  expect_equal(cross.backward(), cross_entropy_backward(inp, targ));
  MSELoss mean_squared;
  expect_equal(mean_squared(inp.select(1, 0), inp.select(1, 1)),
               mse(inp.select(1, 0), inp.select(1, 1)));
  expect_equal(mean_squared.backward(), mse_backward(inp.select(1, 0), inp.select(1, 1)));
}

// ---- What is registered ----

TEST(Module, ListsAndPrintsAsPyTorchDoes) {
  Generator generator(14);
  Registers model;
  const Sequential& layers = model.register_module(
      "layers", Sequential{Linear(784, 50, generator), ReLU(), Linear(50, 1, generator)});
  model.register_parameter("scale", ones(2));
  model.register_buffer("mean", zeros(3));
  EXPECT_EQ(names(model.named_parameters()),
            "scale [2]\n"
            "layers.0.weight [50, 784]\n"
            "layers.0.bias [50]\n"
            "layers.2.weight [1, 50]\n"
            "layers.2.bias [1]\n");
  EXPECT_EQ(names(model.named_buffers()), "mean [3]\n");
  EXPECT_EQ(layers.parameters().size(), 4u);
  std::ostringstream printed;
  printed << model;
  EXPECT_EQ(printed.str(),
            "Registers(\n"
            "  (layers): Sequential(\n"
            "    (0): Linear(in_features=784, out_features=50, bias=True)\n"
            "    (1): ReLU()\n"
            "    (2): Linear(in_features=50, out_features=1, bias=True)\n"
            "  )\n"
            ")");
}

TEST(Module, PrintsWhatItSaysOfItself) {
  Registers leaf, parent;
  leaf.extra = "one";
  EXPECT_EQ(to_string(leaf), "Registers(one)");
  leaf.extra = "one\ntwo";
  parent.extra = "three";
  parent.register_module("leaf", std::move(leaf));
  EXPECT_EQ(to_string(parent),
            "Registers(\n  three\n  (leaf): Registers(\n    one\n    two\n  )\n)");
}

TEST(Module, ListsWhatHasTwoNamesOnce) {
  Generator generator(3);
  Registers model;
  const auto linear = share(Linear(3, 2, generator));
  model.register_module("a", linear);
  model.register_module("b", linear);
  model.register_parameter("w", linear->weight());
  EXPECT_EQ(names(model.named_parameters()), "w [2, 3]\na.bias [2]\n");
  const Tensor before = linear->weight().clone();
  (*linear)(ones(1, 3));
  linear->backward(ones(1, 2));
  for (const Tensor& p : model.parameters()) p -= p.grad();  // one step, not two
  expect_close(linear->weight(), before - 1);
}

TEST(Module, RefusesNamesThatWouldConfuse) {
  const struct {
    const char *name, *why;
    bool empty = false;
  } rows[] = {{"", "a name is needed"},
              {"a.b", "a name has no dot, which joins the names of a path"},
              {"weight", "the name is taken"},
              {"mean", "the name is taken"},
              {"layer", "the name is taken"},
              {"new", "there is nothing in it", true}};
  for (const auto& row : rows) {
    Registers module;
    module.register_parameter("weight", ones(1));
    module.register_buffer("mean", ones(1));
    module.register_module("layer", ReLU());
    const Tensor tensor = row.empty ? Tensor() : ones(1);
    const auto relu = row.empty ? nullptr : share(ReLU());
    const std::string text =
        std::string("Registers cannot register \"") + row.name + "\": " + row.why;
    expect_error<std::invalid_argument>([&] { module.register_parameter(row.name, tensor); }, text);
    expect_error<std::invalid_argument>([&] { module.register_buffer(row.name, tensor); }, text);
    expect_error<std::invalid_argument>([&] { module.register_module(row.name, relu); }, text);
    EXPECT_EQ(module.parameters().size() + module.named_buffers().size(), 2u);
    EXPECT_EQ(to_string(module), "Registers(\n  (layer): ReLU()\n)");
  }
}

TEST(Module, CannotContainItself) {
  const auto outer = std::make_shared<Registers>(), inner = std::make_shared<Registers>();
  outer->register_module("inner", inner);
  const std::string text = "Registers cannot register \"self\": it would contain itself";
  expect_error<std::invalid_argument>([&] { outer->register_module("self", outer); }, text);
  expect_error<std::invalid_argument>([&] { inner->register_module("self", outer); }, text);
  EXPECT_TRUE(outer->parameters().empty());
}

TEST(Sequential, RefusesOneModuleInTwoPlaces) {
  Generator generator(2);
  const auto relu = share(ReLU());
  const auto refuses = [&](const std::vector<std::shared_ptr<Module>>& layers,
                           const std::string& places) {
    expect_error<std::invalid_argument>([&] { Sequential model(layers); },
                                        "Sequential got the same module in places " + places +
                                            ": a module keeps only its last call, so make two");
  };
  refuses({relu, share(Linear(2, 2, generator)), relu}, "0 and 2");
  refuses({relu, share(Sequential(relu))}, "0 and 1");
  refuses({share(ReLU()), share(Sequential(relu)), share(Sequential(ReLU(), relu))}, "1 and 2");
}

TEST(Module, IsMovedAndNotCopied) {
  EXPECT_FALSE(std::is_copy_constructible_v<Sequential>);
  EXPECT_FALSE(std::is_copy_assignable_v<Linear>);
  Generator generator(5);
  Sequential model = make_model(generator);
  const Tensor weight = model.parameters()[0], x = ones(1, 3), out = model(x);
  Sequential moved = std::move(model);
  EXPECT_EQ(&moved.parameters()[0].grad(), &weight.grad());
  expect_equal(moved(x), out);
  EXPECT_FALSE(Sequential()(x).has_grad());  // of no layers: x itself
}

}  // namespace
}  // namespace foundations::nn
