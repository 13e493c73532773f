// The notes' cells of "Matrix Multiplication", in C++ and in their order. Each prints what the
// notes print for it, to the letter; cells marked [ ] are not in the notes.
//
//   bazel run //01_matmul:walkthrough              # on the built-in digits
//   bazel run //01_matmul:walkthrough -- --time    # and how long the rungs take here
#include <iostream>

#include "01_matmul/matmul.h"
#include "01_matmul/timeit.h"
#include "common/base/cell.h"
#include "common/base/error.h"
#include "common/base/program.h"
#include "common/data/mnist.h"
#include "common/data/picture.h"
#include "common/linalg/matmul.h"
#include "common/tensor/ops.h"
#include "common/tensor/print.h"
#include "common/tensor/random.h"

namespace foundations::ch01 {
namespace {

void first_digit(const Mnist& digits) {
  if (digits.x_train.size(0) == 0 || digits.x_train.size(1) != 28 * 28) {
    throw DataError(digits.source + ": has no first image of 28 x 28 pixels");
  }
  std::cout << "The first image of x_train (" << digits.source << "):\n";
  const Tensor img = digits.x_train[0];
  imshow(img.view(28, 28), Style::kAscii);
  cell(" ", "img.shape, y_train[0]", tuple_string(img.shape(), digits.y_train[0]));
}

void three_loops() {
  Generator generator(42);
  const Tensor m1 = rand({5, 784}, generator);
  const Tensor m2 = rand({784, 10}, generator);
  cell("6", "m1.shape, m2.shape", tuple_string(m1.shape(), m2.shape()));
  const Tensor t = checked(m1, m2);
  cell("9", "t.shape", t.shape());
}

void elementwise() {
  const Tensor a = tensor({10, 6, -4});
  const Tensor b = tensor({2, 8, 7});
  cell("10", "a, b", tuple_string(a, b));
  cell("11", "a + b", a + b);
  cell(" ", "a < b", a < b);
  cell(" ", "a == b", a == b);
  cell("12", "(a < b).float().mean()", (a < b).to<float>().mean());
}

void frobenius_norm() {
  const Tensor m = tensor({{1, 2, 3}, {4, 5, 6}, {7, 7, 8}});
  cell("13", "m", m);
  cell("14", "(m*m).sum().sqrt()", (m * m).sum().sqrt());
  cell(" ", "(m @ m).sum().sqrt()    # a matrix product is something else",
       matmul(m, m).sum().sqrt());
}

void rows_and_columns() {
  const Tensor m = tensor({{1, 2, 3}, {4, 5, 6}, {7, 7, 8}});
  const int64_t i = 2, j = 0;
  cell(" ", "m[i,:] with i = 2", m(i, _));
  cell(" ", "m[i:,].shape            # rows from i on, not row i", m(Slice(i)).shape());
  cell(" ", "m[:,j] with j = 0", m(_, j));
  cell(" ", "(m[i,:] * m[:,j]).sum()", (m(i, _) * m(_, j)).sum());
}

void times() {
#ifndef __OPTIMIZE__
  std::cout << "*** THIS BUILD IS NOT OPTIMISED: its times say nothing about the code. ***\n\n";
#endif
  Generator generator(42);
  const Tensor m1 = rand({5, 784}, generator), m2 = rand({784, 10}, generator);
  timeit("matmul", checked, m1, m2);
  for (const auto& rung : kRungs) {
    const Timing timing = percent_timeit([&] { rung.run(m1, m2); });
    std::cout << "In [ ]: %timeit " << rung.name << "(m1, m2)\n" << to_string(timing) << "\n\n";
  }
}

}  // namespace
}  // namespace foundations::ch01

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("The notes' cells of \"Matrix Multiplication\", in C++ and in their order.");
  bool timed = false;
  program.flag("--time", timed, "and how long the rungs take here");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] {
    ch01::first_digit(load_digits(dir));
    ch01::three_loops();
    ch01::elementwise();
    ch01::frobenius_norm();
    ch01::rows_and_columns();
    if (timed) ch01::times();
  });
}
