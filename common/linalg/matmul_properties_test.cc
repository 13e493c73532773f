// matmul() of random operands of every rank and layout, the laws it keeps, and threads: many of
// them, and several callers at once.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/linalg/matmul.h"
#include "common/reference/reference_einsum.h"
#include "common/tensor/ops.h"
#include "common/testing/properties.h"
#include "common/testing/test_einsum.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

constexpr char kBatch[] = "pqr";

// Returns a vector, or matrices for some of the leading dimensions, each of which may be stretched.
Shape random_factor(const Shape& batch, std::int64_t rows, std::int64_t columns, bool is_vector,
                    std::int64_t vector_size, Generator& generator) {
  if (is_vector) return {vector_size};
  Shape shape;
  for (std::int64_t d = generator.below(batch.size() + 1); d < batch.size(); ++d) {
    shape.push_back(chance(4, generator) ? 1 : batch[d]);
  }
  shape.push_back(rows);
  shape.push_back(columns);
  return shape;
}

// Returns the labels of the leading dimensions of a factor.
std::string leading(const Shape& shape) {
  return shape.size() < 2 ? "" : std::string(kBatch).substr(3 - (shape.size() - 2));
}

// Returns what matmul does with two shapes as einsum writes it: "pqmk,qkn->pqmn".
EinsumCase random_matmul(Generator& generator) {
  const Shape batch = random_shape(generator.below(4), 3, generator);
  const Shape s = random_shape(3, batch.empty() && chance(4, generator) ? 90 : 12, generator);
  const bool vector_a = chance(6, generator), vector_b = chance(6, generator);
  const Shape a = random_factor(batch, s[0], s[1], vector_a, s[1], generator);
  const Shape b = random_factor(batch, s[1], s[2], vector_b, s[1], generator);
  const std::string rows = vector_a ? "" : "m", columns = vector_b ? "" : "n";
  const std::string longer = a.size() > b.size() ? leading(a) : leading(b);
  const std::string spelled =
      leading(a) + rows + "k," + leading(b) + "k" + columns + "->" + longer + rows + columns;
  return {spelled, {a, b}, spelled};
}

template <class T>
TensorOf<T> whole(const Shape& shape, Generator& generator) {
  return random_operand(shape, generator, [](const Shape& unstretched, Generator& g) {
    return whole_numbers<T>(unstretched, g, 5);
  });
}

template <class T>
TensorOf<T> random_numbers(const Shape& shape, Generator& generator) {
  if constexpr (std::floating_point<T>) return random_operand(shape, generator, randn<T>);
  return whole<T>(shape, generator);
}

template <class T>
std::string text(const TensorOf<T>& a, const TensorOf<T>& b) {
  return bracketed(a.shape()) + " strides " + bracketed(a.strides()) + " times " +
         bracketed(b.shape()) + " strides " + bracketed(b.strides());
}

// Returns the whole storage of `view` as a tensor.
template <class T>
TensorOf<T> room_of(const TensorOf<T>& view) {
  return TensorOf<T>(view.storage(), Layout::contiguous({view.storage().size()}));
}

template <class T>
class MatmulProperties : public testing::Test {};
using Numbers = testing::Types<float, double, std::int64_t>;
TYPED_TEST_SUITE(MatmulProperties, Numbers);

// An output of any layout gets the same, and nothing is written beside it.
TYPED_TEST(MatmulProperties, IsItsDefinitionInAnyOutput) {
  for_seeds(200, [](Generator& generator) {
    const EinsumCase of = random_matmul(generator);
    SCOPED_TRACE(of.text());
    const auto a = random_numbers<TypeParam>(of.shapes[0], generator);
    const auto b = random_numbers<TypeParam>(of.shapes[1], generator);
    const EinsumAnswer answer = reference_einsum<TypeParam>(of.spelled, {a, b});
    const auto got = matmul(a, b);
    EXPECT_EQ(mismatch(got.template to<double>(), answer.want, answer.tolerance), "");
    const auto out = random_view(got, generator), room = room_of(out);
    room.fill_(55);
    matmul_out(out, a, b);
    EXPECT_EQ(mismatch(out.template to<double>(), answer.want, answer.tolerance), "");
    out.fill_(55);
    expect_equal(room, full<TypeParam>(room.shape(), 55));
  });
}

// Returns `batch` leading dimensions, then the two of a matrix.
IntList with_matrix(IntList batch, std::int64_t rows, std::int64_t columns) {
  batch.push_back(rows);
  batch.push_back(columns);
  return batch;
}

TYPED_TEST(MatmulProperties, LawsHoldExactlyOnWholeNumbers) {
  for_seeds(100, [](Generator& generator) {
    const Shape batch = random_shape(generator.below(3), 4, generator);
    const Shape s = random_shape(4, chance(4, generator) ? 60 : 16, generator);
    const auto factor = [&](std::int64_t rows, std::int64_t columns) {
      const IntList sizes = with_matrix(batch, rows, columns);
      return whole<TypeParam>(Shape(sizes.begin(), sizes.end()), generator);
    };
    const auto a = factor(s[0], s[1]), b = factor(s[1], s[2]), c = factor(s[2], s[3]);
    const auto ab = matmul(a, b);
    expect_equal(matmul(ab, c), matmul(a, matmul(b, c)));
    expect_equal(matmul(b.transpose(-2, -1), a.transpose(-2, -1)), ab.transpose(-2, -1));
    const auto b2 = factor(s[1], s[2]);
    expect_equal(matmul(a, b + b2), ab + matmul(a, b2));
    const std::int64_t d = batch.size();
    const IntList order = with_matrix(random_order(d, generator), d, d + 1);
    expect_equal(matmul(a.permute(order), b.permute(order)), ab.permute(order));
    for (std::int64_t i = 0; d > 0 && i < batch[0]; ++i) expect_equal(matmul(a[i], b[i]), ab[i]);
  });
}

// ---- threads ----

constexpr int kThreads[] = {1, 2, 3, 5};  // also more than there are processors

struct Work {
  Shape a, b;
};

// Enough work for several threads: a batch of small products; matrices, a vector, joined rows.
const Work kWork[] = {
    {{41, 60, 61}, {41, 61, 59}}, {{301, 161}, {161, 171}},      {{1600, 901}, {901}},
    {{41, 99, 70}, {70, 67}},     {{4, 9, 61, 62}, {9, 62, 63}},
};

// Returns how far two products may differ. Two sums of k products, each within
// k * eps/2 * sum|a||b| of the true sum (reference.h), are within k * eps * sum|a||b| of each
// other. Sums of integers are equal.
template <class T>
DoubleTensor rounding(const TensorOf<T>& a, const TensorOf<T>& b) {
  const double k = static_cast<double>(a.size(-1));
  const double eps = static_cast<double>(std::numeric_limits<T>::epsilon());
  return matmul(a.abs().template to<double>(), b.abs().template to<double>()) * (k * eps);
}

TYPED_TEST(MatmulProperties, OfANumberOfThreadsIsTheSameEachTimeAndNearThatOfOne) {
  for_seeds(1, [](Generator& generator) {
    for (const Work& work : kWork) {
      const auto a = random_numbers<TypeParam>(work.a, generator);
      const auto b = random_numbers<TypeParam>(work.b, generator);
      SCOPED_TRACE(text(a, b));
      const Threads one(1);
      const DoubleTensor want = matmul(a, b).template to<double>(), tolerance = rounding(a, b);
      for (const int threads : kThreads) {
        SCOPED_TRACE(std::to_string(threads) + " threads");
        const Threads several(threads);
        const auto first = matmul(a, b);
        EXPECT_EQ(mismatch(first.template to<double>(), want, tolerance), "");
        for (int again = 0; again < 2; ++again) expect_equal(matmul(a, b), first);
      }
    }
  });
}

// Expects that several callers at once, each on several threads, get the results that each gets
// alone. Each caller has its own operands: if one writes where another reads, a result changes.
template <class T>
void expect_same_at_once(const Work& work, int threads, Generator& generator) {
  struct Call {
    TensorOf<T> a, b, want;
  };
  const Threads so_many(threads);
  std::vector<Call> calls;
  for (int i = 0; i < 4; ++i) {
    const auto a = random_numbers<T>(work.a, generator), b = random_numbers<T>(work.b, generator);
    calls.push_back({a, b, matmul(a, b)});
  }
  EXPECT_TRUE(holds_at_once(4,
                            [&](int i) {
                              const Threads each_so_many(threads);
                              const Call& call = calls[static_cast<std::size_t>(i)];
                              return same(matmul(call.a, call.b), call.want);
                            }))
      << bracketed(work.a) << " times " << bracketed(work.b) << " on " << threads
      << " threads each";
}

// (gemm_test.cc calls single products at once.)
TYPED_TEST(MatmulProperties, MayBeCalledByManyThreadsAtOnce) {
  Generator generator(1);
  for (const int threads : {1, 2}) expect_same_at_once<TypeParam>(kWork[0], threads, generator);
}

}  // namespace
}  // namespace foundations
