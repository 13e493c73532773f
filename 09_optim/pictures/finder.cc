#include "09_optim/pictures/finder.h"

#include <cmath>
#include <sstream>
#include <vector>

#include "09_optim/pictures/plot.h"
#include "common/bench/gnuplot.h"
#include "common/nn/nn.h"
#include "common/train/pixels.h"

namespace foundations::ch09 {
namespace {

constexpr double kHighest = 3;  // losses above are off the picture

}  // namespace

LRFinder find_rate(const Mnist& digits) {
  const Dataset train = pixel_statistics(digits).normalised(digits.x_train, digits.y_train);
  Generator generator(1);
  nn::Sequential model{nn::Linear(train.x.size(1), 50, generator), nn::ReLU(),
                       nn::Linear(50, 10, generator)};
  model.input_grad(false);
  nn::CrossEntropyLoss loss;
  optim::SGD opt(model.parameters(), {});
  Learner learner(model, loss, opt, DataLoader(train, {.shuffle = &generator}),
                  DataLoader(Dataset{train.x.slice(0, 0, 0), train.y.slice(0, 0, 0)}));
  LRFinder finder({.start = 1e-4, .end = 100, .steps = 120, .worse = 10});
  learner.fit(100, {&finder});
  return finder;
}

std::string finder_plot(const LRFinder& finder) {
  std::vector<Mark> marks;
  for (std::size_t i = 0; i < finder.losses().size(); ++i) {
    marks.push_back({std::log10(finder.rates()[i]), finder.losses()[i]});
  }
  return "loss\n" + plot(marks, {-4, 2, 0, kHighest}) +
         "       0.0001    0.001     0.01      0.1       1         10        100   rate\n";
}

std::string finder_chart(const LRFinder& finder) {
  std::ostringstream script;
  script << "$losses << EOD\n";
  for (std::size_t i = 0; i < finder.losses().size(); ++i) {
    if (std::isfinite(finder.losses()[i])) {
      script << finder.rates()[i] << " " << finder.losses()[i] << "\n";
    }
  }
  script << "EOD\n"
         << gnuplot_frame(800, 450) << R"(set border 3
set nokey
set title 'The loss of a batch while the rate rises' textcolor rgb '#24292f'
set xlabel 'learning rate' textcolor rgb '#24292f'
set logscale x
set yrange [0:)"
         << kHighest
         << "]\nplot $losses using 1:2 with linespoints linewidth 2 pointtype 7 pointsize 0.5 "
            "linecolor rgb '#0550ae'\n";
  return script.str();
}

}  // namespace foundations::ch09
