// A training as a file: go on from it as if the training had not ended, or ask the network
// (load_model() in common/nn/models.h reads the file too).
//
//   const Pixels pixels = pixel_statistics(digits);
//   save_training(path, {spec, model, &opt, epochs}, pixels);
//   const int done = load_training(path, model, &opt);
#pragma once

#include <string>

#include "common/nn/module.h"
#include "common/nn/optim.h"
#include "common/train/pixels.h"

namespace foundations {

struct Training {
  const std::string& spec;  // of make_model()
  const nn::Module& model;
  const optim::Optimizer* opt;  // nullptr: its state is not kept
  int epochs;                   // how many are done
};

// Throws what save_state() throws.
void save_training(const std::string& path, const Training& training, const Pixels& pixels);

inline constexpr int kMaxEpochs = 1'000'000;
// Fills the model and, unless `opt` is nullptr, the optimizer. Returns how many epochs the model
// has behind it. Throws DataError, naming the file, if the file does not fit the model or the
// optimizer, or if its number of epochs is not from 0 to kMaxEpochs: both are then as they were.
int load_training(const std::string& path, const nn::Module& model, optim::Optimizer* opt);

}  // namespace foundations
