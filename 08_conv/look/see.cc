#include "08_conv/look/see.h"

#include <algorithm>

#include "08_conv/net.h"
#include "common/base/error.h"
#include "common/tensor/join.h"
#include "common/tensor/ops.h"

namespace foundations::ch08 {
namespace {

constexpr float kGrey = 0.3f;  // of the lines between pictures

// Returns x from 0 to 1; of equal elements 0.
Tensor scaled(const Tensor& x) {
  const float low = x.min().item(), high = x.max().item();
  return high > low ? (x - low) / (high - low) : zeros(x.shape());
}

// Returns the picture in the upper left of a grey one of this size.
Tensor framed(const Tensor& picture, std::int64_t height, std::int64_t width) {
  return pad(picture, {0, width - picture.size(1), 0, height - picture.size(0)}, kGrey);
}

}  // namespace

Tensor mosaic(const Tensor& images, std::int64_t across) {
  const std::int64_t n = images.size(0), h = images.size(1), w = images.size(2);
  const std::int64_t down = (n + across - 1) / across;
  Tensor result = full({down * (h + 1) - 1, across * (w + 1) - 1}, kGrey);
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t top = i / across * (h + 1), left = i % across * (w + 1);
    result(Slice(top, top + h), Slice(left, left + w)) = images[i];
  }
  return result;
}

Tensor enlarged(const Tensor& picture, std::int64_t k) {
  const std::int64_t h = picture.size(0), w = picture.size(1);
  return picture(_, None, _, None).expand(h, k, w, k).reshape(h * k, w * k);
}

std::vector<Stage> see(nn::Sequential& model, const Tensor& image) {
  const Tensor filters = layers_of<nn::Conv2d>(model).front()->weight()(_, 0);
  const float largest = filters.abs().max().item();
  std::vector<Stage> stages{{"the digit", scaled(image.view(1, 28, 28)), 1},
                            {"the first filters", filters / (2 * largest) + 0.5, 4}};
  const auto relus = layers_of<nn::GeneralRelu>(model);
  for (const auto& relu : relus) {
    relu->on_forward([&](const nn::Module&, const Tensor& out) {
      const std::string name = "layer " + std::to_string(stages.size() - 1);
      const std::int64_t channels = out.size(1);
      stages.push_back({name, scaled(out[0]).sqrt(), channels <= 8 ? channels : 16});
    });
  }
  const bool training = model.is_training();
  model.eval();
  model(image.view(1, -1));
  model.train(training);
  for (const auto& relu : relus) relu->on_forward({});
  return stages;
}

Tensor one_picture(const std::vector<Stage>& stages) {
  constexpr std::int64_t kWidth = 640, kDigit = 240, kGap = 16;
  const auto drawn = [&](std::size_t i, std::int64_t width) {
    const Tensor small = mosaic(stages[i].images, stages[i].across);
    return enlarged(small, (width - kGap) / small.size(1));
  };
  std::vector<Tensor> rows{cat({framed(drawn(0, kDigit), kDigit, kDigit),
                                framed(drawn(1, kWidth - kDigit), kDigit, kWidth - kDigit)},
                               1)};
  for (std::size_t i = 2; i < stages.size(); ++i) {
    const Tensor row = drawn(i, kWidth + kGap);
    rows.push_back(framed(row, row.size(0) + kGap, kWidth));
  }
  return cat(rows);
}

}  // namespace foundations::ch08
