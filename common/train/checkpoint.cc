#include "common/train/checkpoint.h"

#include "common/base/error.h"
#include "common/nn/functional.h"
#include "common/nn/models.h"
#include "common/nn/state.h"

namespace foundations {

Dataset Pixels::normalised(const Tensor& x, const LongTensor& y) const {
  return {normalize(x, mean, std), y};
}

Pixels pixel_statistics(const Mnist& digits) {
  const Pixels pixels{digits.x_train.mean(), digits.x_train.std()};
  if (!(pixels.std.item() > 0)) {
    throw DataError(digits.source + ": has no training images, or only ones that are all alike");
  }
  return pixels;
}

void save_training(const std::string& path, const Training& training, const Pixels& pixels) {
  Metadata metadata = nn::model_metadata(training.spec, pixels.mean.item(), pixels.std.item());
  metadata["epochs"] = std::to_string(training.epochs);
  nn::save_state(path, training.model, metadata, training.opt ? training.opt->state() : StateTensors());
}

int load_training(const std::string& path, const nn::Module& model, optim::Optimizer* opt) {
  const nn::Rest rest = nn::load_state(path, model);
  if (opt) opt->load_state(rest.optimizer);
  const auto found = rest.metadata.find("epochs");
  return found == rest.metadata.end() ? 0 : std::stoi(found->second);
}

}  // namespace foundations
