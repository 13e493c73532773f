// Gradient descent does what its formula says, and the network learns.
#include "06_modules/descent/fit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "06_modules/modules.h"
#include "common/base/error.h"
#include "common/data/mnist.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/testing.h"

namespace foundations::ch06 {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

nn::Sequential make_model(std::int64_t m, std::int64_t nh, Generator& generator) {
  return nn::Sequential{nn::Linear(m, nh, generator), nn::ReLU(), nn::Linear(nh, 1, generator)};
}

// ---- On digits ----

struct Band {
  std::size_t step;
  double mean, sd;
};

// The losses of 100 starts, with seeds 0 to 99. Every one of them fell at every step.
const std::vector<Band> kBuiltIn = {
    {0, 30.06, 6.16}, {2, 8.37, 1.58}, {5, 5.91, 0.47}, {10, 4.73, 0.28}, {20, 3.77, 0.20}};
const std::vector<Band> kMnist = {
    {0, 29.36, 6.15}, {2, 8.64, 1.40}, {5, 6.39, 0.47}, {10, 5.22, 0.27}, {20, 4.38, 0.17}};

void expect_learns(const Mnist& digits, const std::vector<Band>& bands) {
  const FitData data = fit_data(digits);
  ASSERT_EQ(data.x.shape(), Shape({5000, 784}));
  for (const std::uint64_t seed : {1000, 1001}) {  // none of the bands' own
    SCOPED_TRACE(digits.source + ", seed " + std::to_string(seed));
    Generator generator(seed);
    nn::Sequential model = make_model(784, 50, generator);
    set_parameters(model, make_parameters(784, 50, generator));
    const std::vector<double> losses = fit(model, data.x, data.targ);
    ASSERT_EQ(losses.size(), 21u);
    EXPECT_TRUE(std::is_sorted(losses.rbegin(), losses.rend()));
    for (const auto& [step, mean, sd] : bands) {
      EXPECT_NEAR(losses[step], mean, 4 * sd) << "after step " << step;
    }
    EXPECT_LT(losses[20], 0.7 * constant_loss(data.targ));
    EXPECT_NEAR(mse(model(data.x_valid), data.targ_valid).item() / losses[20], 1, 0.15);
  }
}

// The built-in digits always, and MNIST too where MNIST_DIR says where it is.
TEST(Fit, LearnsDigits) {
  expect_learns(built_in_digits(), kBuiltIn);
  const Mnist digits = load_digits();
  if (digits.source.starts_with("MNIST")) expect_learns(digits, kMnist);
}

TEST(SetParameters, RefusesWhatIsNotOfTheModelsShapes) {
  Generator generator(1);
  const nn::Sequential model{nn::Linear(4, 3, generator), nn::ReLU(), nn::Linear(3, 2, generator)};
  std::vector<Tensor> before;
  for (const Tensor& p : model.parameters()) before.push_back(p.clone());
  expect_error<ShapeError>(
      [&] { set_parameters(model, make_parameters(4, 3, generator)); },
      "set_parameters() got a w1 of [4, 3], a b1 of [3], a w2 of [3, 1] and a b2 of [1], which are "
      "not the shapes of the model's");
  for (std::size_t i = 0; i < before.size(); ++i) expect_equal(model.parameters()[i], before[i]);
}

TEST(FitData, IsNormalisedByAllTrainingImages) {
  const Mnist digits = built_in_digits(120, 1);
  const FitData all = fit_data(digits), few = fit_data(digits, 30);
  EXPECT_EQ(all.x.shape(), Shape({100, 784}));
  EXPECT_NEAR(all.x.mean().item(), 0, 1e-5);
  EXPECT_NEAR(all.x.std().item(), 1, 1e-5);
  expect_equal(few.x, all.x.slice(0, 0, 30));
  expect_equal(few.targ, digits.y_train.slice(0, 0, 30).to<float>());
  const Tensor mean = digits.x_train.mean(), std = digits.x_train.std();
  expect_close(few.x_valid, (digits.x_valid - mean) / std, 1e-5, 1e-6);
  expect_equal(few.targ_valid, digits.y_valid.to<float>());
  expect_error<DataError>([] { fit_data(built_in_digits(0, 1)); },
                          "built-in digits: has no training images");
  Mnist blank = digits;
  blank.x_train.zero_();
  expect_error<DataError>([&] { fit_data(blank); },
                          "built-in digits: the pixels of the training images are all equal, and a "
                          "standard deviation of 0 cannot normalise them");
}

// ---- By formula ----

// Two steps, by the functions of common/nn/functional.h.
TEST(Fit, MovesAgainstTheGradient) {
  Generator generator(1);
  const Tensor x = randn({6, 5}, generator), targ = randn({6}, generator);
  const Parameters p = make_parameters(5, 4, generator);
  nn::Sequential model = make_model(5, 4, generator);
  set_parameters(model, p);
  const std::vector<double> losses = fit(model, x, targ, {.steps = 2, .lr = 0.05});
  const auto loss = [&] { return mse(lin(relu(lin(x, p.w1, p.b1)), p.w2, p.b2), targ).item(); };
  ASSERT_EQ(losses.size(), 3u);
  for (int step = 0; step < 2; ++step) {
    EXPECT_NEAR(losses[step], loss(), 1e-5);
    const Gradients g = common_gradients(p, x, targ);
    p.w1 -= g[1] * 0.05;
    p.b1 -= g[2] * 0.05;
    p.w2 -= g[3] * 0.05;
    p.b2 -= g[4] * 0.05;
  }
  EXPECT_NEAR(losses[2], loss(), 1e-5);
  const std::vector<Tensor> got = model.parameters();
  const Tensor want[] = {p.w1.t(), p.b1, p.w2.t(), p.b2};
  for (std::size_t i = 0; i < 4; ++i) expect_close(got[i], want[i], 1e-5, 1e-6);
}

// Who watches sees every loss, and may call the model with other rows.
TEST(Fit, IsNotDisturbedByWhoWatches) {
  Generator generator(2);
  const Tensor x = randn({6, 5}, generator), targ = randn({6}, generator);
  const Parameters p = make_parameters(5, 4, generator);
  nn::Sequential watched = make_model(5, 4, generator), alone = make_model(5, 4, generator);
  set_parameters(watched, p);
  set_parameters(alone, p);
  std::vector<double> seen;
  const auto watch = [&](int step, double loss) {
    EXPECT_EQ(step, static_cast<int>(seen.size()));
    seen.push_back(loss);
    watched(x * 100);
  };
  const std::vector<double> losses = fit(watched, x, targ, {.steps = 5, .watch = watch});
  EXPECT_EQ(losses, fit(alone, x, targ, {.steps = 5}));
  EXPECT_EQ(losses, seen);
  EXPECT_EQ(fit(alone, x, targ, {.steps = 0}).size(), 1u);
}

TEST(Fit, RefusesAModelWithoutParameters) {
  nn::ReLU relu;
  const Tensor x = ones(1, 1), targ = ones(1);
  expect_error<std::invalid_argument>(
      [&] { fit(relu, x, targ); }, "fit() got a model without parameters: were they registered?");
}

TEST(ConstantLoss, IsTheVariance) {
  EXPECT_NEAR(constant_loss(tensor({1, 2, 3, 6})), 3.5, 1e-6);
  EXPECT_EQ(constant_loss(tensor({4})), 0);
}

// ---- What is shown ----

TEST(LossBars, AreAsLongAsTheLosses) {
  EXPECT_EQ(loss_bars({30, 15, 0.25}), "    0         30  " + std::string(60, '#') +
                                           "\n    1         15  " + std::string(30, '#') +
                                           "\n    2       0.25  #\n");
  EXPECT_EQ(loss_bars({0}), "    0          0  \n");
  EXPECT_EQ(loss_bars({2, kInf}),
            "    0          2  " + std::string(60, '#') + "\n    1        inf  \n");
  EXPECT_EQ(loss_bars({-std::numeric_limits<double>::quiet_NaN()}), "    0        nan  \n");
}

TEST(LossBars, AreSpreadOverManySteps) {
  const std::string bars = loss_bars(std::vector<double>(1001, 1));
  EXPECT_EQ(std::count(bars.begin(), bars.end(), '\n'), 21);
  EXPECT_NE(bars.find("\n   50 "), std::string::npos);
  EXPECT_NE(bars.find("\n 1000 "), std::string::npos);
  const std::string uneven = loss_bars(std::vector<double>(30, 1));
  EXPECT_LE(std::count(uneven.begin(), uneven.end(), '\n'), 22);
  EXPECT_NE(uneven.find("\n   29 "), std::string::npos);
}

TEST(LossChart, HasTheLossesAndLeavesOutWhatIsNoNumber) {
  const std::string chart = loss_chart({3, kInf, 2}, 8.25);
  EXPECT_TRUE(chart.starts_with("$losses << EOD\n0 3\n1 \n2 2\nEOD\nset terminal svg")) << chart;
  EXPECT_NE(chart.find("8.25 with lines"), std::string::npos);
}

}  // namespace
}  // namespace foundations::ch06
