#include "08_conv/net.h"

namespace foundations::ch08 {

nn::Sequential net(const Start& start, Generator& generator) {
  using nn::Conv2d, nn::GeneralRelu;
  nn::Sequential model{nn::Unflatten({1, 28, 28}),
                       Conv2d(1, 8, 5, {.stride = 2, .padding = 2}, generator),
                       GeneralRelu(start.relu),
                       Conv2d(8, 16, 3, {.stride = 2, .padding = 1}, generator),
                       GeneralRelu(start.relu),
                       Conv2d(16, 32, 3, {.stride = 2, .padding = 1}, generator),
                       GeneralRelu(start.relu),
                       Conv2d(32, 32, 3, {.stride = 2, .padding = 1}, generator),
                       GeneralRelu(start.relu),
                       nn::AdaptiveAvgPool2d(),
                       nn::Flatten(),
                       nn::Linear(32, 10, generator)};
  if (start.kaiming) {
    for (const auto& layer : layers_of<Conv2d>(model)) {
      kaiming_normal_(layer->weight(), generator, {.a = start.relu.leak});
      layer->bias().zero_();
    }
  }
  model.input_grad(false);
  return model;
}

}  // namespace foundations::ch08
