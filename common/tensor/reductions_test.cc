// sum, mean, var, std, max, min and argmax against plain loops.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "common/tensor/ops.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr std::int64_t kMaxLong = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMinLong = std::numeric_limits<std::int64_t>::min();

// ---- The model: for each result in row-major order, the elements it is made of

template <class T>
using Lines = std::vector<std::vector<T>>;

template <class T>
Lines<T> lines_along(const TensorOf<T>& x, std::int64_t dim) {
  const std::vector<T> elements = x.to_vector();
  const Shape& shape = x.shape();
  const std::int64_t outer = Shape(shape.begin(), shape.begin() + dim).numel();
  const std::int64_t inner = Shape(shape.begin() + dim + 1, shape.end()).numel();
  Lines<T> lines(outer * inner);
  for (std::int64_t o = 0; o < outer; ++o) {
    for (std::int64_t n = 0; n < shape[dim]; ++n) {
      for (std::int64_t i = 0; i < inner; ++i) {
        lines[o * inner + i].push_back(elements[(o * shape[dim] + n) * inner + i]);
      }
    }
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
T max_of(const std::vector<T>& line) {
  return line[argmax_of(line)];
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

template <class T, class Reduce>
void expect_reductions(const Lines<T>& lines, const Shape& shape, Reduce reduce) {
  expect_lines("sum", reduce([](auto x, auto... d) { return x.sum(d...); }), shape, lines,
               sum_of<T>);
  if constexpr (std::floating_point<T>) {
    const double rtol = std::same_as<T, float> ? 1e-6 : 1e-12;
    expect_lines("mean", reduce([](auto x, auto... d) { return x.mean(d...); }), shape, lines,
                 mean_of<T>);
    expect_lines("var", reduce([](auto x, auto... d) { return x.var(d...); }), shape, lines,
                 var_of<T>, rtol);
    expect_lines(
        "std", reduce([](auto x, auto... d) { return x.std(d...); }), shape, lines,
        [](const auto& line) { return std::sqrt(var_of(line)); }, rtol);
  }
  if (!lines.empty() && lines[0].empty()) return;  // nothing to be greatest
  expect_lines("max", reduce([](auto x, auto... d) { return x.max(d...); }), shape, lines,
               max_of<T>);
  expect_lines("min", reduce([](auto x, auto... d) { return x.min(d...); }), shape, lines,
               min_of<T>);
  expect_lines("argmax", reduce([](auto x, auto... d) { return x.argmax(d...); }), shape, lines,
               argmax_of<T>);
}

template <class T>
void expect_reductions_over_all(const TensorOf<T>& x) {
  SCOPED_TRACE(bracketed(x.shape()) + " strides " + bracketed(x.strides()));
  expect_reductions(Lines<T>{x.to_vector()}, {}, [&x](auto of) { return of(x); });
}

template <class T>
void expect_reductions_over(const TensorOf<T>& x, std::int64_t dim) {
  SCOPED_TRACE(bracketed(x.shape()) + " strides " + bracketed(x.strides()) + " over dim " +
               std::to_string(dim));
  const Lines<T> lines = lines_along(x, dim);
  Shape kept = x.shape(), dropped = x.shape();
  kept[dim] = 1;
  dropped.erase(dim);
  expect_reductions(lines, dropped, [&](auto of) { return of(x, dim); });
  expect_reductions(lines, kept, [&](auto of) { return of(x, dim - x.dim(), true); });
}

template <class T>
void expect_all_reductions(const TensorOf<T>& x) {
  expect_reductions_over_all(x);
  for (std::int64_t d = 0; d < x.dim(); ++d) expect_reductions_over(x, d);
}

template <class T>
class Reductions : public testing::Test {};
using Types = testing::Types<float, double, std::int64_t, bool>;
TYPED_TEST_SUITE(Reductions, Types);

TYPED_TEST(Reductions, OnEveryLayout) {
  Generator generator(1);
  const Shape shapes[] = {{},        {1},        {5},        {0},
                          {3, 4},    {4, 1},     {3, 0},     {2, 3, 4},
                          {2, 0, 3}, {33, 2, 9}, {9, 2, 33}, {2, 1, 2, 3, 2, 1, 2, 2}};
  for (const Shape& shape : shapes) {
    for (const auto& x : every_layout(whole_numbers<TypeParam>(shape, generator))) {
      expect_all_reductions(x);
    }
  }
}

TYPED_TEST(Reductions, OfStretchedTensors) {
  Generator generator(2);
  const auto column = whole_numbers<TypeParam>({5, 1}, generator);
  expect_all_reductions(column.expand({5, 70}));
  expect_all_reductions(column.t().expand({70, 5}));
  expect_all_reductions(column.unsqueeze(1).expand({5, 3, 70}).transpose(0, 1));
  expect_all_reductions(column[0].expand({600}));
}

// One below, at and above the sizes at which fold.h goes on to another loop.
TYPED_TEST(Reductions, AroundTheBlocksOfTheKernel) {
  Generator generator(3);
  for (const std::int64_t n : {2,    7,    8,    9,    31,   32,   33,   63,   64,   65,  127,
                               128,  129,  191,  193,  255,  256,  257,  511,  512,  513, 1025,
                               2047, 2048, 2049, 2303, 2304, 2305, 4095, 4096, 4097, 6151}) {
    expect_reductions_over_all(whole_numbers<TypeParam>({n}, generator));
    expect_reductions_over_all(whole_numbers<TypeParam>({n, 2}, generator).select(1, 1));
    expect_reductions_over(whole_numbers<TypeParam>({n, 3}, generator), 0);
    expect_reductions_over(whole_numbers<TypeParam>({3, n}, generator), 1);
    expect_reductions_over(whole_numbers<TypeParam>({n, 6}, generator).slice(1, 0, 6, 2), 0);
  }
  for (const std::int64_t columns : {511, 512, 513, 1024, 1027}) {
    for (const std::int64_t n : {1, 9, 65, 130}) {
      expect_reductions_over(whole_numbers<TypeParam>({n, columns}, generator), 0);
      expect_reductions_over(whole_numbers<TypeParam>({2, n, columns}, generator), 1);
      expect_reductions_over(
          whole_numbers<TypeParam>({n, 2 * columns}, generator).slice(1, 0, None, 2), 0);
    }
  }
}

// ---- Not a number, infinities, extremes

TYPED_TEST(Reductions, MeetNanAtEveryPlace) {
  if constexpr (std::floating_point<TypeParam>) {
    Generator generator(4);
    for (std::int64_t place = 0; place < 300; ++place) {
      const TensorOf<TypeParam> x = whole_numbers<TypeParam>({300}, generator);
      x(place) = kNan;
      expect_reductions_over_all(x);
      x(299 - place) = kNan;
      expect_reductions_over_all(x);
      expect_reductions_over(x.view({100, 3}), 0);
    }
  }
}

TEST(Sum, OfInfinities) {
  expect_close(tensor({1, kInf, 2}).sum(), full({}, kInf), 0, 0);
  expect_close(tensor({kInf, -kInf}).sum(), full({}, kNan), 0, 0, true);
  expect_close(full({2}, 3e38f).sum(), full({}, kInf), 0, 0);
}

TEST(MaxMin, OfExtremes) {
  for (const std::int64_t n : {1, 5, 40, 300}) {
    expect_equal(full({n}, -kInf).max(), full({}, -kInf));
    expect_equal(full({n}, kInf).min(), full({}, kInf));
    expect_equal(full({n, 3}, -kInf).max(0), full({3}, -kInf));
    expect_equal(full<std::int64_t>({n}, kMinLong).max(), full<std::int64_t>({}, kMinLong));
    expect_equal(full<std::int64_t>({n}, kMaxLong).min(), full<std::int64_t>({}, kMaxLong));
    expect_equal(zeros<bool>({n}).max(), zeros<bool>({}));
    expect_equal(ones<bool>({n}).min(), ones<bool>({}));
  }
}

TEST(Argmax, GivesTheFirstOfEquals) {
  expect_equal(tensor({{1, 3, 3}, {2, 2, 2}}).argmax(1), long_tensor({1, 0}));
  expect_equal(tensor({{1, 3, 3}, {2, 2, 3}}).argmax(), full<std::int64_t>({}, 1));
  expect_equal(tensor({{1, 3}, {3, 2}}).t().argmax(), full<std::int64_t>({}, 1));
  expect_equal(tensor({2, kNan, 5, kNan}).argmax(), full<std::int64_t>({}, 1));
  expect_equal(full({4}, -kInf).argmax(), full<std::int64_t>({}, 0));
  expect_equal(tensor({-0.f, 0.f}).argmax(), full<std::int64_t>({}, 0));
}

TEST(Sum, OfIntegersIsExactAndWrapsAround) {
  const std::int64_t odd = (std::int64_t{1} << 53) + 1;  // not a double
  expect_equal(full<std::int64_t>({100}, odd).sum(), full<std::int64_t>({}, 100 * odd));
  expect_equal(long_tensor({kMaxLong, 1}).sum(), full<std::int64_t>({}, kMinLong));
  expect_equal(ones<bool>({3}).expand({1000, 3}).sum(), full<std::int64_t>({}, 3000));
}

// ---- Of nothing, and of little

TEST(Reductions, OfNoElements) {
  expect_equal(zeros({0}).sum(), zeros({}));
  expect_equal(Tensor().sum(), zeros({}));
  expect_equal(zeros({3, 0}).sum(1), zeros({3}));
  expect_equal(zeros({3, 0}).sum(0), zeros({0}));
  expect_equal(zeros({3, 0}).max(0), zeros({0}));
  expect_equal(zeros({3, 0}).argmax(0), zeros<std::int64_t>({0}));
  for (const Tensor& nan : {zeros({0}).mean(), zeros({0}).var(), zeros({0}).std(),
                            tensor({1}).var(), full({}, 5).std()}) {
    EXPECT_TRUE(std::isnan(nan.item()));
  }
  expect_close(zeros({2, 0}).mean(1), tensor({kNan, kNan}), 0, 0, true);
  expect_close(zeros({2, 1}).std(1), tensor({kNan, kNan}), 0, 0, true);
  expect_equal(tensor({1, 3}).var(), full({}, 2));
}

// Half the numbers are 2^24 - 1, half 2^24 - 2: no float holds the sum of two of them, and a mean
// that is off by half would double the variance, which is a quarter.
TEST(Var, OfLargeNumbersCloseTogether) {
  constexpr std::int64_t kNumbers = 512, kBlock = 32;
  const Tensor x = full({kNumbers}, 0x1p24f - 2);
  for (std::int64_t i = 0; i < kNumbers; ++i) x(i) += i / kBlock % 2;
  const Tensor want = full({}, 0.25f * kNumbers / (kNumbers - 1));
  expect_close(x.var(), want);
  expect_close(x.var(0), want);
}

TEST(Reductions, RefuseToPickFromNothing) {
  const std::string no_dim =
      "(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction "
      "dim with the 'dim' argument.";
  expect_error<IndexError>([] { zeros({0}).max(); }, "max" + no_dim);
  expect_error<IndexError>([] { zeros({2, 0}).min(); }, "min" + no_dim);
  expect_error<IndexError>([] { zeros({2, 0}).argmax(); }, "argmax" + no_dim);
  expect_error<IndexError>(
      [] {
        zeros({2, 0}).max(1);
      },
      "max(): Expected reduction dim 1 to have non-zero size.");
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

TYPED_TEST(Reductions, RefuseADimThatIsNotThere) {
  const TensorOf<TypeParam> x = zeros<TypeParam>({2, 3});
  const auto text = [](int dim) {
    return "Dimension out of range (expected to be in range of [-2, 1], but got " +
           std::to_string(dim) + ")";
  };
  for (const int dim : {2, -3}) {
    expect_error<IndexError>([&] { x.sum(dim); }, text(dim));
    expect_error<IndexError>([&] { x.max(dim); }, text(dim));
    expect_error<IndexError>([&] { x.min(dim, true); }, text(dim));
    expect_error<IndexError>([&] { x.argmax(dim); }, text(dim));
    if constexpr (std::floating_point<TypeParam>) {
      expect_error<IndexError>([&] { x.mean(dim); }, text(dim));
      expect_error<IndexError>([&] { x.var(dim); }, text(dim));
      expect_error<IndexError>([&] { x.std(dim); }, text(dim));
    }
  }
}

TEST(Reductions, RefuseAMeanOfIntegers) {
  const std::string mean =
      "mean(): could not infer output dtype. Input dtype must be either a floating point or "
      "complex dtype. Got: ";
  expect_error<TypeError>([] { long_tensor({1}).mean(); }, mean + "Long");
  expect_error<TypeError>([] { long_tensor({1}).mean(0); }, mean + "Long");
  expect_error<TypeError>([] { bool_tensor({true}).mean(); }, mean + "Bool");
  const char spread[] = "std and var only support floating point and complex dtypes";
  expect_error<TypeError>([] { long_tensor({1}).var(); }, spread);
  expect_error<TypeError>([] { long_tensor({1}).std(0); }, spread);
  expect_error<TypeError>([] { bool_tensor({true}).std(); }, spread);
}

}  // namespace
}  // namespace foundations
