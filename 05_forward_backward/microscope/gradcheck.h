// Gradients held to what they mean: move one number by h up and by h down, and see what the loss
// does. Two passes forward for each number, which is why nobody trains so.
//
//   const auto checks = check_gradients(x, y, net, kSound, {.sample = 500});
//   for (const GradientCheck& c : checks) std::cout << c.name << (is_ok(c) ? " ok" : " WRONG") <<
//   "\n";
//
// In each number alone the loss is a parabola, in pieces: lin is linear, mse a square, and relu
// linear but for its kink. The central difference of a parabola is exact for any h. What is left is
// round-off, which grows as 1 / h, and kinks between -h and h, which grow with h.
//
// x [n, m], y [n] and the net's tensors are row-major, as made; an element is known by its place in
// row-major order. Each is put back after its turn.
// Source: none in the notes, which check against PyTorch.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <string>
#include <vector>

#include "05_forward_backward/forward_backward.h"
#include "common/nn/nn.h"
#include "common/tensor/tensor.h"

namespace foundations::ch05 {

// The gradient functions a backward pass is made of, so that one may be a wrong one.
template <std::floating_point T>
struct GradientsOf {
  void (*mse)(const TensorOf<T>& inp, const TensorOf<T>& targ);
  void (*relu)(const TensorOf<T>& inp, const TensorOf<T>& out);
  void (*lin)(const TensorOf<T>& inp, const TensorOf<T>& out, const TensorOf<T>& w,
              const TensorOf<T>& b);
};
using Gradients = GradientsOf<double>;

// Those of common/nn, which are this chapter's for double too. (A test holds the two together.)
template <std::floating_point T>
inline constexpr GradientsOf<T> kSoundOf = {foundations::mse_grad<T>, foundations::relu_grad<T>,
                                            foundations::lin_grad<T>};
inline constexpr Gradients kSound = kSoundOf<double>;

// Does what forward_and_backward() does, by these functions.
template <std::floating_point T>
void backward(const TensorOf<T>& x, const TensorOf<T>& y, const NetOf<T>& net,
              const GradientsOf<T>& gradients = kSoundOf<T>);

struct Difference {
  double value;  // (loss(element + h) - loss(element - h)) / 2h
  bool kink;     // a pre-activation changes sign on the way: value is no derivative
};

// Returns how fast the loss changes with `element`, a number of x or of the net.
template <std::floating_point T>
Difference central_difference(const TensorOf<T>& x, const TensorOf<T>& y, const NetOf<T>& net,
                              T& element, double h);

struct Element {
  std::int64_t index;
  double analytic, numeric;
};

// What was seen of one of x, w1, b1, w2 and b2.
struct GradientCheck {
  std::string name;
  Shape shape;
  std::vector<Element> elements;  // what was compared
  std::int64_t kinks = 0;         // how many had a kink; they are left out unless asked for
};

struct CheckOptions {
  double h = 1e-5;
  std::int64_t sample = 500;  // how many elements of a larger tensor, evenly spread
  bool keep_kinks = false;    // compare elements with a kink too
};

// Returns the checks of w1, b1, w2, b2 and x. Leaves the gradients in the tensors' slots.
std::vector<GradientCheck> check_gradients(const DoubleTensor& x, const DoubleTensor& y,
                                           const NetOf<double>& net, const Gradients& gradients,
                                           const CheckOptions& options = {});

// Returns the element where the two differ most; NaN differs more than any number. Throws
// IndexError where there is no element.
Element worst(const GradientCheck& check);
// Returns max |numeric - analytic| / max |analytic|; 0 where they are equal, NaN where one of them
// is.
double relative_error(const GradientCheck& check);
// Returns true if something was compared, and its relative error is 1e-6 at most.
bool is_ok(const GradientCheck& check);
// Returns the quartiles of analytic / numeric: lower, median, upper. Without elements whose numeric
// value is below a thousandth of the largest; of none, NaN.
std::array<double, 3> ratio_quartiles(const GradientCheck& check);

// The relative error of `sample` elements of w1 or of w2, with kinks and all, and how many of them
// had a kink. Both sides are computed in T.
struct Curve {
  double h, w1, w2;
  std::int64_t kinks;  // of w1: behind relu, w2 has none
};
template <std::floating_point T>
std::vector<Curve> error_against_h(const TensorOf<T>& x, const TensorOf<T>& y, const NetOf<T>& net,
                                   std::int64_t sample);

// Slopes of the loss of one row by b1[0], which is set so that the pre-activation is exactly 0.
// Overwrites the gradients of the net.
struct Kink {
  double left, central, right, analytic;
};
Kink slopes_at_kink(const DoubleTensor& x, const DoubleTensor& y, const NetOf<double>& net,
                    double h);

}  // namespace foundations::ch05
