// sum, mean, var, std, max, min and argmax against plain loops.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "common/base/openmp.h"
#include "common/tensor/ops.h"
#include "common/testing/properties.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// ---- The model: for each result in row-major order, the elements it is made of

template <class T>
using Lines = std::vector<std::vector<T>>;

// The sizes that are left when the dims are reduced with keepdim.
Shape kept_sizes(Shape shape, const Dims& dims) {
  for (const std::int64_t d : dims) shape[d] = 1;
  return shape;
}

template <class T>
Lines<T> lines_along(const TensorOf<T>& x, const Dims& dims) {
  const Shape kept = kept_sizes(x.shape(), dims);
  const Strides strides = contiguous_strides(kept);
  const std::vector<T> elements = x.to_vector();
  Lines<T> lines(kept.numel());
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    std::int64_t line = 0, left = i;
    for (std::int64_t d = x.dim() - 1; d >= 0; left /= x.shape()[d--]) {
      if (kept[d] > 1) line += left % x.shape()[d] * strides[d];
    }
    lines[line].push_back(elements[i]);
  }
  return lines;
}

template <class T>
SumOf<T> sum_of(const std::vector<T>& line) {
  SumOf<T> sum = 0;
  for (const T x : line) sum += x;
  return sum;
}

template <class T>
T mean_of(const std::vector<T>& line) {
  return static_cast<T>(sum_of(line) / static_cast<double>(line.size()));
}

template <class T>
T var_of(const std::vector<T>& line) {
  double mean = 0, squares = 0;
  for (const T x : line) mean += x;
  mean /= static_cast<double>(line.size());
  for (const T x : line) squares += (x - mean) * (x - mean);
  return line.size() < 2 ? std::numeric_limits<T>::quiet_NaN()
                         : static_cast<T>(squares / (static_cast<double>(line.size()) - 1));
}

template <class T>
std::int64_t argmax_of(const std::vector<T>& line) {
  std::size_t best = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] > line[best] || (line[i] != line[i] && line[best] == line[best])) best = i;
  }
  return best;
}

template <class T>
T min_of(const std::vector<T>& line) {
  T least = line[0];
  for (const T x : line) {
    if (x < least || x != x) least = x;
  }
  return least;
}

// Fails unless `got` has this shape and element i is of(lines[i]).
template <class Out, class T, class Of>
void expect_lines(const char* name, const TensorOf<Out>& got, const Shape& shape,
                  const Lines<T>& lines, Of of, double rtol = 0) {
  SCOPED_TRACE(name);
  std::vector<Out> want;
  for (const std::vector<T>& line : lines) want.push_back(of(line));
  if constexpr (std::floating_point<Out>) {
    expect_close(got, from_vector(want, shape), rtol, 0, /*equal_nan=*/true);
  } else {
    expect_equal(got, from_vector(want, shape));
  }
}

template <class T, class... To>
void expect_sums(const TensorOf<T>& x, const Shape& shape, const Lines<T>& lines, To... to) {
  SCOPED_TRACE(bracketed(x.shape()) + " strides " + bracketed(x.strides()) + " to " +
               bracketed(shape));
  expect_lines("sum", x.sum(to...), shape, lines, sum_of<T>);
  if constexpr (std::floating_point<T>) {
    constexpr double kRounding = 8 * std::numeric_limits<T>::epsilon();
    expect_lines("mean", x.mean(to...), shape, lines, mean_of<T>);
    expect_lines("var", x.var(to...), shape, lines, var_of<T>, kRounding);
    const auto std_of = [](const auto& line) { return std::sqrt(var_of(line)); };
    expect_lines("std", x.std(to...), shape, lines, std_of, kRounding);
  }
}

template <class T, class... Dim>
void expect_reductions(const TensorOf<T>& x, const Shape& shape, const Lines<T>& lines,
                       Dim... dim) {
  expect_sums(x, shape, lines, dim...);
  if (!lines.empty() && lines[0].empty()) return;  // nothing to be greatest
  const auto max_of = [](const auto& line) { return line[argmax_of(line)]; };
  expect_lines("max", x.max(dim...), shape, lines, max_of);
  expect_lines("min", x.min(dim...), shape, lines, min_of<T>);
  expect_lines("argmax", x.argmax(dim...), shape, lines, argmax_of<T>);
}

template <class T>
void expect_reductions_over_all(const TensorOf<T>& x) {
  expect_reductions(x, {}, Lines<T>{x.to_vector()});
}

template <class T>
void expect_reductions_over(const TensorOf<T>& x, std::int64_t dim) {
  Shape dropped = x.shape();
  dropped.erase(dim);
  expect_reductions(x, dropped, lines_along(x, dim), dim - x.dim());
  EXPECT_EQ(bracketed(x.sum(dim, true).shape()), bracketed(kept_sizes(x.shape(), dim)));
  if (x.size(dim) == 0) return;
  EXPECT_EQ(bracketed(x.argmax(dim, true).shape()), bracketed(kept_sizes(x.shape(), dim)));
}

// Every two or more dims, in either order.
template <class T>
void expect_sums_over_several(const TensorOf<T>& x) {
  for (int chosen = 0; chosen < 1 << x.dim(); ++chosen) {
    Dims dims;
    for (std::int64_t d = x.dim() - 1; d >= 0; --d) {
      if (chosen >> d & 1) dims.push_back(d - (dims.empty() ? x.dim() : 0));
    }
    if (dims.size() < 2) continue;
    Dims wrapped = dims;
    wrapped[0] += x.dim();
    expect_sums(x, kept_sizes(x.shape(), wrapped), lines_along(x, wrapped), dims, true);
  }
}

template <class T>
void expect_all_reductions(const TensorOf<T>& x) {
  expect_reductions_over_all(x);
  for (std::int64_t d = 0; d < x.dim(); ++d) expect_reductions_over(x, d);
  if (x.dim() < 5) expect_sums_over_several(x);
}

// (What double does is what float does.)
template <class T>
class Reductions : public testing::Test {};
using Types = testing::Types<float, std::int64_t, bool>;
TYPED_TEST_SUITE(Reductions, Types);

TYPED_TEST(Reductions, OnEveryLayout) {
  Generator generator(1);
  for (const Shape& shape :
       {Shape{}, Shape{1}, Shape{0}, Shape{3, 4}, Shape{4, 1}, Shape{3, 0}, Shape{2, 0, 3},
        Shape{33, 2, 9}, Shape{9, 2, 33}, Shape{3, 2, 5, 40}, Shape{2, 1, 2, 3, 2, 1, 2, 2}}) {
    for (const auto& x : every_layout(whole_numbers<TypeParam>(shape, generator))) {
      expect_all_reductions(x);
    }
  }
  // Stretched.
  const auto column = whole_numbers<TypeParam>({5, 1}, generator);
  expect_all_reductions(column.expand({5, 70}));
  expect_all_reductions(column.t().expand({70, 5}));
  expect_all_reductions(column.unsqueeze(1).expand({5, 3, 70}).transpose(0, 1));
  expect_all_reductions(column[0].expand({600}));
}

// Of whole numbers no result depends on how they lie in memory, nor on the order of adding.
TEST(ReductionLaws, CommuteWithPermute) {
  for_seeds(200, [](Generator& generator) {
    const std::int64_t rank = 1 + generator.below(4);
    Shape shape = random_shape(rank, 6, generator);
    if (chance(3, generator)) shape[generator.below(rank)] = generator.below(200);  // a long row
    const auto whole = [](const Shape& s, Generator& g) { return whole_numbers<float>(s, g); };
    const Tensor x = random_operand(shape, generator, whole);
    const IntList p = random_order(rank, generator);
    const std::int64_t d = generator.below(rank);
    const Tensor y = random_view(x.permute(p), generator);
    expect_equal(y.sum(d, true), x.sum(p[d], true).permute(p));
    if (x.size(p[d]) == 0) return;
    expect_equal(y.mean(d, true), x.mean(p[d], true).permute(p));
    expect_equal(y.max(d, true), x.max(p[d], true).permute(p));
    expect_equal(y.min(d, true), x.min(p[d], true).permute(p));
    expect_equal(y.argmax(d, true), x.argmax(p[d], true).permute(p));
    expect_equal(-(-y).max(d), y.min(d));
    if (x.numel() == 0) return;
    expect_equal(y.max(), x.max());
    expect_equal(y.max(d).max(), x.max());
    EXPECT_EQ(x.contiguous().view({x.numel()})[x.argmax().item()].item(), x.max().item());
    const DoubleTensor z = x.to<double>();
    const double scale = z.pow(2).sum().item();
    expect_close(z.permute(p).var(d, true), z.var(p[d], true).permute(p), 1e-12, 1e-14 * scale,
                 true);
  });
}

// One below, at and above the sizes at which fold.h goes on to another loop.
TYPED_TEST(Reductions, AroundTheBlocksOfTheKernel) {
  using T = TypeParam;
  Generator generator(3);
  for (const std::int64_t n :
       {2,   7,   8,   9,   31,  32,  33,   63,   64,   65,   127,  128,  129,  191,
        193, 255, 257, 511, 512, 513, 2047, 2048, 2049, 2303, 2304, 2305, 4097, 6151}) {
    expect_reductions_over_all(whole_numbers<T>({n}, generator));
    expect_reductions_over_all(whole_numbers<T>({n, 2}, generator).select(1, 1));
    expect_reductions_over(whole_numbers<T>({n, 3}, generator), 0);
    expect_reductions_over(whole_numbers<T>({3, n}, generator), 1);
    expect_reductions_over(whole_numbers<T>({n, 6}, generator).slice(1, 0, 6, 2), 0);
  }
  for (const std::int64_t columns : {511, 512, 513, 1027}) {
    for (const std::int64_t n : {1, 9, 65, 130}) {
      expect_reductions_over(whole_numbers<T>({2, n, columns}, generator), 1);
      expect_reductions_over(whole_numbers<T>({n, 2 * columns}, generator).slice(1, 0, None, 2), 0);
    }
  }
}

// ---- Not a number, infinities, extremes

TEST(Reductions, MeetNanAtEveryPlace) {
  Generator generator(4);
  for (std::int64_t place = 0; place < 300; ++place) {
    const Tensor x = whole_numbers<float>({300}, generator);
    x(place) = kNan;
    expect_reductions_over_all(x);
    x(299 - place) = kNan;
    expect_reductions_over_all(x);
    expect_reductions_over(x.view({100, 3}), 0);
  }
}

TEST(Sum, OfExtremes) {
  expect_close(tensor({kInf, -kInf}).sum(), full({}, kNan), 0, 0, true);
  expect_close(full({2}, 3e38f).sum(), full({}, kInf), 0, 0);
  const std::int64_t odd = (std::int64_t{1} << 53) + 1;  // not a double
  EXPECT_EQ(full<std::int64_t>({100}, odd).sum().item(), 100 * odd);
  EXPECT_EQ(long_tensor({kMaxLong, 1}).sum().item(), kMinLong);
  EXPECT_EQ(ones<bool>({3}).expand({1000, 3}).sum().item(), 3000);
}

TEST(MaxMin, OfExtremes) {
  for (const std::int64_t n : {1, 5, 40, 300}) {
    EXPECT_EQ(full({n}, -kInf).max().item(), -kInf);
    EXPECT_EQ(full({n}, kInf).min().item(), kInf);
    expect_equal(full({n, 3}, -kInf).max(0), full({3}, -kInf));
    EXPECT_EQ(full<std::int64_t>({n}, kMinLong).max().item(), kMinLong);
    EXPECT_EQ(full<std::int64_t>({n}, kMaxLong).min().item(), kMaxLong);
    EXPECT_EQ(zeros<bool>({n}).max().item(), false);
    EXPECT_EQ(ones<bool>({n}).min().item(), true);
  }
}

TEST(Argmax, GivesTheFirstOfEquals) {
  expect_equal(tensor({{1, 3, 3}, {2, 2, 2}}).argmax(1), long_tensor({1, 0}));
  EXPECT_EQ(tensor({{1, 3}, {3, 2}}).t().argmax().item(), 1);
  EXPECT_EQ(tensor({2, kNan, 5, kNan}).argmax().item(), 1);
  EXPECT_EQ(full({4}, -kInf).argmax().item(), 0);
  EXPECT_EQ(tensor({-0.f, 0.f}).argmax().item(), 0);
}

// ---- Of little, and of nothing (limits_test.cc has more)

TEST(Var, OfFewerThanTwoIsNan) {
  EXPECT_TRUE(std::isnan(full({}, 5).std().item()));
  expect_close(zeros({2, 1}).std(1), full({2}, kNan), 0, 0, true);
  expect_equal(tensor({1, 3}).var(), full({}, 2));
}

TEST(Reductions, RefuseToPickFromNothing) {
  const std::string no_dim =
      "(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction "
      "dim with the 'dim' argument.";
  expect_error<IndexError>([] { zeros({0}).max(); }, "max" + no_dim);
  expect_error<IndexError>([] { zeros({0}).min(); }, "min" + no_dim);
  expect_error<IndexError>([] { zeros({0}).argmax(); }, "argmax" + no_dim);
  expect_error<IndexError>(
      [] {
        zeros({2, 0}).min(-1);
      },
      "min(): Expected reduction dim 1 to have non-zero size.");
  expect_error<IndexError>([] { zeros({0}).argmax(0); },
                           "argmax(): Expected reduction dim 0 to have non-zero size.");
}

TEST(Reductions, TreatAScalarAsAVectorOfOne) {
  const Tensor x = full({}, 3);
  for (const std::int64_t dim : {0, -1}) {
    expect_equal(x.sum(dim), x);
    expect_equal(x.max(dim, true), x);
    expect_equal(x.argmax(dim), zeros<std::int64_t>({}));
  }
  expect_error<IndexError>(
      [&] { x.sum(1); }, "Dimension out of range (expected to be in range of [-1, 0], but got 1)");
}

// Whole numbers have no mean, and so no variance and no standard deviation.
template <class T>
concept HasMean = requires(T x) {
  x.mean();
};
template <class T>
concept HasVarOrStd = requires(T x) {
  x.var(0);
}
|| requires(T x) { x.std({0, 1}, true); };
static_assert(!HasMean<LongTensor> && !HasVarOrStd<LongTensor>);
static_assert(!HasMean<BoolTensor> && !HasVarOrStd<BoolTensor>);

TEST(Reductions, TakeOneDimOrSeveralOrNone) {
  const Tensor x = arange(24.f).view({2, 3, 4});
  expect_equal(x.sum({2, 0}), x.sum(2).sum(0));
  expect_equal(x.sum({-1, 0}, true), x.sum(2, true).sum(0, true));
  expect_equal(x.sum({}), full({}, 276));
  expect_equal(x.mean({}, true), full({1, 1, 1}, 11.5));
  for (const Dims& dims : {Dims{1, 1}, Dims{-2, 1}, Dims{0, 1, 2, 1}}) {
    expect_error<ShapeError>([&] { x.var(dims, true); },
                             "dim 1 appears multiple times in the list of dims");
  }
}

// ---- On several threads

// Sizes at which all threads are taken, of each way to cut the work.
TEST(Reductions, OnThreadsAreThoseOfOneThread) {
  const int before = max_threads();
  Generator generator(5);
  for (const Shape& shape :
       {Shape{160'001}, {3, 60'001}, {60'001, 3}, {401, 401}, {5, 3, 17, 701}, {2, 45'003, 2}}) {
    const auto layouts = every_layout(whole_numbers<float>(shape, generator, 4));
    for (const Tensor& x : {layouts.front(), layouts.back()}) {
      for (const Dims& dims : {Dims{}, Dims{0}, Dims{-1}, Dims{0, x.dim() - 1}}) {
        if (dims.size() > x.dim()) continue;
        SCOPED_TRACE(bracketed(shape) + " along " + bracketed(dims));
        set_threads(1);
        const Tensor sum = x.sum(dims), var = x.var(dims);
        set_threads(4);
        expect_equal(x.sum(dims), sum);  // of whole numbers, so that no sum is rounded
        expect_close(x.var(dims), var, 1e-6);
        expect_equal(x.var(dims), x.var(dims));  // the same bits
        if (dims.size() == 1) {
          const Tensor greatest = x.max(dims[0]);
          const LongTensor first = x.argmax(dims[0]);
          set_threads(1);
          expect_equal(x.max(dims[0]), greatest);
          expect_equal(x.argmax(dims[0]), first);
        }
      }
    }
  }
  set_threads(before);
}

}  // namespace
}  // namespace foundations
