// The gradients by hand: against finite differences, against each other, and on the digits.
#include "05_forward_backward/forward_backward.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "common/data/mnist.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations::ch05 {
namespace {

// Digits 0 to 9, as targets.
Tensor targets(std::int64_t n, Generator& generator) {
  return randint(0, 10, {n}, generator).to<float>();
}

// What has a gradient, after forward_and_backward.
template <class T>
std::vector<std::pair<std::string, TensorOf<T>>> all_of(const TensorOf<T>& x, const NetOf<T>& net) {
  return {{"x", x}, {"w1", net.w1}, {"b1", net.b1}, {"w2", net.w2}, {"b2", net.b2}};
}

// ---- One function at a time ----

TEST(MseGrad, IsTwiceTheErrorOverN) {
  const Tensor inp = tensor({{1}, {2}, {5}, {4}}), targ = tensor({1, 4, 2, 4});
  for (const Tensor& layout : every_layout(inp)) {
    mse_grad(layout, targ);
    expect_equal(layout.grad(), tensor({{0}, {-1}, {1.5}, {0}}));
  }
}

// squeeze() would take both dimensions of [1, 1].
TEST(MseGrad, OfOneRowKeepsItsShape) {
  const Tensor inp = tensor({{3}});
  mse_grad(inp, tensor({1}));
  expect_equal(inp.grad(), tensor({{4}}));
}

TEST(ReluGrad, PassesOnWhereTheInputIsPositive) {
  for (const double shift : {0., 0.5}) {
    const Tensor inp = tensor({{-1, 2}, {0.25, -0.25}}), out = relu(inp, shift);
    out.grad() = tensor({{10, 20}, {30, 40}});
    relu_grad(inp, out);
    expect_equal(inp.grad(), tensor({{0, 20}, {30, 0}}));
  }
}

// At exactly 0, relu has no derivative: 0 from the left, 1 from the right. The notes' inp > 0 says
// 0, and so does PyTorch's relu. (Autograd of their clamp_min(0.) would say 1.)
TEST(ReluGrad, IsZeroAtExactlyZero) {
  const Tensor inp = tensor({0, -0., 1e-38}), out = relu(inp);
  out.grad() = ones(3);
  relu_grad(inp, out);
  expect_equal(inp.grad(), tensor({0, 0, 1}));
}

TEST(LinGrad, IsTwoProductsAndASum) {
  const Tensor inp = tensor({{1, 2}, {3, 4}, {5, 6}}), w = tensor({{1, -1}, {0, 2}});
  const Tensor b = zeros(2), out = lin(inp, w, b);
  out.grad() = tensor({{1, 0}, {0, 1}, {2, 2}});
  for (const auto& rung : kRungs) {
    SCOPED_TRACE(rung.name);
    lin_grad(inp, out, w, b, rung.run);
    expect_equal(inp.grad(), tensor({{1, 0}, {-1, 2}, {0, 4}}));
    expect_equal(w.grad(), tensor({{11, 13}, {14, 16}}));
    expect_equal(b.grad(), tensor({3, 3}));
  }
}

// ---- The whole net against finite differences ----

// How far a step of h in one element of x, w1 or b1 can move a number that goes into relu.
double reach(const DoubleTensor& x, const NetOf<double>& net, double h) {
  return h * std::max({1., x.abs().max().item(), net.w1.abs().max().item()});
}

// The gradients are floats, the differences are taken in double.
TEST(ForwardAndBackward, EveryElementIsWhatFiniteDifferencesSay) {
  const double h = 1e-5;
  for (const std::uint64_t seed : {1, 2, 3, 4, 5}) {
    for (const double shift : {0., 0.5}) {
      Generator generator(seed);
      const Tensor x = randn({8, 20}, generator), y = targets(8, generator);
      Net net = make_net(20, 10, generator);
      net.shift = shift;
      net.b1.copy_(randn({10}, generator));
      net.b2.copy_(randn({1}, generator));
      const DoubleTensor x2 = x.to<double>(), y2 = y.to<double>();
      const NetOf<double> net2 = in_double(net);
      // Else the difference would be one across a kink, and say something in between.
      ASSERT_GT(lin(x2, net2.w1, net2.b1).abs().min().item(), reach(x2, net2, h)) << seed;
      const auto loss = [&](const DoubleTensor&) {
        return mse(lin(relu(lin(x2, net2.w1, net2.b1), shift), net2.w2, net2.b2), y2).item();
      };
      const auto exact = all_of(x2, net2);
      std::vector<DoubleTensor> want;
      for (const auto& [name, p] : exact) want.push_back(numerical_gradient(loss, p, h));
      for (const auto& rung : kRungs) {
        EXPECT_NEAR(forward_and_backward(x, y, net, rung.run).item(), loss(x2), 1e-5 * loss(x2));
        const auto got = all_of(x, net);
        for (std::size_t i = 0; i < got.size(); ++i) {
          SCOPED_TRACE(got[i].first + " by " + std::string(rung.name));
          expect_close(got[i].second.grad(), want[i], 0, 1e-5 * want[i].abs().max().item());
        }
      }
    }
  }
}

TEST(ForwardAndBackward, RefusesWhatDoesNotFitBeforeItWrites) {
  Generator generator(1);
  const Net net = make_net(20, 10, generator);
  struct Row {
    Shape x, y;
  };
  for (const auto& [x_shape, y_shape] :
       {Row{{3, 20}, {3, 1}}, {{3, 20}, {4}}, {{3, 20}, {}}, {{3, 19}, {3}}, {{20, 3}, {20}}}) {
    const Tensor x = ones(x_shape), y = ones(y_shape);
    EXPECT_THROW(forward_and_backward(x, y, net), ShapeError)
        << bracketed(x_shape) << bracketed(y_shape);
    for (const auto& [name, p] : all_of(x, net)) EXPECT_FALSE(p.has_grad()) << name;
  }
}

// ---- The whole net against itself ----

struct Problem {
  Tensor x, y;
  Net net;
};

Problem problem(std::int64_t n, double shift = 0.5) {
  Generator generator(7);
  Net net = make_net(20, 10, generator);
  net.shift = shift;
  const Tensor x = randn({n, 20}, generator);
  return {x, targets(n, generator), net};
}

TEST(ForwardAndBackward, IsTheMeanOfThatOfTheRows) {
  const auto& [x, y, net] = problem(9);
  const Tensor parameters[] = {net.w1, net.b1, net.w2, net.b2};
  Tensor x_grad = empty(9, 20), loss = zeros({});
  std::vector<Tensor> means;
  for (const Tensor& p : parameters) means.push_back(zeros(p.shape()));
  for (std::int64_t i = 0; i < 9; ++i) {
    const Tensor row = x.slice(0, i, i + 1);
    loss += forward_and_backward(row, y.slice(0, i, i + 1), net) / 9;
    x_grad[i] = row.grad()[0] / 9;
    for (std::size_t p = 0; p < means.size(); ++p) means[p] += parameters[p].grad() / 9;
  }
  expect_close(forward_and_backward(x, y, net), loss, 1e-6);
  expect_close(x.grad(), x_grad, 1e-5, 1e-6);
  for (std::size_t p = 0; p < means.size(); ++p) {
    expect_close(parameters[p].grad(), means[p], 1e-5, 1e-5);
  }
}

// The loss is a mean of nothing, the gradients are sums of nothing.
TEST(ForwardAndBackward, OfNoRowsIsZeroAndTheLossNan) {
  const auto& [x, y, net] = problem(0);
  for (const auto& rung : kRungs) {
    EXPECT_TRUE(std::isnan(forward_and_backward(x, y, net, rung.run).item()));
    for (const auto& [name, p] : all_of(x, net)) {
      SCOPED_TRACE(name);
      expect_equal(p.grad(), zeros(p.shape()));
    }
  }
}

TEST(ForwardAndBackward, OverwritesWhatWasThere) {
  const auto& [x, y, net] = problem(5);
  forward_and_backward(x, y, net);
  const Tensor once = net.w1.grad().clone();
  forward_and_backward(x, y, net);
  expect_equal(net.w1.grad(), once);
}

TEST(ForwardAndBackward, ReadsAnyStrides) {
  const auto& [x, y, net] = problem(6);
  forward_and_backward(x, y, net);
  const std::vector<Tensor> w1s = every_layout(net.w1), ys = every_layout(y);
  std::size_t i = 0;
  for (const Tensor& x_layout : every_layout(x)) {
    const Net other = {w1s[i], net.b1.clone(), net.w2.clone(), net.b2.clone(), net.shift};
    forward_and_backward(x_layout, ys[i++], other);
    const auto want = all_of(x, net), got = all_of(x_layout, other);
    for (std::size_t p = 0; p < want.size(); ++p) {
      SCOPED_TRACE(want[p].first);
      expect_close(got[p].second.grad(), want[p].second.grad(), 1e-5, 1e-5);
    }
  }
}

TEST(ForwardAndBackward, NanInOneRowReachesTheParametersAndNoOtherRow) {
  Generator generator(7);
  const Net net = make_net(20, 10, generator);
  const Tensor x = randn({3, 20}, generator);
  x(1, 4) = kNan;
  for (const auto& rung : kRungs) {
    EXPECT_TRUE(std::isnan(forward_and_backward(x, ones(3), net, rung.run).item()));
    for (const Tensor& p : {net.w1, net.b1, net.w2, net.b2, x[1]}) {
      const Tensor grad = p.shape() == Shape({20}) ? x.grad()[1] : p.grad();
      EXPECT_EQ((grad == grad).sum().item(), 0) << rung.name << bracketed(p.shape());
    }
    for (const std::int64_t row : {0, 2}) EXPECT_FALSE(std::isnan(x.grad()[row].max().item()));
  }
}

TEST(ForwardAndBackward, IsWhatCommonHas) {
  for (const double shift : {0., 0.5}) {
    const auto& [x, y, net] = problem(33, shift);
    forward_and_backward(x, y, net);
    std::vector<Tensor> ours;
    for (const auto& [name, p] : all_of(x, net)) ours.push_back(p.grad());
    const Tensor l1 = lin(x, net.w1, net.b1), l2 = relu(l1, shift);
    const Tensor out = lin(l2, net.w2, net.b2);
    foundations::mse_grad(out, y);
    foundations::lin_grad(l2, out, net.w2, net.b2);
    foundations::relu_grad(l1, l2);
    foundations::lin_grad(x, l1, net.w1, net.b1);
    std::size_t i = 0;
    for (const auto& [name, p] : all_of(x, net)) {
      SCOPED_TRACE(name);
      expect_close(ours[i++], p.grad(), 1e-5, 1e-5);
    }
  }
}

// ---- Memory ----

TEST(ForwardAndBackward, HoldsTheGradientOfXAndFourTimesTheHiddenActivations) {
  const std::int64_t n = 5000, m = 784, nh = 50;
  Generator generator(7);
  const Net net = make_net(m, nh, generator);
  const Tensor x = randn({n, m}, generator), y = zeros(n);
  reset_peak_memory_stats();
  const std::int64_t before = memory_allocated();
  forward_and_backward(x, y, net);
  const std::int64_t peak = max_memory_allocated() - before;
  const std::int64_t hidden = n * nh;                             // l1, l2 and their gradients
  const std::int64_t small = 2 * n + 1 + (m * nh + nh + nh + 1);  // out, its own; loss; parameters'
  EXPECT_EQ(peak, 4 * (n * m + 4 * hidden + small));
  EXPECT_LE(peak, 4 * (n * m + 5 * hidden));
}

// ---- The digits ----

// A figure of 40 seeds: its geometric mean and the standard deviation of its logarithm, on MNIST's
// 50,000 training images. (On the built-in digits the means lie within 8 % of these, the deviations
// below them.) x_g is as if there were one row: it falls with the root of n.
struct Band {
  double mean, sd;
};
constexpr const char* kFigures[] = {"mse", "w1_g", "b1_g", "w2_g", "b2_g", "x_g"};

struct Setting {
  double w2_factor, shift;  // w2_factor: 1, or that of the notes' w2, over the root of m
  Band bands[6];            // of kFigures
};

const double kNotes = std::sqrt(50. / 784);

const Setting kSettings[] = {
    {1,
     0,
     {{29.02, .205}, {76.56, .233}, {4.742, .235}, {44.02, .198}, {8.915, .147}, {10.48, .168}}},
    {1,
     .5,
     {{28.97, .117}, {76.84, .165}, {4.763, .161}, {27.52, .175}, {8.942, .079}, {10.48, .126}}},
    {kNotes,
     0,
     {{28.31, .053}, {19.32, .154}, {1.199, .153}, {44.06, .121}, {8.919, .037}, {2.614, .118}}},
    {kNotes,
     .5,
     {{28.27, .031}, {19.31, .141}, {1.198, .140}, {27.40, .149}, {8.914, .020}, {2.612, .111}}},
};

double norm(const Tensor& t) { return std::sqrt(t.to<double>().pow(2).sum().item()); }

TEST(ForwardAndBackward, GradientsOfTheDigitsAreAsLargeAsTheyShouldBe) {
  const Mnist digits = load_digits();
  std::cout << "checking the gradients of " << digits.source << "\n";
  const Tensor x = normalize(digits.x_train, digits.x_train.mean(), digits.x_train.std());
  const Tensor y = digits.y_train.to<float>();
  for (const Setting& setting : kSettings) {
    Generator generator(101);
    Net net = make_net(784, 50, generator);
    net.shift = setting.shift;
    net.w2 *= setting.w2_factor;
    const double loss = forward_and_backward(x, y, net).item();
    const double got[] = {loss,
                          norm(net.w1.grad()),
                          norm(net.b1.grad()),
                          norm(net.w2.grad()),
                          norm(net.b2.grad()),
                          norm(x.grad()) * std::sqrt(x.size(0))};
    for (std::size_t i = 0; i < std::size(got); ++i) {
      const auto& [mean, sd] = setting.bands[i];
      EXPECT_LE(std::abs(std::log(got[i] / mean)), 4 * sd)
          << kFigures[i] << ": " << got[i] << ", should be about " << mean << ", w2 times "
          << setting.w2_factor << ", shift " << setting.shift;
    }
  }
}

}  // namespace
}  // namespace foundations::ch05
