#include <iostream>
#include "07_train_loop/fit.h"
#include "common/data/mnist.h"
#include "common/nn/nn.h"
using namespace foundations; using namespace foundations::ch07;
int main(int argc, char** argv) {
  const Mnist digits = load_mnist(argv[1]);
  const Tensor mean = digits.x_train.mean(), std = digits.x_train.std();
  Generator generator(42);
  nn::Sequential model = nn::mlp({784, 50, 10}, generator);
  model.input_grad(false);
  nn::CrossEntropyLoss loss;
  Optimizer opt(model.parameters(), 0.1f);
  const Dataset train{normalize(digits.x_train, mean, std), digits.y_train};
  const Dataset valid{normalize(digits.x_valid, mean, std), digits.y_valid};
  const History h = fit(std::stoi(argv[3]), model, loss, opt, DataLoader(train, Sampler(train.size(), 64, &generator)), DataLoader(valid, Sampler(valid.size(), 1000)));
  for (auto& s : h.valid) std::cout << s.loss << " " << s.accuracy << "\n";
  nn::save_state(argv[2], model, nn::model_metadata("mlp 784 50 10", mean.item(), std.item()));
}
