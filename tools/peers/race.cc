#include "tools/peers/race.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <utility>

#include "common/bench/machine.h"
#include "common/bench/stopwatch.h"

namespace foundations {

double Contestant::minimum() const { return *std::min_element(seconds.begin(), seconds.end()); }

double Contestant::median() const {
  std::vector<double> sorted = seconds;
  std::nth_element(sorted.begin(), sorted.begin() + sorted.size() / 2, sorted.end());
  return sorted[sorted.size() / 2];
}

void race(std::vector<Contestant>& all, double flops, const Settings& settings) {
  const int calls = std::max(1, int(1e7 / flops));  // 100 microseconds or so
  double spent = 0;
  std::vector<Contestant*> order;
  for (Contestant& one : all) order.push_back(&one);
  std::minstd_rand dice;
  for (int round = 0; round < 3 || spent < settings.seconds; ++round) {
    std::shuffle(order.begin(), order.end(), dice);
    for (Contestant* one : order) {
      const double start = now();
      for (int call = 0; call < calls; ++call) one->run();
      const double taken = now() - start;
      one->seconds.push_back(taken / calls);
      spent += taken;
    }
  }
}

Table::Table(std::string title, const Settings& settings, std::vector<std::string> names)
    : title_(std::move(title)), threads_(settings.threads), names_(std::move(names)) {}

void Table::header() const {
  std::printf("\n%s, %d thread%s; minimum in us; ratio of the best other to ours, > 1 is ahead\n",
              title_.c_str(), threads_, threads_ == 1 ? "" : "s");
  std::printf("%-36s", "");
  for (const std::string& name : names_) std::printf(" %14s", name.c_str());
  std::printf(" %8s %6s %15s %7s %7s\n", "GFLOP/s", "peak", "best other", "minima", "medians");
}

Table::~Table() {
  if (rows_ > 1) std::printf("geometric mean over %d: %.3f\n", rows_, std::exp(log_sum_ / rows_));
}

void Table::row(const std::string& name, double flops, const std::vector<Contestant>& all) {
  if (rows_ == 0) header();
  std::printf("%-36s", name.c_str());
  const Contestant* best = &all[1];
  double best_median = INFINITY;
  for (const Contestant& one : all) {
    std::printf(" %14.1f", one.minimum() * 1e6);
    if (&one == &all[0]) continue;
    if (one.minimum() < best->minimum()) best = &one;
    best_median = std::min(best_median, one.median());
  }
  const double ours = all[0].minimum(), ratio = best->minimum() / ours;
  std::printf(" %8.1f %5.0f%% %15s %7.2f %7.2f\n", flops / ours * 1e-9,
              100 * flops / ours / peak_flops(threads_), best->name.c_str(), ratio,
              best_median / all[0].median());
  std::fflush(stdout);
  log_sum_ += std::log(ratio);
  ++rows_;
}

void compare(const std::string& name, const std::string& row, const Tensor& got, const Tensor& want,
             double tolerance) {
  const Tensor in_rows = got.contiguous(), wanted = want.contiguous();
  if (in_rows.shape() != wanted.shape()) {
    throw std::runtime_error(name + " of " + row + " has another shape");
  }
  for (std::int64_t i = 0; i < wanted.numel(); ++i) {
    if (!(std::abs(double(in_rows.data()[i]) - wanted.data()[i]) <= tolerance)) {
      throw std::runtime_error(name + " of " + row + " differs at element " + std::to_string(i));
    }
  }
}

}  // namespace foundations
