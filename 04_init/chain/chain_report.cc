// How the experiment of chain.h is shown: as a table, as bars, as a picture.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "04_init/chain/chain.h"
#include "common/bench/gnuplot.h"

namespace foundations::ch04 {

std::string depth_table(const Stds& stds) {
  constexpr int kShown[] = {1, 2, 5, 10, 25, 50};
  std::string text = fmt::format("{:<26}", "std after layer");
  for (const int layer : kShown) text += fmt::format("{:>10}", layer);
  for (std::size_t i = 0; i < stds.size(); ++i) {
    text += fmt::format("\n{:<26}", kChains[i].name);
    for (const int layer : kShown) text += fmt::format("{:>10.3g}", stds[i][layer - 1]);
  }
  return text + "\n";
}

// ---- Bars ----

namespace {

// Marks, of a factor of 100 each, between a std of 1 and what a float takes for inf and for 0.
constexpr int kToInf = 19, kToZero = -22;

// Where a bar ends. NaN, which comes of inf - inf, is shown as inf is.
int marks(double std) {
  if (!(std <= std::numeric_limits<double>::max())) std = std::numeric_limits<double>::max();
  return static_cast<int>(
      std::lround(std::log10(std::max(std, std::numeric_limits<double>::min())) / 2));
}

}  // namespace

std::string depth_bars(const Stds& stds) {
  int low = kToZero, high = kToInf;
  for (const std::vector<double>& chain : stds) {
    low = std::min(low, marks(chain.back()));
    high = std::max(high, marks(chain.back()));
  }
  std::string text;
  for (std::size_t i = 0; i < stds.size(); ++i) {
    const int end = marks(stds[i].back());
    std::string line(high - low + 1, ' ');
    line[kToZero - low] = line[kToInf - low] = ':';
    std::fill(line.begin() + std::min(end, 0) - low, line.begin() + std::max(end, 0) - low + 1,
              '#');
    line[-low] = '|';
    line.erase(line.find_last_not_of(' ') + 1);
    text += fmt::format("{:<26}{}\n", kChains[i].name, line);
  }
  return text + fmt::format("{:{}}0{:{}}1{:{}}inf\n", "", 26 + kToZero - low, "", -kToZero - 1, "",
                            kToInf - 1);
}

// ---- A picture ----

namespace {

constexpr char kLayout[] =
    R"(set key outside right center noenhanced samplen 2 textcolor rgb '#24292f'
set lmargin at screen 0.09
set rmargin at screen 0.61
set logscale y
set format y '10^{%L}'
set title 'Standard deviation after each layer' textcolor rgb '#24292f'
set xlabel 'layer' textcolor rgb '#24292f'
set arrow from graph 0, first 3.4e38 to graph 1, first 3.4e38 nohead linecolor rgb '#24292f'
set arrow from graph 0, first 1.4e-45 to graph 1, first 1.4e-45 nohead linecolor rgb '#24292f'
set label 'a float is inf' at graph 0.02, first 1e42 textcolor rgb '#24292f'
set label 'a float is 0' at graph 0.02, first 1e-49 textcolor rgb '#24292f'
set yrange [1e-54:1e72]
set ytics 1e-40, 1e20
plot )";

// Colour tells how the weights are drawn, the kind of line what comes after the matrix.
std::string color(double std) {
  return std == 1                        ? "#cf222e"
         : std == 0.01                   ? "#953800"
         : std == std::sqrt(1. / kWidth) ? "#8250df"
                                         : "#0550ae";
}

int dash(Activation activation) {
  return activation == Activation::kNone ? 2 : activation == Activation::kRelu ? 1 : 3;
}

}  // namespace

std::string depth_chart(const Stds& stds) {
  std::string script = gnuplot_frame(800, 440) + "$stds << EOD\n";
  for (int layer = 0; layer < kLayers; ++layer) {
    script += fmt::format("{}", layer + 1);
    for (const std::vector<double>& chain : stds) script += fmt::format(" {:.4g}", chain[layer]);
    script += "\n";
  }
  script += std::string("EOD\n") + kLayout;
  for (std::size_t i = 0; i < stds.size(); ++i) {
    script += fmt::format(
        "$stds using 1:{} with lines linewidth 2 linecolor rgb '{}' dashtype {} title '{}'{}",
        i + 2, color(kChains[i].std), dash(kChains[i].activation), kChains[i].name,
        i + 1 < stds.size() ? ", \\\n    " : "\n");
  }
  return script;
}

}  // namespace foundations::ch04
