// How long it takes to go through the notes' network and back: the weight's gradient in its three
// forms, and the whole pass by each, on 50,000 images, beside that of common and the three large
// products alone.
//
//   bazel run //05_forward_backward:benchmark
//   bazel run //05_forward_backward:benchmark -- --mnist_dir=DIR
//   bazel run //05_forward_backward:benchmark -- --rows=N        # another number of rows
#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "05_forward_backward/forward_backward.h"
#include "05_forward_backward/microscope/gradcheck.h"
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

// ---- The weight's gradient ----

Ladder weight_grads(std::int64_t rows, std::int64_t m, const std::string& remark,
                    std::span<const Rung<WeightGrad>> rungs) {
  Generator generator(42);
  const Tensor inp = randn({rows, m}, generator), out_g = randn({rows, kHidden}, generator);
  const Check check = held_to([=] {
    return Answer{reference_matmul(inp.t(), out_g), matmul_tolerance(inp.t(), out_g)};
  });
  Ladder ladder = {.chapter = "05_forward_backward/weight_grad",
                   .problem = "w.grad of " + format_count(rows) + " x [" + std::to_string(m) +
                              ", 50], " + remark,
                   .sizes = {{"n", rows}, {"in", m}, {"out", kHidden}},
                   .memory = true};
  for (const Rung<WeightGrad>& rung : rungs) {
    ladder.add(rung.name, [=, weight_grad = rung.run] { return weight_grad(inp, out_g); }, check,
               {.flops = 2. * static_cast<double>(rows * m * kHidden)});
  }
  return ladder;
}

std::vector<Ladder> weight_grad_ladders(std::int64_t rows, std::int64_t m) {
  const double row = 4. * static_cast<double>(m * kHidden);
  const std::int64_t fit = std::min(rows, static_cast<std::int64_t>(kBudget / row));
  const auto millions = static_cast<std::int64_t>(row * static_cast<double>(rows) / 1e6);
  const std::span all(kRungs);
  return {weight_grads(fit, m, "as many rows as keep their outer products within 256 million bytes",
                       all),
          weight_grads(rows, m,
                       "for which by_outer would need " + format_count(millions) + " million bytes",
                       all.subspan(1))};
}

// ---- Forward and backward ----

struct Problem {
  Tensor x, y;
  Net net;
};

Problem problem(const Mnist& digits, std::int64_t n) {
  const auto [x, y] = training_rows(digits, n);
  Generator generator(42);
  return {x, y, make_net(x.size(1), kHidden, generator)};
}

template <class T>
TensorOf<T> model(const TensorOf<T>& x, const NetOf<T>& net) {
  return lin(relu(lin(x, net.w1, net.b1), net.shift), net.w2, net.b2);
}

// x @ w1, l1.g @ w1.t() and x.t() @ l1.g, into new tensors each time.
void three_products(const Problem& p, const Tensor& l1_g) {
  const Tensor l1 = matmul(p.x, p.net.w1);
  const Tensor x_g = matmul(l1_g, p.net.w1.t());
  const Tensor w1_g = matmul(p.x.t(), l1_g);
}

constexpr std::int64_t kPiece = 1000;  // rows; of x.grad() only the first kPiece are checked
constexpr std::string_view kNames[] = {"w1", "b1", "w2", "b2", "x"};

// Returns what the last pass left, in the order of kNames.
template <class T>
std::vector<TensorOf<T>> gradients(const TensorOf<T>& x, const NetOf<T>& net) {
  return {net.w1.grad(), net.b1.grad(), net.w2.grad(), net.b2.grad(), x.grad().slice(0, 0, kPiece)};
}

struct Answers {
  DoubleTensor out;  // what the net makes of the first piece
  std::vector<DoubleTensor> gradients;
};

// In double, a piece of the rows at a time: the whole has the mean of their gradients.
Answers answers(const Problem& p) {
  const std::int64_t n = p.x.size(0);
  const NetOf<double> net = in_double(p.net);
  Answers sum;
  for (std::int64_t row = 0; row < n; row += kPiece) {
    const std::int64_t end = std::min(row + kPiece, n);
    const double part = static_cast<double>(end - row) / static_cast<double>(n);
    const DoubleTensor x = p.x.slice(0, row, end).to<double>();
    backward(x, p.y.slice(0, row, end).to<double>(), net);
    const std::vector<DoubleTensor> piece = gradients(x, net);
    if (row == 0) {
      sum.out = model(x, net);
      for (const DoubleTensor& gradient : piece) sum.gradients.push_back(gradient * part);
    } else {
      for (std::size_t i = 0; i < 4; ++i) sum.gradients[i] += piece[i] * part;
    }
  }
  return sum;
}

std::string fault(const std::string& name, const Tensor& got, const DoubleTensor& want) {
  const double most = 1e-4 * want.abs().max().item();
  const std::string wrong = mismatch(got, want, full<double>(want.shape(), most));
  return wrong.empty() ? wrong : name + ": " + wrong;
}

// Of the pass that was last through the net.
std::string gradient_fault(const Problem& p, const Answers& want) {
  const std::vector<Tensor> got = gradients(p.x, p.net);
  for (std::size_t i = 0; i < got.size(); ++i) {
    const std::string wrong = fault(std::string(kNames[i]) + ".grad()", got[i], want.gradients[i]);
    if (!wrong.empty()) return wrong;
  }
  return "";
}

Ladder passes(const Mnist& digits, std::int64_t n) {
  const Problem p = problem(digits, n);
  const std::int64_t m = p.x.size(1);
  // Worked out when the first rung is checked.
  const auto want = [=, known = std::make_shared<Answers>()]() -> const Answers& {
    if (!known->out.defined()) *known = answers(p);
    return *known;
  };
  const double product = 2. * static_cast<double>(n * m * kHidden);
  const Work forward = {.flops = product + 2. * static_cast<double>(n * kHidden)};
  Ladder ladder = {.chapter = "05_forward_backward",
                   .problem = "forward and backward of " + format_count(n) + "x" +
                              std::to_string(m) + "x50x1, " + digits.source,
                   .sizes = {{"n", n}},
                   .threads = {1, max_threads()},
                   .memory = true};
  const auto add_pass = [&](std::string_view name, const std::function<void()>& pass) {
    const auto fault = [=] {
      pass();
      return gradient_fault(p, want());
    };
    ladder.rungs.push_back({std::string(name), pass, fault, {.flops = 3 * forward.flops}});
  };

  Generator generator(43);
  const Tensor l1_g = randn({n, kHidden}, generator);
  ladder.rungs.push_back({.name = "three_products",
                          .run = [=] { three_products(p, l1_g); },
                          .fault = nullptr,  // matmul is held to its own reference
                          .work = {.flops = 3 * product}});
  for (const Rung<WeightGrad>& rung : std::span(kRungs).subspan(1)) {
    add_pass(rung.name,
             [=, weight_grad = rung.run] { forward_and_backward(p.x, p.y, p.net, weight_grad); });
  }
  add_pass("nn", [=] { backward(p.x, p.y, p.net); });
  ladder.add(
      "forward", [=] { return model(p.x, p.net); },
      [=](const Tensor& out) { return fault("out", out.slice(0, 0, kPiece), want().out); },
      forward);
  return ladder;
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

int main(int argc, char** argv) {
  using namespace foundations;
  LadderProgram program("Times the way through the notes' network and back.");
  const auto& dir = program.mnist_dir();
  int rows = kNotesRows;
  program.option("--rows", rows, 1, kMostRows, "rows of the network's input");
  const auto ladders = [&] {
    const Mnist digits = load_digits(dir);
    std::vector<Ladder> all = ch05::weight_grad_ladders(rows, digits.x_train.size(1));
    all.push_back(ch05::passes(digits, rows));
    return all;
  };
  return program.run(argc, argv, ladders, {.comment = ch05::beside_the_products});
}
