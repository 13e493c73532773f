// Our matmul beside OpenBLAS, BLIS, Eigen and oneDNN, on the shapes of the notes and on squares.
//
//   apt-get install libopenblas-dev libblis-dev libeigen3-dev libdnnl-dev
//   bazel run //tools/peers:benchmark
//   bazel run //tools/peers:benchmark -- --seconds=2 --only=2048
//
// --seconds is the time for each row of the table, --only a part of the shape's name. Everyone is
// asked in turn, again and again, in one program, so that whatever else the machine does disturbs
// all alike; of each the minimum counts, and the ratio of medians stands beside that of minima. One
// thread is timed in processor time, several by the clock. Every product is compared with ours, and
// ours with the definition, before it is timed.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <functional>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/machine_card.h"
#include "common/matmul.h"
#include "common/openmp.h"
#include "common/ops.h"
#include "common/peak.h"
#include "common/random.h"
#include "common/reference.h"
#include "tools/peers/peers.h"

namespace foundations {
namespace {

const Problem kProblems[] = {
    {5, 784, 10},
    {64, 784, 50},
    {50000, 784, 50},
    {.m = 784, .k = 50000, .n = 50, .a_transposed = true},
    {.m = 50000, .k = 50, .n = 784, .b_transposed = true},
    {50000, 50, 1},
    {50, 50000, 1},
    {.m = 50, .k = 50000, .n = 1, .a_transposed = true},
    {64, 64, 64},
    {128, 128, 128},
    {256, 256, 256},
    {127, 331, 509},
    {512, 512, 512},
    {1000, 1000, 1000},
    {1024, 1024, 1024},
    {2048, 2048, 2048},
};

std::string name_of(const Problem& x) {
  return std::to_string(x.m) + "x" + std::to_string(x.k) + "x" + std::to_string(x.n) +
         (x.a_transposed ? " a.t()" : "") + (x.b_transposed ? " b.t()" : "");
}

double now(int threads) {
  if (threads > 1) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
}

struct Contestant {
  std::string name;
  std::function<void()> run;
  std::vector<double> seconds;  // per call

  double minimum() const { return *std::min_element(seconds.begin(), seconds.end()); }
  double median() const {
    std::vector<double> sorted = seconds;
    std::nth_element(sorted.begin(), sorted.begin() + sorted.size() / 2, sorted.end());
    return sorted[sorted.size() / 2];
  }
};

// Calls them in turn until `budget` seconds are over, each at least three times. A call that is
// too short for the clock is repeated until the whole takes 100 microseconds or so.
void race(std::vector<Contestant>& all, const Problem& x, int threads, double budget) {
  const int calls = std::max(1, int(5e6 / (double(x.m) * x.k * x.n)));
  double spent = 0;
  for (int round = 0; round < 3 || spent < budget; ++round) {
    for (Contestant& one : all) {
      const double start = now(threads);
      for (int call = 0; call < calls; ++call) one.run();
      const double taken = now(threads) - start;
      one.seconds.push_back(taken / calls);
      spent += taken;
    }
  }
}

// Throws when the two differ by more than rounding.
void compare(const std::string& name, const Problem& x, const float* got, const float* want) {
  const double tolerance = 1e-6 * double(x.k) + 1e-5;  // elements of a and b are below 1
  for (std::int64_t i = 0; i < x.m * x.n; ++i) {
    if (!(std::abs(double(got[i]) - want[i]) <= tolerance)) {
      throw std::runtime_error(name + " of " + name_of(x) + " differs at element " +
                               std::to_string(i));
    }
  }
}

// Everyone's product of one a and b, into memory that is there or into a result of its own.
std::vector<Contestant> contestants(const Problem& x, const Tensor& a, const Tensor& b,
                                    const Tensor& c, bool allocate) {
  const Tensor left = x.a_transposed ? a.t() : a, right = x.b_transposed ? b.t() : b;
  std::vector<Contestant> all;
  if (allocate) {
    all.push_back({"ours", [=] { matmul(left, right); }, {}});
  } else {
    all.push_back({"ours", [=] { matmul_out(c, left, right); }, {}});
  }
  for (const Peer& peer : peers()) {
    all.push_back({peer.name,
                   [=, multiply = peer.multiply] {
                     std::unique_ptr<float[]> fresh;
                     if (allocate) fresh.reset(new float[x.m * x.n]);
                     multiply(x, a.data(), b.data(), allocate ? fresh.get() : c.data());
                   },
                   {}});
  }
  return all;
}

// Runs one row, prints it, and returns how many times faster than the best peer ours is.
double row(const Problem& x, int threads, bool allocate, double budget) {
  Generator generator(1);
  const Tensor a = rand(x.a_transposed ? Shape{x.k, x.m} : Shape{x.m, x.k}, generator) - 0.5f;
  const Tensor b = rand(x.b_transposed ? Shape{x.n, x.k} : Shape{x.k, x.n}, generator) - 0.5f;
  const Tensor c = zeros({x.m, x.n}), ours = zeros({x.m, x.n});
  std::vector<Contestant> all = contestants(x, a, b, ours, false);
  all[0].run();
  if (double(x.m) * x.k * x.n < 1e8) {
    const std::string wrong =
        matmul_mismatch(ours, x.a_transposed ? a.t() : a, x.b_transposed ? b.t() : b);
    if (!wrong.empty()) throw std::runtime_error("ours of " + name_of(x) + ": " + wrong);
  }
  all = contestants(x, a, b, c, false);
  for (Contestant& one : all) {
    c.fill_(std::nanf(""));
    one.run();
    compare(one.name, x, c.data(), ours.data());
  }
  all = contestants(x, a, b, c, allocate);
  race(all, x, threads, budget);

  double best = INFINITY, best_median = INFINITY;
  std::string best_name;
  std::printf("%-20s", name_of(x).c_str());
  for (const Contestant& one : all) {
    std::printf(" %10.1f", one.minimum() * 1e6);
    if (&one == &all[0]) continue;
    if (one.minimum() < best) best = one.minimum(), best_name = one.name;
    best_median = std::min(best_median, one.median());
  }
  const double flops = 2.0 * double(x.m) * double(x.k) * double(x.n) / all[0].minimum();
  std::printf(" %8.1f %5.0f%% %9s %7.2f %7.2f\n", flops * 1e-9, 100 * flops / peak_flops(threads),
              best_name.c_str(), best / all[0].minimum(), best_median / all[0].median());
  std::fflush(stdout);
  return best / all[0].minimum();
}

void table(int threads, bool allocate, double budget, const std::string& only) {
  set_threads(threads);
  std::printf("\n%d thread%s, %s; minimum in us; ratio of ours to the best peer, > 1 is ahead\n",
              threads, threads == 1 ? "" : "s",
              allocate ? "each allocates its result" : "into memory that is there");
  std::printf("%-20s %10s", "m x k x n", "ours");
  for (const Peer& peer : peers()) {
    peer.set_threads(threads);
    std::printf(" %10s", peer.name);
  }
  std::printf(" %8s %6s %9s %7s %7s\n", "GFLOP/s", "peak", "best peer", "minima", "medians");
  double log_sum = 0;
  int rows = 0;
  for (const Problem& x : kProblems) {
    if (name_of(x).find(only) == std::string::npos) continue;
    log_sum += std::log(row(x, threads, allocate, budget));
    ++rows;
  }
  if (rows > 0) std::printf("geometric mean over %d: %.3f\n", rows, std::exp(log_sum / rows));
}

int run(int argc, char** argv) {
  double seconds = 1;
  std::string only;
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    if (flag.starts_with("--only=")) {
      only = flag.substr(7);
    } else if (flag.starts_with("--seconds=")) {
      seconds = std::strtod(flag.c_str() + 10, nullptr);
    }
    if (!(flag.starts_with("--only=") || (flag.starts_with("--seconds=") && seconds > 0))) {
      std::cerr << "benchmark: " << flag << " is not --seconds=S or --only=SHAPE\n";
      return 2;
    }
  }
  const int all = max_threads();
  std::cout << machine_card(all > 1 ? std::vector<int>{1, all} : std::vector<int>{1}) << std::flush;
  for (const int threads : {1, all}) {
    for (const bool allocate : {false, true}) table(threads, allocate, seconds, only);
    if (all == 1) break;
  }
  return 0;
}

}  // namespace
}  // namespace foundations

int main(int argc, char** argv) try {
  return foundations::run(argc, argv);
} catch (const std::exception& error) {
  std::cerr << "benchmark: " << error.what() << "\n";
  return 1;
}
