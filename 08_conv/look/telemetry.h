// What the layers of a network give while it trains: hooks that record, and charts of the record.
//
//   Telemetry telemetry(layers_of<nn::GeneralRelu>(model));   // its hooks end with it
//   learner.fit(1);
//   telemetry.layers()[3].stds;                                // of the last layer, batch by batch
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "common/nn/module.h"

namespace foundations::ch08 {

inline constexpr int kBins = 24;
inline constexpr float kLowest = -1, kHighest = 5;  // of the first bin and the last

// How many elements lie in each of kBins equal bins. What lies outside counts for the first or the
// last; NaN is left out.
using Histogram = std::array<std::int64_t, kBins>;
Histogram histogram(const Tensor& x);

// An entry for each batch.
struct LayerRecord {
  std::vector<double> means, stds;
  std::vector<Histogram> histograms;
};

class Telemetry {
 public:
  // Hooks onto these layers. Records what they give in training mode.
  template <class Layer>
  explicit Telemetry(const std::vector<std::shared_ptr<Layer>>& layers)
      : Telemetry(std::vector<std::shared_ptr<nn::Module>>(layers.begin(), layers.end())) {}
  explicit Telemetry(const std::vector<std::shared_ptr<nn::Module>>& layers);
  ~Telemetry();
  Telemetry(const Telemetry&) = delete;
  Telemetry& operator=(const Telemetry&) = delete;

  const std::vector<LayerRecord>& layers() const { return records_; }

 private:
  std::vector<std::shared_ptr<nn::Module>> layers_;
  std::vector<LayerRecord> records_;
};

// One training in the charts.
struct Run {
  std::string name;
  std::vector<LayerRecord> layers;
};

// Return scripts for gnuplot(): a column for each run. The first has the means above and the
// standard deviations below; the second a picture for each layer, from left to right in time, from
// kLowest to kHighest upwards, and the darker the more elements.
std::string moments_chart(const std::vector<Run>& runs);
std::string histogram_chart(const std::vector<Run>& runs);

}  // namespace foundations::ch08
