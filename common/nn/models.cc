#include "common/nn/models.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "common/base/error.h"
#include "common/nn/conv_layers.h"
#include "common/nn/functional.h"
#include "common/nn/res_block.h"
#include "common/tensor/ops.h"

namespace foundations::nn {
namespace {

using Sizes = std::vector<std::int64_t>;

constexpr std::int64_t kStem = 5;  // the side of a first layer's kernels

// One row a network: its name, how many weights go from one number of a layer to one of the next,
// at most, and what builds it of its sizes.
constexpr struct Builder {
  const char* name;
  std::int64_t kernel;
  Sequential (*build)(const Sizes& sizes, Generator& generator);
} kModels[] = {
    {"mlp", 1, mlp},
    {"convnet", kStem* kStem, convnet},
    {"resnet", kStem* kStem, resnet},
};

constexpr char kExample[] = "\"mlp 784 50 10\"";
constexpr char kMean[] = "mean", kStd[] = "std", kModel[] = "model";

// Returns a number of the metadata, or NaN where it is missing or something else.
double number(const Metadata& metadata, const char* name) {
  const auto found = metadata.find(name);
  if (found == metadata.end() || found->second.empty()) return NAN;
  char* end = nullptr;
  const double value = std::strtod(found->second.c_str(), &end);
  return *end == '\0' ? value : NAN;
}

using Layers = std::vector<std::shared_ptr<Module>>;

// Returns the side of an image of so many pixels. Throws for what is no square.
std::int64_t side(const std::string& name, const Sizes& sizes) {
  const auto side = sizes.empty() ? 0 : std::llround(std::sqrt(static_cast<double>(sizes[0])));
  if (sizes.size() < 3 || side * side != sizes[0]) {
    throw std::invalid_argument(name + "() needs the pixels of a square image, the channels of " +
                                "its layers and the number of classes, but got " +
                                bracketed(Shape(sizes)));
  }
  return side;
}

Conv2d stem(std::int64_t channels, bool bias, Generator& generator) {
  return {1, channels, kStem, {.stride = 2, .padding = kStem / 2, .bias = bias}, generator};
}

// The mean of each channel, and a linear layer to the classes.
void add_head(Layers& layers, const Sizes& sizes, Generator& generator) {
  layers.push_back(share(AdaptiveAvgPool2d()));
  layers.push_back(share(Flatten()));
  layers.push_back(share(Linear(sizes[sizes.size() - 2], sizes.back(), generator)));
}

}  // namespace

Sequential convnet(const Sizes& sizes, Generator& generator) {
  const std::int64_t pixels = side("convnet", sizes);
  Layers layers{share(Unflatten({1, pixels, pixels})), share(stem(sizes[1], true, generator)),
                share(ReLU())};
  for (std::size_t i = 2; i + 1 < sizes.size(); ++i) {
    layers.push_back(
        share(Conv2d(sizes[i - 1], sizes[i], 3, {.stride = 2, .padding = 1}, generator)));
    layers.push_back(share(ReLU()));
  }
  add_head(layers, sizes, generator);
  return Sequential(layers);
}

Sequential resnet(const Sizes& sizes, Generator& generator) {
  const std::int64_t pixels = side("resnet", sizes);
  Layers layers{share(Unflatten({1, pixels, pixels})), share(stem(sizes[1], false, generator)),
                share(BatchNorm2d(sizes[1], {.relu = true}))};
  for (std::size_t i = 2; i + 1 < sizes.size(); ++i) {
    layers.push_back(share(ResBlock(sizes[i - 1], sizes[i], 2, generator)));
  }
  add_head(layers, sizes, generator);
  return Sequential(layers);
}

Sequential mlp(const Sizes& sizes, Generator& generator) {
  if (sizes.size() < 2) {
    throw ShapeError("mlp() needs the sizes of its input and its output, but got " +
                     bracketed(Shape(sizes)));
  }
  std::vector<std::shared_ptr<Module>> layers;
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
    if (i > 0) layers.push_back(share(ReLU()));
    layers.push_back(share(Linear(sizes[i], sizes[i + 1], generator)));
  }
  return Sequential(layers);
}

Sequential make_model(const std::string& spec, Generator& generator) {
  std::istringstream words(spec);
  std::string name;
  words >> name;
  const auto* model = std::find_if(std::begin(kModels), std::end(kModels),
                                   [&](const Builder& row) { return name == row.name; });
  const bool known = model != std::end(kModels);
  Sizes sizes;
  for (std::int64_t size; known && words >> size;) {
    const std::int64_t weights = sizes.empty() ? 1 : sizes.back() * model->kernel;
    if (size < 1 || size > kMaxWeights / weights) {
      throw std::invalid_argument("model \"" + spec +
                                  "\": sizes are from 1 on, and a layer has at most " +
                                  std::to_string(kMaxWeights) + " weights");
    }
    sizes.push_back(size);
  }
  if (known && words.eof() && sizes.size() >= 2) return model->build(sizes, generator);
  throw std::invalid_argument("model \"" + spec + "\" is not known: " + kExample +
                              " is one that is");
}

Tensor TrainedModel::logits(const Tensor& images) {
  model.eval();
  const Tensor result = model((images - mean) / std);
  if (result.numel() > 0 && !std::isfinite(result.abs().max().item())) {
    throw DataError("model \"" + spec +
                    "\" answers with numbers that are not finite: its training went astray");
  }
  return result;
}

Metadata model_metadata(const std::string& spec, double mean, double std) {
  return {{kModel, spec}, {kMean, fmt::format("{}", mean)}, {kStd, fmt::format("{}", std)}};
}

TrainedModel load_model(const std::string& path) {
  const Metadata metadata = read_state(path).metadata;
  const double mean = number(metadata, kMean), std = number(metadata, kStd);
  if (!metadata.contains(kModel) || !std::isfinite(mean) || !std::isfinite(std) || std <= 0) {
    throw DataError(path + ": its metadata should have a \"model\", such as " + kExample +
                    ", and the \"mean\" and \"std\" of its training set");
  }
  const std::string& spec = metadata.at(kModel);
  const auto model = [&] {
    try {
      Generator generator(0);
      return make_model(spec, generator);
    } catch (const std::invalid_argument& error) {
      throw DataError(path + ": " + error.what());
    }
  };
  TrainedModel trained{spec, model(), mean, std};
  load_state(path, trained.model);
  return trained;
}

}  // namespace foundations::nn
