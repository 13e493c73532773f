// matmul() of every rank, size and layout against the reference in double. (gemm_test.cc tries all
// sizes of matrices, matmul_properties_test.cc random operands of every rank.)
#include "common/linalg/matmul.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "common/reference/reference_einsum.h"
#include "common/testing/properties.h"
#include "common/testing/test_einsum.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// Checks matmul(a, b), and matmul_out() over outputs full of junk in every layout.
template <class T>
void expect_right(const std::string& spelled, const TensorOf<T>& a, const TensorOf<T>& b) {
  SCOPED_TRACE(spelled + ": " + bracketed(a.shape()) + " strides " + bracketed(a.strides()) +
               " times " + bracketed(b.shape()) + " strides " + bracketed(b.strides()));
  const EinsumAnswer answer = reference_einsum<T>(spelled, {a, b});
  const TensorOf<T> got = matmul(a, b);
  EXPECT_TRUE(got.is_contiguous());
  EXPECT_EQ(mismatch(got.template to<double>(), answer.want, answer.tolerance), "");
  for (const auto& out : every_layout(full<T>(got.shape(), junk<T>()))) {
    matmul_out(out, a, b);
    EXPECT_EQ(mismatch(out.template to<double>(), answer.want, answer.tolerance), "");
  }
}

struct Product {
  Shape a, b;
  const char* spelled;
};

const Product kProducts[] = {
    // vectors and matrices
    {{3}, {3}, "k,k->"},
    {{3}, {3, 4}, "k,kn->n"},
    {{2, 3}, {3}, "mk,k->m"},
    {{2, 3}, {3, 4}, "mk,kn->mn"},
    {{33, 65}, {65, 17}, "mk,kn->mn"},
    {{31, 1}, {1, 37}, "mk,kn->mn"},
    // nothing
    {{0}, {0}, "k,k->"},
    {{0}, {0, 4}, "k,kn->n"},
    {{2, 0}, {0, 3}, "mk,kn->mn"},
    {{0, 3}, {3, 4}, "mk,kn->mn"},
    {{2, 3}, {3, 0}, "mk,kn->mn"},
    {{0, 2, 3}, {3, 4}, "amk,kn->amn"},
    {{2, 1, 2, 0}, {3, 0, 4}, "abmk,bkn->abmn"},
    // a product for each leading index
    {{5, 2, 3}, {5, 3, 4}, "amk,akn->amn"},
    {{5, 2, 3}, {3, 4}, "amk,kn->amn"},
    {{2, 3}, {5, 3, 4}, "mk,akn->amn"},
    {{5, 2, 3}, {3}, "amk,k->am"},
    {{3}, {5, 3, 4}, "k,akn->an"},
    {{1, 2, 3}, {5, 3, 4}, "amk,akn->amn"},
    {{2, 1, 3, 4}, {5, 4, 2}, "abmk,bkn->abmn"},
    {{2, 1, 2, 1, 2, 1, 2, 3}, {2, 1, 2, 1, 2, 3, 2}, "abcdefmk,bcdefkn->abcdefmn"},
    {{3}, {2, 1, 1, 2, 1, 1, 3, 2}, "k,abcdefkn->abcdefn"},
};

// (gemm_test.cc has double, too.)
template <class T>
class Matmul : public testing::Test {};
using Numbers = testing::Types<float, std::int64_t>;
TYPED_TEST_SUITE(Matmul, Numbers);

TYPED_TEST(Matmul, OfEveryRankAndLayout) {
  Generator generator(1);
  for (const Product& p : kProducts) {
    for (const auto& a : every_layout(whole_numbers<TypeParam>(p.a, generator))) {
      for (const auto& b : every_layout(whole_numbers<TypeParam>(p.b, generator))) {
        expect_right(p.spelled, a, b);
      }
    }
  }
}

// Enough work for threads.
TEST(Matmul, OnThreads) {
  Generator generator(4);
  const Tensor x = randn({300, 301}, generator), w = randn({301, 200}, generator);
  expect_matmul(matmul(x, w), x, w);
}

TEST(Matmul, OfIntegersWrapsAround) {
  const std::int64_t half = std::int64_t{1} << 62;
  expect_equal(matmul(long_tensor({half, half, 3}), long_tensor({2, 2, 1})),
               full<std::int64_t>({}, 3));
}

TEST(Matmul, HasAlwaysAThread) {
  const Threads as_now(max_threads());
  const Tensor a = ones({200, 200});
  for (const int threads : {0, -1, std::numeric_limits<int>::min()}) {
    set_threads(threads);
    EXPECT_EQ(max_threads(), 1);
    EXPECT_EQ(matmul(a, a)(199, 199), 200);
  }
}

// ---- What is refused

TEST(Matmul, RefusesMoreElementsThanSixtyThreeBitsCount) {
  const std::int64_t k = std::int64_t{1} << 40;
  const Tensor column = ones({1}).as_strided({k, 1}, {0, 0});
  expect_error<ShapeError>([&] { matmul(column, column.t()); },
                           "The number of elements of a tensor of shape [1099511627776, "
                           "1099511627776] does not fit in 63 bits");
}

TEST(Matmul, RefusesShapesThatDoNotFit) {
  const auto expect_refused = [](const Shape& a, const Shape& b, const std::string& text) {
    expect_error<ShapeError>([&] { matmul(zeros(a), zeros(b)); }, text);
    const Tensor out = ones({2, 2});
    expect_error<ShapeError>([&] { matmul_out(out, zeros(a), zeros(b)); }, text);
    expect_equal(out, ones({2, 2}));
  };
  const std::string scalar = "both arguments to matmul need to be at least 1D, but they are ";
  expect_refused({}, {2}, scalar + "0D and 1D");
  expect_refused({2, 3}, {}, scalar + "2D and 0D");
  const std::string inner = "mat1 and mat2 shapes cannot be multiplied ";
  expect_refused({3}, {4}, inner + "(3 and 4)");
  expect_refused({2, 3}, {2}, inner + "(2x3 and 2)");
  expect_refused({5, 784}, {10, 784}, inner + "(5x784 and 10x784)");
  expect_refused({2, 3}, {1, 4}, inner + "(2x3 and 1x4)");
  expect_refused({2, 1}, {3, 4}, inner + "(2x1 and 3x4)");
  expect_refused({6, 2, 3}, {6, 4, 3}, inner + "(6x2x3 and 6x4x3)");
  const std::string leading =
      "The size of tensor a (5) must match the size of tensor b (6) at "
      "non-singleton dimension ";
  expect_refused({5, 2, 3}, {6, 3, 4}, leading + "0");
  expect_refused({7, 5, 2, 3}, {6, 3, 4}, leading + "1");
}

TEST(MatmulOut, RefusesOutputsOfAnotherShape) {
  const Tensor a = ones({2, 3}), b = ones({3, 4});
  const auto expect_refused = [](const Shape& shape, const Tensor& left, const Tensor& right,
                                 const std::string& text) {
    const Tensor out = full(shape, 7);
    expect_error<ShapeError>([&] { matmul_out(out, left, right); }, text);
    expect_equal(out, full(shape, 7));
  };
  expect_refused(
      {4, 2}, a, b,
      "matmul_out() of [2, 3] and [3, 4] needs an output of shape [2, 4], but got [4, 2]");
  expect_refused({1, 2, 4}, a, b,
                 "matmul_out() of [2, 3] and [3, 4] needs an output of shape [2, 4], but got "
                 "[1, 2, 4]");
  expect_refused({1}, b[0], b[1],
                 "matmul_out() of [4] and [4] needs an output of shape [], but got [1]");
}

TEST(MatmulOut, RefusesOutputsWhoseElementsShareMemory) {
  const Tensor row = full({4}, 7), out = row.expand({2, 4}), a = ones({2, 3}), b = ones({3, 4});
  expect_error<ShapeError>([&] { matmul_out(out, a, b); }, kWrittenTwice);
  expect_equal(row, full({4}, 7));
}

TEST(MatmulOut, RefusesOutputsThatOverlapAnOperand) {
  const Tensor x = arange(12.f).view({4, 3}), before = x.clone(), square = ones({3, 3});
  const Tensor top = x.slice(0, 0, 3), bottom = x.slice(0, 1);
  const char text[] =
      "unsupported operation: the output of matmul_out shares memory with an operand. Please "
      "clone() the operand before performing the operation.";
  expect_error<ShapeError>([&] { matmul_out(top, top, square); }, text);
  expect_error<ShapeError>([&] { matmul_out(top, square, top); }, text);
  expect_error<ShapeError>([&] { matmul_out(top, bottom, square); }, text);
  expect_error<ShapeError>([&] { matmul_out(top.t(), square, bottom); }, text);
  expect_error<ShapeError>([&] { matmul_out(x[1], square, x[1]); }, text);
  expect_equal(x, before);
}

TEST(MatmulOut, TakesOutputsBesideAnOperand) {
  const Tensor x = arange(12.f).view({3, 4});
  const Tensor even = x.slice(1, 0, 4, 2), odd = x.slice(1, 1, 4, 2);
  const Tensor twice = tensor({{2, 0}, {0, 2}});
  matmul_out(even, odd, twice);
  expect_equal(x, tensor({{2, 1, 6, 3}, {10, 5, 14, 7}, {18, 9, 22, 11}}));
}

template <class A, class B>
concept CanMultiply = requires(A a, B b) {
  matmul(a, b);
};
static_assert(CanMultiply<Tensor, Tensor> && CanMultiply<LongTensor, LongTensor>);
static_assert(!CanMultiply<Tensor, DoubleTensor> && !CanMultiply<BoolTensor, BoolTensor>);

}  // namespace
}  // namespace foundations
