// Chapter 06: one network, lin, relu, lin and a loss, written in five ways, each a refactor of the
// one before.
//
//   const Parameters p = {w1, b1, w2, b2, 0.5};
//   const Network network = kRefactors[0].network(p);
//   const Tensor loss = network.forward(x, targ);
//   network.backward();
//   p.w1.grad();
//
// The fifth, modules_5_nn.h, has parameters of its own, without a shift: it is not in the table.
// Source: the notes, "Refactor".
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "06_modules/modules_1_layers_as_classes.h"
#include "06_modules/modules_2_module.h"
#include "06_modules/modules_3_module_einsum.h"
#include "06_modules/modules_4_module_matmul.h"
#include "common/tensor/random.h"
#include "common/tensor/tensor.h"

namespace foundations::ch06 {

// What a network has to learn, and the shift of its relu, 0 or 0.5. A copy shares the tensors and
// their gradients.
struct Parameters {
  Tensor w1, b1;    // [m, nh], [nh]
  Tensor w2, b2;    // [nh, 1], [1]
  float shift = 0;  // one for a network
};

// Returns a start for m inputs and nh hidden neurons, as in 04_init: w1 by Kaiming's rule, w2
// standard normal over the root of nh, biases of 0.
Parameters make_parameters(std::int64_t m, std::int64_t nh, Generator& generator, float shift = 0);

// A network, however it is written.
struct Network {
  // Returns the mean squared error, of shape [].
  //   x: [n, m]   targ: [n]
  std::function<Tensor(const Tensor& x, const Tensor& targ)> forward;
  // Puts the gradients of the last forward pass into grad() of x and of the four parameters.
  std::function<void()> backward;
};

template <class Model>
Network network(const Parameters& p) {
  const auto model = std::make_shared<Model>(p.w1, p.b1, p.w2, p.b2, p.shift);
  return {[model](const Tensor& x, const Tensor& targ) { return (*model)(x, targ); },
          [model] { model->backward(); }};
}

struct Refactor {
  std::string_view name;
  Network (*network)(const Parameters& p);
  bool outer_product = false;  // makes a tensor of n * m * nh elements on its way back
  // What the notebook behind the notes took for 50,000x784x50x1; 0: it does not say.
  double notes_forward_seconds = 0;
  double notes_backward_seconds = 0;
};

// In the order of the lesson.
inline constexpr Refactor kRefactors[] = {
    {"layers_as_classes", network<layers_as_classes::Model>, true, 0.0707, 3.4},
    {"module", network<module_class::Model<module_class::Lin>>, true},
    {"module_einsum", network<module_class::Model<module_class::EinsumLin>>, false, 0.0463, 0.140},
    {"module_matmul", network<module_class::Model<module_class::MatmulLin>>, false, 0.0464, 0.140},
};

// The gradients that backward() leaves, in this order.
inline constexpr std::string_view kGradientNames[] = {"x", "w1", "b1", "w2", "b2"};
using Gradients = std::array<Tensor, 5>;
Gradients gradients(const Parameters& p, const Tensor& x);

// Returns the gradients by the functions of common/nn/functional.h, for a test to compare with
// every refactor's. Leaves grad() of x and of the parameters as they are.
Gradients common_gradients(const Parameters& p, const Tensor& x, const Tensor& targ);

}  // namespace foundations::ch06
