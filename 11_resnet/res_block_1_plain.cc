// Rung 1: two convolutions, each with batch norm and relu. No skip yet.
#include "11_resnet/res_block.h"

namespace foundations::ch11 {
namespace {

class Block : public nn::Module {
 public:
  Block(std::int64_t in, std::int64_t out, std::int64_t stride, Generator& generator)
      : branch_(register_module(
            "branch",
            nn::Sequential{
                nn::Conv2d(in, out, 3, {.padding = 1, .bias = false}, generator),
                nn::BatchNorm2d(out), nn::ReLU(),
                nn::Conv2d(out, out, 3, {.stride = stride, .padding = 1, .bias = false}, generator),
                nn::BatchNorm2d(out)})) {}

  Tensor forward(const Tensor& x) override { return relu_(branch_(x)); }

  Tensor bwd(const Tensor& out_grad) override {
    const Tensor grad = relu_.backward(out_grad);
    return branch_.backward(grad);
  }

 private:
  nn::Sequential& branch_;
  nn::ReLU& relu_ = register_module("relu", nn::ReLU());
};

}  // namespace

std::shared_ptr<nn::Module> plain(std::int64_t in, std::int64_t out, std::int64_t stride,
                                  Generator& generator) {
  return std::make_shared<Block>(in, out, stride, generator);
}

}  // namespace foundations::ch11
