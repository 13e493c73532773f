// Rung 4: the last batch norm starts with a weight of 0, so the block starts as its skip. New is
// zeroed().
#include "11_resnet/res_block.h"
#include "common/tensor/ops.h"

namespace foundations::ch11 {
namespace {

nn::Sequential identity(std::int64_t in, std::int64_t out, std::int64_t stride,
                        Generator& generator) {
  std::vector<std::shared_ptr<nn::Module>> layers;
  if (stride == 2) layers.push_back(nn::share(nn::AvgPool2d(2, {.ceil_mode = true})));
  if (in != out) layers.push_back(nn::share(nn::Conv2d(in, out, 1, {.bias = false}, generator)));
  return nn::Sequential(layers);
}

nn::BatchNorm2d zeroed(nn::BatchNorm2d norm) {
  norm.weight().zero_();
  return norm;
}

class Block : public nn::Module {
 public:
  Block(std::int64_t in, std::int64_t out, std::int64_t stride, Generator& generator)
      : branch_(register_module(
            "branch",
            nn::Sequential{
                nn::Conv2d(in, out, 3, {.padding = 1, .bias = false}, generator),
                nn::BatchNorm2d(out), nn::ReLU(),
                nn::Conv2d(out, out, 3, {.stride = stride, .padding = 1, .bias = false}, generator),
                zeroed(nn::BatchNorm2d(out))})),
        id_(register_module("id", identity(in, out, stride, generator))) {}

  Tensor forward(const Tensor& x) override { return relu_(branch_(x) + id_(x)); }

  Tensor bwd(const Tensor& out_grad) override {
    const Tensor grad = relu_.backward(out_grad);
    const Tensor branch_grad = branch_.backward(grad), id_grad = id_.backward(grad);
    return branch_grad + id_grad;
  }

 private:
  nn::Sequential &branch_, &id_;
  nn::ReLU& relu_ = register_module("relu", nn::ReLU());
};

}  // namespace

std::shared_ptr<nn::Module> zero_init(std::int64_t in, std::int64_t out, std::int64_t stride,
                                      Generator& generator) {
  return std::make_shared<Block>(in, out, stride, generator);
}

}  // namespace foundations::ch11
