// What the rules of init.h do to digits: the mean and the standard deviation after the first layer,
// and the whole network's output and loss, over several seeds.
#pragma once

#include <cstdint>
#include <string>

#include "04_init/forward.h"
#include "04_init/init.h"
#include "common/tensor/tensor.h"

namespace foundations::ch04 {

// The images that the rules are tried on, normalised with the mean and the std of the training
// images, and their digits. Throws DataError where there are fewer than two.
struct Validation {
  Tensor x, y;  // [n, m], [n]
};
Validation validation_images(const Mnist& digits);

// One draw of the weights. (Shifting changes no standard deviation.)
struct FirstLayer {
  double lin_mean, lin_std, relu_mean, relu_std, shifted_mean;
};
FirstLayer first_layer(const Rule& rule, const Tensor& x, std::int64_t nh, std::uint64_t seed);

struct WholeModel {
  double out_mean, out_std, loss;
};
WholeModel whole_model(const Model& model, const Tensor& x, const Tensor& y);

// first_layer() of every row of kRules, seeds 0, 1, ..., as a table of "mean+-sd".
//   x: [n, m], normalised
std::string first_layer_table(const Tensor& x, std::int64_t nh, int seeds);

// whole_model() for two rules for w1, both scalings of w2 and both shifts.
//   x: [n, m], normalised   y: [n]
std::string whole_model_table(const Tensor& x, const Tensor& y, std::int64_t nh, int seeds);

}  // namespace foundations::ch04
