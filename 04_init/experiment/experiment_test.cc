// The statistics of the experiment, against what can be derived for any images, and against draws
// by others: numpy's on MNIST, the standard library's on the built-in digits. Allowed is four times
// the standard deviation over the weights.
#include "04_init/experiment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <numbers>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "common/data/mnist.h"
#include "common/linalg/matmul.h"
#include "common/reference/reference.h"
#include "common/tensor/ops.h"

namespace foundations::ch04 {
namespace {

constexpr std::int64_t kHidden = 50;

struct Data {
  Tensor x, y;
  std::string source;
};

const Data& valid() {
  static const Data data = [] {
    const Mnist digits = get_data();
    std::cout << "checking the " << digits.source << "\n";
    return Data{normalize(digits.x_valid, digits.x_train.mean(), digits.x_train.std()),
                digits.y_valid.to<float>(), digits.source};
  }();
  return data;
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

const Rule& rule_named(std::string_view name) {
  const Rule* const rule = std::ranges::find(kRules, name, &Rule::name);
  if (rule == std::end(kRules)) throw std::out_of_range("no rule is called " + std::string(name));
  return *rule;
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
  const Tensor x = valid().x.slice(0, 0, 300);
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

// out = h @ w2: given the hidden activations h, its mean square and its product with y are
// expectations over w2 alone.
TEST(WholeModel, HasTheLossThatTheoryGives) {
  const Tensor x = valid().x.slice(0, 0, 300), y = valid().y.slice(0, 0, 300);
  for (const float shift : {0.f, 0.5f}) {
    for (const W2Scale scale : {W2Scale::kFanIn, W2Scale::kNotes}) {
      for (const std::uint64_t seed : {0, 1, 2, 3, 4}) {
        Generator generator(seed);
        const Model model = make_model(784, kHidden, simplified, generator, shift, scale);
        const WholeModel got = whole_model(model, x, y);
        const Tensor h = relu(lin(x, model.w1, model.b1), shift);
        const double s2 = scale == W2Scale::kFanIn ? 1 / std::sqrt(50.0) : 1 / 28.0;
        const double square = mean_square(got.out_mean, got.out_std, 300);
        const DoubleTensor products = reference_matmul(h.t(), h) / 300;
        const double spread = std::sqrt(2 * (products * products).sum().item());
        const std::string where = "shift " + std::to_string(shift) + ", w2 scaled by " +
                                  std::to_string(s2) + ", seed " + std::to_string(seed);
        EXPECT_NEAR(square, s2 * s2 * products.diagonal().sum().item(), 4 * s2 * s2 * spread)
            << where;
        const DoubleTensor with_y = matmul(h.t(), y).to<double>() / 300;
        const double y_square = (y * y).mean().item();
        EXPECT_NEAR(got.loss, y_square + square,
                    4 * 2 * s2 * std::sqrt((with_y * with_y).sum().item()))
            << where;
        EXPECT_GT(got.loss, 0);
      }
    }
  }
}

// ---- Against draws that are not ours: mean and standard deviation over 40 of them ----
//
// For MNIST they are numpy's. For other data, so for the built-in digits, they are made here, for
// the first 200 images: random numbers of the standard library, products in double.

struct Spread {
  double mean, sd;
};

struct Moments {
  Spread lin_mean, lin_std, relu_mean, relu_std;
};

struct NumpyLayer {
  std::string_view rule;
  Moments moments;
};

const NumpyLayer kNumpyLayers[] = {
    {"simplified", {{-0.011, 0.089}, {0.995, 0.032}, {0.389, 0.044}, {0.580, 0.037}}},
    {"glorot_normal", {{-0.015, 0.121}, {1.364, 0.044}, {0.533, 0.060}, {0.795, 0.051}}},
    {"glorot_uniform", {{0.013, 0.122}, {1.354, 0.044}, {0.544, 0.059}, {0.800, 0.046}}},
    {"kaiming_normal", {{-0.015, 0.125}, {1.407, 0.045}, {0.550, 0.062}, {0.820, 0.053}}},
    {"kaiming_wrong_fan", {{-0.060, 0.496}, {5.571, 0.178}, {2.177, 0.245}, {3.247, 0.208}}},
    {"linear_default", {{0.006, 0.050}, {0.571, 0.018}, {0.229, 0.024}, {0.337, 0.019}}},
    {"unscaled", {{-0.300, 2.479}, {27.85, 0.89}, {10.89, 1.23}, {16.23, 1.04}}},
};

struct Outputs {
  Spread out_mean, out_std, loss;
};

struct NumpyModel {
  float shift;
  std::string_view w1;
  W2Scale w2;
  Outputs outputs;
};

const NumpyModel kNumpyModels[] = {
    {0, "simplified", W2Scale::kNotes, {{-0.033, 0.133}, {0.129, 0.020}, {28.69, 1.22}}},
    {0, "simplified", W2Scale::kFanIn, {{-0.132, 0.526}, {0.512, 0.080}, {30.10, 5.02}}},
    {0, "kaiming_normal", W2Scale::kFanIn, {{-0.186, 0.744}, {0.723, 0.113}, {31.15, 7.25}}},
    {0.5, "simplified", W2Scale::kNotes, {{-0.011, 0.070}, {0.129, 0.020}, {28.48, 0.65}}},
    {0.5, "kaiming_normal", W2Scale::kFanIn, {{-0.099, 0.400}, {0.723, 0.113}, {29.96, 3.91}}},
};

constexpr int kDraws = 40;

struct Compared {
  Tensor x, y;
  bool with_numpy;
};

const Compared& compared() {
  static const Compared data = [] {
    const auto& [x, y, source] = valid();
    const bool with_numpy = source.starts_with("MNIST");
    std::cout << "comparing the " << source << " with "
              << (with_numpy ? "numpy's draws\n" : "draws by the standard library\n");
    return with_numpy ? Compared{x, y, true}
                      : Compared{x.slice(0, 0, 200), y.slice(0, 0, 200), false};
  }();
  return data;
}

// [rows, columns] of numbers with mean 0 and standard deviation 1.
template <class Distribution>
DoubleTensor weights_of(Distribution distribution, const Shape& shape, std::mt19937_64& bits) {
  const DoubleTensor w = zeros<double>(shape);
  for (std::int64_t i = 0; i < shape[0]; ++i) {
    for (std::int64_t j = 0; j < shape[1]; ++j) w(i, j) = distribution(bits);
  }
  return w;
}

// x @ w for kDraws such w.
template <class Distribution>
std::vector<DoubleTensor> products(const Distribution& distribution) {
  std::mt19937_64 bits(1);
  const DoubleTensor x = compared().x.to<double>();
  std::vector<DoubleTensor> all;
  for (int i = 0; i < kDraws; ++i) {
    all.push_back(reference_matmul(x, weights_of(distribution, {x.size(1), kHidden}, bits)));
  }
  return all;
}

const std::vector<DoubleTensor>& normal_products() {
  static const auto all = products(std::normal_distribution<double>());
  return all;
}

const std::vector<DoubleTensor>& uniform_products() {
  const double bound = std::sqrt(3.0);
  static const auto all = products(std::uniform_real_distribution<double>(-bound, bound));
  return all;
}

// The spread of each column.
//   draws: [kDraws, figures]
std::vector<Spread> spreads(const std::vector<double>& draws) {
  const DoubleTensor all = from_vector(draws, {kDraws, std::ssize(draws) / kDraws});
  const DoubleTensor mean = all.mean(0), sd = all.std(0);
  std::vector<Spread> result;
  for (std::int64_t i = 0; i < mean.size(0); ++i) result.push_back({mean(i), sd(i)});
  return result;
}

Moments drawn_moments(std::string_view rule) {
  std::vector<double> draws;
  const bool uniform = rule_named(rule).formula.starts_with("U");
  for (const DoubleTensor& product : uniform ? uniform_products() : normal_products()) {
    const DoubleTensor t = product * promised_std(rule), h = t.clamp_min(0);
    draws.insert(draws.end(), {t.mean().item(), t.std().item(), h.mean().item(), h.std().item()});
  }
  const std::vector<Spread> s = spreads(draws);
  return {s[0], s[1], s[2], s[3]};
}

Outputs drawn_outputs(const NumpyModel& row) {
  std::mt19937_64 bits(2);
  const double s2 = row.w2 == W2Scale::kFanIn ? 1 / std::sqrt(50.0) : 1 / 28.0;
  const DoubleTensor y = compared().y.to<double>().unsqueeze(-1);
  std::vector<double> draws;
  for (const DoubleTensor& product : normal_products()) {
    const DoubleTensor h = (product * promised_std(row.w1)).clamp_min(0) - row.shift;
    const DoubleTensor w2 = weights_of(std::normal_distribution<double>(), {kHidden, 1}, bits);
    const DoubleTensor out = reference_matmul(h, w2) * s2;
    draws.insert(draws.end(),
                 {out.mean().item(), out.std().item(), (out - y).pow(2).mean().item()});
  }
  const std::vector<Spread> s = spreads(draws);
  return {s[0], s[1], s[2]};
}

void expect_within(double got, const Spread& want, const std::string& what) {
  EXPECT_NEAR(got, want.mean, 4 * want.sd) << what;
}

TEST(FirstLayer, HasTheMomentsOfOthersDraws) {
  const auto& [x, y, with_numpy] = compared();
  for (const auto& [rule, numpy] : kNumpyLayers) {
    const Moments want = with_numpy ? numpy : drawn_moments(rule);
    for (const std::uint64_t seed : {0, 1}) {
      const std::string where = std::string(rule) + ", seed " + std::to_string(seed);
      const FirstLayer got = first_layer(rule_named(rule), x, kHidden, seed);
      expect_within(got.lin_mean, want.lin_mean, "mean of lin, " + where);
      expect_within(got.lin_std, want.lin_std, "std of lin, " + where);
      expect_within(got.relu_mean, want.relu_mean, "mean of relu, " + where);
      expect_within(got.relu_std, want.relu_std, "std of relu, " + where);
    }
  }
}

TEST(WholeModel, HasTheOutputsOfOthersDraws) {
  const auto& [x, y, with_numpy] = compared();
  for (const NumpyModel& row : kNumpyModels) {
    const Outputs want = with_numpy ? row.outputs : drawn_outputs(row);
    for (const std::uint64_t seed : {0, 1}) {
      const std::string where = std::string(row.w1) + ", shift " + std::to_string(row.shift) +
                                ", seed " + std::to_string(seed);
      Generator generator(seed);
      const Model model =
          make_model(784, kHidden, rule_named(row.w1).weights, generator, row.shift, row.w2);
      const WholeModel got = whole_model(model, x, y);
      expect_within(got.out_mean, want.out_mean, "mean of the output, " + where);
      expect_within(got.out_std, want.out_std, "std of the output, " + where);
      expect_within(got.loss, want.loss, "loss, " + where);
    }
  }
}

// ---- The tables ----

TEST(Tables, HaveMeanAndStandardDeviationOverTheSeeds) {
  const Tensor x = valid().x.slice(0, 0, 10);
  const double a = first_layer(kRules[0], x, 5, 0).lin_mean;
  const double b = first_layer(kRules[0], x, 5, 1).lin_mean;
  char text[64];
  std::snprintf(text, sizeof text, " %.3f+-%.3f ", (a + b) / 2, std::abs(a - b) / std::sqrt(2));
  EXPECT_NE(first_layer_table(x, 5, 2).find(text), std::string::npos) << text;
}

TEST(Tables, HaveALineForEachRow) {
  const Tensor x = valid().x.slice(0, 0, 10), y = valid().y.slice(0, 0, 10);
  const std::string first = first_layer_table(x, 5, 2);
  for (const Rule& rule : kRules) {
    std::string line_start(rule.name);
    line_start += ' ';
    EXPECT_NE(first.find(line_start), std::string::npos) << rule.name;
  }
  const std::string whole = whole_model_table(x, y, 5, 2);
  EXPECT_EQ(std::count(whole.begin(), whole.end(), '\n'), 9);
}

}  // namespace
}  // namespace foundations::ch04
