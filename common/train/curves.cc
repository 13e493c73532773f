#include "common/train/curves.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

#include "common/bench/gnuplot.h"

namespace foundations {
namespace {

constexpr int kColumns = 60, kRows = 12;
constexpr int kChartPoints = 300;

double epochs_of(const Losses& losses) {
  return static_cast<double>(losses.train.size()) / losses.batches_an_epoch;
}

bool is_shown(const LossPoint& point) { return std::isfinite(point.loss) && point.loss > 0; }

// Returns the means of `groups` stretches of batches, each at its middle; of all batches if they
// are fewer.
std::vector<LossPoint> means(const Losses& losses, std::size_t groups) {
  const std::size_t n = losses.train.size();
  groups = std::min(groups, n);
  std::vector<LossPoint> points;
  for (std::size_t g = 0; g < groups; ++g) {
    const std::size_t from = n * g / groups, to = n * (g + 1) / groups;
    double sum = 0;
    for (std::size_t i = from; i < to; ++i) sum += losses.train[i];
    points.push_back({static_cast<double>(from + to) / 2 / losses.batches_an_epoch,
                      sum / static_cast<double>(to - from)});
  }
  return points;
}

std::string data_block(const std::string& name, const std::vector<LossPoint>& points) {
  std::ostringstream block;
  block << "$" << name << " << EOD\n";
  for (const LossPoint& point : points) {
    if (is_shown(point)) block << point.epoch << " " << point.loss << "\n";
  }
  block << "EOD\n";
  return block.str();
}

}  // namespace

void LossRecord::before_fit(Learner& learner) {
  losses_.batches_an_epoch = static_cast<double>(learner.train_loader().size());
}

void LossRecord::after_batch(Learner& learner) { losses_.train.push_back(learner.loss()); }

void LossRecord::after_epoch(Learner& learner) {
  losses_.valid.push_back({epochs_of(losses_), learner.history().back().valid.loss});
}

std::string loss_curves(const Losses& losses) {
  const std::vector<LossPoint> train = means(losses, kColumns);
  double low = INFINITY, high = 0;
  for (const std::vector<LossPoint>* curve : {&train, &losses.valid}) {
    for (const LossPoint& point : *curve) {
      if (!is_shown(point)) continue;
      low = std::min(low, point.loss);
      high = std::max(high, point.loss);
    }
  }
  if (high == 0) return "";
  const double epochs = epochs_of(losses), step = std::log(high / low) / (kRows - 1);
  std::array<std::string, kRows> rows;
  rows.fill(std::string(kColumns, ' '));
  const auto draw = [&](const std::vector<LossPoint>& curve, char mark) {
    for (const LossPoint& point : curve) {
      if (!is_shown(point)) continue;
      const auto row = step > 0 ? std::lround(std::log(high / point.loss) / step) : 0;
      const auto column = static_cast<int>(point.epoch / epochs * kColumns);
      rows[row][std::min(column, kColumns - 1)] = mark;
    }
  };
  draw(train, '*');
  draw(losses.valid, 'o');
  std::string text;
  for (int r = 0; r < kRows; ++r) {
    const std::string label =
        r % 3 == 0 || r == kRows - 1 ? fmt::format("{:.3g}", high * std::exp(-step * r)) : "";
    const std::string line = fmt::format("{:>7} |{}", label, rows[r]);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text + fmt::format("        +{}\n{:8} 0{:>{}}\n{:8} * train   o valid\n",
                            std::string(kColumns, '-'), "", fmt::format("{:.3g} epochs", epochs),
                            kColumns - 1, "");
}

std::string loss_chart(const Losses& losses) {
  return data_block("train", means(losses, kChartPoints)) + data_block("valid", losses.valid) +
         gnuplot_frame(800, 450) + R"(set border 3
set key top right noenhanced textcolor rgb '#24292f'
set xlabel 'epochs' textcolor rgb '#24292f'
set ylabel 'loss' textcolor rgb '#24292f'
set logscale y
plot $train using 1:2 with lines linewidth 2 linecolor rgb '#0550ae' title 'train', \
     $valid using 1:2 with linespoints linewidth 2 pointtype 7 linecolor rgb '#cf222e' title 'valid'
)";
}

}  // namespace foundations
