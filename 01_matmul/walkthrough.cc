// The notes' cells of "Matrix Multiplication", in C++ and in their order. Each prints what the
// notes print for it, to the letter. Cells marked [ ] are not in the notes; [None] is the notes'
// own number for cells that were not run.
//
//   bazel run //01_matmul:walkthrough              # on the built-in digits
//   bazel run //01_matmul:walkthrough -- --time    # and what %timeit prints here, 40 s more
#include <iostream>
#include <string>
#include <string_view>

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
  cell("None", "x_train,y_train,x_valid,y_valid = get_data()    # " + digits.source);
  const Tensor img = digits.x_train[0];
  cell("None", "img = x_train[0]");
  std::cout << "In [None]: plt.imshow(img.view((28,28)));\n";
  imshow(img.view(28, 28), Style::kAscii);
  cell(" ", "img.shape, y_train[0]", tuple_string(img.shape(), digits.y_train[0]));
}

// Prints a cell that times a rung; without `timed`, only what it would run.
void time_cell(std::string_view number, std::string_view code, bool timed, Matmul* matmul,
               const Tensor& m1, const Tensor& m2, std::int64_t loops = 0) {
  if (!timed) return cell(number, std::string(code) + "    # --time runs it");
  cell(number, code, to_string(percent_timeit([&] { matmul(m1, m2); }, loops)));
}

void three_loops(const Tensor& m1, const Tensor& m2, bool timed) {
  cell("3", "def timeit(func):    # timeit.h");
  cell("3", "def matmul(a, b):    # checked, in matmul_1_checked.cc");
  cell("5", "m1 = torch.rand((5, 784)); m2 = torch.rand((784, 10))");
  cell("6", "m1.shape, m2.shape", tuple_string(m1.shape(), m2.shape()));
  time_cell("7", "%timeit t = matmul(m1, m2)", timed, checked, m1, m2);
  const Tensor t = checked(m1, m2);
  cell("8", "t = matmul(m1, m2)");
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

void rows_and_columns(const Tensor& m1, const Tensor& m2, bool timed) {
  const Tensor m = tensor({{1, 2, 3}, {4, 5, 6}, {7, 7, 8}});
  const int64_t i = 2, j = 0;
  cell(" ", "m[i,:] with i = 2", m(i, _));
  cell(" ", "m[i:,].shape            # rows from i on, not row i", m(Slice(i)).shape());
  cell(" ", "m[:,j] with j = 0", m(_, j));
  cell(" ", "(m[i,:] * m[:,j]).sum()", (m(i, _) * m(_, j)).sum());
  cell("19", "def matmul(a, b):    # row_by_column, in matmul_3_row_by_column.cc");
  time_cell("20", "%timeit -n 10 _=matmul(m1, m2)", timed, row_by_column, m1, m2, 10);
  time_cell("21", "%timeit t =matmul(m1, m2)", timed, row_by_column, m1, m2);
}

// Times one rung by the notes' decorator, then the rungs that the notes lack.
void more_times(const Tensor& m1, const Tensor& m2) {
  std::cout << "In [ ]: timeit(matmul)(m1, m2)\n";
  timeit("matmul", checked, m1, m2);
  std::cout << "\n";
  for (const auto& rung : kRungs) {
    if (rung.notes_seconds != 0) continue;
    time_cell(" ", "%timeit " + std::string(rung.name) + "(m1, m2)", true, rung.run, m1, m2);
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
#ifndef __OPTIMIZE__
    if (timed) std::cout << "*** THIS BUILD IS NOT OPTIMISED: its times mean nothing. ***\n\n";
#endif
    Generator generator(42);
    const Tensor m1 = rand({5, 784}, generator), m2 = rand({784, 10}, generator);
    ch01::first_digit(load_digits(dir));
    ch01::three_loops(m1, m2, timed);
    ch01::elementwise();
    ch01::frobenius_norm();
    ch01::rows_and_columns(m1, m2, timed);
    if (timed) ch01::more_times(m1, m2);
  });
}
