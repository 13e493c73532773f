// Chapter 11: a residual block in four steps, each a copy of the one before with one idea more.
//
//   const std::shared_ptr<nn::Module> block = any_shape(16, 32, 2, generator);
//   (*block)(x);                           // [n, 16, 14, 14] to [n, 32, 7, 7]
//
// Source: the notes' list of nine steps, "resnet"; He et al., arXiv 1512.03385; the course's
// notebooks 11_train_imagenette (2019) and 13_resnet (2022).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "common/bench/rung.h"
#include "common/nn/nn.h"

namespace foundations::ch11 {

// Makes a block of two 3 x 3 convolutions from `in` channels to `out`. The second has the stride.
using Make = std::shared_ptr<nn::Module>(std::int64_t in, std::int64_t out, std::int64_t stride,
                                         Generator& generator);

Make plain;      // no skip
Make skip;       // the input is added; only for in = out and a stride of 1
Make any_shape;  // the input is brought to the output's shape first
Make zero_init;  // and at first it is all there is

inline constexpr Rung<Make> kBlocks[] = {
    {"plain", plain}, {"skip", skip}, {"any_shape", any_shape}, {"zero_init", zero_init}};

// A place in a network: how many channels come out of a block, and its stride.
struct Place {
  std::int64_t channels, stride;
};

// Returns a network for images of 28 x 28 in rows: a convolution of 5 x 5 and stride 2 to `stem`
// channels, batch norm, relu, a block for each place, the mean of each channel, and a linear layer
// to ten classes.
nn::Sequential network(Make* make, std::int64_t stem, const std::vector<Place>& places,
                       Generator& generator);

// Returns the places of 3 * blocks blocks: as many with 8, 16 and 32 channels, at 14 x 14, 7 x 7
// and 4 x 4 pixels. With the stem and the linear layer, the network is 6 * blocks + 2 layers deep.
std::vector<Place> three_stages(int blocks);

}  // namespace foundations::ch11
