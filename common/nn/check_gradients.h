// Is the way back of a layer right? For layers of your own, in their tests:
//
//   LeakyReLU leaky;
//   EXPECT_EQ(nn::check_gradients(leaky, randn({5, 3}, generator)), "");
#pragma once

#include <string>

#include "common/nn/module.h"

namespace foundations::nn {

// Compares backward() with differences of the outputs, for every element of x and of every
// parameter. Returns "" if they agree, else a sentence on the first element where they do not.
//
// Modules are float, so the differences are coarse: a gradient passes if it is off by less than two
// thousandths of the largest in its tensor, and rounding. That finds a wrong formula, not a wrong
// last digit; the functions of functional.h are checked in double. Near a kink (relu at 0) a
// smaller step is tried. Not for modules whose output is random.
// The module is called twice or more for each element, and has no gradients afterwards.
std::string check_gradients(Module& module, const Tensor& x);

}  // namespace foundations::nn
