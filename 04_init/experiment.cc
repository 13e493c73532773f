#include "04_init/experiment.h"

#include <cstdio>
#include <initializer_list>
#include <iomanip>
#include <sstream>
#include <string_view>

namespace foundations::ch04 {

FirstLayer first_layer(const Rule& rule, const Tensor& x, std::int64_t nh, std::uint64_t seed) {
  Generator generator(seed);
  const Tensor w1 = rule.weights(x.size(1), nh, generator), b1 = zeros({nh});
  const Tensor t = lin(x, w1, b1), activated = relu(t), shifted = relu(t, 0.5);
  return {w1.std().item(),         t.mean().item(),        t.std().item(),
          activated.mean().item(), activated.std().item(), shifted.mean().item()};
}

WholeModel whole_model(const Model& model, const Tensor& x, const Tensor& y) {
  const Tensor out = model(x);
  return {out.mean().item(), out.std().item(), mse(out, y).item()};
}

Spread spread(const std::vector<double>& figures) {
  const DoubleTensor all = from_vector(figures, {static_cast<std::int64_t>(figures.size())});
  return {all.mean().item(), all.std().item()};
}

namespace {

// "  -0.011+-0.089": as wide as the titles of the columns.
std::string column(const std::vector<double>& figures) {
  const Spread both = spread(figures);
  char text[64];
  std::snprintf(text, sizeof text, "%8.3f+-%.3f", both.mean, both.sd);
  return text;
}

// A column for each of `figures`, of what `draw` gives for the seeds 0, 1, ...
template <class Draw, class Result>
std::string columns(int seeds, const Draw& draw, std::initializer_list<double Result::*> figures) {
  std::vector<Result> draws;
  for (int seed = 0; seed < seeds; ++seed) draws.push_back(draw(static_cast<std::uint64_t>(seed)));
  std::string text;
  for (const auto figure : figures) {
    std::vector<double> values;
    for (const Result& result : draws) values.push_back(result.*figure);
    text += column(values);
  }
  return text + "\n";
}

}  // namespace

std::string first_layer_table(const Tensor& x, std::int64_t nh, int seeds) {
  std::ostringstream text;
  text << "rule              std or U(bound)  "
          "       lin mean        lin std      relu mean       relu std  relu-0.5 mean\n";
  for (const Rule& rule : kRules) {
    const auto draw = [&](std::uint64_t seed) { return first_layer(rule, x, nh, seed); };
    text << std::left << std::setw(18) << rule.name << std::setw(17) << rule.formula
         << columns(seeds, draw,
                    {&FirstLayer::lin_mean, &FirstLayer::lin_std, &FirstLayer::relu_mean,
                     &FirstLayer::relu_std, &FirstLayer::shifted_mean});
  }
  return text.str();
}

namespace {

struct ModelRule {
  std::string_view words;
  float shift;
  Weights w1;
  W2Scale w2;
};

constexpr ModelRule kModelRules[] = {
    {"relu      simplified       sqrt(m) ", 0, simplified, W2Scale::kNotes},
    {"relu      simplified       sqrt(nh)", 0, simplified, W2Scale::kFanIn},
    {"relu      kaiming_normal   sqrt(m) ", 0, kaiming_normal, W2Scale::kNotes},
    {"relu      kaiming_normal   sqrt(nh)", 0, kaiming_normal, W2Scale::kFanIn},
    {"relu-0.5  simplified       sqrt(m) ", 0.5, simplified, W2Scale::kNotes},
    {"relu-0.5  simplified       sqrt(nh)", 0.5, simplified, W2Scale::kFanIn},
    {"relu-0.5  kaiming_normal   sqrt(m) ", 0.5, kaiming_normal, W2Scale::kNotes},
    {"relu-0.5  kaiming_normal   sqrt(nh)", 0.5, kaiming_normal, W2Scale::kFanIn},
};

}  // namespace

std::string whole_model_table(const Tensor& x, const Tensor& y, std::int64_t nh, int seeds) {
  std::string text =
      "relu      w1               w2 over        out mean        out std            mse\n";
  for (const auto& [words, shift, w1, w2] : kModelRules) {
    const auto draw = [&, shift = shift, w1 = w1, w2 = w2](std::uint64_t seed) {
      Generator generator(seed);
      return whole_model(make_model(x.size(1), nh, w1, generator, shift, w2), x, y);
    };
    text += std::string(words) +
            columns(seeds, draw, {&WholeModel::out_mean, &WholeModel::out_std, &WholeModel::loss});
  }
  return text;
}

}  // namespace foundations::ch04
