// The notes' cells of "Get Data" and "Pytorch Operation" up to the loss, in C++ and in their order:
// In [6] to In [18], and the cells without a number, In [None]. (4 and 5 only import.) Cells marked
// [ ] are not in the notes.
//
//   bazel run //04_init:walkthrough                         # on the built-in digits
//   bazel run //04_init:walkthrough -- --mnist_dir=DIR      # on MNIST
#include <cmath>
#include <iostream>
#include <string>
#include <string_view>

#include "04_init/forward.h"
#include "04_init/init.h"
#include "common/base/cell.h"
#include "common/base/error.h"
#include "common/base/program.h"
#include "common/data/mnist.h"
#include "common/data/picture.h"
#include "common/linalg/matmul.h"
#include "common/nn/init.h"
#include "common/tensor/ops.h"
#include "common/tensor/print.h"

namespace foundations::ch04 {
namespace {

void mean_and_std(std::string_view number, const std::string& code, const Tensor& t) {
  cell(number, code, tuple_string(t.mean(), t.std()));
}

struct Normalised {
  Tensor x_train, y_train, x_valid, y_valid;
};

Normalised data(const Mnist& digits) {
  auto [x_train, y_train, x_valid, y_valid, x_test, y_test, source] = digits;
  std::cout << "The images are " << source << ".\n\n";
  cell("None",
       "x_train,y_train,x_valid,y_valid = get_data()\n"
       "        x_train, x_train.shape, y_train, y_train.shape",
       tuple_string(x_train, x_train.shape(), y_train, y_train.shape()));
  const Tensor train_mean = x_train.mean(), train_std = x_train.std();
  cell("None", "train_mean, train_std", tuple_string(train_mean, train_std));
  const Tensor own = normalize(x_valid, x_valid.mean(), x_valid.std());
  x_train = normalize(x_train, train_mean, train_std);
  x_valid = normalize(x_valid, train_mean, train_std);
  cell("None",
       "x_train = normalize(x_train, train_mean, train_std)\n"
       "        x_valid = normalize(x_valid, train_mean, train_std)\n"
       "        x_train.mean().abs() < 1e-6, x_train.std()",
       tuple_string(x_train.mean().abs() < 1e-6, x_train.std()));
  mean_and_std(" ", "x_valid.mean(), x_valid.std()", x_valid);
  cell(" ", "x_train.min(), x_valid.min()    # black is the same number in both sets",
       tuple_string(x_train.min(), x_valid.min()));
  cell(" ", "own.min()    # and would not be if x_valid were normalised with its own statistics",
       own.min());
  return {x_train, y_train.to<float>(), x_valid, y_valid.to<float>()};
}

void picture_of_the_first(const Tensor& x_train) {
  const Tensor img = x_train[0];
  std::cout << "In [None]: imshow(img.view((28,28)))\n";
  imshow(img.view(28, 28), Style::kAscii);
  refused(" ", "img.view((3,))", [&] { img.view(3); });
}

void first_layer(const Tensor& x_valid, std::int64_t m, std::int64_t nh) {
  Generator generator(42);
  const Tensor w1 = simplified(m, nh, generator), b1 = zeros(nh);
  mean_and_std("7", "w1 = randn(m,nh)/sqrt(m); w1.mean(), w1.std()", w1);
  Tensor t = lin(x_valid, w1, b1);
  cell("9", "def lin(x, w, b): return x@w + b    # lin(x_valid, w1, b1).shape", t.shape());
  mean_and_std("None", "t = lin(x_valid, w1, b1); t.mean(), t.std()", t);
  t = relu(lin(x_valid, w1, b1));
  mean_and_std("None", "t = relu(lin(x_valid, w1, b1)); t.mean(), t.std()", t);
}

void kaiming(const Tensor& x_valid, std::int64_t m, std::int64_t nh) {
  std::string gains;
  for (const double a : {0.0, 0.01, 0.1, 1.0, std::sqrt(5.0)}) {
    gains += (gains.empty() ? "" : ", ") + python_repr(gain(a));
  }
  cell(" ", "[gain(a) for a in (0, .01, .1, 1, sqrt(5))]    # sqrt(2 / (1 + a^2))",
       "[" + gains + "]");
  Generator generator(42);
  const Tensor w1 = zeros(m, nh), b1 = zeros(nh);
  kaiming_normal_(w1, generator);
  cell(" ", "kaiming_normal_(w1); w1.std()    # takes [m, nh] for [out, in]", w1.std());
  kaiming_normal_(w1, generator, {.mode = Fan::kOut});
  cell("None", "kaiming_normal_(w1, mode='fan_out'); w1.std(), sqrt(2/m)",
       tuple_string(w1.std(), tensor(std::sqrt(2.0 / static_cast<double>(m)))));
  mean_and_std(" ", "t = relu(lin(x_valid, w1, b1)); t.mean(), t.std()",
               relu(lin(x_valid, w1, b1)));
  cell(" ", "relu(tensor([-1., 0, 2])) - 0.5", relu(tensor({-1, 0, 2}), 0.5));
  mean_and_std(" ", "t = relu(lin(x_valid, w1, b1)) - 0.5; t.mean(), t.std()",
               relu(lin(x_valid, w1, b1), 0.5));
  glorot_normal_(w1, generator);
  cell(" ", "glorot_normal_(w1); w1.std()", w1.std());
  const Fans conv = fans({32, 1, 5, 5});
  cell(" ", "fans of a convolution's weight [32, 1, 5, 5]", tuple_string(conv.in, conv.out));
}

void whole_model(const Normalised& d, std::int64_t m, std::int64_t nh) {
  Generator generator(1);
  const Model model = make_model(m, nh, kaiming_normal, generator);
  const Tensor preds = model(d.x_valid), one = model(d.x_valid.slice(0, 0, 1));
  cell("17",
       "def model(xb): return lin(relu(lin(xb, w1, b1)), w2, b2)\n"
       "        preds = model(x_valid); preds.shape",
       preds.shape());
  cell(" ", "one = model(x_valid[:1]); one.squeeze(-1).shape, one.squeeze().shape",
       tuple_string(one.squeeze(-1).shape(), one.squeeze().shape()));
  cell("18",
       "def mse(output, targ): return (output.squeeze(-1) - targ).pow(2).mean()\n"
       "        mse(preds, y_valid)",
       mse(preds, d.y_valid));
  cell(" ", "y_train.pow(2).mean(), y_train.var()    # the loss of saying 0; of saying the mean",
       tuple_string(d.y_train.pow(2).mean(), d.y_train.var()));
  refused(" ", "mse(preds, y_valid[:,None])", [&] { mse(preds, d.y_valid.unsqueeze(-1)); });
}

// The same matrix a hundred times over, as notebook 02b does. The first layer that is not finite.
int first_not_finite(const Tensor& a, Tensor x) {
  for (int i = 0; i < 100; ++i) {
    x = matmul(a, x);
    if (!std::isfinite(x.abs().max().item())) return i;
  }
  return -1;
}

void a_hundred_layers() {
  Generator generator(42);
  const Tensor x = randn({512}, generator), a = randn({512, 512}, generator);
  cell(" ", "for i in range(100): x = a @ x    # the first i where x is not finite",
       first_not_finite(a, x));
  Tensor y = x;
  for (int i = 0; i < 100; ++i) y = matmul(a * 0.01, y);
  mean_and_std(" ", "for i in range(100): x = (a * 0.01) @ x    # then x.mean(), x.std()", y);
}

void walk(const Mnist& digits) {
  if (digits.x_train.size(0) == 0 || digits.x_train.size(1) != 28 * 28) {
    throw DataError(digits.source + ": has no first image of 28 x 28 pixels");
  }
  if (digits.x_valid.size(0) < 2) {
    throw DataError(digits.source + ": has fewer than two images to validate on");
  }
  const Normalised d = data(digits);
  picture_of_the_first(d.x_train);
  const std::int64_t n = d.x_train.size(0), m = d.x_train.size(1), nh = 50;
  cell("6", "n, m, c, nh", tuple_string(n, m, digits.y_train.max() + 1, nh));
  first_layer(d.x_valid, m, nh);
  kaiming(d.x_valid, m, nh);
  whole_model(d, m, nh);
  a_hundred_layers();
}

}  // namespace
}  // namespace foundations::ch04

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("The notes' cells of \"Get Data\" and \"Pytorch Operation\" up to the loss.");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] { ch04::walk(ch04::get_data(dir)); });
}
