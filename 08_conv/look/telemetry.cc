#include "08_conv/look/telemetry.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "common/bench/gnuplot.h"
#include "common/tensor/ops.h"

namespace foundations::ch08 {
namespace {

constexpr const char* kColours[] = {"#0550ae", "#1a7f37", "#8250df", "#cf222e"};

// "$means_0_2": a block of data of run 0 and layer 2.
std::string block_name(const std::string& what, std::size_t run, std::size_t layer) {
  return fmt::format("${}_{}_{}", what, run, layer);
}

std::string lines_block(const std::string& name, const std::vector<double>& values) {
  std::string text = name + " << EOD\n";
  for (const double value : values) text += fmt::format("{:.4g}\n", value);
  return text + "EOD\n";
}

// A line a bin, a column a batch: the logarithm of the share of the elements.
std::string image_block(const std::string& name, const std::vector<Histogram>& histograms) {
  std::string text = name + " << EOD\n";
  for (int bin = 0; bin < kBins; ++bin) {
    for (const Histogram& h : histograms) {
      std::int64_t all = 1;
      for (const std::int64_t count : h) all += count;
      const double share = static_cast<double>(h[bin]) / static_cast<double>(all);
      text += fmt::format("{:.2f} ", std::log10(share + 1e-4));
    }
    text += "\n";
  }
  return text + "EOD\n";
}

// One small plot of a grid.
std::string plot_of_layers(const std::string& what, const std::string& title, std::size_t run,
                           std::size_t layers, bool with_key) {
  std::string text = fmt::format("{}set key\nset title '{}'\nplot ", with_key ? "" : "un", title);
  for (std::size_t l = 0; l < layers; ++l) {
    text +=
        fmt::format("{} using 0:1 with lines linewidth 1.5 linecolor rgb '{}' title 'layer {}'{}",
                    block_name(what, run, l), kColours[l % 4], l + 1, l + 1 < layers ? ", " : "\n");
  }
  return text;
}

}  // namespace

Histogram histogram(const Tensor& x) {
  Histogram counts{};
  const float per_unit = kBins / (kHighest - kLowest);
  const Tensor bins = ((x - kLowest) * per_unit).clamp_min(0).clamp_max(kBins - 1);
  // Of bins in the order in which they lie: the order does not count.
  const float* const all = bins.data();
  for (std::int64_t i = 0, n = bins.numel(); i < n; ++i) {
    if (!std::isnan(all[i])) ++counts[static_cast<int>(all[i])];
  }
  return counts;
}

Telemetry::Telemetry(const std::vector<std::shared_ptr<nn::Module>>& layers)
    : layers_(layers), records_(layers.size()) {
  for (std::size_t l = 0; l < layers.size(); ++l) {
    layers_[l]->on_forward([this, l](const nn::Module& layer, const Tensor& out) {
      if (!layer.is_training()) return;
      records_[l].means.push_back(out.mean().item());
      records_[l].stds.push_back(out.std().item());
      records_[l].histograms.push_back(histogram(out));
    });
  }
}

Telemetry::~Telemetry() {
  for (const auto& layer : layers_) layer->on_forward({});
}

std::string moments_chart(const std::vector<Run>& runs) {
  std::string data, plots;
  for (const std::string what : {"means", "stds"}) {
    double most = 0;
    for (std::size_t r = 0; r < runs.size(); ++r) {
      for (std::size_t l = 0; l < runs[r].layers.size(); ++l) {
        const LayerRecord& layer = runs[r].layers[l];
        const std::vector<double>& values = what == "means" ? layer.means : layer.stds;
        data += lines_block(block_name(what, r, l), values);
        for (const double value : values) most = std::max(most, value);
      }
    }
    plots += fmt::format("set yrange [:{:.3g}]\n", std::min(1.1 * most, 5.));
    for (std::size_t r = 0; r < runs.size(); ++r) {
      const std::string title = (what == "means" ? "mean, " : "std, ") + runs[r].name;
      plots += plot_of_layers(what, title, r, runs[r].layers.size(), r + 1 == runs.size());
    }
  }
  return data + gnuplot_frame(900, 560) + R"(set border 3
set key top right samplen 1 textcolor rgb '#24292f'
set title textcolor rgb '#24292f'
set xlabel 'batch' textcolor rgb '#24292f'
)" + fmt::format("set multiplot layout 2,{}\n", runs.size()) +
         plots + "unset multiplot\n";
}

std::string histogram_chart(const std::vector<Run>& runs) {
  std::string data, plots;
  const std::size_t layers = runs.empty() ? 0 : runs[0].layers.size();
  for (std::size_t l = 0; l < layers; ++l) {
    for (std::size_t r = 0; r < runs.size(); ++r) {
      const std::string name = block_name("share", r, l);
      data += image_block(name, runs[r].layers[l].histograms);
      plots += fmt::format(
          "set title 'layer {}, {}'\n"
          "plot {} matrix using 1:({} + ($2 + 0.5) * {}):3 with image notitle\n",
          l + 1, runs[r].name, name, kLowest, (kHighest - kLowest) / kBins);
    }
  }
  return data + gnuplot_frame(900, 700) + R"(set border 3
unset grid
unset colorbox
set palette defined (0 '#f6f8fa', 1 '#0a3069')
set cbrange [-4:0]
set title textcolor rgb '#24292f'
set autoscale xfix
)" +
         fmt::format("set yrange [{}:{}]\nset multiplot layout {},{}\n", kLowest, kHighest, layers,
                     runs.size()) +
         plots + "unset multiplot\n";
}

}  // namespace foundations::ch08
