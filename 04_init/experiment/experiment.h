// What the rules of init.h do to digits: the mean and the standard deviation after one layer, over
// several seeds.
#pragma once

#include <cstdint>
#include <string>

#include "04_init/forward.h"
#include "04_init/init.h"
#include "common/tensor/tensor.h"

namespace foundations::ch04 {

// Returns the validation images, [n, m], normalised with the mean and the std of the training
// images. Throws DataError where there are fewer than two.
Tensor validation_images(const Mnist& digits);

// Sends x, [n, m], through one layer of nh neurons, with weights drawn from this seed. (Shifting
// changes no standard deviation.)
struct FirstLayer {
  double lin_mean, lin_std, relu_mean, relu_std, shifted_mean;
};
FirstLayer first_layer(const Rule& rule, const Tensor& x, std::int64_t nh, std::uint64_t seed);

// Returns first_layer() of every row of kRules, for seeds 0, 1, ..., as a table of "mean+-sd".
//   x: [n, m], normalised
std::string first_layer_table(const Tensor& x, std::int64_t nh, int seeds);

}  // namespace foundations::ch04
