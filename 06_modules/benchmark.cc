// How long the network takes forward, backward and both, in each of its forms, and how much memory.
//
//   bazel run //06_modules:benchmark                        # 50,000 rows of the built-in digits
//   bazel run //06_modules:benchmark -- --mnist_dir=DIR     # of MNIST
//   bazel run //06_modules:benchmark -- --rows=N            # another number of rows
#include <algorithm>
#include <exception>
#include <functional>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "06_modules/descent/fit.h"
#include "06_modules/modules.h"
#include "06_modules/nn.h"
#include "common/bench/ladder.h"
#include "common/bench/training_rows.h"
#include "common/data/mnist.h"
#include "common/nn/nn.h"
#include "common/reference/reference.h"
#include "common/tensor/ops.h"

namespace foundations::ch06 {
namespace {

constexpr std::int64_t kHidden = 50;

// The giant outer product has n * m * nh floats, 7.84 GB for 50,000 rows. It is made of as many
// rows as fit into this.
constexpr std::int64_t kOuterProductBytes = 250'000'000;

struct Problem {
  std::string source;
  Tensor x, targ;  // [n, m], [n]
  Parameters p;
  Gradients want;
};

Problem first_rows(const Problem& all, std::int64_t n) {
  Problem first = all;
  first.x = all.x.slice(0, 0, n);
  first.targ = all.targ.slice(0, 0, n);
  first.want = common_gradients(first.p, first.x, first.targ);
  return first;
}

Problem problem(const Mnist& digits, std::int64_t n) {
  const auto [x, targ] = training_rows(digits, n);
  Generator generator(42);
  const Parameters p = make_parameters(x.size(1), kHidden, generator);
  return first_rows({digits.source, x, targ, p, {}}, n);
}

// nn::Model, whose weights are [out, in], from parameters that are [in, out], and back.
Network nn_network(const Parameters& p) {
  Generator generator(0);
  const auto model = std::make_shared<nn::Model>(p.w1.size(0), p.w1.size(1), 1, generator);
  set_parameters(*model, p);
  const auto backward = [=] {
    model->backward();
    const std::vector<Tensor> own = model->parameters();
    p.w1.grad() = own[0].grad().t();
    p.b1.grad() = own[1].grad();
    p.w2.grad() = own[2].grad().t();
    p.b2.grad() = own[3].grad();
  };
  return {[=](const Tensor& x, const Tensor& targ) { return (*model)(x, targ); }, backward};
}

std::vector<Refactor> all_refactors() {
  std::vector<Refactor> all(std::begin(kRefactors), std::end(kRefactors));
  all.push_back({.name = "nn",
                 .network = nn_network,
                 .notes_forward_seconds = 0.0463,
                 .notes_backward_seconds = 0.0711});
  return all;
}

// ---- What is timed ----

enum class Part { kForward, kBackward, kBoth };
constexpr std::string_view kPartNames[] = {"forward", "backward", "forward and backward"};

std::string fault(const Problem& problem) {
  const Gradients got = gradients(problem.p, problem.x);
  for (std::size_t i = 0; i < got.size(); ++i) {
    const DoubleTensor want = problem.want[i].to<double>();
    const double allowed = 1e-4 * want.abs().max().item();
    const std::string wrong = mismatch(got[i], want, full<double>(want.shape(), allowed));
    if (!wrong.empty()) return "gradient of " + std::string(kGradientNames[i]) + ": " + wrong;
  }
  return "";
}

Trial trial(const Refactor& refactor, const Problem& problem, Part part) {
  const Network network = refactor.network(problem.p);
  const auto forward = [=] { network.forward(problem.x, problem.targ); };
  const auto both = [=] {
    forward();
    network.backward();
  };
  forward();  // backward needs one
  if (part == Part::kForward) return {forward, nullptr};
  const std::function<void()> run = part == Part::kBoth ? both : network.backward;
  return {run, [=] {
            const auto& [w1, b1, w2, b2, shift] = problem.p;
            for (const Tensor& t : {problem.x, w1, b1, w2, b2}) t.grad() = Tensor();
            run();
            return fault(problem);
          }};
}

double notes_seconds(const Refactor& refactor, Part part) {
  const double forward = refactor.notes_forward_seconds, backward = refactor.notes_backward_seconds;
  if (part == Part::kForward) return forward;
  if (part == Part::kBackward) return backward;
  return forward > 0 && backward > 0 ? forward + backward : 0;
}

Ladder ladder(const Problem& problem, Part part, bool with_outer_product) {
  const std::int64_t n = problem.x.size(0), m = problem.x.size(1);
  const double products = part == Part::kForward ? 1 : part == Part::kBackward ? 2 : 3;
  const double flops = products * 2 * static_cast<double>(n) * kHidden * static_cast<double>(m + 1);
  std::vector<LadderRung> rungs;
  for (const Refactor& refactor : all_refactors()) {
    if (refactor.outer_product && !with_outer_product) continue;
    rungs.push_back({.name = std::string(refactor.name),
                     .setup = [=] { return trial(refactor, problem, part); },
                     .flops = flops,
                     .notes_seconds = n == kNotesRows ? notes_seconds(refactor, part) : 0});
  }
  const std::string name(kPartNames[static_cast<int>(part)]);
  return {.chapter = "06_modules/" + name.substr(0, name.find(' ')),
          .problem = name + ", " + std::to_string(n) + "x" + std::to_string(m) + "x" +
                     std::to_string(kHidden) + "x1, " + problem.source,
          .sizes = {{"n", n}},
          .rungs = rungs,
          .memory = true};
}

std::vector<Ladder> ladders(const Problem& problem) {
  const std::int64_t n = problem.x.size(0), m = problem.x.size(1);
  const std::int64_t bytes_of_a_row = m * kHidden * std::int64_t{sizeof(float)};
  const Problem few = first_rows(problem, std::min(n, kOuterProductBytes / bytes_of_a_row));
  return {ladder(problem, Part::kForward, true), ladder(few, Part::kBackward, true),
          ladder(problem, Part::kBackward, false), ladder(problem, Part::kBoth, false)};
}

}  // namespace
}  // namespace foundations::ch06

int main(int argc, char** argv) try {
  using namespace foundations;
  const std::int64_t rows = rows_flag(argc, argv);
  const Mnist digits = load_digits(mnist_dir_flag(argc, argv));
  return ladder_main(
      argc, argv, ch06::ladders(ch06::problem(digits, rows)),
      {.own_flags = "  [--mnist_dir=DIR]    real MNIST in place of the built-in digits (or set "
                    "MNIST_DIR)\n"
                    "  [--rows=N]           N rows, 1 to 1,000,000, in place of 50,000\n"});
} catch (const std::exception& error) {
  std::cerr << "benchmark: " << error.what() << "\n";
  return 2;
}
