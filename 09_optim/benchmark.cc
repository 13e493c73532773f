// How long a step takes for the 39,760 parameters of 784-50-10.
//
//   bazel run //09_optim:benchmark
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "09_optim/optim.h"
#include "common/bench/ladder.h"
#include "common/nn/optim.h"
#include "common/reference/reference.h"
#include "common/tensor/random.h"

namespace foundations::ch09 {
namespace {

const Shape kShapes[] = {{50, 784}, {50}, {10, 50}, {10}};

using Step = std::function<void()>;

struct Problem {
  std::vector<Tensor> parameters;
  double parameter_count = 0;
};

Problem problem() {
  Generator generator(1);
  Problem result;
  for (const Shape& shape : kShapes) {
    const Tensor p = randn(shape, generator);
    p.grad() = randn(shape, generator);
    result.parameters.push_back(p);
    result.parameter_count += static_cast<double>(p.numel());
  }
  return result;
}

// Adam as one would write it for this one network: flat arrays and one loop.
class ByHand {
 public:
  explicit ByHand(const std::vector<Tensor>& parameters) : parameters_(parameters) {
    for (const Tensor& p : parameters) {
      m_.emplace_back(p.numel(), 0.0f);
      v_.emplace_back(p.numel(), 0.0f);
    }
  }

  void step() {
    ++steps_;
    const auto rate = static_cast<float>(1e-3 / (1 - std::pow(0.9, steps_)));
    const auto root = static_cast<float>(1 / std::sqrt(1 - std::pow(0.999, steps_)));
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      update(parameters_[i].numel(), parameters_[i].data(), parameters_[i].grad().data(),
             m_[i].data(), v_[i].data(), rate, root);
    }
  }

 private:
  static void update(std::int64_t n, float* p, const float* g, float* m, float* v, float rate,
                     float root) {
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
      m[i] = 0.9f * m[i] + 0.1f * g[i];
      v[i] = 0.999f * v[i] + 0.001f * g[i] * g[i];
      p[i] -= rate * m[i] / (std::sqrt(v[i]) * root + 1e-8f);
    }
  }

  std::vector<Tensor> parameters_;
  std::vector<std::vector<float>> m_, v_;
  int steps_ = 0;
};

// A rung is right if five steps of it end where five of `want` end.
LadderRung rung(const std::string& name,
                const std::function<Step(const std::vector<Tensor>& parameters)>& make,
                const std::function<Step(const std::vector<Tensor>& parameters)>& want) {
  const Problem mine = problem();
  return {name, make(mine.parameters), [=] {
            const Problem got = problem(), right = problem();
            const Step step = make(got.parameters), right_step = want(right.parameters);
            for (int i = 0; i < 5; ++i) step(), right_step();
            const Tensor& a = got.parameters[0];
            return mismatch(a, right.parameters[0].to<double>(), full<double>(a.shape(), 1e-4));
          }};
}

template <class O, class Options>
auto commons(const Options& options) {
  return [=](const std::vector<Tensor>& parameters) -> Step {
    const auto opt = std::make_shared<O>(parameters, options);
    return [=] { opt->step(); };
  };
}

auto chapters(Make* make) {
  return [=](const std::vector<Tensor>& parameters) -> Step {
    const std::shared_ptr<Optimizer> opt = make(parameters, {.lr = 1e-3f});
    return [=] { opt->step(); };
  };
}

Ladder ladder(const std::string& name, const std::vector<LadderRung>& rungs) {
  const auto count = static_cast<std::int64_t>(problem().parameter_count);
  return {.chapter = "09_optim/" + name,
          .problem = "a step of " + name + ", 39,760 parameters",
          .sizes = {{"parameters", count}},
          .rungs = rungs};
}

std::vector<Ladder> ladders() {
  const auto sgd_of_common = commons<optim::SGD>(optim::SGDOptions{.lr = 1e-3});
  const auto momentum_of_common =
      commons<optim::SGD>(optim::SGDOptions{.lr = 1e-3, .momentum = 0.9});
  const auto adam_of_common = commons<optim::Adam>(optim::AdamOptions{});
  const auto by_hand = [](const std::vector<Tensor>& parameters) -> Step {
    const auto opt = std::make_shared<ByHand>(parameters);
    return [=] { opt->step(); };
  };
  return {
      ladder("sgd", {rung("sgd", chapters(sgd), sgd_of_common),
                     rung("common_sgd", sgd_of_common, chapters(sgd))}),
      ladder("momentum", {rung("momentum", chapters(momentum), momentum_of_common),
                          rung("common_momentum", momentum_of_common, chapters(momentum))}),
      ladder("adam", {rung("adam", chapters(adam), adam_of_common),
                      rung("adam_by_hand", by_hand, adam_of_common),
                      rung("common_adam", adam_of_common, by_hand)}),
  };
}

}  // namespace
}  // namespace foundations::ch09

int main(int argc, char** argv) {
  using namespace foundations;
  LadderProgram program("Times a step of each optimizer.");
  return program.run(argc, argv, [] { return ch09::ladders(); });
}
