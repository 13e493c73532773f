// The numbers a network starts from: torch.nn.init. Every function fills a tensor in place, with
// numbers from the generator you pass, and returns it. Derived in 04_init.
//
//   Generator generator(42);
//   kaiming_normal_(empty(50, 784), generator);                        // as PyTorch stores it
//   kaiming_normal_(empty(784, 50), generator, {.mode = Fan::kOut});   // as the notes store it
//
// A weight is [out, in], and that of a convolution [out, in, height, width]: the fans are computed
// so, as PyTorch does. The notes multiply x @ w and store [in, out]; there, the inputs of a neuron
// are what PyTorch calls fan_out.
//
// Any strides: the numbers are drawn for the elements in row-major order, wherever they lie. T is
// float or double, and the numbers are drawn in double. For a tensor without elements nothing is
// drawn. Before anything is written or drawn, all throw ShapeError for a tensor whose elements
// share memory (an expanded view), and std::invalid_argument for a mean, deviation or bound that is
// NaN or infinite, a negative deviation, and bounds in the wrong order. A function that needs the
// fans throws ShapeError for fewer than two dimensions.
// Cost: for two normal numbers a logarithm, a square root and two or three random words; for a
// uniform one a word.
#pragma once

#include <concepts>
#include <cstdint>

#include "common/tensor/random.h"
#include "common/tensor/tensor.h"

namespace foundations {

template <std::floating_point T>
TensorOf<T> normal_(const TensorOf<T>& tensor, double mean, double std, Generator& generator);

// Uniform from low to below high; low where they are equal.
template <std::floating_point T>
TensorOf<T> uniform_(const TensorOf<T>& tensor, double low, double high, Generator& generator);

// How many numbers go into each output, and how many outputs each input goes into.
struct Fans {
  std::int64_t in, out;
};

// shape: [out, in, ...]; every position of a kernel counts. [32, 1, 5, 5] has fans of 25 and 800.
// Throws ShapeError for fewer than two dimensions.
Fans fans(const Shape& shape);

// Returns sqrt(2 / (1 + a^2)), which makes up for what a leaky relu of slope `a` takes from the
// root mean square of zero-mean inputs: sqrt(2) for relu, 1 for a = 1, which is no relu at all.
double gain(double a = 0);

enum class Fan { kIn, kOut };

struct Kaiming {
  double a = 0;         // the slope for negatives of the rectifier that comes after
  Fan mode = Fan::kIn;  // keeps the size of the activations; kOut that of the gradients
};

// Standard deviation gain(a) / sqrt(fan). He et al., arXiv 1502.01852, section 2.2.
template <std::floating_point T>
TensorOf<T> kaiming_normal_(const TensorOf<T>& weight, Generator& generator,
                            const Kaiming& options = {});
template <std::floating_point T>
TensorOf<T> kaiming_uniform_(const TensorOf<T>& weight, Generator& generator,
                             const Kaiming& options = {});

// Standard deviation sqrt(2 / (fan in + fan out)), whichever way the weight is stored. PyTorch's
// xavier_normal_ and xavier_uniform_; Glorot and Bengio 2010.
template <std::floating_point T>
TensorOf<T> glorot_normal_(const TensorOf<T>& weight, Generator& generator);
template <std::floating_point T>
TensorOf<T> glorot_uniform_(const TensorOf<T>& weight, Generator& generator);

}  // namespace foundations
