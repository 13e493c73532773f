#include <gtest/gtest.h>

#include <cmath>

#include "common/nn/functional.h"
#include "common/tensor/ops.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// From the definition, in long double; for numbers whose exp does not overflow.
DoubleTensor by_definition(const DoubleTensor& x) {  // [n, c], along c
  const DoubleTensor result = zeros<double>(x.size(0), x.size(1));
  for (std::int64_t i = 0; i < x.size(0); ++i) {
    long double sum = 0;
    for (std::int64_t j = 0; j < x.size(1); ++j) sum += std::exp(static_cast<long double>(x(i, j)));
    for (std::int64_t j = 0; j < x.size(1); ++j) {
      result(i, j) = static_cast<double>(x(i, j) - std::log(sum));
    }
  }
  return result;
}

TEST(LogSoftmax, IsItsDefinitionAlongEitherDimOnEveryLayout) {
  Generator generator(1);
  for (const Shape& shape : {Shape{1, 1}, {3, 10}, {64, 1}, {5, 33}}) {
    for (const auto& x : every_layout(whole_numbers<double>(shape, generator))) {
      const DoubleTensor want = by_definition(x);
      expect_close(log_softmax(x, 1), want, 1e-14, 1e-14);
      expect_close(log_softmax(x.t(), 0), want.t(), 1e-14, 1e-14);
      expect_close(log_softmax(x.to<float>(), -1), want, 1e-6, 1e-6);
    }
  }
  expect_equal(log_softmax(full({}, 3), 0), full({}, 0));
}

TEST(LogSoftmax, DoesNotOverflowAndIsPyTorchsOfInfinitiesAndNan) {
  const float log2 = std::log(2.f);
  expect_close(log_softmax(tensor({{3e38f, 3e38f}, {-3e38f, -3e38f}}), 1), full({2, 2}, -log2));
  expect_close(log_softmax(tensor({{-kInf, -kInf}, {0, -kInf}, {kInf, 0}, {kNan, 0}}), 1),
               tensor({{kNan, kNan}, {0, -kInf}, {kNan, kNan}, {kNan, kNan}}), 0, 0, true);
}

TEST(LogSoftmax, OfNothingIsNothing) {
  for (const Shape& shape : {Shape{0, 3}, {3, 0}}) {
    EXPECT_EQ(bracketed(log_softmax(zeros(shape), 1).shape()), bracketed(shape));
  }
  expect_error<IndexError>(
      [] { log_softmax(zeros(0, 3), 2); },
      "Dimension out of range (expected to be in range of [-2, 1], but got 2)");
}

}  // namespace
}  // namespace foundations
