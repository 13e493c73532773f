#include "09_optim/pictures/valley.h"

#include <sstream>

#include "09_optim/pictures/plot.h"
#include "common/bench/gnuplot.h"

namespace foundations::ch09 {

Path valley_path(const std::string& name, Make* make, const Settings& settings, int steps) {
  const Tensor at = tensor({-9, 1.5});
  const Tensor curvature = tensor({1, kSteepness});
  const auto opt = make({at}, settings);
  Path path{name, {at(0)}, {at(1)}};
  for (int step = 0; step < steps; ++step) {
    at.grad() = curvature * at;
    opt->step();
    path.x.push_back(at(0));
    path.y.push_back(at(1));
  }
  return path;
}

std::vector<Path> valley_paths(int steps) {
  return {
      valley_path("sgd, lr 0.07", sgd, {.lr = 0.07f}, steps),
      valley_path("momentum 0.8, lr 0.03", momentum, {.lr = 0.03f, .momentum = 0.8f}, steps),
      valley_path("the same with L2, decay 0.5", l2,
                  {.lr = 0.03f, .momentum = 0.8f, .weight_decay = 0.5f}, steps),
      valley_path("adam, lr 0.5", adam, {.lr = 0.5f}, steps),
      valley_path("adam_w, lr 0.5, decay 0.1", adam_w, {.lr = 0.5f, .weight_decay = 0.1f}, steps),
  };
}

std::string valley_map(const Path& path) {
  std::vector<Mark> marks{{0, 0, '+'}};
  for (std::size_t i = 1; i < path.x.size(); ++i) marks.push_back({path.x[i], path.y[i]});
  marks.push_back({path.x[0], path.y[0], 'S'});
  return path.name + "\n" + plot(marks, {-10, 5, -1.5, 1.5});
}

std::string valley_chart(const std::vector<Path>& paths) {
  std::ostringstream script;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    script << "$path" << i << " << EOD\n";
    for (std::size_t k = 0; k < paths[i].x.size(); ++k) {
      script << paths[i].x[k] << " " << paths[i].y[k] << "\n";
    }
    script << "EOD\n";
  }
  script << gnuplot_frame(800, 450) << R"(set border 3
set key top right noenhanced textcolor rgb '#24292f'
set title 'Down a valley that is 25 times as steep across as along' textcolor rgb '#24292f'
set xrange [-10:5]
set yrange [-2:2]
set parametric
set trange [0:2*pi]
plot )";
  for (const int height : {2, 8, 20, 40, 80}) {
    script << "sqrt(2*" << height << ")*cos(t), sqrt(2*" << height << "/25.)*sin(t) with lines "
           << "linecolor rgb '#d0d7de' notitle, \\\n     ";
  }
  const char* const colours[] = {"#cf222e", "#0550ae", "#8250df", "#1a7f37", "#bf8700"};
  for (std::size_t i = 0; i < paths.size(); ++i) {
    script << "$path" << i << " using 1:2 with linespoints linewidth 2 pointtype 7 pointsize 0.4 "
           << "linecolor rgb '" << colours[i % std::size(colours)] << "' title '" << paths[i].name
           << (i + 1 < paths.size() ? "', \\\n     " : "'\n");
  }
  return script.str();
}

}  // namespace foundations::ch09
