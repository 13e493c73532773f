// Our matmul, arithmetic, einsum and network beside OpenBLAS, BLIS, Eigen, oneDNN and libtorch.
//
//   apt-get install libopenblas-dev libblis-dev libeigen3-dev libdnnl-dev libtorch-dev
//   bazel run //tools/peers:benchmark
//   bazel run //tools/peers:benchmark -- --seconds=2 --only=2048
//
// --seconds is the time for each row of a table (1 by default), --only a part of the row's name.
// Everything takes some six minutes. Every result is compared before it is timed.
//
// OpenBLAS and BLIS take a processor that is newer than they are for an old one: see the line
// `kernels`. OPENBLAS_CORETYPE=SkylakeX and BLIS_ARCH_TYPE=0 make them use AVX-512.
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include "common/base/openmp.h"
#include "common/bench/machine.h"
#include "tools/peers/peers.h"
#include "tools/peers/race.h"

namespace foundations {
namespace {

int run(int argc, char** argv) {
  Settings settings = {.threads = 1, .seconds = 1, .only = ""};
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    if (flag.starts_with("--only=")) {
      settings.only = flag.substr(7);
    } else if (flag.starts_with("--seconds=")) {
      settings.seconds = std::strtod(flag.c_str() + 10, nullptr);
    }
    if (!(flag.starts_with("--only=") ||
          (flag.starts_with("--seconds=") && settings.seconds > 0))) {
      std::cerr << "benchmark: " << flag << " is not --seconds=S or --only=NAME\n";
      return 2;
    }
  }
  const int all = max_threads();
  std::cout << "kernels   " << kernels() << "\n"
            << machine_card(all > 1 ? std::vector<int>{1, all} : std::vector<int>{1}) << std::flush;
  int rows = 0;
  for (const int threads : {1, all}) {
    settings.threads = threads;
    set_threads(threads);
    for (const bool allocate : {false, true}) rows += race_products(settings, allocate);
    rows += race_elementwise(settings) + race_expressions(settings) + race_network(settings) +
            race_epochs(settings);
    if (all == 1) break;
  }
  if (rows == 0) {
    std::cerr << "benchmark: no row has " << settings.only << " in its name\n";
    return 2;
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
