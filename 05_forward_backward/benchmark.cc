// How long it takes to go through the notes' network and back: the weight's gradient in its three
// forms, and the whole pass by each, on 50,000 images, beside that of common and the three large
// products alone.
//
//   bazel run //05_forward_backward:benchmark
//   bazel run //05_forward_backward:benchmark -- --mnist_dir=DIR
//   bazel run //05_forward_backward:benchmark -- --rows=N        # another number of rows
#include <algorithm>
#include <exception>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "05_forward_backward/forward_backward.h"
#include "common/base/openmp.h"
#include "common/bench/ladder.h"
#include "common/bench/training_rows.h"
#include "common/data/mnist.h"
#include "common/linalg/matmul.h"
#include "common/nn/nn.h"
#include "common/reference/reference.h"
#include "common/tensor/ops.h"

namespace foundations::ch05 {
namespace {

constexpr std::int64_t kHidden = 50;
constexpr double kBudget = 256e6;  // bytes of outer products

std::string count(std::int64_t n) {
  std::string digits = std::to_string(n);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(at, 1, ',');
  return digits;
}

// ---- The weight's gradient ----

Ladder weight_grads(std::int64_t rows, std::int64_t m, const std::string& remark,
                    const std::function<bool(std::string_view)>& timed) {
  Generator generator(42);
  const Tensor inp = randn({rows, m}, generator), out_g = randn({rows, kHidden}, generator);
  const auto want = std::make_shared<DoubleTensor>();
  std::vector<LadderRung> rungs;
  for (const WeightGradRung<float>& rung : kRungs<float>) {
    if (!timed(rung.name)) continue;
    const auto run = [=, weight_grad = rung.weight_grad] { return weight_grad(inp, out_g); };
    const auto fault = [=] {
      if (!want->defined()) *want = reference_matmul(inp.t(), out_g);
      return mismatch(run(), *want, matmul_tolerance(inp.t(), out_g));
    };
    rungs.push_back({.name = std::string(rung.name),
                     .setup =
                         [=] {
                           return Trial{[=] { run(); }, fault};
                         },
                     .flops = 2. * static_cast<double>(rows * m * kHidden)});
  }
  return {.chapter = "05_forward_backward/weight_grad",
          .problem = "w.grad of " + count(rows) + " x [" + std::to_string(m) + ", 50], " + remark,
          .sizes = {{"n", rows}, {"in", m}, {"out", kHidden}},
          .rungs = rungs,
          .memory = true};
}

std::vector<Ladder> weight_grad_ladders(std::int64_t rows, std::int64_t m) {
  const double row = 4. * static_cast<double>(m * kHidden);
  const std::int64_t fit = std::min(rows, static_cast<std::int64_t>(kBudget / row));
  const auto millions = static_cast<std::int64_t>(row * static_cast<double>(rows) / 1e6);
  return {
      weight_grads(fit, m, "as many rows as keep their outer products within 256 million bytes",
                   [](std::string_view) { return true; }),
      weight_grads(rows, m, "for which by_outer would need " + count(millions) + " million bytes",
                   [](std::string_view name) { return name != "by_outer"; })};
}

// ---- Forward and backward ----

struct Problem {
  Tensor x, y;
  Net<float> net;
};

Problem problem(const Mnist& digits, std::int64_t n) {
  const auto [x, y] = training_rows(digits, n);
  Generator generator(42);
  return {x, y, make_net<float>(x.size(1), kHidden, generator)};
}

template <class T>
TensorOf<T> model(const TensorOf<T>& x, const Net<T>& net) {
  return lin(relu(lin(x, net.w1, net.b1), net.shift), net.w2, net.b2);
}

void by_common(const Problem& p) {
  const auto& [w1, b1, w2, b2, shift] = p.net;
  const Tensor l1 = lin(p.x, w1, b1), l2 = relu(l1, shift), out = lin(l2, w2, b2);
  mse(out, p.y);
  foundations::mse_grad(out, p.y);
  foundations::lin_grad(l2, out, w2, b2);
  foundations::relu_grad(l1, l2);
  foundations::lin_grad(p.x, l1, w1, b1);
}

// x @ w1, l1.g @ w1.t() and x.t() @ l1.g, into new tensors each time.
void three_products(const Problem& p, const Tensor& l1_g) {
  const Tensor l1 = matmul(p.x, p.net.w1);
  const Tensor x_g = matmul(l1_g, p.net.w1.t());
  const Tensor w1_g = matmul(p.x.t(), l1_g);
}

// In double, a piece of the rows at a time: the whole has the mean of their gradients.
struct Answers {
  DoubleTensor w1, b1, w2, b2;      // the gradients
  DoubleTensor first_x, first_out;  // x.grad() of the first piece, and what the net makes of it
};

Answers in_double(const Problem& p) {
  const std::int64_t n = p.x.size(0), piece = 1000;
  const Net<double> net = {p.net.w1.to<double>(), p.net.b1.to<double>(), p.net.w2.to<double>(),
                           p.net.b2.to<double>(), p.net.shift};
  Answers sum = {zeros<double>(net.w1.shape()),
                 zeros<double>(net.b1.shape()),
                 zeros<double>(net.w2.shape()),
                 zeros<double>(net.b2.shape()),
                 {},
                 {}};
  for (std::int64_t row = 0; row < n; row += piece) {
    const std::int64_t end = std::min(row + piece, n);
    const double part = static_cast<double>(end - row) / static_cast<double>(n);
    const DoubleTensor x = p.x.slice(0, row, end).to<double>();
    forward_and_backward(x, p.y.slice(0, row, end).to<double>(), net, by_einsum);
    sum.w1 += net.w1.grad() * part;
    sum.b1 += net.b1.grad() * part;
    sum.w2 += net.w2.grad() * part;
    sum.b2 += net.b2.grad() * part;
    if (row > 0) continue;
    sum.first_x = x.grad() * part;
    sum.first_out = model(x, net);
  }
  return sum;
}

std::string fault(const std::string& name, const Tensor& got, const DoubleTensor& want) {
  const double most = 1e-4 * want.abs().max().item();
  const std::string wrong = mismatch(got, want, full<double>(want.shape(), most));
  return wrong.empty() ? wrong : name + ": " + wrong;
}

std::string forward_fault(const Problem& p, Answers& want) {
  if (!want.first_x.defined()) want = in_double(p);
  const std::int64_t rows = want.first_out.size(0);
  return fault("out", model(p.x, p.net).slice(0, 0, rows), want.first_out);
}

// Of the pass that was last through the net.
std::string gradient_fault(const Problem& p, Answers& want) {
  if (!want.first_x.defined()) want = in_double(p);
  for (const auto& [name, got, right] :
       {std::tuple{"w1", p.net.w1.grad(), want.w1}, std::tuple{"b1", p.net.b1.grad(), want.b1},
        std::tuple{"w2", p.net.w2.grad(), want.w2}, std::tuple{"b2", p.net.b2.grad(), want.b2},
        std::tuple{"x", p.x.grad().slice(0, 0, want.first_x.size(0)), want.first_x}}) {
    const std::string wrong = fault(name + std::string(".grad()"), got, right);
    if (!wrong.empty()) return wrong;
  }
  return "";
}

Ladder passes(const Mnist& digits, std::int64_t n) {
  const Problem p = problem(digits, n);
  const std::int64_t m = p.x.size(1);
  const auto want = std::make_shared<Answers>();
  const double product = 2. * static_cast<double>(n * m * kHidden);
  const double of_w2 = 2. * static_cast<double>(n * kHidden);
  const auto pass = [=](std::string name, const std::function<void()>& run) {
    const auto judge = [=] {
      run();
      return gradient_fault(p, *want);
    };
    return LadderRung{.name = std::move(name),
                      .setup =
                          [=] {
                            return Trial{run, judge};
                          },
                      .flops = 3 * (product + of_w2)};
  };
  const auto right = [] { return std::string(); };  // matmul is held to its own reference
  const auto products = [=] {
    Generator generator(43);
    const Tensor l1_g = randn({n, kHidden}, generator);
    return Trial{[=] { three_products(p, l1_g); }, right};
  };
  std::vector<LadderRung> rungs = {
      {.name = "three_products", .setup = products, .flops = 3 * product}};
  for (const WeightGradRung<float>& rung : kRungs<float>) {
    if (rung.name == "by_outer") continue;
    rungs.push_back(pass(std::string(rung.name), [=, weight_grad = rung.weight_grad] {
      forward_and_backward(p.x, p.y, p.net, weight_grad);
    }));
  }
  rungs.push_back(pass("nn", [=] { by_common(p); }));
  const auto forward_alone = [=] {
    return Trial{[=] { model(p.x, p.net); }, [=] { return forward_fault(p, *want); }};
  };
  rungs.push_back({.name = "forward", .setup = forward_alone, .flops = product + of_w2});
  return {.chapter = "05_forward_backward",
          .problem = "forward and backward of " + count(n) + "x" + std::to_string(m) + "x50x1, " +
                     digits.source,
          .sizes = {{"n", n}},
          .rungs = rungs,
          .threads = {1, max_threads()},
          .memory = true};
}

// How much a pass takes beyond the three products that the five gradients need.
std::string beside_the_products(const std::vector<Table>& tables) {
  std::string text;
  for (const Table& table : tables) {
    for (const Row& products : table.rows) {
      if (products.name != "three_products" || !ran(products)) continue;
      for (const Row& row : table.rows) {
        if (row.threads != products.threads || !ran(row)) continue;
        if (row.name != "by_einsum" && row.name != "by_matmul" && row.name != "nn") continue;
        text += name_and_threads(row) + ": " +
                format_factor(minimum(row.seconds) / minimum(products.seconds)) +
                " times the three large products alone\n";
      }
    }
  }
  return text;
}

}  // namespace
}  // namespace foundations::ch05

int main(int argc, char** argv) try {
  using namespace foundations;
  const std::int64_t rows = rows_flag(argc, argv);
  const Mnist digits = load_digits(mnist_dir_flag(argc, argv));
  std::vector<Ladder> ladders = ch05::weight_grad_ladders(rows, digits.x_train.size(1));
  ladders.push_back(ch05::passes(digits, rows));
  return ladder_main(
      argc, argv, ladders,
      {.own_flags = "  [--mnist_dir=DIR]    real MNIST in place of the built-in digits (or set "
                    "MNIST_DIR)\n"
                    "  [--rows=N]           N rows, 1 to 1,000,000, in place of 50,000\n",
       .comment = ch05::beside_the_products});
} catch (const std::exception& error) {
  std::cerr << "benchmark: " << error.what() << "\n";
  return 2;
}
