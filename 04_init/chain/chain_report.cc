// How the experiment of chain.h is shown: as a table, as bars, as a picture.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <limits>
#include <sstream>

#include "04_init/chain/chain.h"
#include "common/bench/gnuplot.h"

namespace foundations::ch04 {
namespace {

// The first column, as wide as the longest name of kChains, or wider.
std::ostream& name_column(std::ostream& out, std::string_view name) {
  return out << std::left << std::setw(26) << name;
}

std::string three_digits(double value) { return fmt::format("{:>10.3g}", value); }

}  // namespace

std::string depth_table(const Depths& depths) {
  std::vector<int> shown;
  for (const int layer : {1, 2, 5, 10, 25}) {
    if (layer < depths.layers) shown.push_back(layer);
  }
  shown.push_back(depths.layers);
  std::ostringstream text;
  name_column(text, "std after layer");
  for (const int layer : shown) text << three_digits(layer);
  text << "\n";
  for (std::size_t i = 0; i < depths.stds.size(); ++i) {
    name_column(text, kChains[i].name);
    for (const int layer : shown) text << three_digits(depths.stds[i][layer - 1]);
    text << "\n";
  }
  return text.str();
}

// ---- Bars ----

namespace {

constexpr double kDecadesPerMark = 2;
// The powers of ten where a float becomes inf and where it becomes 0: 3.4e38 and 1.4e-45.
constexpr double kLargest = 38.5, kSmallest = -44.9;

int mark(double power_of_ten) {
  return static_cast<int>(std::lround(power_of_ten / kDecadesPerMark));
}

// A std of 0, and one beyond every number, stand at the ends of what a double can be. NaN, which
// comes of inf - inf, is shown as inf is.
double power_of_ten(double std) {
  if (!(std < std::numeric_limits<double>::max()))
    return std::numeric_limits<double>::max_exponent10;
  return std::log10(std::max(std, std::numeric_limits<double>::min()));
}

}  // namespace

std::string depth_bars(const Depths& depths) {
  int low = mark(kSmallest), high = mark(kLargest);
  std::vector<int> ends;
  for (const std::vector<double>& stds : depths.stds) {
    ends.push_back(mark(power_of_ten(stds.back())));
    low = std::min(low, ends.back());
    high = std::max(high, ends.back());
  }
  std::ostringstream text;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    std::string line(high - low + 1, ' ');
    line[mark(kSmallest) - low] = line[mark(kLargest) - low] = ':';
    std::fill(line.begin() + std::min(ends[i], 0) - low,
              line.begin() + std::max(ends[i], 0) - low + 1, '#');
    line[-low] = '|';
    line.erase(line.find_last_not_of(' ') + 1);
    name_column(text, kChains[i].name) << line << "\n";
  }
  std::string axis(mark(kLargest) - low, ' ');
  axis[mark(kSmallest) - low] = '0';
  axis[-low] = '1';
  name_column(text, "") << axis << "inf\n";
  return text.str();
}

// ---- A picture ----

namespace {

constexpr char kLayout[] = R"(set key outside right center noenhanced textcolor rgb '#24292f'
set lmargin at screen 0.09
set rmargin at screen 0.67
set logscale y
set format y '10^{%L}'
set multiplot
)";

// All of it, with the lines beyond which a float is inf or 0; then what stays near 1.
constexpr char kPanels[] = R"(set tmargin at screen 0.94
set bmargin at screen 0.54
set title 'Standard deviation after each layer' textcolor rgb '#24292f'
set arrow 1 from graph 0, first 3.4e38 to graph 1, first 3.4e38 nohead linecolor rgb '#24292f'
set arrow 2 from graph 0, first 1.4e-45 to graph 1, first 1.4e-45 nohead linecolor rgb '#24292f'
set label 1 'a float is inf' at graph 0.02, first 3e41 textcolor rgb '#24292f'
set label 2 'a float is 0' at graph 0.02, first 1e-48 textcolor rgb '#24292f'
set yrange [1e-52:1e72]
set ytics 1e-40, 1e20
plot LINES
unset arrow
unset label
unset key
set tmargin at screen 0.42
set bmargin at screen 0.09
set title 'The same, near 1' textcolor rgb '#24292f'
set xlabel 'layer' textcolor rgb '#24292f'
set yrange [0.001:10]
set ytics 0.001, 10
plot LINES
)";

// Colour tells the rule of the weights, the kind of line what comes after the matrix.
std::string color(const Chain& chain) {
  return chain.weights == unscaled     ? "#cf222e"
         : chain.weights == simplified ? "#8250df"
         : chain.weights == small      ? "#953800"
                                       : "#0550ae";
}

int dash(Activation activation) {
  return activation == Activation::kNone ? 2 : activation == Activation::kRelu ? 1 : 3;
}

}  // namespace

std::string depth_chart(const Depths& depths) {
  std::ostringstream data, lines;
  data << "$stds << EOD\n";
  for (int layer = 0; layer < depths.layers; ++layer) {
    data << layer + 1;
    for (const std::vector<double>& stds : depths.stds) data << " " << stds[layer];
    data << "\n";
  }
  data << "EOD\n";
  for (std::size_t i = 0; i < depths.stds.size(); ++i) {
    lines << (i == 0 ? "" : ", \\\n    ") << "$stds using 1:" << i + 2
          << " with lines linewidth 2 linecolor rgb '" << color(kChains[i]) << "' dashtype "
          << dash(kChains[i].activation) << " title '" << kChains[i].name << "'";
  }
  std::string panels = kPanels;
  for (std::size_t at; (at = panels.find("LINES")) != std::string::npos;) {
    panels.replace(at, 5, lines.str());
  }
  return data.str() + gnuplot_frame(800, 700) + kLayout + panels;
}

}  // namespace foundations::ch04
