// Holds this chapter to common: the same shapes, views, elements and error messages.
#include "02_broadcast/broadcast.h"

#include <gtest/gtest.h>

#include <limits>
#include <ostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "common/tensor/layout.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/tensor/shape.h"
#include "common/testing/rung_names.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations::ch02 {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

// Rank 0 to 8, sizes of 0 and 1 in every place. Tested in pairs, of which most clash.
const std::vector<Shape> kShapes = [] {
  std::istringstream words(
      "[] 0 1 2 3 37 0x0 0x3 3x0 1x0 0x1 1x1 1x3 3x1 3x3 2x3 3x2 5x37 5x1 1x3x1 2x1x3 2x3x1 4x2x3 "
      "4x1x1 0x2x3 4x0x3 7x5x37 3x1x2x1 1x1x1x1x1x1x1x1 2x1x3x1x2x1x3x1 1x2x1x3x1x2x1x3 "
      "2x2x3x3x2x2x3x3 2x2x3x3x2x0x3x3 3x1x1x1x1x1x1x1");
  std::vector<Shape> shapes;
  for (std::string word; words >> word;) shapes.push_back(parse_shape(word));
  return shapes;
}();

// Calls check(a, b) for every pair of shapes, until one has failed.
template <class Check>
void for_every_pair(Check check) {
  for (const Shape& a : kShapes) {
    for (const Shape& b : kShapes) {
      SCOPED_TRACE(bracketed(a) + " and " + bracketed(b));
      check(a, b);
      if (testing::Test::HasFailure()) return;
    }
  }
}

std::string text(const Shape& shape) { return bracketed(shape); }
std::string text(const Layout& layout) {
  return bracketed(layout.shape) + " strides " + bracketed(layout.strides) + " offset " +
         std::to_string(layout.offset);
}

// Returns the shape or the layout that make() gives, as text, or its error message.
template <class Make>
std::string outcome(Make make) {
  try {
    return text(make());
  } catch (const ShapeError& error) {
    return error.what();
  }
}

bool fit(const Shape& a, const Shape& b) {
  return outcome([&] { return foundations::broadcast_shapes(a, b); })[0] == '[';
}

// Two shapes, and the result or the error message to expect.
struct Pair {
  Shape a, b;
  std::string want;
};

// ---- The rule

TEST(BroadcastShapes, IsCommonsForEveryPair) {
  int fitting = 0, clashing = 0;
  for_every_pair([&](const Shape& a, const Shape& b) {
    EXPECT_EQ(outcome([&] { return ch02::broadcast_shapes(a, b); }),
              outcome([&] { return foundations::broadcast_shapes(a, b); }));
    ++(fit(a, b) ? fitting : clashing);
  });
  EXPECT_GT(fitting, 300);
  EXPECT_GT(clashing, 300);
}

TEST(BroadcastShapes, IsTheRule) {
  const auto clash = [](const char* a, const char* b, const char* d) {
    return std::string("The size of tensor a (") + a + ") must match the size of tensor b (" + b +
           ") at non-singleton dimension " + d;
  };
  const Pair pairs[] = {
      {{256, 256, 3}, {3}, "[256, 256, 3]"},
      {{3}, {3, 1}, "[3, 3]"},
      {{}, {2, 3}, "[2, 3]"},
      {{}, {}, "[]"},
      {{1}, {0}, "[0]"},
      {{8, 1, 6, 1}, {7, 1, 5}, "[8, 7, 6, 5]"},
      {{2, 3}, {2}, clash("3", "2", "1")},
      {{4}, {5, 3, 2}, clash("4", "2", "2")},
      {{2, 3, 4}, {3, 3, 4}, clash("2", "3", "0")},
      {{0}, {2}, clash("0", "2", "0")},
      {{2, 3}, {3, 2}, clash("3", "2", "1")},  // two clashes: it names the last
  };
  for (const Pair& pair : pairs) {
    EXPECT_EQ(outcome([&] { return ch02::broadcast_shapes(pair.a, pair.b); }), pair.want);
  }
}

// ---- The view

TEST(Expand, IsCommonsForEveryPair) {
  for_every_pair([](const Shape& shape, const Shape& target) {
    for (const Tensor& x : every_layout(zeros(shape))) {
      EXPECT_EQ(outcome([&] { return ch02::expand(x, target).layout(); }),
                outcome([&] { return x.layout().expand(target); }));
    }
  });
}

TEST(Expand, IsAViewWithStrideZeroOrNone) {
  const Pair pairs[] = {
      {{3}, {3, 3}, "[3, 3] strides [0, 1] offset 0"},
      {{3, 1}, {3, 3}, "[3, 3] strides [1, 0] offset 0"},
      {{3, 4},
       {2, 4},
       "The expanded size of the tensor (2) must match the existing size (3) at non-singleton "
       "dimension 0.  Target sizes: [2, 4].  Tensor sizes: [3, 4]"},
      {{3, 4},
       {4},
       "The number of sizes provided (1) must be greater or equal to the number of dimensions in "
       "the tensor (2)"},
      {{1}, {-1}, "Trying to create tensor with negative dimension -1: [-1]"},
  };
  for (const Pair& pair : pairs) {
    EXPECT_EQ(outcome([&] { return expand(zeros(pair.a), pair.b).layout(); }), pair.want);
  }
}

// Writing into an expanded view does what PyTorch does.
TEST(Expand, SharesItsElements) {
  const Tensor c = tensor({10, 20, 30});
  Tensor t = expand(c, {3, 3});
  EXPECT_EQ(t.storage().size(), 3);
  t[0][0] = 99;
  expect_equal(t, tensor({{99, 20, 30}, {99, 20, 30}, {99, 20, 30}}));
  expect_equal(c, tensor({99, 20, 30}));
  const std::string sentence =
      "unsupported operation: more than one element of the written-to tensor refers to a single "
      "memory location. Please clone() the tensor before performing the operation.";
  expect_error<ShapeError>([&] { t += 1; }, sentence);
  expect_error<ShapeError>([&] { t.copy_(zeros(3, 3)); }, sentence);
  expect_equal(c, tensor({99, 20, 30}));
  Tensor own = t.clone();
  own += 1;
  expect_equal(own[2], tensor({100, 21, 31}));
  expect_equal(c, tensor({99, 20, 30}));
  t.fill_(0);
  expect_equal(c, zeros(3));
}

// ---- The rungs

class AddTest : public testing::TestWithParam<Rung<Add>> {
 protected:
  Tensor add(const Tensor& a, const Tensor& b) { return GetParam().run(a, b); }
};

INSTANTIATE_TEST_SUITE_P(Rungs, AddTest, testing::ValuesIn(kAddRungs), name_of_rung);

TEST_P(AddTest, IsCommonsForEveryPairAndLayout) {
  Generator generator(1);
  for_every_pair([&](const Shape& shape_a, const Shape& shape_b) {
    if (!fit(shape_a, shape_b)) return;
    const Tensor a = randn(shape_a, generator), b = randn(shape_b, generator);
    const Tensor want = a + b;
    for (const Tensor& x : every_layout(a)) {
      for (const Tensor& y : every_layout(b)) {
        const Tensor got = add(x, y);
        expect_equal(got, want);
        EXPECT_TRUE(got.is_contiguous());
        EXPECT_EQ(got.storage().size(), got.numel());
      }
    }
  });
}

TEST_P(AddTest, RefusesInCommonsWords) {
  for_every_pair([&](const Shape& a, const Shape& b) {
    EXPECT_EQ(outcome([&] { return add(zeros(a), zeros(b)).shape(); }),
              outcome([&] { return (zeros(a) + zeros(b)).shape(); }));
  });
}

// The sums are worked out here, one index at a time, without common's operators.
TEST_P(AddTest, AddsTheElementsThatTheRuleNames) {
  Generator generator(2);
  const Tensor a = whole_numbers<float>({2, 1, 4}, generator);
  const Tensor b = whole_numbers<float>({3, 1}, generator);
  const Tensor got = add(a, b);
  ASSERT_EQ(got.shape(), Shape({2, 3, 4}));
  for (std::int64_t i = 0; i < 2; ++i) {
    for (std::int64_t j = 0; j < 3; ++j) {
      for (std::int64_t k = 0; k < 4; ++k) EXPECT_EQ(got(i, j, k), a(i, 0, k) + b(j, 0));
    }
  }
}

TEST_P(AddTest, TakesExpandedOperandsAndOneTwice) {
  const Tensor c = tensor({10, 20, 30});
  const Tensor t = expand(c, {2, 3}), u = expand(tensor({{1}, {2}}), {2, 3});
  expect_equal(add(t, u), tensor({{11, 21, 31}, {12, 22, 32}}));
  expect_equal(add(u, u), tensor({{2, 2, 2}, {4, 4, 4}}));
  expect_equal(add(c, c), tensor({20, 40, 60}));
}

TEST_P(AddTest, PassesNanAndInfinityOn) {
  const Tensor row = tensor({1, kNan, kInf}), column = tensor({{0}, {-kInf}});
  expect_close(add(row, column), tensor({{1, kNan, kInf}, {-kInf, kNan, kNan}}), 0, 0,
               /*equal_nan=*/true);
}

// Fills the memory that a rung gets with NaN first, so that an element it forgets shows.
TEST_P(AddTest, WritesEveryElementAndLeavesItsOperands) {
  const Tensor a = ones(7, 13), b = ones(13);
  for (int i = 0; i < 4; ++i) full({7, 13}, kNan);
  expect_equal(add(a, b), full({7, 13}, 2));
  expect_equal(a, ones(7, 13));
  expect_equal(b, ones(13));
}

// `copied` holds two copies and the result, the others the result alone.
TEST_P(AddTest, HoldsNoMoreMemoryThanItSays) {
  const Tensor row = ones(1, 50), column = ones(40, 1);
  const std::int64_t before = memory_allocated(), result = 4 * 40 * 50;
  reset_peak_memory_stats();
  add(row, column);
  EXPECT_EQ(max_memory_allocated() - before, GetParam().name == "copied" ? 3 * result : result);
}

// ---- The operators

template <class T>
void expect_the_same(const TensorOf<T>& got, const TensorOf<T>& want) {
  expect_close(got.template to<double>(), want.template to<double>(), 0, 0, /*equal_nan=*/true);
}

void expect_commons_operators(const Tensor& a, const Tensor& b) {
  expect_the_same(sub(a, b), a - b);
  expect_the_same(mul(a, b), a * b);
  expect_the_same(div(a, b), a / b);
  expect_the_same(eq(a, b), a == b);
  expect_the_same(ne(a, b), a != b);
  expect_the_same(lt(a, b), a < b);
  expect_the_same(le(a, b), a <= b);
  expect_the_same(gt(a, b), a > b);
  expect_the_same(ge(a, b), a >= b);
}

TEST(Operators, AreCommons) {
  Generator generator(3);
  const Tensor column = tensor({{-2}, {0}, {1}, {1.5}, {kInf}, {kNan}});
  const Tensor row = tensor({1, 0, -0.f, -kInf, kNan, 3, kInf, -2});
  const std::pair<Tensor, Tensor> pairs[] = {
      {column, row},
      {tensor(2), tensor(3)},
      {tensor(2), row},
      {zeros(0, 3), zeros(1, 3)},
      {whole_numbers<float>({2, 1, 4}, generator), whole_numbers<float>({3, 1}, generator)},
  };
  for (const auto& [a, b] : pairs) {
    for (const Tensor& x : every_layout(a)) {
      for (const Tensor& y : every_layout(b)) {
        expect_commons_operators(x, y);
        expect_commons_operators(y, x);
      }
    }
  }
}

TEST(Operators, AreTheNotes) {
  const Tensor c = tensor({10, 20, 30});
  expect_equal(gt(tensor({10, 6, -4}), tensor(0)), bool_tensor({true, true, false}));
  expect_equal(mul(c(None), c(_, None)),
               tensor({{100, 200, 300}, {200, 400, 600}, {300, 600, 900}}));
  expect_equal(gt(c(None), c(_, None)),
               bool_tensor({{false, true, true}, {false, false, true}, {false, false, false}}));
}

}  // namespace
}  // namespace foundations::ch02
