// Callbacks that set the learning rate before each batch. Derived in 09_optim.
//
//   ScheduledRate rate(combine({0.3, 0.7}, {sched_cos(0.01, 0.1), sched_cos(0.1, 0)}));
//   learner.fit(5, {&rate});
//   ScheduledRate cycle(OneCycleOptions{.max_lr = 0.01});    // the steps are the learner's
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "common/nn/schedules.h"
#include "common/train/learner.h"

namespace foundations {

class ScheduledRate : public Callback {
 public:
  explicit ScheduledRate(const Schedule& schedule);
  explicit ScheduledRate(const OneCycleOptions& options);  // total_steps is the learner's

  void before_fit(Learner& learner) override;
  void before_batch(Learner& learner) override;
  const std::vector<double>& rates() const { return rates_; }  // of each step of the last fit()

 private:
  std::function<double(const Learner& learner)> rate_;
  std::vector<double> rates_;
};

struct LRFinderOptions {
  double start = 1e-5, end = 10;
  std::int64_t steps = 100;
  double worse = 4;  // ends fit() at a loss above `worse` times the lowest so far
};

// Raises the rate by equal factors from step to step, and ends fit() when the loss has become much
// worse, is NaN, or `steps` steps are done. Model and optimizer are then spoiled: train with
// others.
//
//   LRFinder finder;
//   learner.fit(10, {&finder});
//   finder.losses();                      // against finder.rates()
//
// Smith, arXiv 1506.01186, section 3.3.
class LRFinder : public Callback {
 public:
  // Throws std::invalid_argument unless 0 < start < end and there are at least 2 steps.
  explicit LRFinder(const LRFinderOptions& options = {});

  void before_fit(Learner& learner) override;
  void before_batch(Learner& learner) override;
  void after_batch(Learner& learner) override;

  const std::vector<double>& rates() const { return rates_; }
  const std::vector<double>& losses() const { return losses_; }  // of the batch, before its step
  // Returns a tenth of the rate with the least smoothed loss: a rate to begin with. NaN before
  // fit().
  double suggestion() const;

 private:
  LRFinderOptions options_;
  Schedule schedule_;
  std::vector<double> rates_, losses_;
};

}  // namespace foundations
