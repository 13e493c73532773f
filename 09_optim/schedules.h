// A schedule is a function of the position in the training, 0 to 1, that gives a rate.
// Source: the course's notebook 05_anneal.
#pragma once

#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

namespace foundations::ch09 {

using Schedule = std::function<double(double position)>;

inline Schedule sched_no(double value) {
  return [=](double) { return value; };
}
inline Schedule sched_lin(double start, double end) {
  return [=](double position) { return start + position * (end - start); };
}
inline Schedule sched_cos(double start, double end) {
  return [=](double position) {
    return start + (1 - std::cos(std::numbers::pi * position)) / 2 * (end - start);
  };
}
inline Schedule sched_exp(double start, double end) {
  return [=](double position) { return start * std::pow(end / start, position); };
}

// One schedule after another, each over its part of the whole. A seam belongs to the later one.
inline Schedule combine(const std::vector<double>& parts, const std::vector<Schedule>& schedules) {
  return [=](double position) {
    std::size_t i = 0;
    double start = 0;
    while (i + 1 < parts.size() && position >= start + parts[i]) start += parts[i++];
    return schedules[i]((position - start) / parts[i]);
  };
}

}  // namespace foundations::ch09
