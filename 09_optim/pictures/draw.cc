// The chapter's pictures: paths through a valley, schedules, and the loss against the rate.
//
//   bazel run //09_optim:draw                       # in the terminal, on the built-in digits
//   bazel run //09_optim:draw -- --mnist_dir=DIR    # on MNIST
//   bazel run //09_optim:draw -- --out=DIR          # and as DIR/valley.svg, schedules.svg,
//                                                       # finder.svg
#include <iostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "09_optim/pictures/finder.h"
#include "09_optim/pictures/plot.h"
#include "09_optim/pictures/valley.h"
#include "common/base/program.h"
#include "common/bench/gnuplot.h"
#include "common/nn/schedules.h"

namespace foundations::ch09 {
namespace {

constexpr int kSteps = 40;

using Named = std::pair<std::string, Schedule>;

std::vector<Named> schedules() {
  return {{"sched_no(0.6)", sched_no(0.6)},
          {"sched_lin(1, 0.1)", sched_lin(1, 0.1)},
          {"sched_cos(1, 0.1)", sched_cos(1, 0.1)},
          {"sched_exp(1, 0.1)", sched_exp(1, 0.1)},
          {"combine({0.3, 0.7}, {sched_cos(0.04, 1), sched_cos(1, 0)})",
           combine({0.3, 0.7}, {sched_cos(0.04, 1), sched_cos(1, 0)})}};
}

std::string schedule_plot() {
  std::vector<Mark> marks;
  const char letters[] = "nlcex";
  const std::vector<Named> all = schedules();
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (int k = 0; k <= 60; ++k) marks.push_back({k / 60., all[i].second(k / 60.), letters[i]});
  }
  return "rate: n no, l lin, c cos, e exp, x two of cos combined\n" + plot(marks, {0, 1, 0, 1}) +
         "       0                          position                         1\n";
}

std::string schedule_chart() {
  std::ostringstream script;
  const std::vector<Named> all = schedules();
  for (std::size_t i = 0; i < all.size(); ++i) {
    script << "$s" << i << " << EOD\n";
    for (int k = 0; k <= 200; ++k) script << k / 200. << " " << all[i].second(k / 200.) << "\n";
    script << "EOD\n";
  }
  script << gnuplot_frame(800, 450) << R"(set border 3
set key outside below noenhanced textcolor rgb '#24292f'
set title 'Schedules' textcolor rgb '#24292f'
set xlabel 'position in the training' textcolor rgb '#24292f'
set yrange [0:1.05]
plot )";
  const char* const colours[] = {"#6e7781", "#0550ae", "#1a7f37", "#8250df", "#cf222e"};
  for (std::size_t i = 0; i < all.size(); ++i) {
    script << "$s" << i << " using 1:2 with lines linewidth 2 linecolor rgb '" << colours[i]
           << "' title '" << all[i].first << (i + 1 < all.size() ? "', \\\n     " : "'\n");
  }
  return script.str();
}

void show(const Mnist& digits, const std::vector<std::string>& files) {
  const std::vector<Path> paths = valley_paths(kSteps);
  for (const Path& path : paths) std::cout << valley_map(path) << "\n";
  std::cout << schedule_plot() << "\n";
  const LRFinder finder = find_rate(digits);
  std::cout << "data: " << digits.source << "\n" << finder_plot(finder);
  if (files.empty()) return;
  const std::string scripts[] = {valley_chart(paths), schedule_chart(), finder_chart(finder)};
  for (std::size_t i = 0; i < files.size(); ++i) {
    const bool drawn = gnuplot(scripts[i], files[i]);
    std::cout << (drawn ? "picture: " + files[i] : kNoGnuplot) << "\n";
  }
}

}  // namespace
}  // namespace foundations::ch09

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("Shows optimizers in a valley, schedules, and the loss against the rate.");
  const auto& dir = program.mnist_dir();
  const auto& out = program.out("and pictures, DIR/valley.svg and others, if gnuplot is there");
  return program.run(argc, argv, [&] {
    std::vector<std::string> files;
    for (const char* name : {"valley.svg", "schedules.svg", "finder.svg"}) {
      if (out) files.push_back(picture_path(*out, name));
    }
    ch09::show(load_digits(dir), files);
  });
}
