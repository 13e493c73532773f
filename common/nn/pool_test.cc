// Pooling against plain loops, in every layout, and its gradients against differences.
#include "common/nn/pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/reference/reference.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/properties.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

struct Case {
  Shape x;
  std::int64_t kernel, stride, padding;
  bool ceil_mode;
  std::int64_t oh, ow;  // what PyTorch says
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << bracketed(c.x) << " kernel " << c.kernel << " stride " << c.stride << " padding "
             << c.padding << (c.ceil_mode ? " ceil_mode" : "");
}

const Case kAverages[] = {
    {{2, 3, 4, 6}, 2, 2, 0, false, 2, 3}, {{1, 1, 7, 7}, 2, 2, 0, false, 3, 3},
    {{1, 2, 7, 7}, 2, 2, 0, true, 4, 4},  {{1, 1, 1, 1}, 2, 2, 0, true, 1, 1},
    {{5, 17, 1, 3}, 2, 2, 0, true, 1, 2}, {{1, 1, 5, 5}, 2, 3, 0, true, 2, 2},
    {{1, 2, 4, 4}, 1, 3, 0, true, 2, 2},  {{1, 2, 3, 3}, 1, 4, 0, true, 1, 1},
    {{1, 3, 5, 4}, 3, 1, 0, false, 3, 2}, {{0, 3, 4, 4}, 2, 2, 0, false, 2, 2},
};
const Case kMaxima[] = {
    {{2, 3, 4, 6}, 2, 2, 0, false, 2, 3},  {{1, 1, 7, 7}, 3, 2, 1, false, 4, 4},
    {{1, 2, 5, 5}, 3, 1, 0, false, 3, 3},  {{1, 1, 1, 1}, 2, 1, 1, false, 2, 2},
    {{2, 17, 3, 2}, 2, 2, 1, false, 2, 2}, {{0, 3, 4, 4}, 2, 2, 0, false, 2, 2},
};

// The values of x in one window, in reading order.
std::vector<double> window(const DoubleTensor& x, const Case& c, std::int64_t i,
                           std::int64_t channel, std::int64_t oy, std::int64_t ox) {
  std::vector<double> values;
  for (std::int64_t ky = 0; ky < c.kernel; ++ky) {
    for (std::int64_t kx = 0; kx < c.kernel; ++kx) {
      const std::int64_t y = oy * c.stride - c.padding + ky, at = ox * c.stride - c.padding + kx;
      if (y >= 0 && y < c.x[2] && at >= 0 && at < c.x[3]) values.push_back(x(i, channel, y, at));
    }
  }
  return values;
}

DoubleTensor by_loops(const DoubleTensor& x, const Case& c,
                      const std::function<double(const std::vector<double>&)>& of_window) {
  const DoubleTensor out = empty<double>(c.x[0], c.x[1], c.oh, c.ow);
  for (std::int64_t i = 0; i < c.x[0]; ++i) {
    for (std::int64_t channel = 0; channel < c.x[1]; ++channel) {
      for (std::int64_t y = 0; y < c.oh; ++y) {
        for (std::int64_t at = 0; at < c.ow; ++at) {
          out(i, channel, y, at) = of_window(window(x, c, i, channel, y, at));
        }
      }
    }
  }
  return out;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double most(const std::vector<double>& values) {
  return *std::max_element(values.begin(), values.end());
}

bool lies_channels_last(const auto& images) { return images.permute({0, 2, 3, 1}).is_contiguous(); }

// Holds `backward` to the differences of sum(out * weights), a weight of its own for each output.
void expect_gradient(const std::function<DoubleTensor(const DoubleTensor&)>& forward,
                     const std::function<DoubleTensor(const DoubleTensor&)>& backward,
                     const DoubleTensor& x, Generator& generator) {
  const DoubleTensor weights = randn<double>(forward(x).shape(), generator);
  const DoubleTensor want = numerical_gradient(
      [&](const DoubleTensor& at) { return (forward(at) * weights).sum().item(); }, x.clone());
  for (const DoubleTensor& layout : every_layout(weights)) {
    expect_close(backward(layout), want, 1e-7, 1e-7);
  }
}

TEST(AvgPool2d, IsTheMeanOfEachWindow) {
  Generator generator(1);
  for (const Case& c : kAverages) {
    SCOPED_TRACE(c);
    const AvgPool2dOptions options{.stride = c.stride, .ceil_mode = c.ceil_mode};
    const DoubleTensor x = randn<double>(c.x, generator), want = by_loops(x, c, mean);
    for (const DoubleTensor& layout : every_layout(x)) {
      const DoubleTensor out = avg_pool2d(layout, c.kernel, options);
      expect_close(out, want, 1e-12, 1e-12);
      EXPECT_TRUE(lies_channels_last(out));
    }
    expect_close(avg_pool2d(x.to<float>(), c.kernel, options), want, 1e-5, 1e-6);
    expect_gradient(
        [&](const DoubleTensor& at) { return avg_pool2d(at, c.kernel, options); },
        [&](const DoubleTensor& grad) { return avg_pool2d_backward(grad, c.x, c.kernel, options); },
        x, generator);
  }
}

TEST(MaxPool2d, IsTheLargestOfEachWindow) {
  Generator generator(2);
  for (const Case& c : kMaxima) {
    SCOPED_TRACE(c);
    const MaxPool2dOptions options{.stride = c.stride, .padding = c.padding};
    const DoubleTensor x = randn<double>(c.x, generator), want = by_loops(x, c, most);
    for (const DoubleTensor& layout : every_layout(x)) {
      const DoubleTensor out = max_pool2d(layout, c.kernel, options);
      expect_equal(out, want);
      EXPECT_TRUE(lies_channels_last(out));
    }
    expect_equal(max_pool2d(x.to<float>(), c.kernel, options), want.to<float>());
    expect_gradient(
        [&](const DoubleTensor& at) { return max_pool2d(at, c.kernel, options); },
        [&](const DoubleTensor& grad) { return max_pool2d_backward(grad, x, c.kernel, options); },
        x, generator);
  }
}

TEST(MaxPool2d, SendsTheGradientToTheFirstOfEqualsAndToNan) {
  const float kLeast = -kInf;
  const struct {
    Tensor x, out, grad;
  } cases[] = {
      {tensor({{1, 3}, {3, 3}}), tensor({{3}}), tensor({{0, 5}, {0, 0}})},
      {tensor({{kLeast, kLeast}, {kLeast, kLeast}}), tensor({{kLeast}}), tensor({{5, 0}, {0, 0}})},
      {tensor({{kInf, kNan}, {9, kNan}}), tensor({{kNan}}), tensor({{0, 5}, {0, 0}})},
  };
  for (const auto& c : cases) {
    const Tensor x = c.x.reshape(1, 1, 2, 2);
    expect_close(max_pool2d(x, 2), c.out.reshape(1, 1, 1, 1), 0, 0, true);
    expect_equal(max_pool2d_backward(tensor({{{{5}}}}), x, 2), c.grad.reshape(1, 1, 2, 2));
  }
}

TEST(AdaptiveAvgPool2d, IsTheMeanOfEachChannel) {
  Generator generator(3);
  for (const Shape& shape : {Shape{2, 3, 4, 5}, {1, 1, 1, 1}, {0, 2, 3, 3}, {3, 17, 1, 4}}) {
    const DoubleTensor x = randn<double>(shape, generator);
    for (const DoubleTensor& layout : every_layout(x)) {
      expect_close(adaptive_avg_pool2d(layout), x.mean({2, 3}, true), 1e-12, 1e-12);
    }
    expect_gradient(
        [](const DoubleTensor& at) { return adaptive_avg_pool2d(at); },
        [&](const DoubleTensor& grad) { return adaptive_avg_pool2d_backward(grad, shape); }, x,
        generator);
  }
}

TEST(Pooling, IsTheSameOnAnyNumberOfThreads) {
  Generator generator(4);
  const Tensor x = randn({70, 3, 28, 30}, generator), grad = randn({70, 3, 14, 15}, generator);
  Tensor out[2], back[2];
  for (int i = 0; i < 2; ++i) {
    const Threads threads(1 + 2 * i);
    out[i] = avg_pool2d(x, 2);
    back[i] = max_pool2d_backward(grad, x, 2);
  }
  expect_equal(out[0], out[1]);
  expect_equal(back[0], back[1]);
}

TEST(Pooling, RefusesWhatDoesNotFit) {
  const Tensor x = ones(2, 3, 4, 5);
  const struct {
    std::function<void()> call;
    std::string sentence;
  } shapes[] = {
      {[] { avg_pool2d(ones(3, 4, 5), 2); },
       "avg_pool2d() needs x [n, channels, height, width], but got [3, 4, 5]"},
      {[] { adaptive_avg_pool2d(ones(3, 4)); },
       "adaptive_avg_pool2d() needs x [n, channels, height, width], but got [3, 4]"},
      {[] { max_pool2d(ones(2, 0, 4, 5), 2); },
       "max_pool2d() needs images with channels and pixels, but got [2, 0, 4, 5]"},
      {[] { avg_pool2d(ones(0, 1, 0, 5), 1); },
       "avg_pool2d() needs images with channels and pixels, but got [0, 1, 0, 5]"},
      {[] { adaptive_avg_pool2d(ones(2, 1, 4, 0)); },
       "adaptive_avg_pool2d() needs images with channels and pixels, but got [2, 1, 4, 0]"},
      {[&] { avg_pool2d(x, 5); },
       "avg_pool2d() needs images as large as its kernel of 5, but got [2, 3, 4, 5]"},
      {[&] { avg_pool2d(x, 7, {.stride = 2, .ceil_mode = true}); },
       "avg_pool2d() needs images as large as its kernel of 7, but got [2, 3, 4, 5]"},
      {[&] {
         avg_pool2d_backward(x, {2, 3, 8, 9}, 2);
       },
       "avg_pool2d_backward() needs an out_grad of [2, 3, 4, 4], but got [2, 3, 4, 5]"},
      {[&] { max_pool2d_backward(x, ones(2, 3, 8, 9), 2); },
       "max_pool2d_backward() needs an out_grad of [2, 3, 4, 4], but got [2, 3, 4, 5]"},
      {[&] {
         adaptive_avg_pool2d_backward(x, {2, 3, 8, 9});
       },
       "adaptive_avg_pool2d_backward() needs an out_grad of [2, 3, 1, 1], but got [2, 3, 4, 5]"},
  };
  for (const auto& c : shapes) expect_error<ShapeError>(c.call, c.sentence);
  const struct {
    std::function<void()> call;
    std::string sentence;
  } numbers[] = {
      {[&] { avg_pool2d(x, 0); },
       "avg_pool2d() needs a kernel and a stride of at least 1, but got 0 and 0"},
      {[&] { max_pool2d(x, 2, {.stride = 0}); },
       "max_pool2d() needs a kernel and a stride of at least 1, but got 2 and 0"},
      {[&] { max_pool2d(x, 3, {.padding = 2}); },
       "max_pool2d() needs a padding from 0 to half of the kernel, 1, but got 2"},
      {[&] { max_pool2d(x, 3, {.padding = -1}); },
       "max_pool2d() needs a padding from 0 to half of the kernel, 1, but got -1"},
  };
  for (const auto& c : numbers) expect_error<std::invalid_argument>(c.call, c.sentence);
}

}  // namespace
}  // namespace foundations
