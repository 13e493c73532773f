// Does it learn? Gradient descent on 5,000 digits, with the notes' network and their loss.
//
//   bazel run //06_modules:fit                       # on the built-in digits
//   bazel run //06_modules:fit -- --mnist_dir=DIR    # on MNIST
//   bazel run //06_modules:fit -- --out=DIR          # and a picture, DIR/fit.svg
//   bazel run //06_modules:fit -- --steps=N --lr=X
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "06_modules/fit.h"
#include "common/base/error.h"
#include "common/base/stdout.h"
#include "common/base/user_path.h"
#include "common/bench/gnuplot.h"
#include "common/data/mnist.h"
#include "common/tensor/random.h"

namespace foundations::ch06 {
namespace {

constexpr std::int64_t kHidden = 50;
constexpr std::uint64_t kSeed = 42;

struct Flags {
  int steps = 20;
  double lr = 0.01;
  std::string out;  // a folder; "": no picture
};

template <class Number>
Number number(std::string_view argument, std::string_view text, Number low, Number high,
              const std::string& needed) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= low) ||
      !(value <= high)) {
    throw std::invalid_argument(std::string(argument) + ": " + needed + " is needed");
  }
  return value;
}

Flags parse(int argc, char** argv) {
  Flags flags;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const std::size_t equals = std::min(argument.find('='), argument.size());
    const std::string_view name = argument.substr(0, equals);
    const std::string_view value = argument.substr(std::min(equals + 1, argument.size()));
    if (name == "--steps") {
      flags.steps = number(argument, value, 0, 100'000, "a number from 0 to 100000");
    } else if (name == "--lr") {
      flags.lr = number(argument, value, 0.0, 1000.0, "a number from 0 to 1000");
    } else if (name == "--out" && !value.empty()) {
      flags.out = user_path(std::string(value));
    } else {
      throw std::invalid_argument("unknown argument " + std::string(argument) +
                                  "; it takes --out=DIR, --mnist_dir=DIR, --steps=N and --lr=X");
    }
  }
  return flags;
}

bool is_shown(int step, int steps) {
  return step <= 2 || step == 5 || step == 10 || step == 20 || step % 100 == 0 || step == steps;
}

template <class... Numbers>
void print(const char* format, Numbers... numbers) {
  char line[128];
  std::snprintf(line, sizeof line, format, numbers...);
  std::cout << line << std::flush;
}

void run(const FitData& data, const std::string& source, const Flags& flags,
         const std::string& picture) {
  Generator generator(kSeed);
  nn::Model model(data.x.size(1), kHidden, 1, generator);
  set_parameters(model, make_parameters(data.x.size(1), kHidden, generator));
  std::cout << "data: the first " << data.x.size(0) << " training images of " << source << "\n"
            << model << "\n\n";
  print("gradient descent, %d steps, lr %g\n\n step  train loss  validation loss\n", flags.steps,
        flags.lr);
  const auto watch = [&](int step, double loss) {
    if (!is_shown(step, flags.steps)) return;
    print("%5d  %10.5g  %15.5g\n", step, loss, model(data.x_valid, data.targ_valid).item());
  };
  const auto losses =
      fit(model, data.x, data.targ, {.steps = flags.steps, .lr = flags.lr, .watch = watch});
  const double constant = constant_loss(data.targ);
  std::cout << "\nthe train loss, step by step\n" << loss_bars(losses) << "\n";
  if (!picture.empty()) {
    const bool drawn = gnuplot(loss_chart(losses, constant), picture);
    std::cout << (drawn ? "picture: " + picture : kNoGnuplot) << "\n\n";
  }
  print("first loss %.5g, last loss %.5g\n", losses.front(), losses.back());
  print("who says the mean of all digits for every image has var(y) = %.5g\n", constant);
}

}  // namespace
}  // namespace foundations::ch06

int main(int argc, char** argv) try {
  using namespace foundations;
  const auto dir = mnist_dir_flag(argc, argv);
  const ch06::Flags flags = ch06::parse(argc, argv);
  const std::string picture = flags.out.empty() ? "" : picture_path(flags.out, "fit.svg");
  const Mnist digits = load_digits(dir);
  ch06::run(ch06::fit_data(digits), digits.source, flags, picture);
  flush_stdout();
} catch (const std::exception& error) {
  std::cerr << "fit: " << error.what() << "\n";
  return 2;
}
