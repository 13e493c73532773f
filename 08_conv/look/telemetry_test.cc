#include "08_conv/look/telemetry.h"

#include <gtest/gtest.h>

#include <limits>

#include "common/nn/layers.h"
#include "common/testing/testing.h"

namespace foundations::ch08 {
namespace {

TEST(HistogramTest, CountsWhatLiesInAndBeyondItsBins) {
  // Bins are a quarter wide.
  const Histogram h =
      histogram(tensor({{-1, -9, -kInf}, {0, 0.24, 0.25}, {4.9, 5, 77}, {1, kNan, 0}}));
  Histogram want{};
  want[0] = 3, want[4] = 3, want[5] = 1, want[8] = 1, want[23] = 3;
  EXPECT_EQ(h, want);
  EXPECT_EQ(histogram(zeros(0, 3)), Histogram{});
  EXPECT_EQ(histogram(tensor({{1, 2}, {1, 2}}).t())[8], 2);
}

TEST(TelemetryTest, RecordsTheLayersThatItHooksWhileTheyTrain) {
  const auto relu = std::make_shared<nn::ReLU>();
  {
    const Telemetry telemetry(std::vector{relu});
    (*relu)(tensor({-1, 1, 3}));
    relu->eval();
    (*relu)(ones(2));
    relu->train();
    (*relu)(ones(2));
    ASSERT_EQ(telemetry.layers().size(), 1u);
    const LayerRecord& layer = telemetry.layers()[0];
    ASSERT_EQ(layer.means.size(), 2u);
    EXPECT_NEAR(layer.means[0], 4 / 3., 1e-6);
    EXPECT_NEAR(layer.stds[0], 1.527525, 1e-6);
    EXPECT_EQ(layer.means[1], 1);
    EXPECT_EQ(layer.histograms[0][4], 1);
    EXPECT_EQ(layer.histograms[1][8], 2);
  }
  (*relu)(ones(2));  // no hook is left that would write to what is gone
}

TEST(ChartsTest, HaveAPlotForEachRun) {
  const LayerRecord layer{{1, 2}, {0.5, 0.25}, {Histogram{}, Histogram{}}};
  const std::vector<ch08::Run> runs{{"a", {layer, layer}}, {"b", {layer, layer}}};
  const std::string moments = moments_chart(runs), histograms = histogram_chart(runs);
  for (const char* part : {"$stds_1_1 << EOD\n0.5\n0.25\nEOD\n", "set title 'mean, b'",
                           "set multiplot layout 2,2\n"}) {
    EXPECT_NE(moments.find(part), std::string::npos) << part;
  }
  for (const char* part : {"$share_1_0 << EOD\n-4.00 -4.00 \n", "set title 'layer 2, b'"}) {
    EXPECT_NE(histograms.find(part), std::string::npos) << part;
  }
}

}  // namespace
}  // namespace foundations::ch08
