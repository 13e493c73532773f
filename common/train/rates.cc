#include "common/train/rates.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace foundations {

ScheduledRate::ScheduledRate(const Schedule& schedule)
    : rate_([=](const Learner& learner) { return schedule(learner.position()); }) {}

ScheduledRate::ScheduledRate(const OneCycleOptions& options)
    : rate_([=](const Learner& learner) {
        OneCycleOptions all = options;
        all.total_steps = learner.steps();
        return OneCycle(all)(learner.step());
      }) {}

void ScheduledRate::before_fit(Learner&) { rates_.clear(); }

void ScheduledRate::before_batch(Learner& learner) {
  rates_.push_back(rate_(learner));
  learner.optimizer().set_lr(rates_.back());
}

LRFinder::LRFinder(const LRFinderOptions& options) : options_(options) {
  if (!(options.start > 0 && options.start < options.end && options.steps >= 2)) {
    throw std::invalid_argument("LRFinder needs 0 < start < end and at least 2 steps");
  }
  schedule_ = sched_exp(options.start, options.end);
}

void LRFinder::before_fit(Learner&) {
  rates_.clear();
  losses_.clear();
}

void LRFinder::before_batch(Learner& learner) {
  const auto step = static_cast<double>(rates_.size()), last = options_.steps - 1.0;
  rates_.push_back(schedule_(step / last));
  learner.optimizer().set_lr(rates_.back());
}

void LRFinder::after_batch(Learner& learner) {
  losses_.push_back(learner.loss());
  const double least = *std::min_element(losses_.begin(), losses_.end());
  const bool fine = losses_.back() <= options_.worse * least;
  if (!fine || static_cast<std::int64_t>(losses_.size()) == options_.steps) learner.stop();
}

double LRFinder::suggestion() const {
  double best = std::numeric_limits<double>::quiet_NaN(), least = HUGE_VAL;
  double smooth = losses_.empty() ? 0 : losses_.front();
  for (std::size_t i = 0; i < losses_.size(); ++i) {
    smooth += 0.2 * (losses_[i] - smooth);
    if (smooth < least) {
      least = smooth;
      best = rates_[i] / 10;
    }
  }
  return best;
}

}  // namespace foundations
