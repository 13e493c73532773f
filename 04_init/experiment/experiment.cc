#include "04_init/experiment/experiment.h"

#include <fmt/core.h>

#include <iomanip>
#include <iterator>
#include <sstream>
#include <string_view>
#include <vector>

#include "common/base/error.h"

namespace foundations::ch04 {

Tensor validation_images(const Mnist& digits) {
  if (digits.x_valid.size(0) < 2) {
    throw DataError(digits.source + ": has fewer than two images to validate on");
  }
  return normalize(digits.x_valid, digits.x_train.mean(), digits.x_train.std());
}

FirstLayer first_layer(const Rule& rule, const Tensor& x, std::int64_t nh, std::uint64_t seed) {
  Generator generator(seed);
  const Tensor w1 = rule.draw(x.size(1), nh, generator), b1 = zeros(nh);
  const Tensor t = lin(x, w1, b1), activated = relu(t), shifted = relu(t, 0.5);
  return {t.mean().item(), t.std().item(), activated.mean().item(), activated.std().item(),
          shifted.mean().item()};
}

namespace {

// Returns "  -0.011+-0.089" for each figure, its mean and standard deviation over the seeds, as
// wide as the titles of the columns.
//   draws: figures of the seeds, one seed after the other
std::string columns(int seeds, const std::vector<double>& draws) {
  const DoubleTensor all = from_vector(draws, {seeds, std::ssize(draws) / seeds});
  const DoubleTensor mean = all.mean(0), sd = all.std(0);
  std::string line;
  for (std::int64_t i = 0; i < mean.size(0); ++i) {
    line += fmt::format("{:>8.3f}+-{:.3f}", mean(i), sd(i));
  }
  return line + "\n";
}

}  // namespace

std::string first_layer_table(const Tensor& x, std::int64_t nh, int seeds) {
  std::ostringstream text;
  text << "rule              std or U(bound)  "
          "       lin mean        lin std      relu mean       relu std  relu-0.5 mean\n";
  for (const Rule& rule : kRules) {
    std::vector<double> draws;
    for (int seed = 0; seed < seeds; ++seed) {
      const FirstLayer f = first_layer(rule, x, nh, seed);
      draws.insert(draws.end(), {f.lin_mean, f.lin_std, f.relu_mean, f.relu_std, f.shifted_mean});
    }
    text << std::left << std::setw(18) << rule.name << std::setw(17) << rule.formula
         << columns(seeds, draws);
  }
  return text.str();
}

}  // namespace foundations::ch04
