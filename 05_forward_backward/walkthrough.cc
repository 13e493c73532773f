// The notes' cells of "Chain rule from scratch in code", in C++ and in their order, and what goes
// wrong around them. The notes' cells have no number, In [None]; cells marked [ ] are not in the
// notes. `.g` is `.grad()` here.
//
//   bazel run //05_forward_backward:walkthrough                         # on the built-in digits
//   bazel run //05_forward_backward:walkthrough -- --mnist_dir=DIR      # on MNIST
#include <iostream>

#include "05_forward_backward/forward_backward.h"
#include "05_forward_backward/microscope/gradcheck.h"
#include "common/base/cell.h"
#include "common/base/error.h"
#include "common/base/program.h"
#include "common/data/mnist.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/tensor/print.h"

namespace foundations::ch05 {
namespace {

// torch.allclose: |x - y| <= atol + rtol * |y| everywhere, and no NaN.
bool allclose(const Tensor& x, const Tensor& y) {
  const Tensor tolerance = 1e-5f + 1e-5f * y.abs();
  return x.shape() == y.shape() && ((x - y).abs() <= tolerance).sum().item() == y.numel();
}

Tensor norm(const Tensor& t) { return t.pow(2).sum().sqrt(); }

struct Digits {
  Tensor x_train, y_train;
};

// ---- The notes' cells ----

void one_function_at_a_time(const Digits& d, const Net& net) {
  const auto& [w1, b1, w2, b2, shift] = net;
  const Tensor inp = d.x_train.slice(0, 0, 1000), targ = d.y_train.slice(0, 0, 1000);
  const Tensor l1 = lin(inp, w1, b1), l2 = relu(l1, shift), out = lin(l2, w2, b2);
  cell("None", "l1 = inp @ w1 + b1; l2 = relu(l1); out = l2 @ w2 + b2    # of 1,000 rows",
       tuple_string(l1.shape(), l2.shape(), out.shape()));
  cell("None", "loss = mse(out, targ); loss", mse(out, targ));

  mse_grad(out, targ);
  cell("None", "mse_grad(out, targ); out.g.shape", out.grad().shape());
  cell(" ", "(out[:3] - targ[:3,None]).t(), (1000 / 2 * out.g[:3]).t()    # the same",
       tuple_string((out - targ.unsqueeze(-1)).slice(0, 0, 3).t(),
                    (500 * out.grad().slice(0, 0, 3)).t()));
  lin_grad(l2, out, w2, b2, by_outer);
  cell("None", "lin_grad(l2, out, w2, b2); l2.g.shape, w2.g.shape, b2.g.shape",
       tuple_string(l2.grad().shape(), w2.grad().shape(), b2.grad().shape()));
  relu_grad(l1, l2);
  cell("None", "relu_grad(l1, l2); l1.g.shape", l1.grad().shape());
  cell(" ",
       "(l1 <= 0).float().mean(), (l1.g == 0).float().mean()    # where relu let nothing through",
       tuple_string((l1 <= 0).to<float>().mean(), (l1.grad() == 0).to<float>().mean()));
  lin_grad(inp, l1, w1, b1, by_outer);
  cell("None", "lin_grad(inp, l1, w1, b1); inp.g.shape, w1.g.shape, b1.g.shape",
       tuple_string(inp.grad().shape(), w1.grad().shape(), b1.grad().shape()));
}

void three_ways(const Digits& d, const Net& net) {
  const Tensor inp = d.x_train.slice(0, 0, 1000), targ = d.y_train.slice(0, 0, 1000);
  forward_and_backward(inp, targ, net, by_outer);
  const Tensor outer = net.w1.grad();
  forward_and_backward(inp, targ, net, by_einsum);
  const Tensor einsum = net.w1.grad();
  forward_and_backward(inp, targ, net, by_matmul);
  cell(" ",
       "# w1.g as a sum of outer products, by einsum('bi,bj->ij', inp, out.g), by inp.t() @ out.g\n"
       "        allclose(einsum, outer), allclose(matmul, outer)",
       tuple_string(allclose(einsum, outer), allclose(net.w1.grad(), outer)));
  const double product = 4. * 784 * 50;
  cell(" ", "# GB of outer products: of 1,000 rows; of 50,000",
       tuple_string(1000 * product / 1e9, 50000 * product / 1e9));
}

void all_at_once(const Digits& d, const Net& net) {
  const auto& [w1, b1, w2, b2, shift] = net;
  const Tensor& x = d.x_train;
  const Tensor loss = forward_and_backward(x, d.y_train, net);
  cell("None", "forward_and_backward(x_train, y_train)    # all of them; ours returns the loss",
       loss);
  cell(" ", "w1.g.norm(), b1.g.norm(), w2.g.norm(), b2.g.norm(), x_train.g.norm()",
       tuple_string(norm(w1.grad()), norm(b1.grad()), norm(w2.grad()), norm(b2.grad()),
                    norm(x.grad())));
  cell(" ", "x_train.g.numel() * 4 / 1e6    # MB, for a gradient that nobody asked for",
       static_cast<double>(x.grad().numel()) * 4 / 1e6);
  const Tensor once = w1.grad().clone();
  forward_and_backward(x, d.y_train, net);
  cell(" ",
       "forward_and_backward(x_train, y_train); w1.g    # replaced; PyTorch's w1.grad is doubled",
       allclose(w1.grad(), once) ? "as it was" : "another");
}

// What a gradient is for: a small step against it makes the loss less by its length squared.
void a_small_step(const Digits& d, const Net& net) {
  const double step = 1e-7;
  const NetOf<double> exact = in_double(net);
  const DoubleTensor x = d.x_train.slice(0, 0, 1000).to<double>();
  const DoubleTensor y = d.y_train.slice(0, 0, 1000).to<double>();
  const auto loss = [&] {
    return mse(lin(relu(lin(x, exact.w1, exact.b1)), exact.w2, exact.b2), y).item();
  };
  const double before = loss();
  backward(x, y, exact);
  double squared = 0;
  for (const DoubleTensor& p : {exact.w1, exact.b1, exact.w2, exact.b2}) {
    squared += p.grad().pow(2).sum().item();
    p -= step * p.grad();
  }
  const double fall = (before - loss()) / (step * squared);
  cell(" ",
       "# w -= 1e-7 * w.g for all four, in double:\n"
       "        (loss before - loss after) / (1e-7 * the sum of all g**2)",
       tensor(fall));
}

// ---- What goes wrong ----

void at_the_kink() {
  const Tensor inp = tensor({-1, 0, 2}), out = relu(inp);
  out.grad() = ones(3);
  relu_grad(inp, out);
  cell(" ", "inp = tensor([-1., 0., 2.]); out.g = ones(3); relu_grad(inp, relu(inp)); inp.g",
       inp.grad());
}

// The notes' relu subtracts 0.5 in their classes and nothing in their functions.
void two_relus(const Digits& d, const Net& net) {
  const Tensor inp = d.x_train.slice(0, 0, 1000), targ = d.y_train.slice(0, 0, 1000);
  const auto& [w1, b1, w2, b2, shift] = net;
  forward_and_backward(inp, targ, net);
  const Tensor w1_g = w1.grad(), w2_g = w2.grad();
  forward_and_backward(inp, targ, {w1, b1, w2, b2, 0.5});
  cell(" ", "# relu(x) - 0.5 in place of relu(x): the relative change of w1.g and of w2.g",
       tuple_string(norm(w1.grad() - w1_g) / norm(w1_g), norm(w2.grad() - w2_g) / norm(w2_g)));
}

void one_row_squeezed(const Digits& d, const Net& net) {
  const Tensor one = lin(relu(lin(d.x_train.slice(0, 0, 1), net.w1, net.b1)), net.w2, net.b2);
  cell(" ", "one = model(x_train[:1]); one.shape, one.squeeze(-1).shape, one.squeeze().shape",
       tuple_string(one.shape(), one.squeeze(-1).shape(), one.squeeze().shape()));
  const Tensor scalar = d.y_train[0];
  cell(" ",
       "(one.squeeze() - y_train[0]).unsqueeze(-1).shape    # a gradient of another shape than one",
       (one.squeeze() - scalar).unsqueeze(-1).shape());
}

// output - targ without squeeze(-1).
void the_broadcasting_trap(const Digits& d, const Net& net) {
  const Tensor x = d.x_train.slice(0, 0, 200), targ = d.y_train.slice(0, 0, 200);
  const Tensor output = lin(relu(lin(x, net.w1, net.b1)), net.w2, net.b2);
  refused(" ", "mse(output, targ[:,None])", [&] { mse(output, targ.unsqueeze(-1)); });
  cell(" ", "(output - targ).shape    # [200,1] - [200]", (output - targ).shape());
  cell(" ", "50_000**2 * 4 / 1e9    # GB it would take for the training set",
       50e3 * 50e3 * 4 / 1e9);
  const DoubleTensor p = output.squeeze(-1).to<double>(), y = targ.to<double>();
  const DoubleTensor right = (p - y).pow(2).mean();
  const DoubleTensor trap = (p.unsqueeze(-1) - y).pow(2).mean();
  const DoubleTensor covariance = ((p - p.mean()) * (y - y.mean())).mean();
  cell(" ", "right = mse(output, targ); trap = (output - targ).pow(2).mean(); right, trap",
       tuple_string(right.to<float>(), trap.to<float>()));
  cell(" ",
       "# trap == right + 2 * cov(output, targ): every output is held to every target\n"
       "        2 * cov(output, targ), right + 2 * cov(output, targ)",
       tuple_string((2 * covariance).to<float>(), (right + 2 * covariance).to<float>()));
}

void walk(const Mnist& digits) {
  if (digits.x_train.size(0) < 1000) {
    throw DataError(digits.source + ": has fewer than 1,000 images to train on");
  }
  std::cout << "The images are " << digits.source << ".\n\n";
  const Digits d = {normalize(digits.x_train, digits.x_train.mean(), digits.x_train.std()),
                    digits.y_train.to<float>()};
  Generator generator(1);
  const Net net = make_net(d.x_train.size(1), 50, generator);
  one_function_at_a_time(d, net);
  three_ways(d, net);
  all_at_once(d, net);
  a_small_step(d, net);
  at_the_kink();
  two_relus(d, net);
  one_row_squeezed(d, net);
  the_broadcasting_trap(d, net);
}

}  // namespace
}  // namespace foundations::ch05

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("The notes' cells of \"Chain rule from scratch in code\", in C++.");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] { ch05::walk(load_digits(dir)); });
}
