// What a network sees: its first filters, and one digit on its way through the layers.
//
//   const std::vector<Stage> stages = see(model, image);
//   for (const Stage& stage : stages) std::cout << stage.name << "\n" << picture(stage.tiles, ...);
//   imsave("see.png", one_picture(stages));
#pragma once

#include <string>
#include <vector>

#include "common/nn/nn.h"

namespace foundations::ch08 {

// Returns images side by side, `across` in a row, with a line of grey between them.
//   images: [n, h, w], 0 to 1   returns a matrix
Tensor mosaic(const Tensor& images, std::int64_t across);

// Returns the picture with each pixel as a square of k x k.
Tensor enlarged(const Tensor& picture, std::int64_t k);

// Channels of a layer, or filters.
struct Stage {
  std::string name;
  Tensor images;        // [channels, h, w], 0 to 1
  std::int64_t across;  // in a row
};

// Returns the digit, the first filters (black is negative, grey 0, white positive) and what each
// relu makes of the digit (black the least of the layer, white the largest, and as bright as the
// root of what is between). The model's mode is as before.
//   image: [784], normalised
std::vector<Stage> see(nn::Sequential& model, const Tensor& image);

// Returns see()'s stages in one picture, 640 pixels wide.
Tensor one_picture(const std::vector<Stage>& stages);

}  // namespace foundations::ch08
