// Does it learn? Gradient descent on 5,000 digits, with the notes' network and their loss.
//
//   bazel run //06_modules:fit                       # on the built-in digits
//   bazel run //06_modules:fit -- --mnist_dir=DIR    # on MNIST
//   bazel run //06_modules:fit -- --out=DIR          # and a picture, DIR/fit.svg
//   bazel run //06_modules:fit -- --steps=N --lr=X
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <string>

#include "06_modules/descent/fit.h"
#include "common/base/program.h"
#include "common/bench/gnuplot.h"
#include "common/data/mnist.h"
#include "common/nn/nn.h"
#include "common/tensor/random.h"

namespace foundations::ch06 {
namespace {

constexpr std::int64_t kHidden = 50;
constexpr std::uint64_t kSeed = 42;

bool is_shown(int step, int steps) {
  return step <= 2 || step == 5 || step == 10 || step == 20 || step % 100 == 0 || step == steps;
}

// Returns the part of the answers whose nearest whole number is the digit.
double rounded_accuracy(const Tensor& answers, const Tensor& digits) {
  return ((answers.squeeze(-1) - digits).abs() < 0.5).to<float>().mean().item();
}

// Asks the model what the first validation images show. Its answers are numbers, not digits.
void ask(nn::Module& model, const FitData& data) {
  const std::int64_t n = std::min<std::int64_t>(data.x_valid.size(0), 10);
  if (n == 0) return;
  model.eval();
  const Tensor answers = model(data.x_valid.slice(0, 0, n));
  std::cout << "digit ";
  for (std::int64_t i = 0; i < n; ++i) std::cout << fmt::format("{:6.0f}", data.targ_valid(i));
  std::cout << "\nanswer";
  for (std::int64_t i = 0; i < n; ++i) {
    const float answer = answers(i, 0);
    std::cout << (std::isnan(answer) ? "   nan" : fmt::format("{:6.1f}", answer));
  }
  std::cout << "\n"
            << fmt::format("rounded, {:.0f} % of the validation images are right\n",
                           100 * rounded_accuracy(model(data.x_valid), data.targ_valid));
}

// With a picture, unless its path is "".
void show(const Mnist& digits, Descent descent, const std::string& picture) {
  const FitData data = fit_data(digits);
  Generator generator(kSeed);
  const std::int64_t pixels = data.x.size(1);
  nn::Sequential model{nn::Linear(pixels, kHidden, generator), nn::ReLU(),
                       nn::Linear(kHidden, 1, generator)};
  model.input_grad(false);
  set_parameters(model, make_parameters(pixels, kHidden, generator));
  std::cout << "data: the first " << data.x.size(0) << " training images of " << digits.source
            << "\n"
            << model << "\n\n"
            << fmt::format("gradient descent, {} steps, lr {:g}\n\n", descent.steps, descent.lr)
            << " step  train loss  validation loss\n";
  descent.watch = [&](int step, double loss) {
    if (!is_shown(step, descent.steps)) return;
    model.eval();
    const double valid_loss = mse(model(data.x_valid), data.targ_valid).item();
    model.train();
    std::cout << fmt::format("{:5}  {:>10}  {:>15}\n", step, loss_text(loss), loss_text(valid_loss))
              << std::flush;
  };
  const std::vector<double> losses = fit(model, data.x, data.targ, descent);
  const double constant = constant_loss(data.targ);
  std::cout << "\nthe train loss, step by step\n" << loss_bars(losses) << "\n";
  if (!picture.empty()) {
    const bool drawn = gnuplot(loss_chart(losses, constant), picture);
    std::cout << (drawn ? "picture: " + picture : kNoGnuplot) << "\n\n";
  }
  std::cout << "first loss " << loss_text(losses.front()) << ", last loss "
            << loss_text(losses.back())
            << "\na model that always answers the mean digit: " << loss_text(constant) << "\n\n";
  ask(model, data);
}

}  // namespace
}  // namespace foundations::ch06

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("Gradient descent on 5,000 digits, with the notes' network and their loss.");
  ch06::Descent descent;
  program.option("--steps", descent.steps, 0, 100'000, "steps of gradient descent");
  program.option("--lr", descent.lr, 0, 1000, "learning rate");
  const auto& dir = program.mnist_dir();
  const auto& out = program.out("and a picture, DIR/fit.svg, if gnuplot is there");
  return program.run(argc, argv, [&] {
    const std::string picture = out ? picture_path(*out, "fit.svg") : "";
    ch06::show(load_digits(dir), descent, picture);
  });
}
