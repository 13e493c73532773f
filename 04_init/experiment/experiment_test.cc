// The statistics of the experiment, against what can be derived for any images. Allowed is
// four times the standard deviation over the weights.
#include "04_init/experiment/experiment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <numbers>
#include <string>
#include <string_view>

#include "common/data/mnist.h"
#include "common/tensor/ops.h"
#include "common/testing/testing.h"

namespace foundations::ch04 {
namespace {

constexpr std::int64_t kHidden = 50;

const Tensor& valid() {
  static const Tensor x = [] {
    const Mnist digits = get_data();
    std::cout << "checking the " << digits.source << "\n";
    return validation_images(digits);
  }();
  return x;
}

TEST(ValidationImages, AreNormalisedByTheTrainingImages) {
  const Mnist few = built_in_digits(12, 1);
  const Tensor x = validation_images(few);
  expect_close(x * few.x_train.std() + few.x_train.mean(), few.x_valid, 1e-5, 1e-6);
  expect_error<DataError>([] { validation_images(built_in_digits(6, 1)); },
                          "built-in digits: has fewer than two images to validate on");
}

// A figure of one column of x @ w, for w of standard normal numbers: its expectation and variance.
// The mean over 50 columns varies a fiftieth as much; w scaled by s scales a mean by s, a mean
// square by s^2.
struct Figure {
  double mean, variance;

  void expect(double got, double scale, const std::string& what) const {
    EXPECT_NEAR(got, scale * mean, 4 * scale * std::sqrt(variance / kHidden)) << what;
  }
};

struct Theory {
  Figure lin_mean, lin_square, relu_mean, relu_square;
};

// For t_i = x_i . w the covariance of t_i and t_j is G = x_i . x_j. From it come the moments of
// their squares, 2 G^2, and those of relu, by the angle between x_i and x_j (Cho and Saul, Kernel
// Methods for Deep Learning, 2009, section 2).
Theory theory(const Tensor& x) {
  const DoubleTensor g = reference_matmul(x, x.t());
  const std::int64_t n = x.size(0);
  double trace = 0, sum = 0, squares = 0, norms = 0, relu_products = 0, relu_squares = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    trace += g(i, i);
    norms += std::sqrt(g(i, i));
    for (std::int64_t j = 0; j < n; ++j) {
      const double size = std::sqrt(g(i, i) * g(j, j));
      const double cosine = std::min(1.0, g(i, j) / size), angle = std::acos(cosine);
      const double sine = std::sin(angle), rest = std::numbers::pi - angle;
      sum += g(i, j);
      squares += g(i, j) * g(i, j);
      relu_products += size * (sine + rest * cosine);
      relu_squares += size * size * (3 * sine * cosine + rest * (1 + 2 * cosine * cosine));
    }
  }
  const double pairs = static_cast<double>(n) * n, two_pi = 2 * std::numbers::pi;
  const double square = trace / n, relu = norms / n / std::sqrt(two_pi);
  return {{0, sum / pairs},
          {square, 2 * squares / pairs},
          {relu, relu_products / pairs / two_pi - relu * relu},
          {square / 2, relu_squares / pairs / two_pi - square * square / 4}};
}

// The standard deviations that the rules promise for 784 inputs and 50 outputs.
double promised_std(std::string_view rule) {
  if (rule == "unscaled") return 1;
  if (rule == "small") return 0.01;
  if (rule.starts_with("glorot")) return std::sqrt(2.0 / 834);
  if (rule == "kaiming_wrong_fan") return std::sqrt(2.0 / 50);
  if (rule.starts_with("kaiming")) return std::sqrt(2.0 / 784);
  if (rule == "linear_default") return 1 / std::sqrt(3.0 * 784);
  if (rule == "simplified") return 1.0 / 28;
  ADD_FAILURE() << "no standard deviation is known for " << rule;
  return 0;
}

double mean_square(double mean, double std, double n) {
  return std * std * (n - 1) / n + mean * mean;
}

TEST(FirstLayer, HasTheMomentsThatTheoryGives) {
  const Tensor x = valid().slice(0, 0, 300);
  const double n = 300 * kHidden;
  const Theory expected = theory(x);
  for (const Rule& rule : kRules) {
    const double s = promised_std(rule.name);
    for (const std::uint64_t seed : {0, 1, 2, 3, 4}) {
      const std::string where = std::string(rule.name) + ", seed " + std::to_string(seed);
      const FirstLayer got = first_layer(rule, x, kHidden, seed);
      expected.lin_mean.expect(got.lin_mean, s, "mean of lin, " + where);
      expected.lin_square.expect(mean_square(got.lin_mean, got.lin_std, n), s * s,
                                 "mean square of lin, " + where);
      expected.relu_mean.expect(got.relu_mean, s, "mean of relu, " + where);
      expected.relu_square.expect(mean_square(got.relu_mean, got.relu_std, n), s * s,
                                  "mean square of relu, " + where);
      EXPECT_NEAR(got.shifted_mean, got.relu_mean - 0.5, 1e-5) << where;
    }
  }
}

// ---- The tables ----

TEST(Tables, HaveMeanAndStandardDeviationOverTheSeeds) {
  const Tensor x = valid().slice(0, 0, 10);
  const double a = first_layer(kRules[0], x, 5, 0).lin_mean;
  const double b = first_layer(kRules[0], x, 5, 1).lin_mean;
  char text[64];
  std::snprintf(text, sizeof text, " %.3f+-%.3f ", (a + b) / 2, std::abs(a - b) / std::sqrt(2));
  EXPECT_NE(first_layer_table(x, 5, 2).find(text), std::string::npos) << text;
}

TEST(Tables, HaveALineForEachRow) {
  const Tensor x = valid().slice(0, 0, 10);
  const std::string first = first_layer_table(x, 5, 2);
  for (const Rule& rule : kRules) {
    std::string line_start(rule.name);
    line_start += ' ';
    EXPECT_NE(first.find(line_start), std::string::npos) << rule.name;
  }
}

}  // namespace
}  // namespace foundations::ch04
