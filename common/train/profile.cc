#include "common/train/profile.h"

#include <fmt/core.h>

#include <algorithm>

#include "common/bench/stopwatch.h"

namespace foundations {
namespace {

struct Row {
  std::string name;
  double forward, backward, all;
};

}  // namespace

Profile::~Profile() {
  if (watching_) nn::watch(before_);
}

void Profile::charge() {
  const double time = now();
  *(working_.empty() ? outside_ : working_.back()) += time - last_;
  last_ = time;
}

void Profile::before_fit(Learner&) {
  before_ = nn::watch(this);
  watching_ = true;
  last_ = now();
}

void Profile::before_batch(Learner&) {
  charge();
  outside_ = &step_;
}

void Profile::after_batch(Learner&) {
  charge();
  outside_ = &batches_;
}

void Profile::after_epoch(Learner&) {
  charge();
  outside_ = &batches_;
}

void Profile::after_fit(Learner&) {
  nn::watch(before_);
  watching_ = false;
}

void Profile::begin(const nn::Module& module, bool backward) {
  if (!module.is_training()) outside_ = &validation_;
  charge();
  Seconds& seconds = layers_[module.name()];
  double* const training = backward ? &seconds.backward : &seconds.forward;
  working_.push_back(module.is_training() ? training : &validation_);
}

void Profile::end(const nn::Module&, bool) {
  charge();
  working_.pop_back();
}

std::string Profile::table() const {
  std::vector<Row> rows;
  for (const auto& [name, seconds] : layers_) {
    rows.push_back({name, seconds.forward, seconds.backward, seconds.forward + seconds.backward});
  }
  rows.push_back({"loss, optimizer", 0, 0, step_});
  rows.push_back({"making batches", 0, 0, batches_});
  rows.push_back({"validation", 0, 0, validation_});
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.all > b.all; });
  double sum = 0;
  for (const Row& row : rows) sum += row.all;
  std::string text = fmt::format("{:20} {:>8} {:>9} {:>8}\n", "where the time goes", "forward",
                                 "backward", "seconds");
  const auto number = [](double x) { return x > 0 ? fmt::format("{:.2f}", x) : std::string(); };
  for (const Row& row : rows) {
    text += fmt::format("{:20} {:>8} {:>9} {:8.2f} {:4.0f} %\n", row.name, number(row.forward),
                        number(row.backward), row.all, sum > 0 ? 100 * row.all / sum : 0);
  }
  return text;
}

}  // namespace foundations
