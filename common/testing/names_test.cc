// Our names beside those of others. The headers of ours compile after C's, which define macros such
// as I, B0, major and OVERFLOW; and our names are found where `using namespace std;` lets in
// std::empty and all the rest. Most of this test is that it compiles.
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

TEST(Names, AreOursWhereverTwoAreMeant) {
  Tensor m = tensor({{1, 2, 3}, {4, 5, 6}});
  for (Tensor row : m) row[0] = 7;
  ostringstream out;
  out << m(_, 0) << Shape{2, 3} << tuple_string(Strides{0, 1}, empty(2, 3).shape());
  EXPECT_EQ(out.str(), "tensor([7., 7.])torch.Size([2, 3])((0, 1), torch.Size([2, 3]))");
  Generator generator(42);
  const Tensor x = rand({5, 3}, generator), w = uniform_(empty(3, 2), -1, 1, generator);
  expect_equal(relu(lin(x, w, zeros(2))), einsum("ik,kj -> ij", x, w).clamp_min(0));
}

}  // namespace
