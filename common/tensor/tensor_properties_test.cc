// The laws that views, copies, elementwise operators and reductions keep among one another, for
// random shapes and layouts. (layout_test.cc holds each view to plain index arithmetic.)
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "common/tensor/ops.h"
#include "common/testing/properties.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

Tensor real(const Shape& shape, Generator& generator) {
  return random_operand(shape, generator, randn<float>);
}

template <class T>
TensorOf<T> whole(const Shape& shape, Generator& generator) {
  return random_operand(shape, generator, [](const Shape& unstretched, Generator& g) {
    return whole_numbers<T>(unstretched, g, 9);
  });
}

// The same elements of the same memory. What the stride of a single index is does not matter.
template <class T>
void expect_same_view(const TensorOf<T>& got, const TensorOf<T>& want) {
  ASSERT_EQ(bracketed(got.shape()), bracketed(want.shape()));
  if (want.numel() == 0) return;
  EXPECT_EQ(got.data(), want.data());
  for (std::int64_t d = 0; d < want.dim(); ++d) {
    EXPECT_TRUE(want.size(d) == 1 || got.stride(d) == want.stride(d))
        << "strides " << bracketed(got.strides()) << ", want " << bracketed(want.strides());
  }
}

// The order that is `first` and then `second`.
IntList composed(const IntList& first, const IntList& second) {
  IntList both;
  for (const std::int64_t d : second) both.push_back(first[d]);
  return both;
}

TEST(Permute, OfAPermutationIsOnePermutation) {
  for_seeds(200, [](Generator& generator) {
    const std::int64_t rank = generator.below(7);
    const Tensor x = real(random_shape(rank, 4, generator), generator);
    const IntList p = random_order(rank, generator), q = random_order(rank, generator);
    expect_same_view(x.permute(p).permute(q), x.permute(composed(p, q)));
    expect_same_view(x.permute(p).permute(inverse(p)), x);
  });
}

TEST(Transpose, IsThePermutationThatSwapsAndItsOwnInverse) {
  for_seeds(200, [](Generator& generator) {
    const std::int64_t rank = 1 + generator.below(6);
    const Tensor x = real(random_shape(rank, 4, generator), generator);
    const std::int64_t i = generator.below(rank), j = generator.below(rank);
    IntList swapped;
    for (std::int64_t d = 0; d < rank; ++d) swapped.push_back(d == i ? j : d == j ? i : d);
    expect_same_view(x.transpose(i, j), x.permute(swapped));
    expect_same_view(x.transpose(i, j), x.transpose(j - rank, i));
    expect_same_view(x.transpose(i, j).transpose(i, j), x);
  });
}

TEST(SliceAndSelect, ComposeAndCommuteWithPermute) {
  for_seeds(300, [](Generator& generator) {
    const std::int64_t rank = 1 + generator.below(4);
    const Tensor x = real(random_shape(rank, 9, generator), generator);
    const IntList p = random_order(rank, generator);
    const std::int64_t d = generator.below(rank), size = x.size(p[d]);
    const std::int64_t start = generator.below(size + 1), step = 1 + generator.below(3);
    const std::int64_t inner = generator.below(3), inner_step = 1 + generator.below(3);
    const Tensor outer = x.slice(p[d], start, None, step);
    EXPECT_EQ(outer.size(p[d]), (size - start + step - 1) / step);
    expect_equal(outer.slice(p[d], inner, None, inner_step),
                 x.slice(p[d], start + inner * step, None, step * inner_step));
    expect_same_view(x.permute(p).slice(d, start, None, step), outer.permute(p));
    IntList others = p;
    others.erase(d);
    for (std::int64_t& other : others) other -= other > p[d];
    for (std::int64_t i = 0; i < size; ++i) {
      expect_same_view(x.permute(p).select(d, i), x.select(p[d], i).permute(others));
    }
  });
}

// A random way to write numel elements as a shape.
Shape random_shape_for(std::int64_t numel, Generator& generator) {
  Shape shape;
  for (std::int64_t left = numel; shape.size() < 5;) {
    const std::int64_t size = 1 + generator.below(6);
    if (left % size != 0) continue;
    shape.push_back(size);
    left /= size;
    if (chance(3, generator) || left == 1) {
      shape.push_back(left);
      return shape;
    }
  }
  return {numel};
}

TEST(Reshape, KeepsTheElementsInTheirOrder) {
  for_seeds(300, [](Generator& generator) {
    const Tensor x = real(random_shape(generator.below(5), 5, generator), generator);
    const Shape shape = random_shape_for(x.numel(), generator);
    const Tensor y = x.reshape(shape);
    EXPECT_EQ(y.to_vector(), x.to_vector());
    expect_equal(y.reshape(x.shape()), x);
    const Tensor dense = x.contiguous();
    expect_same_view(dense.reshape(shape), dense.view(shape));
    expect_same_view(dense.view(shape).view(x.shape()), dense);
    if (x.numel() > 0) {
      IntList open = shape;
      open[generator.below(open.size())] = -1;
      expect_same_view(dense.view(Shape(open.begin(), open.end())), dense.view(shape));
    }
  });
}

TEST(Copies, HaveTheElementsOfTheView) {
  for_seeds(200, [](Generator& generator) {
    const Tensor x = real(random_shape(generator.below(6), 4, generator), generator);
    expect_equal(x.clone(), x);
    expect_equal(x.contiguous(), x);
    expect_equal(from_vector(x.to_vector(), x.shape()), x);
    expect_equal(x.to<double>().to<float>(), x);
    expect_equal(random_view(x, generator), x);  // copy_ into any layout
  });
}

// Two shapes that broadcast, of one rank.
struct Pair {
  Shape a, b;
};
Pair random_pair(std::int64_t rank, Generator& generator) {
  Pair pair;
  for (const std::int64_t size : random_shape(rank, 4, generator)) {
    const std::int64_t stretched = generator.below(4);  // a, b, or neither
    pair.a.push_back(stretched == 0 ? 1 : size);
    pair.b.push_back(stretched == 1 ? 1 : size);
  }
  return pair;
}

// Element by element the same arithmetic, so the same bits.
TEST(Broadcasting, CommutesWithViews) {
  for_seeds(200, [](Generator& generator) {
    const std::int64_t rank = generator.below(5);
    const Pair shapes = random_pair(rank, generator);
    const Tensor a = real(shapes.a, generator), b = real(shapes.b, generator);
    const IntList p = random_order(rank, generator);
    const Shape both = broadcast_shapes(shapes.a, shapes.b);
    expect_equal(a.permute(p) * b.permute(p), (a * b).permute(p));
    expect_equal(a.permute(p) - b.permute(p), (a - b).permute(p));
    expect_equal(a.permute(p) < b.permute(p), (a < b).permute(p));
    expect_equal(where(a.permute(p) < b.permute(p), a.permute(p), b.permute(p)),
                 where(a < b, a, b).permute(p));
    expect_equal(a.expand(both) + b.expand(both), a + b);
    expect_equal(b + a, a + b);
    expect_equal(a.contiguous() + b.contiguous(), a + b);
    const Tensor into = random_view(a.expand(both).clone(), generator);
    into += b;
    expect_equal(into, a + b);
    if (rank > 0 && both[0] > 0) {
      expect_equal((a + b)[0], a[0] + b[0]);
      expect_equal(a[0] + b, a.slice(0, 0, 1) + b);  // a leading 1 that is missing
    }
  });
}

TEST(Sum, OverTheDimsInAnyOrderIsTheSumOfAll) {
  for_seeds(200, [](Generator& generator) {
    const std::int64_t rank = generator.below(6);
    const Shape shape = random_shape(rank, 5, generator);
    const LongTensor x = whole<std::int64_t>(shape, generator);
    const Tensor y = real(shape, generator);
    LongTensor x_left = x, x_kept = x;
    Tensor y_left = y;
    IntList left = random_order(rank, generator);
    for (const std::int64_t d : left) x_kept = x_kept.sum(d, true);
    while (!left.empty()) {
      const std::int64_t d = left[0];
      left.erase(0);
      for (std::int64_t& other : left) other -= other > d;
      x_left = x_left.sum(d);
      y_left = y_left.sum(d);
    }
    expect_equal(x_left, x.sum());
    EXPECT_EQ(x_kept.item(), x.sum().item());
    // Each sum rounds four times at most (reductions.cc) by half a unit of what it adds.
    const double rounding = 2 * 0x1p-23 * static_cast<double>(rank + 1);
    EXPECT_LE(std::abs(double(y_left.item()) - y.to<double>().sum().item()),
              rounding * y.to<double>().abs().sum().item());
  });
}

TEST(Sum, OfAStretchedDimIsAMultiple) {
  for_seeds(100, [](Generator& generator) {
    const LongTensor x = whole<std::int64_t>(random_shape(3, 4, generator), generator);
    const std::int64_t times = generator.below(6), d = generator.below(4);
    const LongTensor one = x.unsqueeze(d);
    Shape shape = one.shape();
    shape[d] = times;
    expect_equal(one.expand(shape).sum(d), x * times);
  });
}

// Of whole numbers no result depends on how they lie in memory, nor on the order of adding.
TEST(Reductions, CommuteWithPermute) {
  for_seeds(200, [](Generator& generator) {
    const std::int64_t rank = 1 + generator.below(4);
    Shape shape = random_shape(rank, 6, generator);
    if (chance(3, generator)) shape[generator.below(rank)] = generator.below(200);  // a long row
    const Tensor x = whole<float>(shape, generator);
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

}  // namespace
}  // namespace foundations
