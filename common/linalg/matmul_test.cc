// matmul() of every rank, size and layout against the reference in double, and against plain loops
// for integers.
#include "common/linalg/matmul.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

// got: [n, m]   a: [n, k]   b: [k, m]
void expect_product(const LongTensor& got, const LongTensor& a, const LongTensor& b) {
  for (std::int64_t i = 0; i < a.size(0); ++i) {
    for (std::int64_t j = 0; j < b.size(1); ++j) {
      std::uint64_t sum = 0;
      for (std::int64_t l = 0; l < a.size(1); ++l) {
        sum += static_cast<std::uint64_t>(a.at(i, l)) * static_cast<std::uint64_t>(b.at(l, j));
      }
      ASSERT_EQ(got.at(i, j), static_cast<std::int64_t>(sum)) << "at " << i << ", " << j;
    }
  }
}

template <class T>
void expect_product(const TensorOf<T>& got, const TensorOf<T>& a, const TensorOf<T>& b) {
  expect_matmul(got, a, b);
}

// Matrix i of an operand with leading dimensions, in a product of rank `rank`.
template <class T>
TensorOf<T> pick(const TensorOf<T>& x, std::int64_t i, std::int64_t rank) {
  if (x.dim() < rank) return x;
  return x[x.size(0) == 1 ? 0 : i];
}

template <class T>
void expect_products(const TensorOf<T>& got, const TensorOf<T>& a, const TensorOf<T>& b) {
  if (a.dim() == 1) return expect_products(got.unsqueeze(b.dim() == 1 ? 0 : -2), a.unsqueeze(0), b);
  if (b.dim() == 1) return expect_products(got.unsqueeze(-1), a, b.unsqueeze(1));
  if (got.dim() == 2) return expect_product(got, a, b);
  for (std::int64_t i = 0; i < got.size(0); ++i) {
    expect_products(got[i], pick(a, i, got.dim()), pick(b, i, got.dim()));
  }
}

// matmul(a, b), and matmul_out() over outputs full of junk in every layout.
template <class T>
void expect_right(const TensorOf<T>& a, const TensorOf<T>& b, const Shape& shape) {
  SCOPED_TRACE(bracketed(a.shape()) + " strides " + bracketed(a.strides()) + " times " +
               bracketed(b.shape()) + " strides " + bracketed(b.strides()));
  const TensorOf<T> got = matmul(a, b);
  ASSERT_EQ(bracketed(got.shape()), bracketed(shape));
  EXPECT_TRUE(got.is_contiguous());
  expect_products(got, a, b);
  using Limits = std::numeric_limits<T>;
  const T junk = Limits::has_quiet_NaN ? Limits::quiet_NaN() : Limits::max();
  for (const auto& out : every_layout(full<T>(shape, junk))) {
    matmul_out(out, a, b);
    expect_products(out, a, b);
  }
}

struct Product {
  Shape a, b, result;
};

const Product kProducts[] = {
    // vectors and matrices
    {{3}, {3}, {}},
    {{1}, {1}, {}},
    {{3}, {3, 4}, {4}},
    {{2, 3}, {3}, {2}},
    {{2, 3}, {3, 4}, {2, 4}},
    {{1, 1}, {1, 1}, {1, 1}},
    {{7, 13}, {13, 5}, {7, 5}},
    {{5, 784}, {784, 10}, {5, 10}},
    {{33, 65}, {65, 17}, {33, 17}},
    {{1, 31}, {31, 29}, {1, 29}},
    {{31, 29}, {29, 1}, {31, 1}},
    {{31, 1}, {1, 37}, {31, 37}},
    // nothing
    {{0}, {0}, {}},
    {{0}, {0, 4}, {4}},
    {{2, 0}, {0}, {2}},
    {{2, 0}, {0, 3}, {2, 3}},
    {{0, 3}, {3, 4}, {0, 4}},
    {{2, 3}, {3, 0}, {2, 0}},
    {{0, 0}, {0, 0}, {0, 0}},
    {{0, 2, 3}, {3, 4}, {0, 2, 4}},
    {{2, 1, 2, 0}, {3, 0, 4}, {2, 3, 2, 4}},
    // a product for each leading index
    {{5, 2, 3}, {5, 3, 4}, {5, 2, 4}},
    {{5, 2, 3}, {3, 4}, {5, 2, 4}},
    {{2, 3}, {5, 3, 4}, {5, 2, 4}},
    {{5, 2, 3}, {3}, {5, 2}},
    {{3}, {5, 3, 4}, {5, 4}},
    {{1, 2, 3}, {5, 3, 4}, {5, 2, 4}},
    {{2, 1, 3, 4}, {5, 4, 2}, {2, 5, 3, 2}},
    {{4}, {2, 3, 4, 5}, {2, 3, 5}},
    {{2, 3, 4, 5}, {5}, {2, 3, 4}},
    {{2, 1, 2, 1, 2, 1, 2, 3}, {2, 1, 2, 1, 2, 3, 2}, {2, 2, 2, 2, 2, 2, 2, 2}},
    {{3}, {2, 1, 1, 2, 1, 1, 3, 2}, {2, 1, 1, 2, 1, 1, 2}},
};

template <class T>
class Matmul : public testing::Test {};
using Numbers = testing::Types<float, double, std::int64_t>;
TYPED_TEST_SUITE(Matmul, Numbers);

TYPED_TEST(Matmul, OfEveryRankAndLayout) {
  Generator generator(1);
  for (const Product& p : kProducts) {
    for (const auto& a : every_layout(whole_numbers<TypeParam>(p.a, generator))) {
      for (const auto& b : every_layout(whole_numbers<TypeParam>(p.b, generator))) {
        expect_right(a, b, p.result);
      }
    }
  }
}

TYPED_TEST(Matmul, OfStretchedOperands) {
  Generator generator(2);
  const auto row = whole_numbers<TypeParam>({1, 7}, generator);
  const auto b = whole_numbers<TypeParam>({7, 5}, generator);
  expect_right(row.expand({4, 7}), b, {4, 5});
  expect_right(b.t(), row.expand({4, 7}).t(), {5, 4});
  expect_right(row[0].expand({3, 4, 7}), b.expand({3, 7, 5}), {3, 4, 5});
  expect_right(b.t(), b, {5, 5});
}

TYPED_TEST(Matmul, OfRandomShapes) {
  Generator generator(3);
  for (int i = 0; i < 100; ++i) {
    const std::int64_t n = generator.below(40), k = generator.below(40), m = generator.below(40);
    expect_right(whole_numbers<TypeParam>({n, k}, generator, 1000),
                 whole_numbers<TypeParam>({k, m}, generator, 1000), {n, m});
  }
}

TEST(Matmul, OfTheNotes) {
  Generator generator(4);
  expect_right(randn({50, 784}, generator), randn({784, 10}, generator), {50, 10});
}

// Enough arithmetic for threads: some products each, or rows joined to one tall product.
TYPED_TEST(Matmul, OfBatches) {
  Generator generator(5);
  const auto a = whole_numbers<TypeParam>({33, 32, 64}, generator);
  const auto b = whole_numbers<TypeParam>({33, 64, 32}, generator);
  for (const auto& left : {a, a.clone().transpose(0, 1).contiguous().transpose(0, 1)}) {
    expect_products(matmul(left, b), a, b);
    expect_products(matmul(left, b[0]), a, b[0]);
    expect_products(matmul(left[0], b), a[0], b);
  }
}

TEST(Matmul, OverNothingIsZero) {
  expect_equal(matmul(zeros({2, 0}), zeros({0, 3})), zeros({2, 3}));
  expect_equal(matmul(zeros({0}), zeros({0})), zeros({}));
}

TEST(Matmul, OfIntegersWrapsAround) {
  const std::int64_t half = std::int64_t{1} << 62;
  expect_equal(matmul(long_tensor({half, half, 3}), long_tensor({2, 2, 1})),
               full<std::int64_t>({}, 3));
}

TEST(Matmul, CarriesNanAndInfinity) {
  const Tensor a = tensor({{0, 1}, {kInf, 1}, {kNan, 1}}), b = tensor({{kInf, 0, 2}, {1, 1, 1}});
  expect_close(matmul(a, b), tensor({{kNan, 1, 1}, {kInf, kNan, kInf}, {kNan, kNan, kNan}}), 0, 0,
               /*equal_nan=*/true);
}

// ---- What is refused

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
  const Tensor row = full({4}, 7);
  expect_error<ShapeError>(
      [&] {
        matmul_out(row.expand({2, 4}), ones({2, 3}), ones({3, 4}));
      },
      "unsupported operation: more than one element of the written-to tensor "
      "refers to a single memory location. Please clone() the tensor before "
      "performing the operation.");
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
