// How the losses of fit() are shown: as bars, as a picture.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "06_modules/descent/fit.h"
#include "common/bench/gnuplot.h"

namespace foundations::ch06 {

std::string loss_text(double loss) {
  return std::isnan(loss) ? "nan" : fmt::format("{:.5g}", loss);
}

std::string loss_bars(const std::vector<double>& losses) {
  constexpr std::size_t kIntervals = 20;
  constexpr double kWidth = 60;
  double largest = 0;
  for (const double loss : losses) {
    if (std::isfinite(loss)) largest = std::max(largest, loss);
  }
  const std::size_t last = losses.size() - 1;
  const std::size_t stride = std::max<std::size_t>(1, (last + kIntervals - 1) / kIntervals);
  std::string bars;
  for (std::size_t step = 0; step <= last; step = std::min(step + stride, last)) {
    const double part = std::isfinite(losses[step]) && largest > 0 ? losses[step] / largest : 0;
    const std::string bar(static_cast<std::size_t>(std::lround(kWidth * part)), '#');
    bars += fmt::format("{:5} {:>10}  {}\n", step, loss_text(losses[step]), bar);
    if (step == last) break;
  }
  return bars;
}

std::string loss_chart(const std::vector<double>& losses, double constant) {
  std::ostringstream script;
  script << "$losses << EOD\n";
  for (std::size_t step = 0; step < losses.size(); ++step) {
    script << step << " ";
    if (std::isfinite(losses[step])) script << losses[step];
    script << "\n";
  }
  script
      << "EOD\n"
      << gnuplot_frame(800, 450) << R"(set border 3
set key top right noenhanced textcolor rgb '#24292f'
set title 'Mean squared error on the training rows' textcolor rgb '#24292f'
set xlabel 'step' textcolor rgb '#24292f'
set xrange [0:)"
      << std::max<std::size_t>(1, losses.size() - 1) << "]\nset yrange [0:*]\n"
      << "plot $losses using 1:2 with linespoints linewidth 2 pointtype 7 pointsize 0.5 "
         "linecolor rgb '#0550ae' title 'gradient descent', \\\n    "
      << constant
      << " with lines linewidth 2 dashtype 2 linecolor rgb '#cf222e' title 'the best constant'\n";
  return script.str();
}

}  // namespace foundations::ch06
