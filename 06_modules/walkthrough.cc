// The notes' cells of "Refactor" in C++, with their numbers and in their order. Cells marked [ ]
// are not in the notes.
//
//   bazel run //06_modules:walkthrough                         # on the built-in digits
//   bazel run //06_modules:walkthrough -- --mnist_dir=DIR      # on MNIST
#include <fmt/core.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "06_modules/descent/fit.h"
#include "06_modules/modules.h"
#include "common/base/cell.h"
#include "common/base/program.h"
#include "common/data/mnist.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/tensor/print.h"

namespace foundations::ch06 {
namespace {

// The giant outer product of all rows of MNIST would take 7.84 GB; that of these, 157 MB.
constexpr std::int64_t kRows = 1000, kHidden = 50;

// Three digits, which every processor's order of adding agrees on.
std::string norms(const Gradients& g) {
  std::vector<std::string> items;
  for (const Tensor& t : g) {
    items.push_back(t.defined() ? fmt::format("{:.3g}", t.pow(2).sum().sqrt().item()) : "None");
  }
  return notebook_tuple(items);
}

// What the cells share: the data, the parameters, and the gradients of chapter 05's functions.
struct Notebook {
  Tensor x, y;
  Parameters p;
  Gradients want;

  // Equal up to the rounding of floats, by the measure of the largest.
  std::string test_near() const {
    std::vector<std::string> items;
    const Gradients got = gradients(p, x);
    for (std::size_t i = 0; i < want.size(); ++i) {
      const float off = (got[i] - want[i]).abs().max().item();
      items.push_back(to_string(off <= 1e-5 * want[i].abs().max().item()));
    }
    return notebook_tuple(items);
  }

  void reset() const {
    for (const Tensor& t : {x, p.w1, p.b1, p.w2, p.b2}) t.grad() = Tensor();
  }

  template <class Model>
  void backward_and_test(Model& model) const {
    model.backward();
    cell(" ", "model.backward(); norms of x.g, w1.g, b1.g, w2.g, b2.g", norms(gradients(p, x)));
    cell(" ", "test_near(xg, x.g), test_near(w1g, w1.g), ...", test_near());
  }
};

Notebook notebook(const Mnist& digits) {
  const FitData data = fit_data(digits, kRows);
  std::cout << "The images are the first " << data.x.size(0) << " of " << digits.source << ".\n\n";
  Generator generator(42);
  const Parameters p = make_parameters(data.x.size(1), kHidden, generator, 0.5);
  cell(" ", "n, m, nh", tuple_string(data.x.size(0), data.x.size(1), kHidden));
  return {data.x, data.targ, p, common_gradients(p, data.x, data.targ)};
}

void classes(const Notebook& book) {
  using namespace layers_as_classes;
  const auto& [w1, b1, w2, b2, shift] = book.p;
  std::cout << "---- Layers as classes\n\n";
  Relu relu{shift};
  cell("20", "class Relu(): ...\n         Relu()(tensor([-1., 0., 2.]))", relu(tensor({-1, 0, 2})));
  Lin lin{w1, b1};
  cell("21", "class Lin(): ...\n         Lin(w1, b1)(x).shape", lin(book.x).shape());
  Mse mse;
  cell("22", "class Mse(): ...\n         Mse()(tensor([[3.], [5.]]), tensor([1., 5.]))",
       mse(tensor({{3}, {5}}), tensor({1, 5})));
  Model model(w1, b1, w2, b2, shift);
  cell("23", "class Model(): ...\n         model = Model(w1, b1, w2, b2); model(x, y)",
       model(book.x, book.y));
  book.backward_and_test(model);
}

template <class Linear>
void same_with(std::string_view code, const Notebook& book) {
  const auto& [w1, b1, w2, b2, shift] = book.p;
  book.reset();
  module_class::Model<Linear> model(w1, b1, w2, b2, shift);
  model(book.x, book.y);
  model.backward();
  cell(" ", code, book.test_near());
}

void module_structure(const Notebook& book) {
  using namespace module_class;
  const auto& [w1, b1, w2, b2, shift] = book.p;
  std::cout << "---- Module\n\n";
  refused("24", "class Module(): ...\n         Module()(x)    # in the notes a TypeError",
          [&] { Module<Tensor>()(book.x); });
  cell("25", "class Relu(Module): ...\n         Relu()(tensor([-1., 0., 2.]))",
       Relu(shift)(tensor({-1, 0, 2})));
  cell("26", "class Lin(Module): ...    # einsum\n         Lin(w1, b1)(x).shape",
       EinsumLin(w1, b1)(book.x).shape());
  cell("27", "class Mse(Module): ...\n         Mse()(tensor([[3.], [5.]]), tensor([1., 5.]))",
       Mse()(tensor({{3}, {5}}), tensor({1, 5})));
  book.reset();
  cell(" ", "x.g, w1.g, b1.g, w2.g, b2.g = [None]*5; norms", norms(gradients(book.p, book.x)));
  Model<EinsumLin> model(w1, b1, w2, b2, shift);
  cell("28", "class Model(): ...\n         model = Model(); model(x, y)", model(book.x, book.y));
  book.backward_and_test(model);
  same_with<Lin>("# the same with the giant outer product", book);
  same_with<MatmulLin>("# the same with w.g = inp.t() @ out.g", book);
}

// The notes' last Model: its layers are in a plain list, and registered nowhere.
class PlainList : public nn::Module {
 public:
  PlainList(std::int64_t n_in, std::int64_t nh, std::int64_t n_out, Generator& generator)
      : layers_{nn::share(nn::Linear(n_in, nh, generator)), nn::share(nn::ReLU()),
                nn::share(nn::Linear(nh, n_out, generator))} {}

 private:
  Tensor forward(const Tensor& x) override {
    Tensor out = x;
    for (const auto& layer : layers_) out = (*layer)(out);
    return out;
  }
  Tensor bwd(const Tensor& out_grad) override {
    Tensor grad = out_grad;
    for (auto it = layers_.rbegin(); it != layers_.rend(); ++it) grad = (*it)->backward(grad);
    return grad;
  }

  std::string name() const override { return "Model"; }

  std::vector<std::shared_ptr<nn::Module>> layers_;
};

std::string list_of(const nn::NamedTensors& named) {
  std::string text;
  for (const auto& [name, p] : named) text += name + " " + to_string(p.shape()) + "\n";
  return text.substr(0, text.size() - 1);
}

void nn_modules(const Notebook& book) {
  std::cout << "---- nn.Linear and nn.Module\n\nIn [29]: from torch import nn\n\n"
            << "In [30]: class Model(nn.Module): ...    # its layers in a plain list\n\n";
  const std::int64_t m = book.x.size(1);
  Generator generator(42), same(42);
  PlainList plain(m, kHidden, 1, generator);
  cell("31", "model = Model(m, nh, 1); model", to_string(plain));
  cell(" ", "len(list(model.parameters()))", plain.parameters().size());
  nn::Sequential model{nn::Linear(m, kHidden, same), nn::ReLU(), nn::Linear(kHidden, 1, same)};
  nn::MSELoss loss, plain_loss;
  cell(" ", "model = nn.Sequential(nn.Linear(m,nh), nn.ReLU(), nn.Linear(nh,1)); model",
       to_string(model));
  cell(" ", "for name, p in model.named_parameters(): print(name, p.shape)",
       list_of(model.named_parameters()));
  cell(" ", "loss(model(x), y), loss(plain(x), y)    # of the same weights",
       notebook_tuple(
           {to_string(loss(model(book.x), book.y)), to_string(plain_loss(plain(book.x), book.y))}));
  cell(" ", "model.backward(loss.backward()).shape    # that by x",
       model.backward(loss.backward()).shape());
  cell(" ", "model(x)[:5].t()    # what it answers, untrained", model(book.x.slice(0, 0, 5)).t());
}

void wrong_order(const Notebook& book) {
  using namespace module_class;
  std::cout << "---- What can go wrong\n\n";
  Relu relu(0.5);
  refused(" ", "Relu().backward()", [&] { relu.backward(); });
  relu(book.x);
  refused(" ", "Relu().backward()    # after forward, but before the loss",
          [&] { relu.backward(); });
  refused(" ", "Mse()(ones(3,1), ones(3,1))    # would be [3, 3]",
          [] { Mse()(ones(3, 1), ones(3, 1)); });
}

// How far two gradients are apart, as a part of the first.
std::string percent(const Tensor& from, const Tensor& to) {
  const double part = ((to - from).pow(2).sum() / from.pow(2).sum()).sqrt().item();
  return fmt::format("{:.1f} %", 100 * part);
}

void two_relus(const Notebook& book) {
  Parameters unshifted = book.p;
  unshifted.shift = 0;
  const Gradients without = common_gradients(unshifted, book.x, book.y);
  cell(" ", "w1.g, w2.g by relu(x), and how far those by relu(x) - 0.5 are from them",
       notebook_tuple({percent(without[1], book.want[1]), percent(without[3], book.want[3])}));
}

void walk(const Mnist& digits) {
  const Notebook book = notebook(digits);
  classes(book);
  module_structure(book);
  nn_modules(book);
  wrong_order(book);
  two_relus(book);
}

}  // namespace
}  // namespace foundations::ch06

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("The notes' cells of \"Refactor\", in C++ and in their order.");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] { ch06::walk(load_digits(dir)); });
}
