// How long the network takes forward, backward and both, in each of its forms, and how much memory.
//
//   bazel run //06_modules:benchmark                        # 50,000 rows of the built-in digits
//   bazel run //06_modules:benchmark -- --mnist_dir=DIR     # of MNIST
//   bazel run //06_modules:benchmark -- --rows=N            # another number of rows
#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "06_modules/descent/fit.h"
#include "06_modules/modules.h"
#include "06_modules/modules_5_nn.h"
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

// The short nn, whose weights are [out, in], from parameters that are [in, out], and back.
Network nn_network(const Parameters& p) {
  using namespace small_nn;
  Generator generator(0);
  const auto model = std::make_shared<Sequential>(std::vector<std::shared_ptr<Module>>{
      std::make_shared<Linear>(p.w1.size(0), p.w1.size(1), generator), std::make_shared<ReLU>(),
      std::make_shared<Linear>(p.w1.size(1), 1, generator)});
  const auto loss = std::make_shared<MSELoss>();
  const auto named = model->named_parameters();
  const Tensor start[] = {p.w1.t(), p.b1, p.w2.t(), p.b2};
  for (std::size_t i = 0; i < named.size(); ++i) named[i].second.copy_(start[i]);
  const auto last = std::make_shared<Tensor>();
  const auto forward = [=](const Tensor& x, const Tensor& targ) {
    *last = x;
    return (*loss)((*model)(x), targ);
  };
  const auto backward = [=] {
    for (const auto& [name, parameter] : named) parameter.grad() = Tensor();
    last->grad() = model->backward(loss->backward());
    p.w1.grad() = named[0].second.grad().t();
    p.b1.grad() = named[1].second.grad();
    p.w2.grad() = named[2].second.grad().t();
    p.b2.grad() = named[3].second.grad();
  };
  return {forward, backward};
}

// common/nn, which leaves the gradient of the images out.
Network common_network(const Parameters& p) {
  Generator generator(0);
  const std::int64_t m = p.w1.size(0), nh = p.w1.size(1);
  const auto model = std::make_shared<nn::Sequential>(nn::Linear(m, nh, generator), nn::ReLU(),
                                                      nn::Linear(nh, 1, generator));
  model->input_grad(false);
  set_parameters(*model, p);
  const auto loss = std::make_shared<nn::MSELoss>();
  const auto backward = [=] {
    model->zero_grad();
    model->backward(loss->backward());
    const std::vector<Tensor> own = model->parameters();
    p.w1.grad() = own[0].grad().t();
    p.b1.grad() = own[1].grad();
    p.w2.grad() = own[2].grad().t();
    p.b2.grad() = own[3].grad();
  };
  return {[=](const Tensor& x, const Tensor& targ) { return (*loss)((*model)(x), targ); },
          backward};
}

std::vector<Refactor> all_refactors() {
  std::vector<Refactor> all(std::begin(kRefactors), std::end(kRefactors));
  all.push_back({.name = "nn",
                 .network = nn_network,
                 .notes_forward_seconds = 0.0463,
                 .notes_backward_seconds = 0.0711});
  all.push_back({.name = "common", .network = common_network});
  return all;
}

// ---- What is timed ----

enum class Part { kForward, kBackward, kBoth };
constexpr std::string_view kPartNames[] = {"forward", "backward", "forward and backward"};

std::string fault(const Problem& problem) {
  const Gradients got = gradients(problem.p, problem.x);
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (i == 0 && !got[i].defined()) continue;  // common leaves it out
    const DoubleTensor want = problem.want[i].to<double>();
    const double allowed = 1e-4 * want.abs().max().item();
    const std::string wrong = mismatch(got[i], want, full<double>(want.shape(), allowed));
    if (!wrong.empty()) return "gradient of " + std::string(kGradientNames[i]) + ": " + wrong;
  }
  return "";
}

LadderRung rung(const Refactor& refactor, const Problem& problem, Part part) {
  const Network network = refactor.network(problem.p);
  const auto forward = [=] { network.forward(problem.x, problem.targ); };
  const auto both = [=] {
    forward();
    network.backward();
  };
  const std::string name(refactor.name);
  if (part == Part::kForward) {
    return {name, forward, [=] { return forward(), ""; }};
  }
  const std::function<void()> run = part == Part::kBoth ? both : network.backward;
  return {name, run, [=] {
            const auto& [w1, b1, w2, b2, shift] = problem.p;
            for (const Tensor& t : {problem.x, w1, b1, w2, b2}) t.grad() = Tensor();
            both();
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
  const double product = 2 * static_cast<double>(n) * kHidden * static_cast<double>(m);
  const double of_second_layer = products * product / static_cast<double>(m);
  const std::string name(kPartNames[static_cast<int>(part)]);
  Ladder ladder = {.chapter = "06_modules/" + name.substr(0, name.find(' ')),
                   .problem = name + ", " + std::to_string(n) + "x" + std::to_string(m) + "x" +
                              std::to_string(kHidden) + "x1, " + problem.source,
                   .sizes = {{"n", n}},
                   .memory = true};
  for (const Refactor& refactor : all_refactors()) {
    if (refactor.outer_product && !with_outer_product) continue;
    const double left_out = refactor.name == "common" && part != Part::kForward ? 1 : 0;
    ladder.rungs.push_back(rung(refactor, problem, part));
    ladder.rungs.back().work = {
        .flops = (products - left_out) * product + of_second_layer,
        .notes_seconds = n == kNotesRows ? notes_seconds(refactor, part) : 0};
  }
  return ladder;
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

int main(int argc, char** argv) {
  using namespace foundations;
  LadderProgram program("Times the network forward, backward and both, in each of its forms.");
  const auto& dir = program.mnist_dir();
  int rows = kNotesRows;
  program.option("--rows", rows, 1, kMostRows, "rows of the network's input");
  return program.run(argc, argv,
                     [&] { return ch06::ladders(ch06::problem(load_digits(dir), rows)); });
}
