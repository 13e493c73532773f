// Our names beside those of others. The headers of ours compile after C's, which define macros such
// as I, B0, major and OVERFLOW; and their opening examples compile where `using namespace std;`
// lets in std::empty and all the rest. Most of this test is that it compiles.
#include <gtest/gtest.h>

// Behind gtest, which has an I of its own, and before ours.
#include <complex.h>
#include <fcntl.h>
#include <math.h>
#include <sys/param.h>
#include <sys/types.h>
#include <termios.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/sysmacros.h>
#ifndef I
#error "without the macro I this test sees nothing: it needs -std=gnu++20"
#endif
#endif

#include "common/base/cell.h"
#include "common/base/memory.h"
#include "common/base/openmp.h"
#include "common/base/program.h"
#include "common/base/stdout.h"
#include "common/base/terminal.h"
#include "common/base/user_path.h"
#include "common/base/whole_file.h"
#include "common/data/digits.h"
#include "common/data/idx.h"
#include "common/data/mnist.h"
#include "common/data/picture.h"
#include "common/linalg/einsum.h"
#include "common/linalg/einsum_order.h"
#include "common/linalg/gemm.h"
#include "common/linalg/matmul.h"
#include "common/nn/init.h"
#include "common/nn/nn.h"
#include "common/reference/reference.h"
#include "common/reference/reference_einsum.h"
#include "common/tensor/ops.h"
#include "common/tensor/print.h"
#include "common/tensor/random.h"
#include "common/testing/testing.h"

using namespace std;
using namespace foundations;

namespace {

TEST(Examples, OfTensorAndOps) {
  Tensor m = tensor({{1, 2, 3}, {4, 5, 6}, {7, 7, 8}});
  m[0] = m[1] * 2;
  EXPECT_EQ(m(0, 1), 10);
  EXPECT_EQ(m(_, 1).sum().item(), 22);
  Tensor row = m[0];
  row = m[2];
  row[0] = 9;
  for (Tensor r : m) r.fill_(1);
  expect_close(m(Ellipsis, None).exp().log().sqrt().abs().pow(2).view({3, 3}), ones(3, 3));

  Tensor a = tensor({10, 6, -4}), b = tensor({2, 8, 7});
  expect_equal(a + b, tensor({12, 14, 3}));
  expect_close((a < b).to<float>().mean(), tensor(2 / 3.0));
  expect_equal(zeros(2, 3), full({2, 3}, 0));
  EXPECT_EQ(empty(2, 3).numel(), 6);
  EXPECT_EQ(arange(3).max().item(), 2);
}

TEST(Examples, OfShapesAndPrinting) {
  Shape shape = {2, 3};
  EXPECT_EQ(shape.numel(), 6);
  EXPECT_EQ(contiguous_strides(shape), (Strides{3, 1}));
  EXPECT_EQ(broadcast_shapes({5, 1}, {3}), (Shape{5, 3}));
  ostringstream out;
  out << tensor({10, 6, -4}) << to_string(shape) << tuple_string(Strides{0, 1}, Shape{3, 3});
  EXPECT_EQ(out.str(), "tensor([10.,  6., -4.])torch.Size([2, 3])((0, 1), torch.Size([3, 3]))");
}

TEST(Examples, OfLinalgAndNn) {
  Generator generator(42);
  Tensor w1 = randn({784, 50}, generator), x = rand({5, 784}, generator);
  kaiming_normal_(empty(50, 784), generator);
  kaiming_normal_(empty(784, 50), generator, {.mode = Fan::kOut});
  uniform_(w1, -1, 1, generator);
  Tensor c = einsum("ik,kj -> ij", x, w1);
  EXPECT_EQ(matmul_mismatch(c, x, w1), "");
  EXPECT_EQ(matmul_mismatch(matmul(x, w1), x, w1), "");
  EXPECT_EQ(parse_subscripts("ik,kj -> ij", {{5, 784}, {784, 10}}).size('k'), 784);
  expect_equal(relu(lin(x, w1, zeros(50))), c.clamp_min(0));
}

TEST(Examples, OfDataAndPrograms) {
  const Mnist digits = built_in_digits(6, 0);
  EXPECT_FALSE(picture(digits.x_train[0].view({28, 28}), Style::kAscii).empty());
  Program program("Shows a digit.");
  const auto& dir = program.mnist_dir();
  EXPECT_FALSE(dir.has_value());
}

}  // namespace
