// cat, stack, pad, index_select, gather: against PyTorch's results, written out, and by their laws
// on every layout.
#include "common/tensor/join.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/base/openmp.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

template <class T>
class Joined : public testing::Test {};
using Types = testing::Types<float, double, std::int64_t, bool>;
TYPED_TEST_SUITE(Joined, Types);

// What is cut out of the result is what was put in.
TYPED_TEST(Joined, OnEveryLayout) {
  using T = TypeParam;
  Generator generator(1);
  const LongTensor last_first = long_tensor({3, 0, 3});
  for (const auto& a : every_layout(whole_numbers<T>({2, 4, 3}, generator))) {
    for (const auto& b : every_layout(whole_numbers<T>({2, 4, 3}, generator))) {
      for (std::int64_t d = 0; d < 3; ++d) {
        const auto one = cat({a, b, a}, d - 3), other = stack({a, b}, d);
        const std::int64_t n = a.size(d);
        expect_equal(one.slice(d, 0, n), a);
        expect_equal(one.slice(d, n, 2 * n), b);
        expect_equal(one.slice(d, 2 * n), a);
        expect_equal(other.select(d, 0), a);
        expect_equal(other.select(d, 1), b);
      }
    }
    const auto padded = pad(a, {1, 2, 0, 0, 3, 0}, T{1});
    EXPECT_EQ(bracketed(padded.shape()), "[5, 4, 6]");
    expect_equal(padded.slice(0, 3).slice(2, 1, 4), a);
    expect_equal(padded.slice(0, 0, 3), ones<T>(3, 4, 6));
    expect_equal(padded.slice(2, 4), ones<T>(5, 4, 2));
    const auto picked = a.index_select(1, last_first);
    expect_equal(picked.select(1, 0), a.select(1, 3));
    expect_equal(picked.select(1, 1), a.select(1, 0));
    expect_equal(picked.select(1, 2), a.select(1, 3));
    const auto index = last_first.view(1, 3, 1).expand(2, 3, 2);
    expect_equal(a.gather(1, index), picked.slice(2, 0, 2));
  }
}

constexpr char kNoDim[] = "Dimension out of range (expected to be in range of [-2, 1], but got 2)";

TEST(Cat, FollowsPyTorch) {
  const Tensor a = tensor({{1, 2}}), b = tensor({{3, 4}, {5, 6}});
  expect_equal(cat({a, b}), tensor({{1, 2}, {3, 4}, {5, 6}}));
  const std::vector<Tensor> twice = {a, a};
  expect_equal(cat(twice, 1), tensor({{1, 2, 1, 2}}));
  expect_equal(cat({zeros(0), a, zeros(0, 2)}), a);
  const auto refuses = [](const std::vector<Tensor>& list, std::int64_t d, const char* text) {
    expect_error<ShapeError>([&] { cat(list, d); }, text);
  };
  refuses({}, 0, "torch.cat(): expected a non-empty list of Tensors");
  refuses({a, full({}, 1)}, 0, "zero-dimensional tensor (at position 1) cannot be concatenated");
  refuses({a, a[0]}, 0, "Tensors must have same number of dimensions: got 2 and 1");
  refuses({a, a, b}, 1,
          "Sizes of tensors must match except in dimension 1. Expected size 1 but got size 2 for "
          "tensor number 2 in the list.");
  expect_error<IndexError>([&] { cat(twice, 2); }, kNoDim);
}

TEST(Stack, FollowsPyTorch) {
  const Tensor a = tensor({1, 2}), b = tensor({3, 4});
  expect_equal(stack({a, b}), tensor({{1, 2}, {3, 4}}));
  expect_equal(stack(std::vector{a, b}, -1), tensor({{1, 3}, {2, 4}}));
  expect_equal(stack({full({}, 1), full({}, 2)}), tensor({1, 2}));
  expect_error<ShapeError>([] { stack(std::vector<Tensor>{}); },
                           "stack expects a non-empty TensorList");
  const std::vector<Tensor> unequal = {a, b, zeros(3)}, two = {a, b};
  expect_error<ShapeError>(
      [&] { stack(unequal); },
      "stack expects each tensor to be equal size, but got [2] at entry 0 and [3] at entry 2");
  expect_error<IndexError>([&] { stack(two, 2); }, kNoDim);
}

TEST(Pad, FollowsPyTorch) {
  const Tensor x = tensor({{1, 2, 3}, {4, 5, 6}});
  expect_equal(pad(x, {}), x);
  expect_equal(pad(x, {1, 0}), tensor({{0, 1, 2, 3}, {0, 4, 5, 6}}));
  expect_equal(pad(x, {0, 0, 1, 0}, kInf), tensor({{kInf, kInf, kInf}, {1, 2, 3}, {4, 5, 6}}));
  expect_equal(pad(x, {-1, 1}, 9), tensor({{2, 3, 9}, {5, 6, 9}}));
  expect_equal(pad(x, {-4, 2}, 9), tensor({{9}, {9}}));
  expect_equal(pad(x, {-1, -2}), zeros(2, 0));
  expect_equal(pad(zeros(0), {1, 1}, 2), tensor({2, 2}));
  const auto refuses = [](const Tensor& from, const std::vector<std::int64_t>& by,
                          const char* text) {
    expect_error<ShapeError>([&] { pad(from, by); }, text);
  };
  refuses(x, {1}, "Padding length must be divisible by 2");
  refuses(x[0], {1, 1, 1, 1},
          "Padding length should be less than or equal to two times the input dimension but got "
          "padding length 4 and input of dimension 1");
  refuses(x, {0, 0, -1, -2},
          "The input size 2, plus negative padding -1 and -2, resulted in a negative output size, "
          "which is invalid. Check dimension 0 of your input.");
}

TEST(IndexSelect, FollowsPyTorch) {
  const Tensor x = tensor({{1, 2, 3}, {4, 5, 6}});
  expect_equal(x.index_select(0, long_tensor({1, 1, 0})), stack({x[1], x[1], x[0]}));
  expect_equal(x.index_select(-1, full<std::int64_t>({}, 2)), tensor({{3}, {6}}));
  expect_equal(x.index_select(0, long_tensor({})), zeros(0, 3));
  for (const std::int64_t i : {std::int64_t{2}, std::int64_t{-1}, kMaxLong, kMinLong}) {
    const LongTensor index = full<std::int64_t>({1}, i);
    expect_error<IndexError>([&] { x.index_select(0, index); }, "index out of range in self");
  }
  expect_error<IndexError>([&] { x.index_select(0, long_tensor({{0}})); },
                           "index_select(): Index is supposed to be a vector");
  expect_error<IndexError>([&] { x.index_select(2, long_tensor({0})); }, kNoDim);
}

TEST(Gather, FollowsPyTorch) {
  const Tensor x = tensor({{1, 2, 3}, {4, 5, 6}});
  expect_equal(x.gather(0, long_tensor({{1, 0}, {0, 0}, {1, 1}})),
               tensor({{4, 2}, {1, 2}, {4, 5}}));
  expect_equal(x.gather(-1, zeros<std::int64_t>(2, 0)), zeros(2, 0));
  for (const std::int64_t i : {std::int64_t{3}, std::int64_t{-1}}) {
    const LongTensor index = full<std::int64_t>({1, 1}, i);
    expect_error<IndexError>(
        [&] { x.gather(1, index); },
        "index " + std::to_string(i) + " is out of bounds for dimension 1 with size 3");
  }
  expect_error<ShapeError>([&] { x.gather(1, long_tensor({0})); },
                           "Index tensor must have the same number of dimensions as input tensor, "
                           "but they have 1 and 2");
  expect_error<ShapeError>([&] { x.gather(1, zeros<std::int64_t>(3, 1)); },
                           "Size does not match at dimension 0 expected index [3, 1] to be no "
                           "larger than self [2, 3] apart from dimension 1");
}

}  // namespace
}  // namespace foundations
