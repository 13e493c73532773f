#include "common/nn/nn.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// ---- normalize ----

TEST(Normalize, TakesTheMeanOffAndDividesByTheStd) {
  const Tensor x = tensor({{1, 2, 3}, {5, 7, -1}});
  for (const Tensor& layout : every_layout(x)) {
    expect_equal(normalize(layout, tensor(1), tensor(2)), tensor({{0, 0.5, 1}, {2, 3, -1}}));
  }
  expect_equal(x, tensor({{1, 2, 3}, {5, 7, -1}}));
  expect_equal(normalize(double_tensor({3, 5}), double_tensor(1), double_tensor(2)),
               double_tensor({1, 2}));
}

TEST(Normalize, MakesTheMean0AndTheStd1) {
  Generator generator(1);
  const DoubleTensor x = randn<double>({50, 7}, generator) * 3 + 5;
  const DoubleTensor z = normalize(x, x.mean(), x.std());
  EXPECT_NEAR(z.mean().item(), 0, 1e-14);
  EXPECT_NEAR(z.std().item(), 1, 1e-14);
  const DoubleTensor columns = normalize(x, x.mean(0), x.std(0));
  expect_close(columns.mean(0), zeros<double>({7}), 0, 1e-14);
  expect_close(columns.std(0), ones<double>({7}), 0, 1e-14);
}

TEST(Normalize, OfNothingOfOneAndByZero) {
  EXPECT_EQ(normalize(zeros({0, 3}), tensor(1), tensor(2)).shape(), Shape({0, 3}));
  expect_equal(normalize(tensor(4), tensor(1), tensor(2)), tensor(1.5));
  expect_close(normalize(tensor({1, 2}), tensor(1), tensor(0)), tensor({kNan, kInf}), 0, 0, true);
}

TEST(Normalize, RefusesWhatDoesNotBroadcastToX) {
  const auto refuses = [](const Shape& x, const Shape& mean, const Shape& std, const Shape& named) {
    expect_error<ShapeError>([&] { normalize(ones(x), ones(mean), ones(std)); },
                             "normalize() needs a mean and a std that broadcast to x of shape " +
                                 bracketed(x) + ", but got one of shape " + bracketed(named));
  };
  refuses({3}, {2, 3}, {}, {2, 3});
  refuses({3}, {}, {2, 1}, {2, 1});
  refuses({1, 3}, {2, 3}, {}, {2, 3});  // x is not stretched, though it could be
  expect_error<ShapeError>([] { normalize(ones({3}), ones({2}), ones({})); },
                           "The size of tensor a (3) must match the size of tensor b (2) at "
                           "non-singleton dimension 0");
}

// ---- lin ----

struct Sizes {
  std::int64_t n, in, out;
};
constexpr Sizes kSizes[] = {{0, 3, 2},    {3, 0, 2}, {3, 2, 0},    {1, 1, 1},
                            {1, 784, 10}, {5, 7, 3}, {33, 65, 17}, {64, 50, 1}};

TEST(Lin, IsTheProductAndTheBias) {
  Generator generator(2);
  for (const auto& [n, in, out] : kSizes) {
    const DoubleTensor x = randn<double>({n, in}, generator),
                       w = randn<double>({in, out}, generator);
    const DoubleTensor b = randn<double>({out}, generator);
    const DoubleTensor want = reference_matmul(x, w) + b;
    for (const DoubleTensor& x_layout : every_layout(x)) {
      for (const DoubleTensor& w_layout : every_layout(w)) {
        expect_close(lin(x_layout, w_layout, b), want, 1e-12, 1e-12);
      }
    }
    expect_close(lin(x.to<float>(), w.to<float>(), b.to<float>()), want, 1e-5, 1e-4);
  }
}

TEST(Lin, ReadsABiasOfAnyStrideAndLeavesIt) {
  const Tensor b = tensor({1, 9, 2, 9}).slice(0, 0, None, 2);
  expect_equal(lin(zeros({2, 3}), zeros({3, 2}), b), tensor({{1, 2}, {1, 2}}));
  expect_equal(lin(zeros({2, 3}), zeros({3, 2}), ones({1}).expand({2})), ones({2, 2}));
  expect_equal(b, tensor({1, 2}));
}

TEST(Lin, PassesNanOn) {
  const Tensor out = lin(tensor({{1, kNan}, {1, 1}}), ones({2, 2}), tensor({0, kInf}));
  expect_close(out, tensor({{kNan, kNan}, {2, kInf}}), 0, 0, /*equal_nan=*/true);
}

TEST(Lin, RefusesWhatDoesNotFit) {
  expect_error<ShapeError>(
      [] {
        lin(ones({5, 784}), ones({783, 10}), ones({10}));
      },
      "mat1 and mat2 shapes cannot be multiplied (5x784 and 783x10)");
  const auto refuses = [](const Shape& w, const Shape& b) {
    expect_error<ShapeError>(
        [&] {
          lin(ones({5, 4}), ones(w), ones(b));
        },
        "lin() needs a matrix w and a bias for each of its columns, but got shapes " +
            bracketed(w) + " and " + bracketed(b));
  };
  refuses({4, 3}, {4});
  refuses({4, 3}, {1});
  refuses({4, 3}, {5, 3});
  refuses({4}, {});
}

// ---- relu ----

TEST(Relu, CutsNegativesOffAndShifts) {
  const Tensor x = tensor({{-1, 0, 2}, {-kInf, kInf, kNan}});
  for (const Tensor& layout : every_layout(x)) {
    expect_close(relu(layout), tensor({{0, 0, 2}, {0, kInf, kNan}}), 0, 0, true);
    expect_close(relu(layout, 0.5), tensor({{-0.5, -0.5, 1.5}, {-0.5, kInf, kNan}}), 0, 0, true);
  }
  EXPECT_EQ(x(0, 0), -1);
  expect_equal(relu(double_tensor({-1, 0, 2}), 0.5), double_tensor({-0.5, -0.5, 1.5}));
}

TEST(Relu, OfNothingAndOfAScalarAndOfAnExpandedRow) {
  EXPECT_EQ(relu(zeros({0, 3}), 0.5).shape(), Shape({0, 3}));
  expect_equal(relu(tensor(-3)), tensor(0));
  expect_equal(relu(tensor({-1, 1}).expand({2, 2}), 0.5), tensor({{-0.5, 0.5}, {-0.5, 0.5}}));
}

// ---- mse ----

TEST(Mse, IsTheMeanOfTheSquares) {
  const Tensor output = tensor({{1}, {2}, {5}}), targ = tensor({1, 4, 2});
  for (const Tensor& layout : every_layout(output)) {
    expect_close(mse(layout, targ), tensor(13.0 / 3), 1e-6, 0);
  }
  expect_equal(output, tensor({{1}, {2}, {5}}));
  expect_equal(mse(double_tensor({{1, 2}, {3, 4}}), double_tensor({{1, 2}, {3, 6}})),
               double_tensor(1));
}

TEST(Mse, OfOneRowOfNoneAndOfNan) {
  expect_equal(mse(tensor({{3}}), tensor({1})), tensor(4));
  EXPECT_TRUE(std::isnan(mse(zeros({0, 1}), zeros({0})).item()));
  EXPECT_TRUE(std::isnan(mse(tensor({{1}, {kNan}}), ones({2})).item()));
}

TEST(Mse, RefusesWhatWouldBroadcast) {
  const auto expect_refused = [](const Shape& output, const Shape& targ) {
    expect_error<ShapeError>(
        [&] { mse(zeros(output), zeros(targ)); },
        "mse() needs output.squeeze(-1) and targ of one shape, but got an output of " +
            bracketed(output) + " and a targ of " + bracketed(targ) +
            ": their difference would broadcast");
  };
  expect_refused({3, 1}, {3, 1});  // [3] - [3, 1] would be [3, 3]
  expect_refused({3, 2}, {3});
  expect_refused({3, 1}, {4});
  expect_refused({3, 1}, {1});
  expect_refused({3, 1}, {});
  expect_refused({1, 1}, {});
}

// ---- the gradients ----

TEST(LinGrad, IsTheDerivativeByEveryElement) {
  Generator generator(5);
  for (const auto& [n, in, out_size] : {Sizes{1, 1, 1}, Sizes{5, 7, 3}, Sizes{6, 5, 1}}) {
    const DoubleTensor x = randn<double>({n, in}, generator);
    const DoubleTensor w = randn<double>({in, out_size}, generator);
    const DoubleTensor b = randn<double>({out_size}, generator);
    const DoubleTensor weights = randn<double>({n, out_size}, generator);
    // A loss that weighs every element of `out` by another number: the weights are its gradient.
    const auto loss = [&](const DoubleTensor&) { return (lin(x, w, b) * weights).sum().item(); };
    const auto want_x = numerical_gradient(loss, x), want_w = numerical_gradient(loss, w),
               want_b = numerical_gradient(loss, b);
    for (const DoubleTensor& x_layout : every_layout(x)) {
      for (const DoubleTensor& w_layout : every_layout(w)) {
        for (const DoubleTensor& grad_layout : every_layout(weights)) {
          const DoubleTensor out = lin(x_layout, w_layout, b);
          out.grad() = grad_layout;
          lin_grad(x_layout, out, w_layout, b);
          expect_close(x_layout.grad(), want_x, 1e-8, 1e-8);
          expect_close(w_layout.grad(), want_w, 1e-8, 1e-8);
          expect_close(b.grad(), want_b, 1e-8, 1e-8);
        }
      }
    }
  }
}

TEST(ReluGrad, Is1Above0And0UpToIt) {
  const Tensor inp = tensor({{-1, 0, 2}, {-kInf, kInf, kNan}});
  const Tensor grads = tensor({{3, 4, 5}, {6, 7, 8}});
  for (const Tensor& layout : every_layout(inp)) {
    for (const double shift : {0.0, 0.5}) {
      for (const Tensor& grad_layout : every_layout(grads)) {
        const Tensor out = relu(layout, shift);
        out.grad() = grad_layout;
        relu_grad(layout, out);
        expect_equal(layout.grad(), tensor({{0, 0, 5}, {0, 7, 0}}));
        expect_equal(out.grad(), grads);
      }
    }
  }
}

TEST(MseGrad, IsTheDerivativeByEveryElement) {
  Generator generator(6);
  for (const Shape& shape : {Shape{1, 1}, Shape{7, 1}, Shape{4, 3}, Shape{5}, Shape{}}) {
    const DoubleTensor output = randn<double>(shape, generator);
    const DoubleTensor targ = randn<double>(output.squeeze(-1).shape(), generator);
    const auto loss = [&](const DoubleTensor& x) { return mse(x, targ).item(); };
    for (const DoubleTensor& layout : every_layout(output)) {
      mse_grad(layout, targ);
      expect_close(layout.grad(), numerical_gradient(loss, output), 1e-8, 1e-8);
    }
  }
}

TEST(Grads, OfTheWholeNetworkAreThoseOfCentralDifferences) {
  for (const double shift : {0.0, 0.5}) {
    Generator generator(7);
    const DoubleTensor x = randn<double>({8, 20}, generator);
    const DoubleTensor w1 = randn<double>({20, 10}, generator) / std::sqrt(10.0);
    const DoubleTensor b1 = randn<double>({10}, generator);
    const DoubleTensor w2 = randn<double>({10, 1}, generator) / std::sqrt(10.0);
    const DoubleTensor b2 = randn<double>({1}, generator);
    const DoubleTensor targ = randn<double>({8}, generator);
    const auto loss = [&](const DoubleTensor&) {
      return mse(lin(relu(lin(x, w1, b1), shift), w2, b2), targ).item();
    };
    const DoubleTensor l1 = lin(x, w1, b1), l2 = relu(l1, shift), out = lin(l2, w2, b2);
    ASSERT_GT(l1.abs().min().item(), 1e-3);  // far from where relu has no derivative
    mse_grad(out, targ);
    lin_grad(l2, out, w2, b2);
    relu_grad(l1, l2);
    lin_grad(x, l1, w1, b1);
    for (const DoubleTensor& parameter : {x, w1, b1, w2, b2}) {
      expect_close(parameter.grad(), numerical_gradient(loss, parameter), 1e-7, 1e-9);
    }
  }
}

TEST(Grads, AreReplacedNotAddedTo) {
  const Tensor x = tensor({{1, 2}}), w = tensor({{3}, {4}}), b = tensor({5});
  for (const float g : {1.f, 10.f}) {
    const Tensor out = lin(x, w, b);
    out.grad() = tensor({{g}});
    lin_grad(x, out, w, b);
  }
  expect_equal(x.grad(), tensor({{30, 40}}));
  expect_equal(w.grad(), tensor({{10}, {20}}));
  expect_equal(b.grad(), tensor({10}));
}

TEST(Grads, OfNoRows) {
  const Tensor x = zeros({0, 3}), w = ones({3, 2}), b = ones({2}), out = lin(x, w, b);
  out.grad() = zeros({0, 2});
  lin_grad(x, out, w, b);
  expect_equal(x.grad(), zeros({0, 3}));
  expect_equal(w.grad(), zeros({3, 2}));
  expect_equal(b.grad(), zeros({2}));
  const Tensor output = zeros({0, 1});
  mse_grad(output, zeros({0}));
  expect_equal(output.grad(), zeros({0, 1}));
}

TEST(Grads, PassNanOn) {
  const Tensor x = ones({2, 2}), w = ones({2, 2}), b = ones({2}), out = lin(x, w, b);
  out.grad() = tensor({{0, kNan}, {1, 1}});
  lin_grad(x, out, w, b);
  expect_close(x.grad(), tensor({{kNan, kNan}, {2, 2}}), 0, 0, /*equal_nan=*/true);
  expect_close(w.grad(), tensor({{1, kNan}, {1, kNan}}), 0, 0, /*equal_nan=*/true);
  expect_close(b.grad(), tensor({1, kNan}), 0, 0, /*equal_nan=*/true);
}

TEST(Grads, RefuseWhatDoesNotFitAndWriteNothing) {
  const Tensor x = ones({2, 3}), w = ones({3, 4}), b = ones({4}), out = ones({2, 4});
  const std::string missing =
      "() needs out.grad(), which is not there: the gradient of what uses out comes first";
  expect_error<ShapeError>([&] { lin_grad(x, out, w, b); }, "lin_grad" + missing);
  expect_error<ShapeError>([&] { relu_grad(out, out); }, "relu_grad" + missing);
  out.grad() = ones({4});
  expect_error<ShapeError>([&] { lin_grad(x, out, w, b); },
                           "lin_grad() needs an out.grad() of the shape of out, [2, 4], but got "
                           "[4]");
  expect_error<ShapeError>([&] { relu_grad(x, out); },
                           "relu_grad() needs inp and out of one shape, but got [2, 3] and [2, 4]");
  out.grad() = ones({2, 4});
  const auto lin_refuses = [&](const Tensor& inp, const Tensor& result, const Tensor& weight,
                               const Tensor& bias) {
    expect_error<ShapeError>(
        [&] { lin_grad(inp, result, weight, bias); },
        "lin_grad() needs inp [n, in], out [n, out], w [in, out] and b [out], but got " +
            bracketed(inp.shape()) + ", " + bracketed(result.shape()) + ", " +
            bracketed(weight.shape()) + " and " + bracketed(bias.shape()));
  };
  lin_refuses(ones({3}), out, w, b);
  lin_refuses(x, ones({3, 4}), w, b);
  lin_refuses(x, out, w.t(), b);
  lin_refuses(x, out, w, ones({1}));
  lin_refuses(x, out, ones({3}), b);
  expect_error<ShapeError>([&] { mse_grad(out, ones({2})); },
                           "mse_grad() needs output.squeeze(-1) and targ of one shape, but got an "
                           "output of [2, 4] and a targ of [2]: their difference would broadcast");
  for (const Tensor& untouched : {x, w, b}) EXPECT_FALSE(untouched.has_grad());
  expect_equal(out.grad(), ones({2, 4}));
}

}  // namespace
}  // namespace foundations
