#include "common/train/checkpoint.h"

#include <charconv>
#include <stdexcept>

#include "common/base/error.h"
#include "common/nn/models.h"
#include "common/nn/state.h"

namespace foundations {
namespace {

// Returns the number of epochs that a file says it has behind it.
int epochs_of(const std::string& path, const std::string& text) {
  int epochs = -1;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, epochs);
  if (error != std::errc() || stopped != end || epochs < 0 || epochs > kMaxEpochs) {
    throw DataError(path + ": its \"epochs\" should be a whole number from 0 to " +
                    std::to_string(kMaxEpochs) + ", but is " + text);
  }
  return epochs;
}

}  // namespace

void save_training(const std::string& path, const Training& training, const Pixels& pixels) {
  Metadata metadata = nn::model_metadata(training.spec, pixels.mean.item(), pixels.std.item());
  metadata["epochs"] = std::to_string(training.epochs);
  nn::save_state(path, training.model, metadata,
                 training.opt ? training.opt->state() : StateTensors());
}

int load_training(const std::string& path, const nn::Module& model, optim::Optimizer* opt) {
  int epochs = 0;
  nn::load_state(path, model, [&](const nn::Rest& rest) {
    const auto found = rest.metadata.find("epochs");
    if (found != rest.metadata.end()) epochs = epochs_of(path, found->second);
    try {
      if (opt) opt->load_state(rest.optimizer);
    } catch (const std::invalid_argument& error) {
      throw DataError(path + ": " + error.what());
    }
  });
  return epochs;
}

}  // namespace foundations
