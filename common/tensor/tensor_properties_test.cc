// The laws that copies and reductions keep among one another and with views, for random shapes and
// layouts. (layout_test.cc holds each view to plain index arithmetic.)
#include <gtest/gtest.h>

#include "common/tensor/ops.h"
#include "common/testing/properties.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

Tensor real(const Shape& shape, Generator& generator) {
  return random_operand(shape, generator, randn<float>);
}

Tensor whole(const Shape& shape, Generator& generator) {
  return random_operand(shape, generator, [](const Shape& unstretched, Generator& g) {
    return whole_numbers<float>(unstretched, g);
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

TEST(Copies, HaveTheElementsOfTheView) {
  for_seeds(300, [](Generator& generator) {
    const Tensor x = real(random_shape(generator.below(6), 4, generator), generator);
    expect_equal(x.clone(), x);
    expect_equal(x.contiguous(), x);
    const Tensor y = x.reshape(random_shape_for(x.numel(), generator));
    EXPECT_EQ(y.to_vector(), x.to_vector());
    expect_equal(y.reshape(x.shape()), x);
    expect_equal(from_vector(x.to_vector(), x.shape()), x);
    expect_equal(x.to<double>().to<float>(), x);
    expect_equal(random_view(x, generator), x);  // copy_ into any layout
  });
}

// Of whole numbers no result depends on how they lie in memory, nor on the order of adding.
TEST(Reductions, CommuteWithPermute) {
  for_seeds(200, [](Generator& generator) {
    const std::int64_t rank = 1 + generator.below(4);
    Shape shape = random_shape(rank, 6, generator);
    if (chance(3, generator)) shape[generator.below(rank)] = generator.below(200);  // a long row
    const Tensor x = whole(shape, generator);
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
