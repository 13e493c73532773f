#include "common/nn/models.h"

#include <fmt/core.h>

#include <cmath>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "common/base/error.h"
#include "common/nn/functional.h"
#include "common/tensor/ops.h"

namespace foundations::nn {
namespace {

using Sizes = std::vector<std::int64_t>;

// One row a network: its name, and what builds it of its sizes.
constexpr struct {
  const char* name;
  Sequential (*build)(const Sizes& sizes, Generator& generator);
} kModels[] = {
    {"mlp", mlp},
};

constexpr char kMean[] = "mean", kStd[] = "std", kModel[] = "model";

// Returns a number of the metadata, or NaN where it is missing or something else.
double number(const Metadata& metadata, const char* name) {
  const auto found = metadata.find(name);
  if (found == metadata.end() || found->second.empty()) return NAN;
  char* end = nullptr;
  const double value = std::strtod(found->second.c_str(), &end);
  return *end == '\0' ? value : NAN;
}

}  // namespace

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
  Sizes sizes;
  for (std::int64_t size; words >> size;) {
    const std::int64_t weights = sizes.empty() ? 1 : sizes.back();
    if (size < 1 || size > kMaxWeights / weights) {
      throw std::invalid_argument("model \"" + spec +
                                  "\": sizes are from 1 on, and a layer has at most " +
                                  std::to_string(kMaxWeights) + " weights");
    }
    sizes.push_back(size);
  }
  for (const auto& model : kModels) {
    if (name == model.name && words.eof() && sizes.size() >= 2) {
      return model.build(sizes, generator);
    }
  }
  throw std::invalid_argument("model \"" + spec +
                              "\" is not known: \"mlp 784 50 10\" is one that is");
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
    throw DataError(path +
                    ": its metadata should have a \"model\", such as \"mlp 784 50 10\", and the "
                    "\"mean\" and \"std\" of its training set");
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
