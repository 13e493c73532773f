// Schedules: a number that changes while a network trains, most often the learning rate. A schedule
// is a function of the position, from 0, before the first batch, to 1, the end of the training.
//
//   sched_lin(1, 2)(0.3);                                                            // 1.3
//   const Schedule warm = combine({0.3, 0.7}, {sched_cos(0.01, 0.1), sched_cos(0.1, 0)});
//   opt.set_lr(warm(position));
//
// All throw std::invalid_argument for a position outside 0..1, or NaN. Derived in 09_optim.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace foundations {

using Schedule = std::function<double(double position)>;

// From start to end: not at all, along a line, along half a wave of the cosine, by equal factors.
// sched_exp throws std::invalid_argument unless start and end have the same sign, and neither is 0.
Schedule sched_no(double value);
Schedule sched_lin(double start, double end);
Schedule sched_cos(double start, double end);
Schedule sched_exp(double start, double end);

// One schedule after another: part i runs from its own 0 to its own 1 over parts[i] of the whole.
// A seam belongs to the later part, and a part of length 0 is passed over. Throws
// std::invalid_argument unless there is a schedule for each part, and the parts are at least 0 and
// sum to 1 within 1e-6.
Schedule combine(const std::vector<double>& parts, const std::vector<Schedule>& schedules);

struct OneCycleOptions {
  double max_lr = 0;
  std::int64_t total_steps = 0;
  double pct_start = 0.3;         // the part of the steps on which the rate rises
  double div_factor = 25;         // from max_lr / div_factor
  double final_div_factor = 1e4;  // at the end the first rate / final_div_factor
};

// The rate of each step in PyTorch's OneCycleLR: up along a cosine, and down along a longer one.
// The momentum stays as it is (cycle_momentum=False). Smith and Topin, arXiv 1708.07120.
//
//   const OneCycle cycle({.max_lr = 0.01, .total_steps = learner.steps()});
//   opt.set_lr(cycle(step));
class OneCycle {
 public:
  // Throws std::invalid_argument unless total_steps is at least 1 and pct_start lies in 0..1.
  explicit OneCycle(const OneCycleOptions& options);

  // Throws IndexError unless step is one of 0 .. total_steps - 1.
  double operator()(std::int64_t step) const;

 private:
  std::int64_t total_steps_;
  double peak_;  // where the rate is highest, as in PyTorch: it may lie between two steps
  Schedule up_, down_;
};

}  // namespace foundations
