// Networks by name, so that a file of weights says which network they are of.
//
//   nn::Sequential model = nn::mlp({784, 50, 10}, generator);
//   nn::save_state("mlp.safetensors", model, nn::model_metadata("mlp 784 50 10", mean, std));
//
//   nn::TrainedModel trained = nn::load_model("mlp.safetensors");
//   const Tensor digits = trained.logits(images).argmax(1);
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/nn/layers.h"
#include "common/nn/state.h"
#include "common/tensor/random.h"

namespace foundations::nn {

// Returns a multi-layer perceptron: linear layers from each size to the next, with relus between
// them. Throws ShapeError for fewer than two sizes.
Sequential mlp(const std::vector<std::int64_t>& sizes, Generator& generator);

// Return networks for square images in rows of pixels. Sizes are those of a row, of what comes out,
// and between them the channels of each layer: {784, 8, 16, 32, 10} has three. The first layer is a
// convolution of 5 x 5 pixels. Each layer halves the sides of the image, rounded up. At the end,
// the mean of each channel goes into a linear layer. Throw std::invalid_argument for fewer than
// three sizes, and for a first size that is no square.
//
// convnet: the other layers are convolutions of 3 x 3, each with a relu behind it. Derived in
// 08_conv.
Sequential convnet(const std::vector<std::int64_t>& sizes, Generator& generator);
// resnet: the other layers are ResBlocks; the first is followed by batch norm and relu. Derived in
// 11_resnet.
Sequential resnet(const std::vector<std::int64_t>& sizes, Generator& generator);

// Returns the network of a name and its sizes, "mlp 784 50 10", "convnet 784 8 16 32 32 10" or
// "resnet 784 8 16 32 64 10", with new weights. Throws std::invalid_argument for another name, for
// sizes that are no whole numbers from 1 on or not those of such a network, and for layers of more
// than kMaxWeights.
inline constexpr std::int64_t kMaxWeights = 100'000'000;
Sequential make_model(const std::string& spec, Generator& generator);

// A network, and what its training set was normalised by.
struct TrainedModel {
  std::string spec;  // of make_model()
  Sequential model;
  double mean = 0, std = 1;  // of the pixels of the training set

  // Normalises the images as the training set was, and returns what the model says, in eval mode.
  // Throws DataError if a number that it says is NaN or infinite: all digits would look alike.
  //   images: [n, pixels], 0 to 255/256   returns [n, classes]
  Tensor logits(const Tensor& images);
};

// Returns what a file says about a model: its spec, and the mean and std of its training set.
Metadata model_metadata(const std::string& spec, double mean, double std);

// Reads a file that save_state() wrote with model_metadata(). Throws DataError, naming the file,
// for a file without this metadata, and what read_state() and load_state() throw.
TrainedModel load_model(const std::string& path);

}  // namespace foundations::nn
