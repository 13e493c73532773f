// The lesson's code in its order, and what it prints.
//
//   bazel run //09_optim:walkthrough
#include <fmt/core.h>

#include <iostream>
#include <string>
#include <vector>

#include "09_optim/optim.h"
#include "09_optim/pictures/valley.h"
#include "09_optim/schedules.h"
#include "common/base/program.h"

namespace foundations::ch09 {
namespace {

// The first steps from 1 down p * p / 2, whose gradient is p.
void parabola() {
  std::cout << "---- Down p * p / 2 from 1, lr 0.1\n\n";
  for (const auto& rung : kOptimizers) {
    const Tensor p = ones(1);
    const auto opt = rung.run({p}, {.weight_decay = 0.1f});
    std::cout << fmt::format("{:9}", rung.name);
    for (int step = 0; step < 8; ++step) {
      p.grad() = p.clone();
      opt->step();
      std::cout << fmt::format(" {:7.4f}", p.item());
    }
    std::cout << "\n";
  }
}

// Two weights with gradients that nearly cancel: what the decay does to each.
void decays() {
  std::cout << "\n---- Decay 0.1 on two weights with gradients of +-10 and +-0.001, lr 0.01, 100 "
               "steps\n\n";
  for (const auto& rung : kOptimizers) {
    if (rung.name == "sgd" || rung.name == "momentum") continue;
    const Tensor p = ones(2);
    const auto opt = rung.run({p}, {.lr = 0.01f, .momentum = 0, .weight_decay = 0.1f});
    for (int step = 0; step < 100; ++step) {
      p.grad() = tensor({10, 0.001}) * (step % 2 == 0 ? 1 : -1);
      opt->step();
    }
    std::cout << fmt::format("{:9} {:7.4f} {:7.4f}\n", rung.name, p(0), p(1));
  }
}

void valley() {
  std::cout << "\n---- A valley, 40 steps\n\n";
  for (const Path& path : valley_paths(40)) {
    if (path.name.find("decay") == path.name.npos) std::cout << valley_map(path) << "\n";
  }
}

void schedules() {
  std::cout << "---- Schedules\n\n";
  const Schedule cycle = combine({0.3, 0.7}, {sched_cos(0.004, 0.1), sched_cos(0.1, 0)});
  std::cout << fmt::format("sched_lin(1, 2)(0.3) = {:.4g}\n\nposition", sched_lin(1, 2)(0.3));
  for (int i = 0; i <= 10; ++i) std::cout << fmt::format(" {:6.1f}", i / 10.);
  std::cout << "\nrate    ";
  for (int i = 0; i <= 10; ++i) std::cout << fmt::format(" {:6.4f}", cycle(i / 10.));
  std::cout << "\n";
}

}  // namespace
}  // namespace foundations::ch09

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("The lesson's code in its order, and what it prints.");
  return program.run(argc, argv, [] {
    ch09::parabola();
    ch09::decays();
    ch09::valley();
    ch09::schedules();
  });
}
