// The gradients of the notes' network, 784 x 50 x 1 on 64 rows, under a microscope.
//
//   bazel run //05_forward_backward:gradcheck
//   bazel run //05_forward_backward:gradcheck -- --mnist_dir=DIR         # on MNIST
//   bazel run //05_forward_backward:gradcheck -- --break=missing_mean    # a fault of faults.cc
//
// Exit status 0 when all gradients are right, 1 when one is wrong, 2 on an error.
#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <string>
#include <string_view>

#include "05_forward_backward/microscope/faults.h"
#include "05_forward_backward/microscope/gradcheck.h"
#include "common/base/error.h"
#include "common/base/openmp.h"
#include "common/base/program.h"
#include "common/data/mnist.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"

namespace foundations::ch05 {
namespace {

constexpr std::int64_t kRows = 64, kHidden = 50, kCurveSample = 50;
constexpr std::uint64_t kSeed = 1;

Net seeded_net(std::int64_t m, double shift = 0) {
  Generator generator(kSeed);
  Net net = make_net(m, kHidden, generator);
  net.shift = shift;
  return net;
}

// Returns where an element lies: "[12, 3]".
std::string place(const Shape& shape, std::int64_t index) {
  return bracketed(shape.size() == 1 ? Shape({index})
                                     : Shape({index / shape[1], index % shape[1]}));
}

void print_row(const GradientCheck& c) {
  std::cout << std::left << std::setw(4) << c.name << std::right << std::setw(6)
            << c.elements.size() << std::setw(7) << c.kinks;
  if (c.elements.empty()) {
    std::cout << "  nothing to compare\n";
    return;
  }
  const Element e = worst(c);
  std::cout << std::setw(12) << place(c.shape, e.index) << std::setprecision(6) << std::setw(14)
            << e.analytic << std::setw(14) << e.numeric << std::setprecision(2) << std::setw(10)
            << relative_error(c) << std::setprecision(3);
  for (const double ratio : ratio_quartiles(c)) std::cout << std::setw(9) << ratio;
  std::cout << (is_ok(c) ? "  ok" : "  WRONG") << "\n";
}

// Prints the checks, and returns true if all are right.
bool print_checks(const std::vector<GradientCheck>& checks) {
  std::cout << "              the worst element                             relative"
               "  analytic / numeric\n"
               "     seen  kinks       where      analytic       numeric     error"
               "  quarter   median  3 quarters\n";
  for (const GradientCheck& c : checks) print_row(c);
  return std::all_of(checks.begin(), checks.end(), is_ok);
}

// Returns a mark for each factor of 10 above 1e-14.
std::string bar(double error) {
  const double marks = std::log10(error) + 14;
  return std::string(marks > 0 ? static_cast<std::size_t>(std::lround(marks)) : 0, '#');
}

void print_curve(std::string_view type, const std::vector<Curve>& curve) {
  std::cout << "\n" << type << "\n       h   kinks        w1                          w2\n";
  for (const Curve& c : curve) {
    std::cout << std::setprecision(2) << std::setw(8) << c.h << std::setw(8) << c.kinks
              << std::setw(10) << c.w1 << "  " << std::left << std::setw(16) << bar(c.w1)
              << std::right << std::setw(8) << c.w2 << "  " << bar(c.w2) << "\n";
  }
}

void print_kink(const Kink& kink) {
  const auto row = [&](std::string_view name, double slope) {
    std::cout << "  " << std::left << std::setw(32) << name << std::right << std::setprecision(4)
              << std::setw(10) << slope + 0. << std::setprecision(3) << std::setw(8)
              << slope / kink.right + 0. << "\n";
  };
  std::cout << "\nAt a kink: one row, and b1[0] such that what enters relu is exactly 0 there\n"
            << "  slope of the loss by b1[0]            / the slope to the right\n";
  row("left, (f(0) - f(-h)) / h", kink.left);
  row("central, (f(h) - f(-h)) / 2h", kink.central);
  row("right, (f(h) - f(0)) / h", kink.right);
  row("relu_grad, which says 0 at 0", kink.analytic);
  std::cout
      << "There is no one slope here, so elements with a kink between -h and h do not count.\n";
}

bool sound(const DoubleTensor& x, const DoubleTensor& y) {
  const NetOf<double> net = in_double(seeded_net(x.size(1)));
  std::cout << "\n";
  const bool ok = print_checks(check_gradients(x, y, net, kSound));
  std::cout
      << "\nThe relative error against h, of " << kCurveSample
      << " elements each, kinks and all; a mark is a factor of 10\n"
         "Large h: kinks, in w1 alone; between kinks the loss is a parabola, and its central\n"
         "difference exact. Small h: the round-off of the loss, divided by h.\n";
  print_curve("double", error_against_h(x, y, net, kCurveSample));
  print_curve("float",
              error_against_h(x.to<float>(), y.to<float>(), seeded_net(x.size(1)), kCurveSample));
  print_kink(slopes_at_kink(x, y, net, 1e-5));
  return ok;
}

bool broken(const DoubleTensor& x, const DoubleTensor& y, const Fault& fault) {
  std::cout << "\nBroken on purpose, " << fault.name << ": " << fault.what << ".\n";
  if (fault.shift != 0) {
    std::cout << "relu is max(x, 0) - " << fault.shift
              << " here. Without the shift, out > 0 just where inp > 0, and nothing is wrong:\n\n";
    print_checks(check_gradients(x, y, in_double(seeded_net(x.size(1))), fault.gradients));
    std::cout << "\nWith it:\n";
  }
  std::cout << "\n";
  const bool ok = print_checks(
      check_gradients(x, y, in_double(seeded_net(x.size(1), fault.shift)), fault.gradients));
  std::cout << "\nLooks like: " << fault.looks_like << ".\n";
  return ok;
}

// Returns true if all gradients are right: with the fault of this name, or without one if it is "".
bool examine(const Mnist& digits, std::string_view fault_name) {
  if (digits.x_train.size(0) < kRows) {
    throw DataError(digits.source + ": has fewer than 64 images to train on");
  }
  const Tensor x = normalize(digits.x_train, digits.x_train.mean(), digits.x_train.std());
  const DoubleTensor rows = x.slice(0, 0, kRows).to<double>();
  const DoubleTensor targets = digits.y_train.slice(0, 0, kRows).to<double>();
  std::cout << "The images are " << digits.source << ": the first " << kRows
            << ".\nGradients against central differences in double, h = 1e-5; ok is 1e-6 or less.\n"
               "All of b1, w2 and b2; of w1 and x 500 elements each, evenly spread.\n";
  for (const Fault& fault : kFaults) {
    if (fault.name == fault_name) return broken(rows, targets, fault);
  }
  return sound(rows, targets);
}

}  // namespace
}  // namespace foundations::ch05

int main(int argc, char** argv) {
  using namespace foundations;
  set_threads(1);  // small products: threads would wait for one another
  Program program(
      "The gradients of the notes' network, 784 x 50 x 1 on 64 rows, under a microscope.");
  std::string fault;
  std::vector<std::string> names;
  for (const ch05::Fault& known : ch05::kFaults) names.emplace_back(known.name);
  program.option("--break", fault, names, "plants a fault");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] { return ch05::examine(load_digits(dir), fault) ? 0 : 1; });
}
