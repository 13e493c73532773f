// Every refactor has the gradients of its loss; the fifth is pinned to common/nn, which takes over
// from it.
#include "06_modules/modules.h"

#include <gtest/gtest.h>

#include <cmath>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "06_modules/modules_5_nn.h"
#include "common/nn/nn.h"
#include "common/reference/reference.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/properties.h"
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
                       Generator& generator) {
  const auto real = [&](const Shape& shape) {
    return random_view(randn(shape, generator), generator);
  };
  return {random_operand({n, m}, generator, randn<float>),
          random_operand({n}, generator, randn<float>),
          {real({m, nh}), real({nh}), real({nh, 1}), real({1}), shift}};
}

// Float rounding: both sides round sums whose terms are not much larger than the largest result.
template <class T>
void expect_gradient(std::string_view of, const Tensor& got, const TensorOf<T>& want) {
  SCOPED_TRACE("gradient of " + std::string(of));
  expect_close(got, want, 1e-5, want.numel() > 0 ? 2e-5 * want.abs().max().item() : 0);
}

// A sum may round to the other side of 0, where relu has its kink. A network with a sum so near to
// 0 that rounding or a difference might move it across is left out.
bool is_near_kink(const Problem& d) {
  const Tensor sums = lin(d.x, d.p.w1, d.p.b1);
  return sums.numel() > 0 && sums.abs().min().item() < 1e-4;
}

class RefactorTest : public testing::TestWithParam<Refactor> {};
INSTANTIATE_TEST_SUITE_P(Refactors, RefactorTest, testing::ValuesIn(kRefactors), name_of_rung);

// By central differences, in double, of a loss that is written down once more.
TEST_P(RefactorTest, HasTheGradientsOfItsLoss) {
  for (const float shift : {0.f, 0.5f}) {
    Generator generator(30);
    const Problem d = random_problem(5, 6, 4, shift, generator);
    ASSERT_FALSE(is_near_kink(d));
    const Network network = GetParam().network(d.p);
    network.forward(d.x, d.targ);
    network.backward();
    const Gradients got = gradients(d.p, d.x);
    const std::array<DoubleTensor, 5> in = {d.x.to<double>().contiguous(), d.p.w1.to<double>(),
                                            d.p.b1.to<double>(), d.p.w2.to<double>(),
                                            d.p.b2.to<double>()};
    const auto loss = [&](const DoubleTensor&) {  // of `in`, one of which is being moved
      const DoubleTensor l1 = reference_matmul(in[0], in[1]) + in[2];
      const DoubleTensor out = reference_matmul(l1.clamp_min(0) - d.p.shift, in[3]) + in[4];
      return (out.squeeze(-1) - d.targ.to<double>()).pow(2).mean().item();
    };
    for (std::size_t i = 0; i < in.size(); ++i) {
      expect_gradient(kGradientNames[i], got[i], numerical_gradient(loss, in[i]));
    }
  }
}

// Of any sizes, layouts and shifts, and called a second time, which replaces the gradients.
TEST_P(RefactorTest, HasTheLossAndTheGradientsOfCommon) {
  int left_out = 0;
  for_seeds(60, [&](Generator& generator) {
    const std::int64_t n = random_size(9, generator), m = 1 + generator.below(30),
                       nh = 1 + generator.below(20);
    const Problem d = random_problem(n, m, nh, chance(2, generator) ? 0.f : 0.5f, generator);
    if (is_near_kink(d)) {
      ++left_out;
      return;
    }
    SCOPED_TRACE(testing::Message() << n << "x" << m << "x" << nh << "x1, shift " << d.p.shift);
    const auto& [w1, b1, w2, b2, shift] = d.p;
    const Gradients want = common_gradients(d.p, d.x, d.targ);
    const Network network = GetParam().network(d.p);
    network.forward(d.x * 2, d.targ);
    network.backward();
    const Tensor loss = mse(lin(relu(lin(d.x, w1, b1), shift), w2, b2), d.targ);
    expect_close(network.forward(d.x, d.targ), loss, 1e-5, 0, /*equal_nan=*/true);  // no rows: NaN
    for (int pass = 0; pass < 2; ++pass) {
      network.backward();
      const Gradients got = gradients(d.p, d.x);
      for (std::size_t i = 0; i < got.size(); ++i) {
        expect_gradient(kGradientNames[i], got[i], want[i]);
      }
    }
  });
  EXPECT_LE(left_out, 10);
}

// At exactly 0 relu has no derivative; the notes' (inp > 0) says 0. And NaN comes through.
TEST_P(RefactorTest, SaysThatTheDerivativeAt0Is0) {
  const Parameters p = {tensor({{1, 1}}), tensor({-2, 1}), tensor({{3}, {5}}), tensor({1}), 0};
  const Tensor x = tensor({{2}});  // l1 = [0, 3], out = 16
  const Network network = GetParam().network(p);
  expect_equal(network.forward(x, tensor({15})), tensor(1));
  network.backward();
  const Tensor want[] = {tensor({{10}}), tensor({{0, 20}}), tensor({0, 10}), tensor({{0}, {6}}),
                         tensor({2})};
  for (std::size_t i = 0; i < 5; ++i) expect_equal(gradients(p, x)[i], want[i]);
  EXPECT_TRUE(std::isnan(network.forward(tensor({{kNan}}), tensor({15})).item()));
}

TEST_P(RefactorTest, RefusesTargetsThatWouldBroadcast) {
  Generator generator(80);
  const Problem d = random_problem(3, 4, 2, 0, generator);
  const Network network = GetParam().network(d.p);
  for (const Tensor& wrong : {d.targ.unsqueeze(-1), d.targ.slice(0, 0, 2), d.targ[0]}) {
    EXPECT_THROW(network.forward(d.x, wrong), ShapeError);
  }
}

// ---- Modules ----

template <class Mse>
void expect_takes_vectors() {
  for (const Shape& shape : {Shape{1}, Shape{4}, Shape{1, 1}, Shape{4, 1}}) {
    const Tensor inp = full(shape, 3), targ = ones(shape[0]);
    Mse mse;
    expect_equal(mse(inp, targ), tensor(4));
    mse.backward();
    expect_equal(inp.grad(), full(shape, 4. / static_cast<double>(shape[0])));
  }
}

TEST(Mse, TakesAColumnOrAVectorOfAnyLength) {
  expect_takes_vectors<layers_as_classes::Mse>();
  expect_takes_vectors<module_class::Mse>();
}

TEST(Module, GoesBackInOrderOnly) {
  using namespace module_class;
  constexpr char kNoForward[] = "backward() needs a forward pass before it: call the model first";
  constexpr char kNoLayerAfter[] = "backward() of a layer needs that of the layer after it first";
  const Tensor w = ones(3, 4), b = ones(4);
  const std::vector<std::shared_ptr<Module<Tensor>>> layers = {
      std::make_shared<Relu>(0.f), std::make_shared<Lin>(w, b), std::make_shared<EinsumLin>(w, b),
      std::make_shared<MatmulLin>(w, b)};
  for (const auto& layer : layers) {
    const Tensor inp = ones(2, 3);
    expect_error<std::logic_error>([&] { layer->backward(); }, kNoForward);
    const Tensor out = (*layer)(inp);
    expect_error<std::logic_error>([&] { layer->backward(); }, kNoLayerAfter);
    EXPECT_FALSE(inp.has_grad());
    out.grad() = ones(out.shape());
    layer->backward();
    EXPECT_EQ(inp.grad().shape(), inp.shape());
  }
  expect_error<std::logic_error>([] { Mse().backward(); }, kNoForward);
}

TEST(Module, SaysWhatIsNotImplemented) {
  module_class::Module<Tensor> module;
  expect_error<std::logic_error>([&] { module(ones(1)); }, "not implemented");
  expect_error<std::logic_error>([&] { module.bwd(ones(1), ones(1)); }, "not implemented");
}

// A pass that was refused on its last step does not mix with the one before.
TEST(Model, DoesNotGoBackThroughHalfAPass) {
  Generator generator(95);
  const Problem d = random_problem(3, 4, 2, 0, generator);
  module_class::Model<module_class::Lin> model(d.p.w1, d.p.b1, d.p.w2, d.p.b2, 0);
  model(d.x, d.targ);
  EXPECT_THROW(model(d.x * 2, d.targ[0]), ShapeError);
  EXPECT_THROW(model.backward(), std::logic_error);
  EXPECT_FALSE(d.p.w1.has_grad());
}

// ---- nn: the short form and common's ----

TEST(Nn, IsCommonsInShort) {
  Generator short_start(1), start(1), generator(2);
  using namespace small_nn;
  Sequential model({std::make_shared<Linear>(5, 4, short_start), std::make_shared<ReLU>(),
                    std::make_shared<Linear>(4, 1, short_start)});
  MSELoss loss;
  nn::Sequential want{nn::Linear(5, 4, start), nn::ReLU(), nn::Linear(4, 1, start)};
  nn::MSELoss want_loss;
  for (int pass = 0; pass < 2; ++pass) {  // the second adds
    const Tensor x = randn({6, 5}, generator), targ = randn({6}, generator);
    expect_close(loss(model(x), targ), want_loss(want(x), targ));
    expect_close(model.backward(loss.backward()), want.backward(want_loss.backward()));
  }
  const auto named = model.named_parameters(), want_named = want.named_parameters();
  ASSERT_EQ(named.size(), want_named.size());
  for (std::size_t i = 0; i < named.size(); ++i) {
    EXPECT_EQ(named[i].first, want_named[i].first);
    expect_equal(named[i].second, want_named[i].second);
    expect_close(named[i].second.grad(), want_named[i].second.grad());
  }
}

TEST(MakeParameters, StartsAsChapter04Does) {
  Generator generator(1);
  const Parameters p = make_parameters(784, 50, generator, 0.5);
  // 39,200 and 50 normal numbers: four times the spread of their standard deviations.
  EXPECT_NEAR(p.w1.std().item() / std::sqrt(2.0 / 784), 1, 4 / std::sqrt(2 * 39200));
  EXPECT_NEAR(p.w2.std().item() * std::sqrt(50), 1, 4 / std::sqrt(2 * 50));
  expect_equal(p.b1, zeros(50));
  expect_equal(p.b2, zeros(1));
  EXPECT_EQ(p.w2.shape(), Shape({50, 1}));
  EXPECT_EQ(p.shift, 0.5);
}

}  // namespace
}  // namespace foundations::ch06
