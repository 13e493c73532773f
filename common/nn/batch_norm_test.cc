// Batch normalisation beside plain loops in double: forward, running statistics, every gradient.
#include "common/nn/batch_norm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "common/nn/check_gradients.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/properties.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// By the plainest loops, in double: x as [n, c, pixels].
struct Reference {
  DoubleTensor out, mean, var;  // var: biased
};

template <class T>
DoubleTensor three_dims(const TensorOf<T>& x) {
  const std::int64_t n = x.size(0), c = x.size(1);
  const std::int64_t pixels = x.dim() == 4 ? x.size(2) * x.size(3) : 1;
  return x.template to<double>().reshape({n, c, pixels});
}

template <class T>
BatchNormState<T> random_state(std::int64_t c, Generator& generator) {
  return {randn<T>({c}, generator), randn<T>({c}, generator), randn<T>({c}, generator),
          uniform_(empty<T>(c), 0.5, 2, generator)};
}

template <class T>
Reference reference(const TensorOf<T>& x, const BatchNormState<T>& state,
                    const BatchNormOptions& options, const TensorOf<T>& skip) {
  const DoubleTensor values = three_dims(x);
  const std::int64_t n = values.size(0), channels = values.size(1), pixels = values.size(2);
  const double count = static_cast<double>(n * pixels);
  Reference r{zeros<double>(values.shape()), zeros<double>(channels), zeros<double>(channels)};
  for (std::int64_t c = 0; c < channels; ++c) {
    const auto each = [&](auto&& body) {
      for (std::int64_t i = 0; i < n; ++i) {
        for (std::int64_t p = 0; p < pixels; ++p) body(i, p);
      }
    };
    each([&](auto i, auto p) { r.mean(c) += values(i, c, p) / count; });
    each([&](auto i, auto p) {
      const double distance = values(i, c, p) - r.mean(c);
      r.var(c) += distance * distance / count;
    });
    each([&](auto i, auto p) {
      double y = (values(i, c, p) - r.mean(c)) / std::sqrt(r.var(c) + options.eps) *
                     static_cast<double>(state.weight(c)) +
                 static_cast<double>(state.bias(c));
      if (skip.defined()) y += three_dims(skip)(i, c, p);
      r.out(i, c, p) = options.relu && y < 0 ? 0 : y;
    });
  }
  r.out = r.out.reshape(x.shape());
  return r;
}

TEST(BatchNorm, Smoke) {
  Generator generator(1);
  for (const Shape& shape : {Shape{5, 3}, Shape{2, 8, 3, 3}, Shape{64, 16, 7, 7}}) {
    for (const bool relu : {false, true}) {
      for (const bool with_skip : {false, true}) {
        const DoubleTensor x = randn<double>(shape, generator);
        const DoubleTensor skip = with_skip ? randn<double>(shape, generator) : DoubleTensor();
        const auto state = random_state<double>(shape[1], generator);
        const BatchNormOptions options{.relu = relu};
        const auto normed = batch_norm_train(x, state, options, skip);
        const Reference r = reference(x, state, options, skip);
        expect_close(normed.out, r.out, 1e-9, 1e-12);
      }
    }
  }
  nn::BatchNorm2d bn(3);
  EXPECT_EQ(nn::check_gradients(bn, randn({4, 3, 2, 2}, generator)), "");
  nn::BatchNorm2d bnr(3, {.relu = true});
  EXPECT_EQ(nn::check_gradients(bnr, randn({4, 3, 2, 2}, generator)), "");
  EXPECT_EQ(to_string(bn),
            "BatchNorm2d(3, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)");
}

}  // namespace
}  // namespace foundations
