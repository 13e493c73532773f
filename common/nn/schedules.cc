#include "common/nn/schedules.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <string>

#include "common/base/error.h"

namespace foundations {
namespace {

template <class... Parts>
std::string text(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return out.str();
}

// Returns a schedule that lets only positions through to f.
template <class F>
Schedule of_position(F f) {
  return [f](double position) {
    if (position >= 0 && position <= 1) return f(position);
    throw std::invalid_argument(
        text("a schedule needs a position from 0 to 1, but got ", position));
  };
}

// 0.1 + 0.2 and 0.3 are one seam, and 1 - 0.7 - 0.3 is 0.
constexpr double kRounding = 1e-9;

}  // namespace

Schedule sched_no(double value) {
  return of_position([=](double) { return value; });
}

Schedule sched_lin(double start, double end) {
  return of_position([=](double position) { return std::lerp(start, end, position); });
}

Schedule sched_cos(double start, double end) {
  return of_position([=](double position) {
    return std::lerp(start, end, (1 - std::cos(std::numbers::pi * position)) / 2);
  });
}

Schedule sched_exp(double start, double end) {
  if (!((start > 0 && end > 0) || (start < 0 && end < 0))) {
    throw std::invalid_argument(text(
        "sched_exp() needs two numbers of one sign, and not 0, but got ", start, " and ", end));
  }
  return of_position([=](double position) { return start * std::pow(end / start, position); });
}

Schedule combine(const std::vector<double>& parts, const std::vector<Schedule>& schedules) {
  const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
  const bool lengths = std::ranges::all_of(parts, [](double part) { return part >= 0; });
  if (parts.size() != schedules.size() || !lengths || !(std::abs(sum - 1) <= 1e-6)) {
    throw std::invalid_argument(
        text("combine() needs a schedule for each part, and parts of at "
             "least 0 that sum to 1, but got ",
             parts.size(), " parts that sum to ", sum, " and ", schedules.size(), " schedules"));
  }
  struct Part {
    double start, end;
    Schedule schedule;
  };
  std::vector<Part> all;
  double start = 0;
  for (std::size_t i = 0; i < parts.size(); start += parts[i++]) {
    if (parts[i] > kRounding) all.push_back({start, start + parts[i], schedules[i]});
  }
  all.back().end = 1;
  return of_position([=](double position) {
    const auto part = std::find_if(all.rbegin(), all.rend(),
                                   [=](const Part& p) { return p.start <= position + kRounding; });
    const double inside = (position - part->start) / (part->end - part->start);
    return part->schedule(std::clamp(inside, 0.0, 1.0));
  });
}

OneCycle::OneCycle(const OneCycleOptions& options)
    : total_steps_(options.total_steps),
      peak_(options.pct_start * static_cast<double>(options.total_steps) - 1) {
  if (total_steps_ < 1) {
    throw std::invalid_argument(
        text("Expected positive integer total_steps, but got ", total_steps_));
  }
  if (!(options.pct_start >= 0 && options.pct_start <= 1)) {
    throw std::invalid_argument(
        text("Expected float between 0 and 1 pct_start, but got ", options.pct_start));
  }
  const double first = options.max_lr / options.div_factor;
  up_ = sched_cos(first, options.max_lr);
  down_ = sched_cos(options.max_lr, first / options.final_div_factor);
}

double OneCycle::operator()(std::int64_t step) const {
  if (step < 0 || step >= total_steps_) {
    throw IndexError(text("Tried to step ", step + 1,
                          " times. The specified number of total steps is ", total_steps_));
  }
  const double at = static_cast<double>(step), last = static_cast<double>(total_steps_ - 1);
  // With the peak in step 0, PyTorch divides by 0.
  if (at < peak_ - kRounding) return up_(at / peak_);
  return down_(at > peak_ ? (at - peak_) / (last - peak_) : 0);
}

}  // namespace foundations
