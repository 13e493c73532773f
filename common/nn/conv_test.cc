// conv2d and its gradients beside seven loops in double: sizes around every edge, images in any
// layout, on several threads.
#include "common/nn/conv.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "common/reference/reference_conv.h"
#include "common/tensor/ops.h"
#include "common/testing/properties.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

struct Case {
  std::int64_t n, in, h, w, out, kh, kw, stride, padding;

  Shape x() const { return {n, in, h, w}; }
  Shape weight() const { return {out, in, kh, kw}; }
  Shape y() const {
    return {n, out, (h + 2 * padding - kh) / stride + 1, (w + 2 * padding - kw) / stride + 1};
  }
  Conv2dOptions options() const { return {.stride = stride, .padding = padding}; }
  std::int64_t work() const { return y().numel() * in * kh * kw; }
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << bracketed(c.x()) << " by " << bracketed(c.weight()) << ", stride " << c.stride
             << ", padding " << c.padding;
}

template <class T>
TensorOf<T> channels_last(const TensorOf<T>& x) {
  return x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
}

// Whole numbers, so that every order of adding gives the same sums.
template <class T>
struct Operands {
  Operands(const Case& c, Generator& generator)
      : x(whole_numbers<T>(c.x(), generator)),
        weight(whole_numbers<T>(c.weight(), generator)),
        bias(whole_numbers<T>({c.out}, generator)),
        out_grad(whole_numbers<T>(c.y(), generator)) {}

  TensorOf<T> x, weight, bias, out_grad;
};

template <class T>
Operands<T> moved(Operands<T> operands, Generator& generator) {
  for (TensorOf<T>* t : {&operands.x, &operands.weight, &operands.bias, &operands.out_grad}) {
    *t = random_view(*t, generator);
  }
  return operands;
}

template <class T>
Operands<T> last(Operands<T> operands) {
  operands.x = channels_last(operands.x);
  operands.out_grad = channels_last(operands.out_grad);
  return operands;
}

// Compares everything with the reference: on contiguous images, channels-last, and in random views
// with NaN around their elements.
template <class T>
void expect_right(const Case& c, Generator& generator) {
  SCOPED_TRACE(testing::Message() << c);
  const Operands<T> plain(c, generator);
  const auto out =
      reference_conv2d(plain.x, plain.weight, plain.bias, c.stride, c.padding).template to<T>();
  const ReferenceConv2dGrads grads =
      reference_conv2d_backward(plain.out_grad, plain.x, plain.weight, c.stride, c.padding);
  for (const Operands<T>& one : {plain, last(plain), moved(plain, generator)}) {
    const TensorOf<T> got = conv2d(one.x, one.weight, one.bias, c.options());
    EXPECT_TRUE(got.permute(0, 2, 3, 1).is_contiguous());
    expect_equal(got, out);
    const Conv2dGrads<T> g = conv2d_backward(one.out_grad, one.x, one.weight, c.options());
    expect_equal(g.x, grads.x.template to<T>());
    expect_equal(g.weight, grads.weight.template to<T>());
    expect_equal(g.bias, grads.bias.template to<T>());
  }
}

template <class T>
class Conv2d : public testing::Test {};
using Reals = testing::Types<float, double>;
TYPED_TEST_SUITE(Conv2d, Reals);

// The layers of small networks, and what is on the edge: a single pixel, more padding than image,
// a stride that passes over pixels, images that fill no tile, one channel, one vector of channels,
// one more and one less, more channels than a tile and a panel have.
constexpr Case kCases[] = {
    {2, 1, 28, 28, 8, 5, 5, 1, 2},   {2, 1, 28, 28, 8, 5, 5, 2, 2},
    {2, 8, 28, 28, 8, 3, 3, 1, 1},   {2, 8, 28, 28, 16, 3, 3, 2, 1},
    {3, 16, 14, 14, 32, 3, 3, 2, 1}, {5, 32, 7, 7, 32, 3, 3, 1, 1},
    {5, 64, 4, 4, 64, 3, 3, 1, 1},   {3, 64, 2, 2, 64, 3, 3, 2, 1},
    {2, 16, 14, 14, 32, 1, 1, 1, 0}, {1, 1, 1, 1, 1, 1, 1, 1, 0},
    {1, 1, 1, 1, 1, 5, 5, 1, 2},     {1, 1, 1, 1, 3, 1, 1, 3, 2},
    {2, 3, 1, 33, 17, 1, 5, 3, 0},   {2, 3, 33, 1, 9, 4, 1, 2, 0},
    {5, 2, 3, 2, 7, 2, 2, 3, 2},     {2, 17, 5, 6, 65, 4, 2, 2, 1},
    {1, 65, 9, 8, 63, 2, 3, 1, 0},   {1, 64, 6, 6, 130, 3, 3, 1, 1},
    {1, 7, 33, 31, 15, 5, 3, 2, 2},  {0, 3, 5, 5, 4, 3, 3, 1, 1},
    {2, 3, 5, 5, 0, 3, 3, 1, 1},     {70, 1, 3, 3, 2, 3, 3, 1, 1},
    {1, 256, 5, 5, 20, 3, 3, 1, 1},  {1, 3, 2, 2, 4, 1, 1, 3, 0},
};

TYPED_TEST(Conv2d, IsItsDefinition) {
  Generator generator(1);
  for (const Case& c : kCases) expect_right<TypeParam>(c, generator);
}

Case random_case(Generator& generator) {
  const auto any = [&](const std::vector<std::int64_t>& of) {
    return of[generator.below(std::ssize(of))];
  };
  const std::vector<std::int64_t> channels = {1,  2,  3,  4,  5,  7,  8,  9,  12,
                                              15, 16, 17, 24, 31, 32, 33, 48, 65};
  Case c = {any({0, 1, 1, 2, 5}),
            any(channels),
            1 + generator.below(chance(4, generator) ? 33 : 9),
            1 + generator.below(chance(4, generator) ? 33 : 9),
            any(channels),
            1 + generator.below(5),
            1 + generator.below(5),
            1 + generator.below(3),
            generator.below(3)};
  c.kh = std::min(c.kh, c.h + 2 * c.padding);
  c.kw = std::min(c.kw, c.w + 2 * c.padding);
  return c;
}

TYPED_TEST(Conv2d, IsItsDefinitionForAnySizes) {
  for_seeds(150, [](Generator& generator) {
    Case c = random_case(generator);
    while (c.work() > 1'000'000) c = random_case(generator);
    const Threads threads(1 + static_cast<int>(generator.below(3)));
    expect_right<TypeParam>(c, generator);
  });
}

TYPED_TEST(Conv2d, TakesNoBiasAndLeavesTheGradientByXOut) {
  Generator generator(1);
  const Case c = {2, 3, 5, 6, 4, 3, 2, 2, 1};
  const Operands<TypeParam> one(c, generator);
  expect_equal(conv2d(one.x, one.weight, {}, c.options()),
               conv2d(one.x, one.weight, zeros<TypeParam>(c.out), c.options()));
  const auto all = conv2d_backward(one.out_grad, one.x, one.weight, c.options());
  const auto some = conv2d_backward(one.out_grad, one.x, one.weight, c.options(), false);
  EXPECT_FALSE(some.x.defined());
  expect_equal(some.weight, all.weight);
  expect_equal(some.bias, all.bias);
}

// Elements that share memory.
TEST(Conv2dOfFloats, ReadsExpandedImages) {
  Generator generator(1);
  const Case c = {3, 9, 6, 5, 17, 3, 3, 1, 1};
  const Operands<float> plain(c, generator);
  const Tensor x = plain.x(Slice(0, 1), Slice(0, 1)).expand(c.x());
  const Tensor out_grad = tensor({{{{2}}}}).expand(c.y());
  expect_equal(conv2d(x, plain.weight, plain.bias, c.options()),
               conv2d(x.contiguous(), plain.weight, plain.bias, c.options()));
  const auto got = conv2d_backward(out_grad, x, plain.weight, c.options());
  const auto want =
      conv2d_backward(out_grad.contiguous(), x.contiguous(), plain.weight, c.options());
  expect_equal(got.x, want.x);
  expect_equal(got.weight, want.weight);
  expect_equal(got.bias, want.bias);
}

// A zero times an infinity is NaN, wherever it is, and nothing else becomes NaN.
TEST(Conv2dOfFloats, OfNanAndInfinity) {
  Generator generator(1);
  for (const Case& c : {Case{3, 1, 7, 7, 8, 5, 5, 1, 2},
                        {2, 9, 4, 4, 17, 3, 3, 1, 1},
                        {2, 8, 6, 7, 8, 3, 3, 2, 1},
                        {5, 33, 2, 3, 5, 2, 2, 1, 0}}) {
    SCOPED_TRACE(testing::Message() << c);
    for (const float bad : {kNan, kInf}) {
      Operands<float> one(c, generator);
      one.weight(0, _, 0, 0) = 0.f;
      one.x(c.n - 1, 0, c.h - 1, 0) = bad;
      one.out_grad(0, 0, 0, c.y()[3] - 1) = bad;
      const auto want =
          reference_conv2d_backward(one.out_grad, one.x, one.weight, c.stride, c.padding);
      const auto got = conv2d_backward(one.out_grad, one.x, one.weight, c.options());
      expect_close(conv2d(one.x, one.weight, one.bias, c.options()),
                   reference_conv2d(one.x, one.weight, one.bias, c.stride, c.padding), 0, 0, true);
      expect_close(got.x, want.x, 0, 0, true);
      expect_close(got.weight, want.weight, 0, 0, true);
      expect_close(got.bias, want.bias, 0, 0, true);
    }
  }
}

// Numbers that round, and enough of them for several threads.
constexpr Case kRounding[] = {
    {37, 8, 14, 14, 16, 3, 3, 1, 1}, {9, 1, 28, 28, 8, 5, 5, 2, 2}, {50, 32, 4, 4, 33, 3, 3, 2, 1}};

struct Everything {
  Everything(const Case& c, int count) {
    const Threads threads(count);
    Generator generator(1);
    const Tensor x = randn(c.x(), generator), weight = randn(c.weight(), generator);
    const auto g = conv2d_backward(randn(c.y(), generator), x, weight, c.options());
    all = {conv2d(x, weight, randn({c.out}, generator), c.options()), g.x, g.weight, g.bias};
  }
  std::vector<Tensor> all;
};

TEST(Conv2dOfFloats, GivesTheSameBitsEachTimeAndNearlySoOnAnyThreads) {
  for (const Case& c : kRounding) {
    SCOPED_TRACE(testing::Message() << c);
    const Everything one(c, 1);
    for (int threads = 1; threads <= 4; ++threads) {
      const Everything first(c, threads), again(c, threads);
      for (std::size_t i = 0; i < one.all.size(); ++i) {
        expect_equal(again.all[i], first.all[i]);
        expect_close(first.all[i], one.all[i], 1e-5, 2e-3);
      }
    }
  }
}

TEST(Conv2dOfFloats, MayBeCalledByManyThreadsAtOnce) {
  const Case& c = kRounding[0];
  const Everything want(c, 2);
  EXPECT_TRUE(holds_at_once(4, [&](int) {
    const Everything got(c, 1);
    return mismatch(got.all[0], want.all[0].to<double>(), full<double>(c.y(), 1e-4)).empty();
  }));
}

TEST(Conv2dOfFloats, NeedsNoMoreRoomForMoreImages) {
  const Threads threads(1);  // the peak of several depends on who is ahead
  const auto extra = [](std::int64_t n) {
    const Tensor x = zeros(n, 28, 28, 8).permute(0, 3, 1, 2), weight = zeros(8, 8, 3, 3), g = x;
    reset_peak_memory_stats();
    const std::int64_t before = memory_allocated();
    conv2d(x, weight, zeros(8), {.padding = 1});
    conv2d_backward(g, x, weight, {.padding = 1});
    return max_memory_allocated() - before - n * 8 * 28 * 28 * std::int64_t{sizeof(float)};
  };
  EXPECT_EQ(extra(20), extra(80));
  EXPECT_LT(extra(80), 1 << 20);
}

TEST(Conv2dOfDoubles, GradientsAreCentralDifferences) {
  Generator generator(1);
  for (const Case& c : {Case{2, 3, 5, 4, 4, 3, 3, 1, 1}, {1, 2, 6, 5, 3, 2, 3, 2, 1}}) {
    SCOPED_TRACE(testing::Message() << c);
    const auto x = randn<double>(c.x(), generator), weight = randn<double>(c.weight(), generator),
               bias = randn<double>({c.out}, generator), g = randn<double>(c.y(), generator);
    const auto loss = [&](const DoubleTensor&) {
      return (conv2d(x, weight, bias, c.options()) * g).sum().item();
    };
    const auto grads = conv2d_backward(g, x, weight, c.options());
    expect_close(grads.x, numerical_gradient(loss, x), 0, 1e-8);
    expect_close(grads.weight, numerical_gradient(loss, weight), 0, 1e-8);
    expect_close(grads.bias, numerical_gradient(loss, bias), 0, 1e-8);
  }
}

struct Refused {
  Shape x, weight, bias;
  std::string text;
};

TEST(Conv2dOfFloats, RefusesWhatDoesNotFit) {
  const std::string ranks = "() needs x [n, in, h, w] and weight [out, in, kh, kw], but got ";
  const std::string kernel = "() needs a kernel no larger than the padded image, ";
  const std::string pixels = "() needs images with channels and pixels, but got ";
  const std::vector<Refused> all = {
      {{3, 5, 5}, {4, 3, 3, 3}, {4}, ranks + "[3, 5, 5] and [4, 3, 3, 3]"},
      {{2, 3, 5, 5}, {4, 3, 9}, {4}, ranks + "[2, 3, 5, 5] and [4, 3, 9]"},
      {{2, 3, 5, 5}, {4, 2, 3, 3}, {4}, ranks + "[2, 3, 5, 5] and [4, 2, 3, 3]"},
      {{2, 0, 5, 5}, {4, 0, 3, 3}, {4}, pixels + "[2, 0, 5, 5]"},
      {{2, 3, 0, 5}, {4, 3, 3, 3}, {4}, pixels + "[2, 3, 0, 5]"},
      {{2, 3, 2, 5}, {4, 3, 3, 3}, {4}, kernel + "[2, 5], but got [3, 3]"},
      {{0, 3, 5, 2}, {4, 3, 3, 3}, {4}, kernel + "[5, 2], but got [3, 3]"},
      {{2, 3, 5, 5}, {4, 3, 0, 3}, {4}, kernel + "[5, 5], but got [0, 3]"},
  };
  for (const Refused& one : all) {
    const Tensor x = zeros(one.x), weight = zeros(one.weight), bias = zeros(one.bias);
    // Strides of 2 would let the division round up to a first output pixel.
    expect_error<ShapeError>([&] { conv2d(x, weight, bias, {.stride = 2}); }, "conv2d" + one.text);
    expect_error<ShapeError>([&] { conv2d_backward(x, x, weight, {.stride = 2}); },
                             "conv2d_backward" + one.text);
  }
  const Tensor x = zeros(2, 3, 5, 5), weight = zeros(4, 3, 3, 3);
  expect_error<ShapeError>([&] { conv2d(x, weight, zeros(1)); },
                           "conv2d() needs a bias of [4], but got [1]");
  expect_error<ShapeError>(
      [&] { conv2d_backward(zeros(2, 4, 5, 5), x, weight); },
      "conv2d_backward() needs an out_grad of [2, 4, 3, 3], but got [2, 4, 5, 5]");
  expect_error<std::invalid_argument>(
      [&] { conv2d(x, weight, zeros(4), {.stride = 0}); },
      "conv2d() needs a stride of at least 1 and a padding of at least 0, but got 0 and 0");
  expect_error<std::invalid_argument>(
      [&] { conv2d_backward(x, x, weight, {.padding = -1}); },
      "conv2d_backward() needs a stride of at least 1 and a padding of at least 0, but got 1 and "
      "-1");
}

}  // namespace
}  // namespace foundations
