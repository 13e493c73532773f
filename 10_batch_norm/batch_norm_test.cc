// Every rung, and common's, beside differences in double; and what the lesson says of them.
#include "10_batch_norm/batch_norm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "10_batch_norm/layer.h"
#include "common/nn/nn.h"
#include "common/reference/reference.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/testing.h"

namespace foundations::ch10 {
namespace {

BothWays of_common(const Tensor& x, const Tensor& weight, const Tensor& bias,
                   const Tensor& out_grad) {
  const std::int64_t c = x.size(1);
  const BatchNormState<float> state{weight, bias, zeros(c), ones(c)};
  const BatchNormOptions options{.eps = kEps, .relu = true};
  const BatchNormed<float> forward = batch_norm_train(x, state, options);
  const auto grads = batch_norm_backward(out_grad, x, state, forward, options);
  return {forward.out, {grads.x, grads.weight, grads.bias}};
}

std::vector<Rung<BatchNormRelu>> rungs() {
  std::vector<Rung<BatchNormRelu>> all(std::begin(kRungs), std::end(kRungs));
  all.push_back({"common", of_common});
  return all;
}

struct Problem {
  Problem(const Shape& shape, Generator& generator)
      : x(randn(shape, generator) * 2 + 1),
        weight(randn({shape[1]}, generator)),
        bias(randn({shape[1]}, generator)),
        out_grad(randn(shape, generator)) {}
  Tensor x, weight, bias, out_grad;
};

// By the plainest loops, in double.
DoubleTensor reference(const DoubleTensor& x, const DoubleTensor& weight,
                       const DoubleTensor& bias) {
  const std::int64_t n = x.size(0);
  const DoubleTensor out = zeros<double>(x.shape());
  for (std::int64_t j = 0; j < x.size(1); ++j) {
    double mean = 0, var = 0;
    for (std::int64_t i = 0; i < n; ++i) mean += x(i, j) / double(n);
    for (std::int64_t i = 0; i < n; ++i) var += std::pow(x(i, j) - mean, 2) / double(n);
    for (std::int64_t i = 0; i < n; ++i) {
      const double y = (x(i, j) - mean) / std::sqrt(var + kEps) * weight(j) + bias(j);
      out(i, j) = std::max(y, 0.);
    }
  }
  return out;
}

TEST(Rungs, AreRightInEveryElement) {
  Generator generator(1);
  for (const Shape& shape : {Shape{2, 1}, Shape{3, 2}, Shape{7, 8}, Shape{12, 17}, Shape{64, 3}}) {
    const Problem p(shape, generator);
    const DoubleTensor x = p.x.to<double>(), w = p.weight.to<double>(), b = p.bias.to<double>(),
                       g = p.out_grad.to<double>();
    const auto loss = [&](const DoubleTensor&) { return (reference(x, w, b) * g).sum().item(); };
    const DoubleTensor x_grad = numerical_gradient(loss, x), w_grad = numerical_gradient(loss, w),
                       b_grad = numerical_gradient(loss, b);
    for (const auto& rung : rungs()) {
      SCOPED_TRACE(::testing::Message() << rung.name << " " << bracketed(shape));
      const BothWays got = rung.run(p.x, p.weight, p.bias, p.out_grad);
      expect_close(got.out, reference(x, w, b), 1e-5, 1e-5);
      expect_close(got.grads.x, x_grad, 1e-4, 2e-5);
      expect_close(got.grads.weight, w_grad, 1e-4, 2e-5);
      expect_close(got.grads.bias, b_grad, 1e-4, 2e-5);
    }
  }
}

TEST(Rungs, TakeAnyStrides) {
  Generator generator(2);
  const Problem p({6, 10}, generator);
  for (const auto& rung : rungs()) {
    const BothWays want = rung.run(p.x, p.weight, p.bias, p.out_grad);
    const BothWays got =
        rung.run(p.x.t().contiguous().t(), p.weight, p.bias, p.out_grad.t().contiguous().t());
    expect_close(got.out, want.out, 1e-5, 1e-6);
    expect_close(got.grads.x, want.grads.x, 1e-4, 1e-6);
  }
}

// 100,000 numbers a column: a sum in float would show.
TEST(Rungs, AgreeOnALargeBatch) {
  Generator generator(3);
  const Problem p({100'000, 3}, generator);
  const BothWays want = of_common(p.x, p.weight, p.bias, p.out_grad);
  for (const auto& rung : kRungs) {
    SCOPED_TRACE(rung.name);
    const BothWays got = rung.run(p.x, p.weight, p.bias, p.out_grad);
    expect_close(got.out, want.out, 1e-4, 1e-5);
    expect_close(got.grads.x, want.grads.x, 1e-4, 1e-5);
    expect_close(got.grads.weight, want.grads.weight, 1e-4, 1e-2);
  }
}

// What batch norm has taken off cannot be learned: adding to a column and stretching it do nothing.
TEST(Gradient, HasNoPartAlongTheOnesAndAlongX) {
  Generator generator(4);
  const Problem p({50, 6}, generator);
  for (const auto& rung : rungs()) {
    const Tensor grad = rung.run(p.x, p.weight, p.bias, p.out_grad).grads.x;
    expect_close(grad.sum(0), zeros(6), 0, 1e-5);
    expect_close((grad * (p.x - p.x.mean(0))).sum(0), zeros(6), 0, 1e-4);
  }
}

TEST(AsRows, CopiesNothingOfChannelsThatAreNeighbours) {
  const Tensor images = arange(24.f).view(2, 2, 2, 3).permute(0, 3, 1, 2);  // [2, 3, 2, 2]
  EXPECT_EQ(as_rows(images).data(), images.data());
  expect_equal(as_rows(images), arange(24.f).view(8, 3));
  const Tensor planes = images.contiguous();
  expect_equal(as_rows(planes), arange(24.f).view(8, 3));
}

// The lesson's layer, batch after batch.
TEST(Layer, IsCommons) {
  Generator generator(8);
  BatchNorm ours(4);
  nn::BatchNorm1d commons(4);
  for (int i = 0; i < 5; ++i) {
    const Tensor x = randn({6, 4}, generator) * 3 + 2, g = randn({6, 4}, generator);
    expect_close(ours(x), commons(x), 1e-4, 1e-5);
    expect_close(ours.backward(g), commons.backward(g), 1e-4, 1e-5);
  }
  const nn::NamedTensors got = ours.named_buffers(), want = commons.named_buffers();
  for (std::size_t i = 0; i < want.size(); ++i) {
    EXPECT_EQ(got[i].first, want[i].first);
    expect_close(got[i].second, want[i].second, 1e-5, 1e-6);
  }
  for (std::size_t i = 0; i < 2; ++i) {
    expect_close(ours.parameters()[i].grad(), commons.parameters()[i].grad(), 1e-4, 1e-4);
  }
  ours.eval();
  commons.eval();
  const Tensor x = randn({1, 4}, generator);
  expect_close(ours(x), commons(x), 1e-4, 1e-5);
}

TEST(Layer, RefusesOneRowBeforeItRemembers) {
  BatchNorm bn(2);
  expect_error<ShapeError>(
      [&] { bn(ones(1, 2)); },
      "Expected more than 1 value per channel when training, got input size [1, 2]");
  expect_equal(bn.named_buffers()[1].second, ones(2));
}

// mean(x * x) - mean(x) * mean(x) would have no digit left: both are 10^8.
TEST(Rungs, KeepTheirDigitsWhereTheMeanIsLarge) {
  Generator generator(9);
  const Tensor x = randn({200, 2}, generator) + 1e4, ones_of_channel = ones(2);
  const Tensor want = reference(x.to<double>(), ones<double>(2), zeros<double>(2)).to<float>();
  for (const auto& rung : rungs()) {
    SCOPED_TRACE(rung.name);
    expect_close(rung.run(x, ones_of_channel, zeros(2), ones(200, 2)).out, want, 0, 1e-2);
  }
}

// A channel of equal numbers has no deviation: what is left is the shift.
TEST(Rungs, TakeAChannelOfEqualNumbers) {
  const Tensor x = full({6, 3}, 7.0f), g = ones(6, 3), weight = tensor({1, -2, 3});
  for (const auto& rung : kRungs) {
    SCOPED_TRACE(rung.name);
    const auto [out, grads] = rung.run(x, weight, tensor({-1, 0, 2}), g);
    expect_close(out, tensor({0, 0, 2}).expand(6, 3), 0, 1e-4);
    expect_close(grads.x, zeros(6, 3), 0, 1e-3);
  }
}

TEST(Layers, OfOneAndTwoDimensionsAreTheSameOnRows) {
  Generator generator(5);
  const Tensor images = randn({4, 3, 2, 5}, generator);
  nn::BatchNorm2d two(3);
  nn::BatchNorm1d one(3);
  expect_equal(as_rows(two(images)), one(as_rows(images)));
  expect_equal(as_rows(two.backward(images)), one.backward(as_rows(images)));
}

TEST(Bias, OfAConvolutionBeforeItDoesNothing) {
  Generator generator(6);
  nn::Conv2d conv(1, 4, 3, generator);
  nn::BatchNorm2d bn(4);
  const Tensor x = randn({5, 1, 6, 6}, generator);
  const Tensor before = bn(conv(x));
  conv.backward(bn.backward(randn(before.shape(), generator)));
  expect_close(conv.bias().grad(), zeros(4), 0, 1e-5);
  conv.bias() += tensor({1, 2, 3, 4});
  expect_close(bn(conv(x)), before, 1e-4, 1e-5);
}

// Two numbers, whatever they are, are normalised to -1 and 1.
TEST(BatchOfTwo, LeavesOnlyTheSign) {
  const Tensor x = tensor({{3, 100}, {5, -100}});
  expect_close(nn::BatchNorm1d(2)(x), tensor({{-1, 1}, {1, -1}}), 1e-4);
}

}  // namespace
}  // namespace foundations::ch10
