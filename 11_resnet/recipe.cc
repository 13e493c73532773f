#include "11_resnet/recipe.h"

#include "common/data/augment.h"
#include "common/tensor/ops.h"

namespace foundations::ch11 {

optim::AdamW adam_w(const nn::Module& model, const Recipe& recipe) {
  return optim::AdamW(model.parameters(),
                      {.lr = recipe.lr, .betas = {0.9, 0.99}, .weight_decay = recipe.weight_decay});
}

DataLoader batches(const Dataset& train, const Recipe& recipe, Generator& generator) {
  LoaderOptions options{.batch = recipe.batch, .shuffle = &generator};
  if (recipe.shift > 0) {
    options.transform = [&generator, by = recipe.shift](const Tensor& xb) {
      return random_shift(xb, by, generator);
    };
  }
  return {train, options};
}

Tensor five_looks(nn::Module& model, const Tensor& x) {
  model.eval();
  Tensor sum = log_softmax(model(x), 1).exp();
  for (const std::int64_t by : {-1, 1}) {
    sum += log_softmax(model(shift(x, by, 0)), 1).exp();
    sum += log_softmax(model(shift(x, 0, by)), 1).exp();
  }
  return sum / 5;
}

double accuracy_on(const Dataset& data, nn::Module& model, bool five) {
  model.eval();
  double right = 0, rows = 0;
  for (const auto& [xb, yb] : DataLoader(data, {.batch = 250})) {
    const double n = static_cast<double>(yb.numel());
    right += n * accuracy(five ? five_looks(model, xb) : model(xb), yb).item();
    rows += n;
  }
  return right / rows;
}

}  // namespace foundations::ch11
