// The forward pass, by hand, against common/nn/nn.h, and on the data.
#include "04_init/forward.h"

#include <gtest/gtest.h>

#include <cmath>
#include <iostream>
#include <string>
#include <vector>

#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/testing/testing.h"

namespace foundations::ch04 {
namespace {

// ---- The pieces, and that common's are the same ----

TEST(Normalize, IsWhatCommonHas) {
  Generator generator(1);
  for (const Shape& shape : {Shape{0, 3}, {1, 1}, {5, 7}, {}}) {
    const Tensor x = randn(shape, generator) * 3 + 5, m = tensor(4.5), s = tensor(2.5);
    expect_equal(normalize(x, m, s), foundations::normalize(x, m, s));
  }
  expect_equal(normalize(tensor({1, 5}), tensor(1), tensor(2)), tensor({0, 2}));
}

TEST(Lin, IsWhatCommonHas) {
  Generator generator(2);
  for (const auto& [n, in, out] : {std::array{0, 3, 2}, {3, 0, 2}, {1, 1, 1}, {33, 65, 17}}) {
    const Tensor x = randn({n, in}, generator), w = randn({in, out}, generator);
    const Tensor b = randn({out}, generator);
    expect_equal(lin(x, w, b), foundations::lin(x, w, b));
    expect_close(lin(x, w, b), reference_matmul(x, w) + b.to<double>(), 1e-5, 1e-4);
  }
}

TEST(Relu, IsWhatCommonHas) {
  Generator generator(3);
  for (const float shift : {0.f, 0.5f}) {
    for (const Shape& shape : {Shape{0, 3}, {1, 1}, {5, 7}, {}}) {
      const Tensor x = randn(shape, generator);
      expect_equal(relu(x, shift), foundations::relu(x, shift));
    }
    const Tensor out = relu(tensor({kNan, -1}), shift);
    EXPECT_TRUE(std::isnan(out(0)));
    EXPECT_EQ(out(1), -shift);
  }
  expect_equal(relu(tensor({-1, 0, 2})), tensor({0, 0, 2}));
  expect_equal(relu(tensor({-1, 0, 2}), 0.5), tensor({-0.5, -0.5, 1.5}));
}

TEST(Mse, IsWhatCommonHas) {
  Generator generator(4);
  for (const std::int64_t n : {1, 2, 7, 1000}) {
    const Tensor output = randn({n, 1}, generator), targ = randn({n}, generator);
    expect_close(mse(output, targ), foundations::mse(output, targ), 1e-6, 0);
  }
  expect_close(mse(tensor({{1}, {2}, {5}}), tensor({1, 4, 2})), tensor(13.0 / 3), 1e-6, 0);
  EXPECT_TRUE(std::isnan(mse(zeros(0, 1), zeros(0)).item()));
}

TEST(Mse, RefusesWhatWouldBroadcast) {
  struct Row {
    Shape output, targ;
  };
  for (const auto& [output, targ] : std::vector<Row>{
           {{3, 1}, {3, 1}}, {{3, 2}, {3}}, {{3, 1}, {4}}, {{3, 1}, {1}}, {{1, 1}, {}}}) {
    Tensor out = zeros(output), wrong = zeros(targ);
    expect_error<ShapeError>([&] { mse(out, wrong); },
                             "mse() needs a targ of the shape of output.squeeze(-1), " +
                                 bracketed(out.squeeze(-1).shape()) + ", but got " +
                                 bracketed(targ));
  }
}

// ---- The model ----

TEST(Model, IsLinReluLin) {
  const Model model = {tensor({{1, -1}, {0, 2}}), tensor({0, 1}), tensor({{3}, {1}}), tensor({10})};
  // l1 = [1, 4], [-2, 3]; out = 10 + 3 * relu(first) + relu(second).
  expect_equal(model(tensor({{1, 2}, {-2, 0}})), tensor({{17}, {13}}));
  Model shifted = model;
  shifted.shift = 0.5;
  expect_equal(shifted(tensor({{1, 2}, {-2, 0}})), tensor({{15}, {11}}));
}

TEST(Model, GivesOneNumberForEachRowAlsoForOneAndNone) {
  Generator generator(5);
  const Model model = make_model(784, 50, kaiming_normal, generator);
  EXPECT_EQ(model(zeros(0, 784)).shape(), Shape({0, 1}));
  EXPECT_EQ(mse(model(zeros(1, 784)), zeros(1)).shape(), Shape({}));  // squeeze(-1) leaves [1]
}

TEST(MakeModel, ScalesW2ByItsFanIn) {
  Generator generator(6), same(6);
  const Model model = make_model(784, 50, simplified, generator);
  expect_equal(model.w1, simplified(784, 50, same));
  // 50 numbers: their standard deviation is off by a tenth. Four times that.
  EXPECT_NEAR(model.w2.std().item() * std::sqrt(50), 1, 0.4);
  expect_equal(model.b1, zeros(50));
  expect_equal(model.b2, zeros(1));
  EXPECT_EQ(model.shift, 0);
}

// ---- The data ----

TEST(GetData, NormalisedWithTheTrainingStatistics) {
  const Mnist digits = get_data();
  std::cout << "checking the " << digits.source << "\n";
  const Tensor train_mean = digits.x_train.mean(), train_std = digits.x_train.std();
  const Tensor x_train = normalize(digits.x_train, train_mean, train_std);
  const Tensor x_valid = normalize(digits.x_valid, train_mean, train_std);
  EXPECT_NEAR(x_train.mean().item(), 0, 1e-6);
  EXPECT_NEAR(x_train.std().item(), 1, 1e-6);
  const double m = train_mean.item(), s = train_std.item();
  EXPECT_NEAR(x_valid.mean().item(), (digits.x_valid.mean().item() - m) / s, 1e-6);
  EXPECT_NEAR(x_valid.std().item(), digits.x_valid.std().item() / s, 1e-6);
}

}  // namespace
}  // namespace foundations::ch04
