// The notes' cells of "Refactor" in C++ and in their order. Cells marked [ ] are not in the notes,
// or have no output there; most of those come from the notebook behind them.
//
//   bazel run //06_modules:walkthrough                         # on the built-in digits
//   bazel run //06_modules:walkthrough -- --mnist_dir=DIR      # on MNIST
#include <fmt/core.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "06_modules/modules.h"
#include "common/base/cell.h"
#include "common/base/error.h"
#include "common/base/program.h"
#include "common/data/mnist.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/tensor/print.h"

namespace foundations::ch06 {
namespace {

// The giant outer product of all rows of MNIST would take 7.84 GB; that of these, 157 MB.
constexpr std::int64_t kRows = 1000, kHidden = 50;

struct Data {
  Tensor x, y;
};

Data data(const Mnist& digits) {
  const Tensor x_train = normalize(digits.x_train, digits.x_train.mean(), digits.x_train.std());
  const std::int64_t n = x_train.size(0), m = x_train.size(1), rows = std::min(n, kRows);
  std::cout << "The images are the first " << rows << " of " << digits.source << ".\n\n";
  const Data d = {x_train.slice(0, 0, rows), digits.y_train.to<float>().slice(0, 0, rows)};
  cell(" ", "n, m, nh", tuple_string(rows, m, kHidden));
  return d;
}

std::string each(const Gradients& g, std::string (*text)(const Tensor&)) {
  std::vector<std::string> items;
  for (const Tensor& gradient : g) items.push_back(text(gradient));
  return notebook_tuple(items);
}

std::string shape_of(const Tensor& t) { return to_string(t.shape()); }

std::string norm_of(const Tensor& t) {
  return t.defined() ? to_string(t.pow(2).sum().sqrt()) : "None";
}

// Equal up to the rounding of floats, by the measure of the largest.
bool near(const Tensor& a, const Tensor& b) {
  return (a - b).abs().max().item() <= 1e-5 * b.abs().max().item();
}

void test_near(const Gradients& got, const Gradients& want) {
  std::vector<std::string> items;
  for (std::size_t i = 0; i < want.size(); ++i) items.push_back(to_string(near(got[i], want[i])));
  cell(" ", "test_near(xg, x.g), test_near(w1g, w1.g), ...    # x, w1, b1, w2, b2",
       notebook_tuple(items));
}

void reset(const Parameters& p, const Tensor& x) {
  for (const Tensor& t : {x, p.w1, p.b1, p.w2, p.b2}) t.grad() = Tensor();
  cell(" ", "x.g, w1.g, b1.g, w2.g, b2.g = [None]*5; norms of the gradients",
       each(gradients(p, x), norm_of));
}

// Builds the model, runs it both ways, and compares with what common/nn/nn.h says.
void run(const Refactor& refactor, const Parameters& p, const Data& d, const Gradients& want) {
  std::cout << "---- " << refactor.name << "\n\n";
  reset(p, d.x);
  const Network model = refactor.network(p);
  cell(" ", "model = Model(w1, b1, w2, b2); loss = model(x, y); loss", model.forward(d.x, d.y));
  model.backward();
  cell(" ", "model.backward(); norms of the gradients", each(gradients(p, d.x), norm_of));
  test_near(gradients(p, d.x), want);
}

void base_class(const Data& d) {
  std::cout << "---- What the base class says\n\n";
  module_class::Module module;
  refused(" ", "Module()()", [&] { module(); });
  refused(" ", "Module()(x)    # a TypeError in the notes, whose forward takes no arguments",
          [&] { module(d.x); });
  module_class::Relu relu(0.5);
  refused(" ", "Relu().backward()", [&] { relu.backward(); });
  cell(" ", "Relu()(tensor([-1., 0., 2.]))", relu(tensor({-1, 0, 2})));
  refused(" ", "Relu().backward()    # after forward, but before the loss",
          [&] { relu.backward(); });
  module_class::Mse mse;
  refused(" ", "Mse()(ones(3,1), ones(3,1))    # would be [3, 3]",
          [&] { mse(ones(3, 1), ones(3, 1)); });
}

// How far two gradients are apart, as a part of the first.
std::string percent(const Tensor& from, const Tensor& to) {
  const double part = ((to - from).pow(2).sum() / from.pow(2).sum()).sqrt().item();
  return fmt::format("{:.1f} %", 100 * part);
}

void two_relus(const Parameters& p, const Data& d, const Gradients& with) {
  std::cout << "---- Two relus\n\n";
  Parameters unshifted = p;
  unshifted.shift = 0;
  const Gradients without = common_gradients(unshifted, d.x, d.y);
  cell(" ", "w1.g, w2.g by relu(x), and how far those by relu(x) - 0.5 are from them",
       notebook_tuple({percent(without[1], with[1]), percent(without[3], with[3])}));
}

void walk(const Mnist& digits) {
  if (digits.x_train.numel() == 0) {
    throw DataError(digits.source + ": has no training images");
  }
  const Data d = data(digits);
  Generator generator(42);
  const Parameters p = make_parameters(d.x.size(1), kHidden, generator, 0.5);
  const Gradients want = common_gradients(p, d.x, d.y);
  cell(" ", "xg, w1g, b1g, w2g, b2g = gradients of forward_and_backward(x, y); their shapes",
       each(want, shape_of));
  for (const Refactor& refactor : kRefactors) run(refactor, p, d, want);
  base_class(d);
  two_relus(p, d, want);
}

}  // namespace
}  // namespace foundations::ch06

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("The notes' cells of \"Refactor\", in C++ and in their order.");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] { ch06::walk(load_digits(dir)); });
}
