// Batch normalisation beside plain loops and differences in double; the layers and their buffers.
#include "common/nn/batch_norm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/properties.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// From one value a channel and row to several blocks, with lines that are whole vectors and not.
const Shape kShapes[] = {{2, 1},         {5, 3},         {300, 10},     {1, 2, 1, 2},
                         {3, 1, 5, 7},   {4, 8, 3, 3},   {2, 16, 7, 7}, {3, 65, 2, 1},
                         {2, 200, 1, 3}, {30, 8, 28, 28}};

struct Case {
  Shape shape;
  BatchNormOptions options;
  bool skip;
};
std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << bracketed(c.shape) << (c.options.relu ? ", relu" : "") << (c.skip ? ", skip" : "");
}

std::vector<Case> cases(std::int64_t most_elements) {
  std::vector<Case> all;
  for (const Shape& shape : kShapes) {
    if (shape.numel() > most_elements) continue;
    for (const bool relu : {false, true}) {
      for (const bool skip : {false, true}) {
        all.push_back({shape, {.eps = 1e-3, .momentum = 0.3, .relu = relu}, skip});
      }
    }
  }
  return all;
}

template <class T>
BatchNormState<T> random_state(std::int64_t c, Generator& generator) {
  return {randn<T>({c}, generator), randn<T>({c}, generator), randn<T>({c}, generator),
          randn<T>({c}, generator).abs() + 0.5};
}

template <class T>
struct Problem {
  Problem(const Case& c, Generator& generator)
      : x(random_view(randn<T>(c.shape, generator) * 2 + 1, generator)),
        skip(c.skip ? random_view(randn<T>(c.shape, generator), generator) : TensorOf<T>()),
        state(random_state<T>(c.shape[1], generator)) {}
  TensorOf<T> x, skip;
  BatchNormState<T> state;
};

// The same in double, by the plainest loops.
struct Reference {
  DoubleTensor out, mean, var;  // var: biased
};

// As [n, c, pixels].
template <class T>
DoubleTensor flat(const TensorOf<T>& x) {
  const std::int64_t pixels = x.dim() == 4 ? x.size(2) * x.size(3) : 1;
  return x.template to<double>().reshape({x.size(0), x.size(1), pixels});
}

template <class T>
Reference reference(const Problem<T>& p, const BatchNormOptions& options) {
  const DoubleTensor x = flat(p.x),
                     skip = p.skip.defined() ? flat(p.skip) : zeros<double>(x.shape());
  const DoubleTensor weight = p.state.weight.template to<double>(),
                     bias = p.state.bias.template to<double>();
  const std::int64_t channels = x.size(1);
  const double count = static_cast<double>(x.size(0) * x.size(2));
  Reference r{zeros<double>(x.shape()), zeros<double>(channels), zeros<double>(channels)};
  for (std::int64_t c = 0; c < channels; ++c) {
    const auto each = [&](const auto& body) {
      for (std::int64_t i = 0; i < x.size(0); ++i) {
        for (std::int64_t j = 0; j < x.size(2); ++j) body(i, j);
      }
    };
    each([&](auto i, auto j) { r.mean(c) += x(i, c, j) / count; });
    each([&](auto i, auto j) { r.var(c) += std::pow(x(i, c, j) - r.mean(c), 2) / count; });
    each([&](auto i, auto j) {
      const double y = (x(i, c, j) - r.mean(c)) / std::sqrt(r.var(c) + options.eps) * weight(c) +
                       bias(c) + skip(i, c, j);
      r.out(i, c, j) = options.relu && y < 0 ? 0 : y;
    });
  }
  r.out = r.out.reshape(p.x.shape());
  return r;
}

// ---- Forward ----

template <class T>
void expect_forward(double tolerance) {
  Generator generator(1);
  for (const Case& c : cases(1'000'000)) {
    SCOPED_TRACE(::testing::Message() << c);
    const Problem<T> p(c, generator);
    const Reference r = reference(p, c.options);
    const auto before_mean = p.state.running_mean.template to<double>(),
               before_var = p.state.running_var.template to<double>();
    const BatchNormed<T> got = batch_norm_train(p.x, p.state, c.options, p.skip);
    expect_close(got.out, r.out, tolerance, tolerance);
    expect_close(got.mean, r.mean, tolerance, tolerance);
    expect_close(got.inverse_std, 1 / (r.var + c.options.eps).sqrt(), tolerance, tolerance);

    const double m = static_cast<double>(c.shape.numel() / c.shape[1]);
    expect_close(p.state.running_mean, before_mean * 0.7 + r.mean * 0.3, tolerance, tolerance);
    expect_close(p.state.running_var, before_var * 0.7 + r.var * (0.3 * m / (m - 1)), tolerance,
                 tolerance);
    const bool is_image = c.shape.size() == 4;
    EXPECT_TRUE((is_image ? got.out.permute({0, 2, 3, 1}) : got.out).is_contiguous());
  }
}

TEST(BatchNormTrain, IsTheReferenceInDouble) { expect_forward<double>(1e-10); }
TEST(BatchNormTrain, IsTheReferenceInFloat) { expect_forward<float>(2e-5); }

TEST(BatchNormTrain, GivesMeanZeroAndVarianceOne) {
  Generator generator(2);
  const Tensor x = randn({30, 8, 28, 28}, generator) * 3 + 5;
  const Tensor out = batch_norm_train(x, {ones(8), zeros(8), zeros(8), ones(8)}, {.eps = 0}).out;
  expect_close(out.mean({0, 2, 3}), zeros(8), 0, 1e-5);
  expect_close(out.std({0, 2, 3}), ones(8), 1e-4);
}

// Mean of squares minus square of mean would have no digit left; and a first block that is unlike
// the rest is a bad place to measure squares from.
TEST(BatchNormTrain, KeepsItsDigitsWhereTheMeanIsLarge) {
  Generator generator(3);
  const DoubleTensor x = randn<double>({60, 8, 28, 28}, generator) + 10'000;
  const Tensor floats = x.to<float>(), jump = floats.clone();
  jump.slice(0, 0, 20).fill_(-10'000);
  for (const Tensor& values : {floats, jump}) {
    const BatchNormState<float> state{ones(8), zeros(8), zeros(8), ones(8)};
    batch_norm_train(values, state, {.momentum = 1});
    const DoubleTensor exact = values.to<double>();
    expect_close(state.running_mean, exact.mean({0, 2, 3}), 1e-6);
    expect_close(state.running_var, exact.var({0, 2, 3}), 1e-4);
  }
}

TEST(BatchNormTrain, LeavesAnotherChannelsNanAlone) {
  Generator generator(4);
  const Tensor x = randn({6, 3, 2, 2}, generator);
  x(4, 1, 0, 1) = kNan;
  x(2, 2, 1, 1) = kInf;
  const auto out = batch_norm_train(x, random_state<float>(3, generator), {.relu = true}).out;
  const Tensor sums = out.sum({0, 2, 3});
  EXPECT_TRUE(std::isfinite(sums(0)));
  EXPECT_TRUE(std::isnan(sums(1)));  // a relu does not hide it
  EXPECT_TRUE(std::isnan(sums(2)));
}

TEST(BatchNormTrain, GivesTheSameBitsOnTheSameThreads) {
  Generator generator(5);
  const Case c{{50, 8, 28, 28}, {.relu = true}, true};
  const Problem<float> p(c, generator);
  const Tensor g = randn(c.shape, generator);
  std::vector<Tensor> outs, grads;
  for (const int threads : {1, 2, 2, 3}) {
    const Threads use(threads);
    const auto forward = batch_norm_train(p.x, p.state, c.options, p.skip);
    outs.push_back(forward.out);
    grads.push_back(batch_norm_backward(g, p.x, p.state, forward, c.options, true, true).x);
  }
  expect_equal(outs[1], outs[2]);
  expect_equal(grads[1], grads[2]);
  for (const int i : {1, 3}) {
    expect_close(outs[0], outs[i], 1e-5, 1e-6);
    expect_close(grads[0], grads[i], 1e-4, 1e-6);
  }
}

TEST(BatchNormTrain, LeavesTheStatisticsAloneForAnEmptyBatch) {
  for (const Shape& shape : {Shape{0, 2}, Shape{0, 2, 3, 3}, Shape{3, 2, 0, 1}}) {
    const BatchNormState<float> state{ones(2), zeros(2), tensor({1, 2}), tensor({3, 4})};
    const Tensor x = empty(shape);
    const auto forward = batch_norm_train(x, state);
    EXPECT_EQ(forward.out.shape(), shape);
    expect_equal(state.running_mean, tensor({1, 2}));
    expect_equal(state.running_var, tensor({3, 4}));
    EXPECT_EQ(batch_norm_eval(x, state).shape(), shape);
    const auto grads = batch_norm_backward(x, x, state, forward, {}, true, true);
    EXPECT_EQ(grads.x.shape(), shape);
    EXPECT_EQ(grads.skip.shape(), shape);
    expect_equal(grads.weight, zeros(2));
    expect_equal(grads.bias, zeros(2));
  }
  EXPECT_EQ(batch_norm_train(empty(3, 0), {empty(0), empty(0), empty(0), empty(0)}).out.shape(),
            Shape({3, 0}));
}

TEST(BatchNormEval, UsesTheRunningStatisticsAndLeavesThem) {
  Generator generator(6);
  for (const Case& c : cases(10'000)) {
    SCOPED_TRACE(::testing::Message() << c);
    const Problem<double> p(c, generator);
    const Shape per_channel = c.shape.size() == 4 ? Shape{-1, 1, 1} : Shape{-1};
    const auto of_channel = [&](const DoubleTensor& t) { return t.view(per_channel); };
    DoubleTensor want = (p.x - of_channel(p.state.running_mean)) /
                            (of_channel(p.state.running_var) + c.options.eps).sqrt() *
                            of_channel(p.state.weight) +
                        of_channel(p.state.bias);
    if (c.skip) want += p.skip;
    if (c.options.relu) want = want.clamp_min(0);
    const DoubleTensor mean = p.state.running_mean.clone();
    expect_close(batch_norm_eval(p.x, p.state, c.options, p.skip), want, 1e-12, 1e-12);
    expect_equal(p.state.running_mean, mean);
  }
}

// ---- Backward ----

// Every element of every gradient by central differences of a sum over the outputs, each with a
// weight of its own.
TEST(BatchNormBackward, AgreesWithDifferences) {
  Generator generator(7);
  for (const Case& c : cases(400)) {
    SCOPED_TRACE(::testing::Message() << c);
    const Problem<double> p(c, generator);
    const DoubleTensor g = random_view(randn<double>(c.shape, generator), generator);
    const auto forward = batch_norm_train(p.x, p.state, c.options, p.skip);
    const auto grads = batch_norm_backward(g, p.x, p.state, forward, c.options, true, c.skip);
    const auto loss = [&](const DoubleTensor&) {
      return (batch_norm_train(p.x, p.state, c.options, p.skip).out * g).sum().item();
    };
    expect_close(grads.x, numerical_gradient(loss, p.x), 1e-5, 1e-6);
    expect_close(grads.weight, numerical_gradient(loss, p.state.weight), 1e-5, 1e-6);
    expect_close(grads.bias, numerical_gradient(loss, p.state.bias), 1e-5, 1e-6);
    EXPECT_EQ(grads.skip.defined(), c.skip);
    if (c.skip) expect_close(grads.skip, numerical_gradient(loss, p.skip), 1e-5, 1e-6);
  }
}

TEST(BatchNormBackward, IsTheSameInFloat) {
  Generator generator(8);
  for (const Case& c : cases(1'000'000)) {
    SCOPED_TRACE(::testing::Message() << c);
    const Problem<double> p(c, generator);
    const DoubleTensor g = randn<double>(c.shape, generator);
    const auto& s = p.state;
    const BatchNormState<float> state{s.weight.to<float>(), s.bias.to<float>(),
                                      s.running_mean.to<float>(), s.running_var.to<float>()};
    const Tensor x = random_view(p.x.to<float>(), generator),
                 skip = c.skip ? p.skip.to<float>() : Tensor();
    const auto want = batch_norm_backward(g, p.x, s, batch_norm_train(p.x, s, c.options, p.skip),
                                          c.options, true, c.skip);
    const auto got =
        batch_norm_backward(g.to<float>(), x, state, batch_norm_train(x, state, c.options, skip),
                            c.options, true, c.skip);
    const double rows = static_cast<double>(c.shape.numel() / c.shape[1]);
    expect_close(got.x, want.x, 1e-4, 1e-4);
    expect_close(got.weight, want.weight, 1e-4, 1e-6 * rows);
    expect_close(got.bias, want.bias, 1e-4, 1e-6 * rows);
    if (c.skip) expect_close(got.skip, want.skip, 1e-5, 1e-6);
  }
}

TEST(BatchNormBackward, LetsNothingThroughARelu) {
  const BatchNormState<float> state{ones(1), zeros(1), zeros(1), ones(1)};
  const Tensor x = tensor({{1}, {2}, {3}}), g = tensor({{kInf}, {kNan}, {1}});
  for (const bool skip : {false, true}) {
    const auto forward = batch_norm_train(x, state, {.relu = true}, skip ? zeros(3, 1) : Tensor());
    const auto grads = batch_norm_backward(g, x, state, forward, {.relu = true}, true, skip);
    expect_close(grads.bias, tensor({1}));
    EXPECT_TRUE(std::isfinite(grads.x.sum().item()));
    EXPECT_FALSE(batch_norm_backward(g, x, state, forward, {.relu = true}, false).x.defined());
  }
}

// ---- Refused ----

TEST(BatchNormTrain, RefusesOneValueAChannelBeforeItWrites) {
  const BatchNormState<float> state{ones(2), zeros(2), tensor({1, 2}), tensor({3, 4})};
  for (const Shape& shape : {Shape{1, 2}, Shape{1, 2, 1, 1}}) {
    expect_error<ShapeError>(
        [&] { batch_norm_train(ones(shape), state); },
        "Expected more than 1 value per channel when training, got input size " + bracketed(shape));
    expect_equal(state.running_mean, tensor({1, 2}));
    expect_equal(state.running_var, tensor({3, 4}));
    EXPECT_EQ(batch_norm_eval(ones(shape), state).shape(), shape);
  }
}

TEST(BatchNorm, RefusesOtherShapes) {
  const BatchNormState<float> state{ones(2), zeros(2), zeros(2), ones(2)};
  const Tensor x = ones(3, 2);
  const auto forward = batch_norm_train(x, state);
  const struct {
    std::function<void()> call;
    const char* text;
  } rows[] = {
      {[&] { batch_norm_train(ones(2), state); },
       "batch_norm_train() needs x [n, c] or [n, c, h, w], but got [2]"},
      {[&] { batch_norm_eval(ones(3, 2, 4), state); },
       "batch_norm_eval() needs x [n, c] or [n, c, h, w], but got [3, 2, 4]"},
      {[&] { batch_norm_train(ones(3, 4), state); },
       "batch_norm_train() needs a weight, a bias and running statistics of [4], one for each "
       "channel of [3, 4], but got one of [2]"},
      {[&] {
         batch_norm_eval(x, {ones(2), zeros(2), zeros(2), ones(1)});
       },
       "batch_norm_eval() needs a weight, a bias and running statistics of [2], one for each "
       "channel of [3, 2], but got one of [1]"},
      {[&] { batch_norm_train(x, state, {}, ones(3, 1)); },
       "batch_norm_train() needs a skip of the shape of x, [3, 2], but got [3, 1]"},
      {[&] { batch_norm_backward(ones(2, 2), x, state, forward); },
       "batch_norm_backward() needs an out_grad of the shape of x, [3, 2], but got [2, 2]"},
      {[&] { batch_norm_backward(ones(4, 2), ones(4, 2), state, forward); },
       "batch_norm_backward() needs the out of a call of the shape of x, [4, 2], but got [3, 2]"},
  };
  const Tensor mean = state.running_mean.clone();
  for (const auto& row : rows) {
    expect_error<ShapeError>(row.call, row.text);
    expect_equal(state.running_mean, mean);
  }
}

}  // namespace
}  // namespace foundations
