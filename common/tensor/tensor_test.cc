#include "common/tensor/tensor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/testing/properties.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// [[0, 1, 2], [3, 4, 5]]
Tensor counting() { return arange(6.f).view({2, 3}); }

bool same_memory(const Tensor& a, const Tensor& b) {
  return a.storage().data() == b.storage().data();
}

// ---- Make --------------------------------------------------------------------------------------

TEST(Make, FillsAnyShape) {
  expect_equal(zeros({2, 2}), tensor({{0, 0}, {0, 0}}));
  expect_equal(ones<std::int64_t>({3}), long_tensor({1, 1, 1}));
  expect_equal(full({2}, 7), tensor({7, 7}));
  expect_equal(full<bool>({2}, true), bool_tensor({true, true}));
  EXPECT_EQ(empty({5, 7}).stride(0), 7);
  const Shape negative = {2, -1};
  expect_error<ShapeError>([&] { zeros(negative); },
                           "Trying to create tensor with negative dimension -1: [2, -1]");
}

TEST(Make, ReadsNestedBraces) {
  EXPECT_EQ(tensor(5).shape(), Shape({}));
  EXPECT_EQ(tensor({5}).shape(), Shape({1}));
  EXPECT_EQ(tensor({{1}, {2}}).shape(), Shape({2, 1}));
  EXPECT_EQ(tensor({{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}}).shape(), Shape({2, 2, 2}));
  EXPECT_EQ(tensor({{{{{{{{1}}}}}}}}).shape(), Shape({1, 1, 1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(tensor({{1, 2.5, 3.f}, {std::int64_t{4}, true, 6u}}).to_vector(),
            (std::vector<float>{1, 2.5, 3, 4, 1, 6}));
  EXPECT_EQ(long_tensor({{1, kMaxLong}, {kMinLong, 4}}).to_vector(),
            (std::vector<std::int64_t>{1, kMaxLong, kMinLong, 4}));
  EXPECT_EQ(bool_tensor({true, false}).to_vector(), (std::vector<bool>{true, false}));
  EXPECT_EQ(double_tensor({.1}).item(), .1);
}

TEST(Make, RefusesRaggedBraces) {
  const std::string text = "tensor() takes items of one shape in each pair of braces, but got ";
  using Items = std::initializer_list<Nested<float>>;
  const auto refuses = [&](Items items, const std::string& shapes) {
    expect_error<ShapeError>([&] { tensor(items); }, text + shapes);
  };
  refuses({{1, 2}, {3}}, "[2] and [1]");
  refuses({1, {2}}, "[] and [1]");
  expect_error<ShapeError>([] { tensor({{{{{{{{{1}}}}}}}}}); },
                           "A tensor has at most 8 dimensions, and one more than [1, 1, 1, 1, 1, "
                           "1, 1, 1] was asked for");
}

// What does not compile: numbers that would lose their fraction or their meaning.
static_assert(!std::is_constructible_v<Nested<std::int64_t>, double>);
static_assert(!std::is_constructible_v<Nested<std::int64_t>, bool>);
static_assert(!std::is_constructible_v<Nested<bool>, int>);
static_assert(!std::is_constructible_v<Nested<bool>, double>);
static_assert(std::is_constructible_v<Nested<float>, bool>);
static_assert(std::is_constructible_v<Nested<std::int64_t>, unsigned char>);
// Nor do numbers that would become tensors by themselves, or types that would mix.
static_assert(!std::is_convertible_v<float, Tensor>);
static_assert(!std::is_convertible_v<int, Tensor>);
static_assert(!std::is_assignable_v<Tensor&, float> && std::is_assignable_v<Tensor, float>);
static_assert(!std::is_assignable_v<const Tensor&, Tensor>);
static_assert(!std::is_convertible_v<LongTensor, Tensor>);
static_assert(!std::is_assignable_v<Tensor, LongTensor>);
static_assert(!std::is_invocable_v<Tensor, double>);  // t(1.5) is no element

TEST(Make, TakesAVector) {
  expect_equal(from_vector(std::vector<float>{1, 2, 3, 4}, {2, 2}), tensor({{1, 2}, {3, 4}}));
  expect_equal(from_vector(std::vector<bool>{true, false}, {2}), bool_tensor({true, false}));
  EXPECT_EQ(from_vector<float>({3}, {}).item(), 3);
  expect_error<ShapeError>([] { from_vector<float>({1}, {3}); },
                           "shape '[3]' is invalid for input of size 1");
  expect_error<ShapeError>([] { from_vector<float>({}, {}); },
                           "shape '[]' is invalid for input of size 0");
}

TEST(Arange, CountsRight) {
  expect_equal(arange(0, 6, 3), long_tensor({0, 3}));
  expect_equal(arange(5, 0, -2), long_tensor({5, 3, 1}));
  expect_equal(arange(3.), tensor({0, 1, 2}));
  expect_equal(arange(1., 0., -.25), tensor({1, .75, .5, .25}));
  EXPECT_EQ(arange(5, 5, -1).numel(), 0);
  expect_equal(arange(0., 1., .1), tensor({0, .1, .2, .3, .4, .5, .6, .7, .8, .9}));
  EXPECT_EQ(arange(0., .3, .1).numel(), 3);
  // Whole numbers that a double cannot tell apart.
  const std::int64_t big = std::int64_t{1} << 53;
  expect_equal(arange(big, big + 3), long_tensor({big, big + 1, big + 2}));
  expect_equal(arange(kMaxLong - 1, kMaxLong), long_tensor({kMaxLong - 1}));
  expect_equal(arange(0, kMinLong + 1, kMinLong / 2), long_tensor({0, kMinLong / 2}));
  EXPECT_EQ(arange(20000001.).at(20000000), 20000000.f);
}

TEST(Arange, RefusesStepsThatDoNotLeadThere) {
  const auto refuses = [](auto start, auto end, auto step) {
    expect_error<ShapeError>([&] { arange(start, end, step); },
                             "arange() cannot go from " + std::to_string(start) + " to " +
                                 std::to_string(end) + " in steps of " + std::to_string(step));
  };
  refuses(5, 5, 0);
  refuses(0, 5, -6);
  refuses(0, -1, 2);
  refuses(kMinLong, kMaxLong, kMaxLong);
  refuses(std::int64_t{0}, kMinLong, std::int64_t{-1});
  refuses(0., 1., 0.);
  refuses(0., .5, -1.);
  refuses(0., double{kNan}, 1.);
}

// ---- Storage and handles -----------------------------------------------------------------------

TEST(Storage, IsAligned) {
  for (const std::int64_t size : {0, 1, 7, 1000}) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(empty({size}).storage().data()) % 64, 0u);
    EXPECT_EQ(empty<bool>({size}).storage().size(), size);
  }
}

TEST(Storage, MemoryIsCountedWhileATensorHasIt) {
  reset_peak_memory_stats();
  const std::int64_t before = memory_allocated();
  {
    const Tensor a = empty({3, 4});
    const Tensor row = a[0], same = a;
    EXPECT_EQ(memory_allocated() - before, 48);
    const DoubleTensor b = empty<double>({5});
    EXPECT_EQ(memory_allocated() - before, 88);
  }
  EXPECT_EQ(memory_allocated(), before);
  EXPECT_EQ(max_memory_allocated() - before, 88);
  reset_peak_memory_stats();
  EXPECT_EQ(max_memory_allocated(), before);
  EXPECT_THROW(empty({std::int64_t{1} << 61}), std::bad_alloc);  // 2^63 bytes
  EXPECT_THROW(empty({std::int64_t{1} << 62}), std::bad_alloc);  // 2^64, which wrap around to 0
  EXPECT_EQ(memory_allocated(), before);
}

// Whatever its handles are made to mean in between, nothing is kept beyond them.
TEST(Storage, IsKeptByViewsAndNoLonger) {
  const std::int64_t before = memory_allocated();
  Tensor row, whole;
  {
    Tensor base = ones({2, 3});
    row = base[1];
    whole = base.t();
    base = static_cast<const Tensor&>(base);
    base[0] = base[0];
    base = base[1];  // the name means the row, and then nothing
  }
  row.fill_(7);
  EXPECT_EQ(whole(0, 1), 7);
  for (const Tensor t : ones({1, 2})) row = t;  // of a tensor without a name
  EXPECT_EQ(row(1), 1);
  row = whole = Tensor();
  EXPECT_EQ(memory_allocated(), before);
}

TEST(Handle, WithoutATensorIsUndefined) {
  const Tensor none;
  EXPECT_FALSE(none.defined());
  EXPECT_EQ(none.shape(), Shape({0}));
  EXPECT_TRUE(zeros({0}).defined());
  EXPECT_TRUE(none.clone().defined());
}

TEST(Handle, IsAValueOfTheLanguage) {
  Tensor a = tensor(1), b = tensor(2);
  std::swap(a, b);
  Tensor& same = a;
  a = same;
  Tensor moved = std::move(a);
  a = b;  // a handle that was moved from can be assigned to
  std::vector<Tensor> list = {tensor(3), moved, a};
  std::sort(list.begin(), list.end(),
            [](const Tensor& x, const Tensor& y) { return x.item() < y.item(); });
  EXPECT_EQ(list[0].item() + 10 * list[1].item() + 100 * list[2].item(), 321);
}

// ---- Assignment --------------------------------------------------------------------------------

TEST(Assignment, ToAViewAsItIsMadeWrites) {
  const Tensor m = tensor({{1, 2, 3}, {4, 5, 6}, {7, 7, 8}});
  m[0] = m[1];
  expect_equal(m, tensor({{4, 5, 6}, {4, 5, 6}, {7, 7, 8}}));
  m.index({Slice(), 2}) = tensor({10, 20, 30});
  m.slice(0, 1) = tensor({1, 2, 3});  // broadcast to both rows
  expect_equal(m, tensor({{4, 5, 10}, {1, 2, 3}, {1, 2, 3}}));
  m[0][1] = 77;
  m.diagonal() = -1;
  expect_equal(m, tensor({{-1, 77, 10}, {1, -1, 3}, {1, 2, -1}}));
  m.select(1, 0) = m.select(1, 1);  // a column, interleaved with the one that is written
  expect_equal(m, tensor({{77, 77, 10}, {-1, -1, 3}, {2, 2, -1}}));
  m[2] = tensor({{{4, 5, 6}}});  // leading sizes of 1 do not count
  expect_equal(m[2], tensor({4, 5, 6}));
  m[2][2] = tensor({{8}});
  EXPECT_EQ(m.at(2, 2), 8);
}

template <class T, class S>
concept TakesScalar = requires(const TensorOf<T>& m, S value) {
  m[0] = value;
};
static_assert(TakesScalar<float, int> && TakesScalar<float, double> && TakesScalar<bool, bool>);
static_assert(TakesScalar<std::int64_t, int> && !TakesScalar<std::int64_t, double>);
static_assert(!TakesScalar<bool, int>);

// No fraction is lost on the way into integers.
template <class T, class S>
concept FillsWith = requires(const TensorOf<T>& m, S value) {
  m.fill_(value);
  m *= value;
  m.pow(value);
  m.clamp_min(value);
};
static_assert(FillsWith<float, int> && FillsWith<double, float> && FillsWith<std::int64_t, int>);
static_assert(!FillsWith<std::int64_t, double> && !FillsWith<std::int64_t, bool>);

TEST(Assignment, ToANameMakesItMeanAnother) {
  const Tensor m = counting();
  auto row = m[0];
  row = tensor({7, 8, 9});
  expect_equal(m, counting());
  expect_equal(row, tensor({7, 8, 9}));
  row = m[1];
  row[0] = 9;
  expect_equal(m, tensor({{0, 1, 2}, {9, 4, 5}}));
  for (Tensor r : m) r = tensor({0, 0, 0});
  expect_equal(m, tensor({{0, 1, 2}, {9, 4, 5}}));
}

TEST(Assignment, RefusesWhatDoesNotFitAndChangesNothing) {
  const Tensor m = counting();
  expect_error<ShapeError>([&] { m[0] = ones({2}); },
                           "The expanded size of the tensor (3) must match the existing size (2) "
                           "at non-singleton dimension 0.  Target sizes: [3].  Tensor sizes: [2]");
  expect_error<ShapeError>([&] { m[0] = m; },
                           "The number of sizes provided (1) must be greater or equal to the "
                           "number of dimensions in the tensor (2)");
  expect_equal(m, counting());
}

TEST(Iteration, GivesTheRows) {
  const Tensor m = counting();
  for (Tensor row : m) row[0] = -1;
  expect_equal(m, tensor({{-1, 1, 2}, {-1, 4, 5}}));
  for (const Tensor& x : m[0]) x.fill_(3);
  EXPECT_EQ(m(0, 2), 3);
  const std::vector<Tensor> both(m.begin(), m.end());
  ASSERT_EQ(both.size(), 2u);
  expect_equal(both[1], m[1]);
  *m.begin() = 1;
  EXPECT_EQ(m(0, 2), 1);
  expect_error<IndexError>([] { tensor(1).begin(); }, "iteration over a 0-d tensor");
}

// ---- Look and elements -------------------------------------------------------------------------

TEST(Tensor, TellsItsShape) {
  const Tensor t = zeros({2, 3, 4}).transpose(0, 2);
  EXPECT_EQ(t.shape(), Shape({4, 3, 2}));
  EXPECT_EQ(t.strides(), Strides({1, 4, 12}));
  EXPECT_EQ(t.size(-1), 2);
  EXPECT_EQ(t.stride(-2), 4);
  EXPECT_EQ(t.numel(), 24);
  EXPECT_FALSE(t.is_contiguous());
  EXPECT_EQ(t[3].data(), t.data() + 3);
  expect_error<IndexError>([] { tensor(1).size(0); },
                           "Dimension specified as 0 but tensor has no dimensions");
  expect_error<IndexError>([] { tensor(1).stride(-1); },
                           "Dimension specified as -1 but tensor has no dimensions");
}

// A view that exists only for one expression is gone after it; its shape is not.
TEST(Tensor, OfAnExpressionGivesItsShapeByValue) {
  std::string sizes, values;
  for (const std::int64_t size : counting().t().shape()) sizes += std::to_string(size) + " ";
  for (const float value : counting().storage()) values += std::to_string(int(value)) + " ";
  const Layout& layout = counting().t().layout();
  EXPECT_EQ(sizes, "3 2 ");
  EXPECT_EQ(values, "0 1 2 3 4 5 ");
  EXPECT_EQ(bracketed(layout.shape), "[3, 2]");
}

TEST(Tensor, ItemIsTheOnlyElement) {
  EXPECT_EQ(tensor(2.5).item(), 2.5f);
  expect_error<ShapeError>([] { ones({2}).item(); },
                           "a Tensor with 2 elements cannot be converted to Scalar");
  expect_error<ShapeError>([] { zeros({0}).item(); },
                           "a Tensor with 0 elements cannot be converted to Scalar");
}

TEST(Element, IsCheckedByAtAndInDebugBuildsByCall) {
  const Tensor m = counting();
  EXPECT_EQ(m.at(-1, -3), 3);
  EXPECT_EQ(tensor(4).at(), 4);
  m.at(0, 0) = 8;
  EXPECT_EQ(m(0, 0), 8);
  expect_error<IndexError>([&] { m.at(0, 3); },
                           "index 3 is out of bounds for dimension 1 with size 3");
  expect_error<IndexError>([&] { m.at(0, 0, 0); },
                           "at() takes one index for each dimension: 2, but got 3");

  EXPECT_EQ(m.t()(2, 1u), 5);
  EXPECT_EQ(tensor(4)(), 4);
  m(0, std::size_t{1}) = 8;
  EXPECT_EQ(m.at(0, 1), 8);
#ifndef NDEBUG
  expect_error<IndexError>([&] { m(0, -1); },
                           "index -1 is out of bounds for dimension 1 with size 3");
  expect_error<IndexError>([&] { m(-1); }, "at() takes one index for each dimension: 2, but got 1");
#endif
}

// ---- Views (layout_test.cc holds their arithmetic) ---------------------------------------------

TEST(View, LooksAtTheSameElements) {
  const Tensor m = counting();
  expect_equal(m.index({Slice(), 1}), tensor({1, 4}));
  expect_equal(m.select(1, 2), tensor({2, 5}));
  expect_equal(m.slice(-1, None, None, 2), tensor({{0, 2}, {3, 5}}));
  expect_equal(m.unsqueeze(-1).squeeze(), m);
  expect_equal(m.view({3, -1}), tensor({{0, 1}, {2, 3}, {4, 5}}));
  expect_equal(m.permute({1, 0}), m.t());
  expect_equal(m.diagonal(1), tensor({1, 5}));
  expect_equal(m[0].expand({2, 3}), tensor({{0, 1, 2}, {0, 1, 2}}));
  expect_equal(m.expand_as(zeros<bool>({1, 2, 3})), m.unsqueeze(0));
  for (const Tensor& view : {m[0], m.t(), m.view({6}), m.diagonal(), m.expand({2, 2, 3})}) {
    EXPECT_TRUE(same_memory(view, m));
  }
  expect_equal(tensor({1, 2}).t(), tensor({1, 2}));
  expect_error<ShapeError>([&] { m.unsqueeze(0).t(); },
                           "t() expects a tensor with <= 2 dimensions, but self is 3D");
}

TEST(AsStrided, GivesAnyLayoutInsideTheStorage) {
  const Tensor v = arange(6.f);
  expect_equal(v.as_strided({2, 3}, {1, 2}), tensor({{0, 2, 4}, {1, 3, 5}}));
  expect_equal(v.as_strided({2, 2}, {0, 1}, 4), tensor({{4, 5}, {4, 5}}));
  expect_equal(v[2].as_strided({}, {}), tensor(2));  // from where the view begins
  expect_equal(v[2].as_strided({6}, {1}, 0), v);
  EXPECT_EQ(v.as_strided({0, 5}, {100, 100}, 6).numel(), 0);
  EXPECT_EQ(v.as_strided({1, 6}, {kMaxLong, 1}).numel(), 6);
}

TEST(AsStrided, RefusesToLeaveTheStorage) {
  const Tensor v = arange(6.f);
  const auto refuses = [&](const Shape& sizes, const Strides& strides, std::int64_t offset) {
    expect_error<ShapeError>([&] { v.as_strided(sizes, strides, offset); },
                             "as_strided() of sizes " + bracketed(sizes) + ", strides " +
                                 bracketed(strides) + " and offset " + std::to_string(offset) +
                                 " is out of bounds for storage of size 6");
  };
  refuses({7}, {1}, 0);
  refuses({2, 3}, {3, 1}, 1);
  refuses({0}, {1}, 7);
  refuses({1}, {1}, -1);
  refuses({3}, {-1}, 5);
  refuses({2, 2}, {kMaxLong, kMaxLong}, 0);
  refuses({0}, {-1}, 0);  // also where nothing is there
  refuses({0, 3}, {1, kMaxLong}, 0);
  expect_error<ShapeError>([&] { v.as_strided({2}, {}); },
                           "as_strided() takes one stride for each size, but got sizes [2] and "
                           "strides []");
}

// ---- Copies ------------------------------------------------------------------------------------

TEST(Copies, KeepADenseLayoutAndAreMadeWhereTheyMust) {
  EXPECT_EQ(ones({3}).expand({2, 3}).clone().storage().size(), 6);
  const Tensor last_rows = arange(12.f).view({4, 3}).slice(0, 2).t(), copy = last_rows.clone();
  EXPECT_EQ(copy.strides(), Strides({1, 3}));
  EXPECT_EQ(copy.storage_offset(), 0);  // that of last_rows is 6
  EXPECT_EQ(copy.storage().size(), 6);
  expect_equal(copy, last_rows);

  const Tensor m = counting();
  EXPECT_TRUE(same_memory(m[1].contiguous(), m));
  EXPECT_FALSE(same_memory(m.t().contiguous(), m));
  EXPECT_TRUE(same_memory(m.reshape({-1}), m));
  EXPECT_FALSE(same_memory(m.t().reshape({-1}), m));
  expect_error<ShapeError>([&] { m.t().reshape({4}); },
                           "shape '[4]' is invalid for input of size 6");
}

TEST(Copies, HaveTheElementsOfTheView) {
  for_seeds(300, [](Generator& generator) {
    const Shape shape = random_shape(generator.below(6), 4, generator);
    const Tensor x = random_operand(shape, generator, randn<float>);
    expect_equal(x.clone(), x);
    expect_equal(x.contiguous(), x);
    expect_equal(x.reshape({x.numel()}).reshape(shape), x);
    expect_equal(from_vector(x.to_vector(), shape), x);
    expect_equal(x.to<double>().to<float>(), x);
    expect_equal(random_view(x, generator), x);  // copy_ into any layout
  });
}

TEST(To, ConvertsElements) {
  expect_equal(tensor({1.9, -1.9, 0, -0.}).to<std::int64_t>(), long_tensor({1, -1, 0, 0}));
  expect_equal(tensor({kNan, kInf, -kInf, 1e20, -1e20}).to<std::int64_t>(),
               long_tensor({kMinLong, kMinLong, kMinLong, kMinLong, kMinLong}));
  expect_equal(double_tensor({0x1p63, -0x1p63, 9223372036854774784., -4e18}).to<std::int64_t>(),
               long_tensor({kMinLong, kMinLong, 9223372036854774784, -4000000000000000000}));
  expect_equal(tensor({0, -0., 2, kNan, kInf}).to<bool>(),
               bool_tensor({false, false, true, true, true}));
  expect_equal(bool_tensor({true, false}).to<std::int64_t>(), long_tensor({1, 0}));
  expect_equal(long_tensor({16777217}).to<float>(), tensor({16777216}));
  expect_equal(double_tensor({1e300, .1}).to<float>(), tensor({kInf, .1f}));
  expect_equal(tensor({.1}).to<double>(), double_tensor({.1f}));
  const Tensor m = counting();
  EXPECT_FALSE(same_memory(m.to<float>(), m));
  EXPECT_EQ(m.t().to<double>().strides(), Strides({1, 3}));
}

// ---- Writes ------------------------------------------------------------------------------------

TEST(CopyInto, RefusesOverlapAndChangesNothing) {
  const Tensor square = arange(9.f).view({3, 3}), before = square.clone();
  expect_error<ShapeError>([&] { square.copy_(square.t()); }, kPartialOverlap);
  expect_error<ShapeError>([&] { square.slice(0, 1) = square.slice(0, 0, 2); }, kPartialOverlap);
  expect_error<ShapeError>([&] { square[0].expand({2, 3}) = tensor({1, 2, 3}); }, kWrittenTwice);
  expect_equal(square, before);

  square.copy_(square);  // itself
  square.t() = square.t();
  square[0] = square.view({9}).slice(0, 0, 3);  // itself by another name
  expect_equal(square, before);
  square[0] = square[1];  // apart
  square.t()[2] = square.t()[0];
  expect_equal(square, tensor({{3, 4, 3}, {3, 4, 3}, {6, 7, 6}}));
}

TEST(Fill, TakesAnyView) {
  const Tensor m = counting();
  m.select(1, 1).fill_(9);
  expect_equal(m, tensor({{0, 9, 2}, {3, 9, 5}}));
  m[0].expand({4, 3}).fill_(7);  // the same value, however often it is written
  expect_equal(m, tensor({{7, 7, 7}, {3, 9, 5}}));
  m.t()[0].zero_();
  expect_equal(m, tensor({{0, 7, 7}, {0, 9, 5}}));
}

// ---- The gradient slot -------------------------------------------------------------------------

TEST(Grad, IsOneSlotOfAllHandlesButNotOfViews) {
  const Tensor w = counting(), handle = w;
  EXPECT_FALSE(w.grad().defined());
  EXPECT_FALSE(w.has_grad());  // asking did not make one
  w.grad() = ones({2, 3});
  expect_equal(handle.grad(), ones({2, 3}));
  const Tensor v = w[0];
  v.grad() = ones({3});
  // Every view, also one that shows the whole of it as it is, and every copy.
  const Shape all = w.shape();
  const auto any_has_grad = [](const auto&... others) { return (others.has_grad() || ...); };
  EXPECT_FALSE(any_has_grad(w.t(), w[0], v.t(), v.squeeze(), w.view(all), w.reshape(all),
                            w.expand(all), w.expand_as(w), w.slice(0), w(Ellipsis), w.squeeze(),
                            w.permute(0, 1), w.transpose(0, 0), w.diagonal(),
                            w.as_strided(all, w.strides()), w.unsqueeze(0), *v.begin(), w.clone(),
                            w.to<float>(), w.t().contiguous()));
  EXPECT_TRUE(w.contiguous().has_grad());  // it returns the tensor itself
}

TEST(Grad, IsOverwritten) {
  const Tensor w = ones({2}), first = zeros({2});
  w.grad() = first;
  w.grad() = ones({2});
  expect_equal(w.grad(), ones({2}));
  expect_equal(first, zeros({2}));
  w.grad()[0] = 7;  // writes, as every view does
  expect_equal(w.grad(), tensor({7, 1}));
  w.grad() = Tensor();
  EXPECT_FALSE(w.has_grad());
  w.grad() = zeros({0});
  EXPECT_TRUE(w.has_grad());
}

}  // namespace
}  // namespace foundations
