// The layers of torch.nn for images, [n, channels, height, width]: convolution and pooling. A call
// throws what the function under it throws (conv.h, pool.h).
//
//   nn::Sequential model{nn::Unflatten({1, 28, 28}),
//                        nn::Conv2d(1, 8, 5, {.stride = 2, .padding = 2}, generator),
//                        nn::ReLU(), nn::AdaptiveAvgPool2d(), nn::Flatten(),
//                        nn::Linear(8, 10, generator)};
#pragma once

#include <cstdint>
#include <string>

#include "common/nn/conv.h"
#include "common/nn/module.h"
#include "common/nn/pool.h"
#include "common/tensor/random.h"

namespace foundations::nn {

struct Conv2dLayerOptions {
  std::int64_t stride = 1, padding = 0;
  bool bias = true;  // none is needed before batch norm, which takes the mean off
};

// Returns conv2d(x, weight, bias).
//   x: [n, in, h, w]   weight: [out, in, kernel, kernel]   bias: [out]   returns [n, out, oh, ow]
// Starts as PyTorch's does, with numbers uniform between -1/sqrt(fan) and 1/sqrt(fan) for a fan of
// in * kernel * kernel: PyTorch writes it as Kaiming's rule with a = sqrt(5) (08_conv).
class Conv2d : public Module {
 public:
  Conv2d(std::int64_t in_channels, std::int64_t out_channels, std::int64_t kernel,
         const Conv2dLayerOptions& options, Generator& generator);
  Conv2d(std::int64_t in_channels, std::int64_t out_channels, std::int64_t kernel,
         Generator& generator)
      : Conv2d(in_channels, out_channels, kernel, {}, generator) {}

  const Tensor& weight() const { return weight_; }
  const Tensor& bias() const { return bias_; }  // undefined without one
  std::string extra_repr() const override;

 protected:
  Tensor forward(const Tensor& x) override;
  Tensor bwd(const Tensor& out_grad) override;

 private:
  Conv2dOptions options_;
  Tensor weight_, bias_, inp_;
};

class AvgPool2d : public Module {
 public:
  explicit AvgPool2d(std::int64_t kernel, const AvgPool2dOptions& options = {})
      : kernel_(kernel), options_(options) {}
  std::string extra_repr() const override;

 protected:
  Tensor forward(const Tensor& x) override;
  Tensor bwd(const Tensor& out_grad) override;

 private:
  std::int64_t kernel_;
  AvgPool2dOptions options_;
  Shape shape_;
};

class MaxPool2d : public Module {
 public:
  explicit MaxPool2d(std::int64_t kernel, const MaxPool2dOptions& options = {})
      : kernel_(kernel), options_(options) {}
  std::string extra_repr() const override;

 protected:
  Tensor forward(const Tensor& x) override;
  Tensor bwd(const Tensor& out_grad) override;

 private:
  std::int64_t kernel_;
  MaxPool2dOptions options_;
  Tensor inp_;
};

// Returns the mean of each channel, [n, c, 1, 1]: PyTorch's AdaptiveAvgPool2d(1).
class AdaptiveAvgPool2d : public Module {
 public:
  std::string extra_repr() const override { return "output_size=1"; }

 protected:
  Tensor forward(const Tensor& x) override;
  Tensor bwd(const Tensor& out_grad) override;

 private:
  Shape shape_;
};

// Returns x with rows of the given shape: [n, 784] as [n, 1, 28, 28]. PyTorch's Unflatten(1,
// shape).
class Unflatten : public Module {
 public:
  explicit Unflatten(const Shape& row) : row_(row) {}
  std::string extra_repr() const override;

 protected:
  Tensor forward(const Tensor& x) override;
  Tensor bwd(const Tensor& out_grad) override;

 private:
  Shape row_, shape_;
};

}  // namespace foundations::nn
