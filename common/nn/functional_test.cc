#include "common/nn/functional.h"

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
}

TEST(Normalize, MakesTheMean0AndTheStd1) {
  Generator generator(1);
  const DoubleTensor x = randn<double>({50, 7}, generator) * 3 + 5;
  const DoubleTensor z = normalize(x, x.mean(), x.std());
  EXPECT_NEAR(z.mean().item(), 0, 1e-14);
  EXPECT_NEAR(z.std().item(), 1, 1e-14);
  const DoubleTensor columns = normalize(x, x.mean(0), x.std(0));
  expect_close(columns.mean(0), zeros<double>(7), 0, 1e-14);
  expect_close(columns.std(0), ones<double>(7), 0, 1e-14);
  EXPECT_EQ(normalize(zeros(0, 3), tensor(1), tensor(2)).shape(), Shape({0, 3}));
  expect_equal(normalize(tensor(4), tensor(1), tensor(2)), tensor(1.5));
  expect_close(normalize(tensor({1, 2}), tensor(1), tensor(0)), tensor({kNan, kInf}), 0, 0, true);
}

TEST(Normalize, RefusesWhatDoesNotBroadcastToX) {
  const auto refuses = [](const Shape& x, const Shape& mean, const Shape& std, const Shape& named) {
    expect_error<ShapeError>([&] { normalize(ones(x), ones(mean), ones(std)); },
                             "normalize() needs a mean and a std that broadcast to x of shape " +
                                 bracketed(x) + ", but got one of shape " + bracketed(named));
  };
  refuses({1, 3}, {2, 3}, {}, {2, 3});  // x is not stretched, though it could be
  refuses({3}, {}, {2, 1}, {2, 1});
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

TEST(Lin, ReadsABiasOfAnyStrideAndPassesNanOn) {
  const Tensor b = tensor({1, 9, 2, 9}).slice(0, 0, None, 2);
  expect_equal(lin(zeros(2, 3), zeros(3, 2), b), tensor({{1, 2}, {1, 2}}));
  expect_equal(b, tensor({1, 2}));
  const Tensor out = lin(tensor({{1, kNan}, {1, 1}}), ones(2, 2), tensor({0, kInf}));
  expect_close(out, tensor({{kNan, kNan}, {2, kInf}}), 0, 0, /*equal_nan=*/true);
}

TEST(Lin, RefusesWhatDoesNotFit) {
  expect_error<ShapeError>([] { lin(ones(5, 784), ones(783, 10), ones(10)); },
                           "mat1 and mat2 shapes cannot be multiplied (5x784 and 783x10)");
  const auto refuses = [](const Shape& w, const Shape& b) {
    expect_error<ShapeError>(
        [&] { lin(ones(5, 4), ones(w), ones(b)); },
        "lin() needs a matrix w and a bias for each of its columns, but got shapes " +
            bracketed(w) + " and " + bracketed(b));
  };
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
  expect_equal(relu(tensor(-3)), tensor(0));
  expect_equal(relu(tensor({-1, 1}).expand({2, 2}), 0.5), tensor({{-0.5, 0.5}, {-0.5, 0.5}}));
}

// ---- mse ----

TEST(Mse, IsTheMeanOfTheSquares) {
  const Tensor output = tensor({{1}, {2}, {5}}), targ = tensor({1, 4, 2});
  for (const Tensor& layout : every_layout(output)) {
    expect_close(mse(layout, targ), tensor(13.0 / 3), 1e-6, 0);
    expect_close(mse(layout.squeeze(-1), targ), tensor(13.0 / 3), 1e-6, 0);
  }
  EXPECT_TRUE(std::isnan(mse(tensor({{1}, {kNan}}), ones(2)).item()));
}

TEST(Mse, TakesAColumnOrAVectorOfAnyLength) {
  for (const std::int64_t n : {0, 1, 2, 4}) {
    for (const Tensor& output : {full({n, 1}, 3), full({n}, 3)}) {
      const Tensor targ = ones(n);
      expect_close(mse(output, targ), tensor(n == 0 ? kNan : 4), 0, 0, /*equal_nan=*/true);
      expect_equal(mse_backward(output, targ), full(output.shape(), n == 0 ? 0. : 4. / n));
    }
  }
}

TEST(Mse, RefusesAllElse) {
  const Shape rows[][2] = {{{3, 1}, {3, 1}}, {{3, 2}, {3}}, {{3, 2}, {3, 2}}, {{3, 1}, {4}},
                           {{3, 1}, {1}},    {{3, 1}, {}},  {{1, 1}, {}},     {{}, {}},
                           {{1, 3}, {3}},    {{3}, {3, 1}}, {{1}, {}},        {{3, 1, 1}, {3}}};
  for (const auto& [output, targ] : rows) {
    const Tensor o = zeros(output), t = zeros(targ);
    const auto needs = [&](const std::string& name) {
      return name + "() needs an output of [n, 1] or [n] and a targ of [n], but got " +
             bracketed(o.shape()) + " and " + bracketed(t.shape());
    };
    expect_error<ShapeError>([&] { mse(o, t); }, needs("mse"));
    expect_error<ShapeError>([&] { mse_backward(o, t); }, needs("mse_backward"));
    expect_error<ShapeError>([&] { mse_grad(o, t); }, needs("mse_grad"));
    EXPECT_FALSE(o.has_grad());
  }
}

// ---- cross entropy and accuracy ----

TEST(CrossEntropy, IsTheMeanOfMinusTheLogOfTheProbability) {
  const Tensor logits = tensor({{0, 0}, {std::log(3), 0}}) + 200;  // exp(200) is inf in float
  for (const Tensor& layout : every_layout(logits)) {
    expect_close(cross_entropy(layout, long_tensor({1, 0})),
                 tensor((std::log(2) - std::log(0.75)) / 2));
    expect_close(cross_entropy_backward(layout, long_tensor({1, 0})),
                 tensor({{0.25, -0.25}, {-0.125, 0.125}}), 1e-5, 1e-6);
  }
  const auto of = [](const Tensor& row) { return cross_entropy(row, long_tensor({0})).item(); };
  EXPECT_EQ(of(tensor({{5}})), 0);
  EXPECT_EQ(of(tensor({{0, -kInf}})), 0);
  EXPECT_EQ(of(tensor({{-kInf, 0}})), kInf);
  for (const Tensor& row : {tensor({{-kInf, -kInf}}), tensor({{kInf, 0}}), tensor({{kNan, 0}})}) {
    EXPECT_TRUE(std::isnan(of(row)));
  }
}

TEST(CrossEntropy, HasTheGradientOfDifferences) {
  Generator generator(9);
  for (const Shape& shape : {Shape{1, 1}, Shape{1, 10}, Shape{7, 3}}) {
    const DoubleTensor logits = randn<double>(shape, generator) * 3;
    const LongTensor targ = randint(0, shape[1], {shape[0]}, generator);
    const auto loss = [&](const DoubleTensor& x) { return cross_entropy(x, targ).item(); };
    expect_close(cross_entropy_backward(logits, targ), numerical_gradient(loss, logits), 1e-8,
                 1e-8);
  }
}

TEST(CrossEntropy, RefusesWhatIsNoClass) {
  const auto refuses = []<class Error>(Error, const Tensor& logits, const LongTensor& targ,
                                       const std::string& text) {
    expect_error<Error>([&] { cross_entropy(logits, targ); }, "cross_entropy() needs " + text);
    expect_error<Error>([&] { cross_entropy_backward(logits, targ); },
                        "cross_entropy_backward() needs " + text);
  };
  const IndexError index("");
  const ShapeError shape("");
  refuses(index, ones(3, 2), long_tensor({0, 1, 2}), "targets from 0 to 1, but got 2 in row 2");
  refuses(index, ones(2, 2), long_tensor({-100, 0}), "targets from 0 to 1, but got -100 in row 0");
  refuses(shape, ones(0, 2), zeros<std::int64_t>(0), "at least one row, but got none");
  for (const Shape& wrong : {Shape{3}, Shape{2, 1}, Shape{}}) {
    refuses(shape, ones(2, 2), zeros<std::int64_t>(wrong),
            "logits [n, classes] and targets [n], but got [2, 2] and " + bracketed(wrong));
  }
  refuses(shape, ones(2), long_tensor({0, 0}),
          "logits [n, classes] and targets [n], but got [2] and [2]");
}

TEST(Accuracy, IsThePartThatIsRight) {
  const Tensor logits = tensor({{1, 2, 0}, {3, 3, 1}, {0, kNan, 9}, {0, 0, 1}});
  expect_equal(accuracy(logits, long_tensor({1, 0, 1, 0})), tensor(0.75));
  EXPECT_TRUE(std::isnan(accuracy(ones(0, 3), zeros<std::int64_t>(0)).item()));
  expect_error<ShapeError>([&] { accuracy(logits, long_tensor({1})); },
                           "accuracy() needs logits [n, classes] and targets [n], but got [4, 3] "
                           "and [1]");
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
          const auto [x_grad, weight_grad, bias_grad] =
              linear_backward(grad_layout, x_layout, w_layout.t());
          expect_close(x_grad, want_x, 1e-8, 1e-8);
          expect_close(weight_grad, want_w.t(), 1e-8, 1e-8);
          expect_close(bias_grad, want_b, 1e-8, 1e-8);
        }
      }
    }
  }
}

TEST(ReluGrad, Selects) {
  const Tensor inp = tensor({{-1, 0, 2}, {-kInf, kInf, kNan}});
  const Tensor grads = tensor({{3, 4, 5}, {6, 7, 8}});
  for (const Tensor& layout : every_layout(inp)) {
    for (const double shift : {0.0, 0.5}) {
      for (const Tensor& grad_layout : every_layout(grads)) {
        const Tensor out = relu(layout, shift);
        out.grad() = grad_layout;
        relu_grad(layout, out);
        expect_equal(layout.grad(), tensor({{0, 0, 5}, {0, 7, 8}}));
        expect_equal(out.grad(), grads);
      }
    }
  }
  // It selects: 0 times an infinite gradient would be NaN.
  expect_equal(relu_backward(full({3}, kInf), tensor({-1, 0, 1})), tensor({0, 0, kInf}));
  expect_equal(relu_backward(full({3}, -kNan), tensor({-1, 0, -kInf})), tensor({0, 0, 0}));
}

TEST(MseGrad, IsTheDerivativeByEveryElement) {
  Generator generator(6);
  for (const Shape& shape : {Shape{1, 1}, Shape{7, 1}, Shape{5}, Shape{1}}) {
    const DoubleTensor output = randn<double>(shape, generator);
    const DoubleTensor targ = randn<double>({shape[0]}, generator);
    const auto loss = [&](const DoubleTensor& x) { return mse(x, targ).item(); };
    for (const DoubleTensor& layout : every_layout(output)) {
      mse_grad(layout, targ);
      expect_close(layout.grad(), numerical_gradient(loss, output), 1e-8, 1e-8);
    }
  }
}

TEST(LinGrad, IsReplacedNotAddedToAndPassesNanOn) {
  const auto expect_grads = [](const Tensor& x, const Tensor& w, const Tensor& b, const Tensor& g,
                               const Tensor& by_x, const Tensor& by_w, const Tensor& by_b) {
    const Tensor out = lin(x, w, b);
    out.grad() = g;
    lin_grad(x, out, w, b);
    expect_close(x.grad(), by_x, 0, 0, /*equal_nan=*/true);
    expect_close(w.grad(), by_w, 0, 0, /*equal_nan=*/true);
    expect_close(b.grad(), by_b, 0, 0, /*equal_nan=*/true);
  };
  const Tensor x = tensor({{1, 2}}), w = tensor({{3}, {4}}), b = tensor({5});
  for (const float g : {1.f, 10.f}) {
    expect_grads(x, w, b, full({1, 1}, g), w.t() * g, x.t() * g, full({1}, g));
  }
  expect_grads(zeros(0, 3), ones(3, 2), ones(2), zeros(0, 2), zeros(0, 3), zeros(3, 2), zeros(2));
  expect_grads(ones(2, 2), ones(2, 2), ones(2), tensor({{0, kNan}, {1, 1}}),
               tensor({{kNan, kNan}, {2, 2}}), tensor({{1, kNan}, {1, kNan}}), tensor({1, kNan}));
}

TEST(Grads, RefuseWhatDoesNotFitAndWriteNothing) {
  const Tensor x = ones(2, 3), w = ones(3, 4), b = ones(4), out = ones(2, 4);
  const std::string missing =
      "() needs out.grad(), which is not there: the gradient of what uses out comes first";
  expect_error<ShapeError>([&] { lin_grad(x, out, w, b); }, "lin_grad" + missing);
  expect_error<ShapeError>([&] { relu_grad(out, out); }, "relu_grad" + missing);
  out.grad() = ones(4);
  expect_error<ShapeError>([&] { lin_grad(x, out, w, b); },
                           "lin_grad() needs an out.grad() of the shape of out, [2, 4], but got "
                           "[4]");
  expect_error<ShapeError>([&] { relu_grad(x, out); },
                           "relu_grad() needs inp and out of one shape, but got [2, 3] and [2, 4]");
  out.grad() = ones(2, 4);
  const auto lin_refuses = [&](const Tensor& inp, const Tensor& result, const Tensor& weight,
                               const Tensor& bias) {
    expect_error<ShapeError>(
        [&] { lin_grad(inp, result, weight, bias); },
        "lin_grad() needs inp [n, in], out [n, out], w [in, out] and b [out], but got " +
            bracketed(inp.shape()) + ", " + bracketed(result.shape()) + ", " +
            bracketed(weight.shape()) + " and " + bracketed(bias.shape()));
  };
  lin_refuses(ones(3), out, w, b);
  lin_refuses(x, ones(3, 4), w, b);
  lin_refuses(x, out, w.t(), b);
  lin_refuses(x, out, w, ones(1));
  expect_error<ShapeError>([&] { relu_backward(x, out); },
                           "relu_backward() needs a gradient of the shape of the activation, [2, "
                           "4], but got [2, 3]");
  expect_error<ShapeError>([&] { linear_backward(out, x, w); },
                           "linear_backward() needs a gradient [n, out], x [n, in] and a weight "
                           "[out, in], but got [2, 4], [2, 3] and [3, 4]");
  for (const Tensor& untouched : {x, w, b}) EXPECT_FALSE(untouched.has_grad());
  expect_equal(out.grad(), ones(2, 4));
}

}  // namespace
}  // namespace foundations
