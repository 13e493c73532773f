// Batch normalisation as layers: torch.nn.BatchNorm1d and BatchNorm2d.
#pragma once

#include <cstdint>
#include <string>

#include "common/nn/batch_norm.h"
#include "common/nn/module.h"

namespace foundations::nn {

// What both are. Parameters: weight (1 at first) and bias (0), each [channels]. Buffers:
// running_mean (0) and running_var (1), which training moves and eval uses; they are saved with the
// state. (PyTorch has a third, num_batches_tracked, which its default momentum does not read.)
//
// With {.relu = true} a relu behind it is done in the same pass. A residual block adds its skip
// before that relu, in the same pass too:
//
//   out = bn(x, skip);                      // max(0, batch norm of x + skip)
//   grad = bn.backward(out_grad);           // by x
//   skip_grad = bn.take_skip_grad();        // by skip
class BatchNorm : public Module {
 public:
  using Module::operator();
  // Throws ShapeError unless the skip has the shape of x.
  Tensor operator()(const Tensor& x, const Tensor& skip);
  // Returns the gradient by the skip of the last backward(), and forgets it; undefined if there was
  // no skip.
  Tensor take_skip_grad();

  const Tensor& weight() const { return state_.weight; }
  const Tensor& bias() const { return state_.bias; }
  std::string extra_repr() const override;

 protected:
  BatchNorm(std::int64_t channels, const BatchNormOptions& options, std::int64_t rank);
  Tensor forward(const Tensor& x) override;
  Tensor bwd(const Tensor& out_grad) override;

 private:
  BatchNormOptions options_;
  std::int64_t rank_;
  BatchNormState<float> state_;
  Tensor skip_, inp_, skip_grad_;
  BatchNormed<float> normed_;
  bool has_skip_ = false;  // the last call's
};

// x: [n, channels]   throws ShapeError for another shape, and for n = 1 in training
class BatchNorm1d : public BatchNorm {
 public:
  explicit BatchNorm1d(std::int64_t channels, const BatchNormOptions& options = {})
      : BatchNorm(channels, options, 2) {}
};

// x: [n, channels, h, w]   throws ShapeError for another shape, and for n * h * w = 1 in training
class BatchNorm2d : public BatchNorm {
 public:
  explicit BatchNorm2d(std::int64_t channels, const BatchNormOptions& options = {})
      : BatchNorm(channels, options, 4) {}
};

}  // namespace foundations::nn
