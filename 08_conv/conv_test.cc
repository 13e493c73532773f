#include "08_conv/conv.h"

#include <gtest/gtest.h>

#include <cmath>
#include <ostream>
#include <stdexcept>
#include <string>

#include "08_conv/grads.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/rung_names.h"
#include "common/testing/testing.h"

namespace foundations::ch08 {
namespace {

struct Case {
  std::int64_t n, in, h, w, out, kh, kw, stride, padding;
};

std::ostream& operator<<(std::ostream& stream, const Case& c) {
  return stream << c.n << "x" << c.in << "x" << c.h << "x" << c.w << " -> " << c.out << ", kernel "
                << c.kh << "x" << c.kw << ", stride " << c.stride << ", padding " << c.padding;
}

constexpr Case kCases[] = {
    {1, 1, 1, 1, 1, 1, 1, 1, 0},
    {1, 1, 3, 4, 1, 2, 3, 1, 0},
    {5, 1, 28, 28, 8, 5, 5, 2, 2},  // the layers of the net
    {5, 8, 14, 14, 16, 3, 3, 2, 1},
    {5, 16, 7, 7, 32, 3, 3, 2, 1},
    {5, 32, 4, 4, 32, 3, 3, 2, 1},
    {1, 65, 5, 6, 3, 3, 3, 1, 1},  // channels beyond a vector
    {1, 3, 6, 5, 65, 3, 3, 1, 1},
    {1, 2, 33, 17, 3, 3, 5, 1, 2},
    {1, 4, 40, 33, 2, 5, 5, 1, 2},  // more lines than a block has
    {5, 3, 9, 8, 4, 1, 1, 1, 0},
    {5, 3, 9, 8, 4, 1, 1, 3, 0},     // pixels between the kernel's places
    {5, 2, 10, 9, 3, 3, 2, 3, 0},    // the last lines and columns are never met
    {1, 2, 2, 2, 3, 3, 3, 1, 4},     // patches of padding alone
    {1, 2, 2, 3, 3, 4, 5, 2, 1},     // a kernel larger than the image
    {1, 2, 4, 6, 3, 4, 6, 1, 0},     // ... and as large: one place
    {5, 4, 20, 20, 40, 3, 3, 1, 1},  // blocks of four images, and one is left
    {0, 2, 5, 5, 3, 3, 3, 1, 1},
};

// Small whole numbers: sums of their products are exact in float, in any order.
Tensor whole(const Shape& shape, Generator& generator) {
  return shape.numel() == 0 ? zeros(shape) : randint(-4, 5, shape, generator).to<float>();
}

struct Problem {
  Tensor x, weight, out_grad;
  Conv2dOptions options;
};

Problem problem(const Case& c) {
  Generator generator(1);
  const std::int64_t oh = (c.h + 2 * c.padding - c.kh) / c.stride + 1;
  const std::int64_t ow = (c.w + 2 * c.padding - c.kw) / c.stride + 1;
  return {whole({c.n, c.in, c.h, c.w}, generator),
          whole({c.out, c.in, c.kh, c.kw}, generator),
          whole({c.n, c.out, oh, ow}, generator),
          {c.stride, c.padding}};
}

struct Right {
  Tensor result;
  Grads grads;
};

// The right results, from the point of view of a pixel: at which place of the kernel does which
// output meet it? No rung asks so.
Right right(const Problem& p) {
  const Right all{zeros(p.out_grad.shape()), {zeros(p.x.shape()), zeros(p.weight.shape())}};
  const auto [stride, padding] = p.options;
  for (std::int64_t i = 0; i < p.x.size(0); ++i) {
    for (std::int64_t iy = 0; iy < p.x.size(2); ++iy) {
      for (std::int64_t ix = 0; ix < p.x.size(3); ++ix) {
        for (std::int64_t oy = 0; oy < p.out_grad.size(2); ++oy) {
          for (std::int64_t ox = 0; ox < p.out_grad.size(3); ++ox) {
            const std::int64_t ky = iy + padding - oy * stride, kx = ix + padding - ox * stride;
            if (ky < 0 || ky >= p.weight.size(2) || kx < 0 || kx >= p.weight.size(3)) continue;
            for (std::int64_t j = 0; j < p.weight.size(0); ++j) {
              for (std::int64_t c = 0; c < p.weight.size(1); ++c) {
                const float pixel = p.x(i, c, iy, ix), weight = p.weight(j, c, ky, kx);
                all.result(i, j, oy, ox) += pixel * weight;
                all.grads.x(i, c, iy, ix) += weight * p.out_grad(i, j, oy, ox);
                all.grads.weight(j, c, ky, kx) += pixel * p.out_grad(i, j, oy, ox);
              }
            }
          }
        }
      }
    }
  }
  return all;
}

// The same elements with the last dimension outermost in memory.
Tensor turned_in_memory(const Tensor& x) {
  return x.permute(3, 2, 1, 0).contiguous().permute(3, 2, 1, 0);
}

class ConvolutionTest : public testing::TestWithParam<Rung<Convolution>> {};
class BackwardTest : public testing::TestWithParam<Rung<Backward>> {};
INSTANTIATE_TEST_SUITE_P(Conv, ConvolutionTest, testing::ValuesIn(kConvolutions), name_of_rung);
INSTANTIATE_TEST_SUITE_P(Conv, BackwardTest, testing::ValuesIn(kBackwards), name_of_rung);

TEST_P(ConvolutionTest, IsRightToTheLastBit) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(testing::PrintToString(c));
    const Problem p = problem(c);
    const Tensor want = right(p).result;
    expect_equal(GetParam().run(p.x, p.weight, p.options), want);
    expect_equal(GetParam().run(turned_in_memory(p.x), turned_in_memory(p.weight), p.options),
                 want);
  }
}

TEST_P(BackwardTest, IsRightToTheLastBit) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(testing::PrintToString(c));
    const Problem p = problem(c);
    const Grads want = right(p).grads;
    for (const Grads& got : {GetParam().run(p.out_grad, p.x, p.weight, p.options),
                             GetParam().run(turned_in_memory(p.out_grad), turned_in_memory(p.x),
                                            turned_in_memory(p.weight), p.options)}) {
      expect_equal(got.x, want.x);
      expect_equal(got.weight, want.weight);
    }
  }
}

// A gradient of a mean is one number for all: an expanded view.
TEST_P(BackwardTest, TakesAnExpandedGradient) {
  Problem p = problem({2, 2, 5, 5, 3, 3, 3, 2, 1});
  p.out_grad = full({1}, 2).expand(p.out_grad.shape());
  const Grads want = right(p).grads, got = GetParam().run(p.out_grad, p.x, p.weight, p.options);
  expect_equal(got.x, want.x);
  expect_equal(got.weight, want.weight);
}

TEST_P(ConvolutionTest, TakesNoShortcutAroundZero) {
  const Tensor x = zeros(1, 1, 3, 3), weight = zeros(1, 1, 3, 3);
  x(0, 0, 0, 0) = kInf;
  EXPECT_TRUE(std::isnan(GetParam().run(x, weight, {})(0, 0, 0, 0)));
}

// A kernel that is 1 in one place moves the image.
TEST_P(ConvolutionTest, LaysTheKernelOnAsItIs) {
  const Tensor x = arange(9).to<float>().view(1, 1, 3, 3), weight = zeros(1, 1, 3, 3);
  weight(0, 0, 0, 1) = 1;  // what is above
  expect_equal(GetParam().run(x, weight, {.padding = 1})[0][0],
               tensor({{0, 0, 0}, {0, 1, 2}, {3, 4, 5}}));
}

// (2 - 3) / 2 + 1 is 1 in integers, which round towards 0.
TEST(Places, AreNoneForAKernelThatIsTooLarge) {
  EXPECT_EQ(places(28, 5, {.stride = 2, .padding = 2}), 14);
  EXPECT_EQ(places(7, 3, {.stride = 2}), 3);
  EXPECT_EQ(places(3, 3, {}), 1);
  expect_error<ShapeError>([] { places(2, 3, {.stride = 2}); },
                           "a kernel of 3 has no place along a side of 2 with a padding of 0");
}

TEST(Sizes, RefuseWhatDoesNotFit) {
  const Tensor x = zeros(2, 3, 4, 5), weight = zeros(6, 3, 2, 2);
  const std::string needs =
      "a convolution needs x [n, in, h, w] and weight [out, in, kh, kw], but got ";
  const struct {
    Tensor x, weight;
    std::string text;
  } rows[] = {
      {x[0], weight, needs + "[3, 4, 5] and [6, 3, 2, 2]"},
      {x, weight[0], needs + "[2, 3, 4, 5] and [3, 2, 2]"},
      {x, zeros(6, 4, 2, 2), needs + "[2, 3, 4, 5] and [6, 4, 2, 2]"},
      {zeros(2, 0, 4, 5), zeros(6, 0, 2, 2), needs + "[2, 0, 4, 5] and [6, 0, 2, 2]"},
      {x, zeros(0, 3, 2, 2), needs + "[2, 3, 4, 5] and [0, 3, 2, 2]"},
      {zeros(0, 3, 1, 5), weight,
       "a kernel of 2 has no place along a side of 1 with a padding of 0"},
      {x, zeros(6, 3, 2, 0), "a kernel of 0 has no place along a side of 5 with a padding of 0"},
  };
  for (const auto& row : rows) {
    expect_error<ShapeError>([&] { sizes(row.x, row.weight, {}); }, row.text);
  }
  for (const Conv2dOptions options : {Conv2dOptions{0, 0}, Conv2dOptions{1, -1}}) {
    expect_error<std::invalid_argument>(
        [&] { sizes(x, weight, options); },
        "a convolution needs a stride of 1 or more and no negative padding");
  }
}

TEST_P(ConvolutionTest, RefusesAKernelThatIsTooLarge) {
  EXPECT_THROW(GetParam().run(zeros(0, 1, 2, 2), zeros(1, 1, 3, 3), {}), ShapeError);
}

TEST(Strips, CopyNothingAndOverlap) {
  const Tensor image = padded_channels_last(zeros(1, 2, 3, 6), 0);
  const Sizes s = sizes(zeros(1, 2, 3, 6), zeros(1, 2, 3, 3), {});
  const Tensor all = strips(image, s);
  EXPECT_EQ(all.shape(), Shape({1, 1, 4, 3, 6}));
  EXPECT_EQ(all.strides(), Strides({36, 12, 2, 12, 1}));
  EXPECT_EQ(all.data(), image.data());
  expect_error<ShapeError>([&] { all += 1; }, kWrittenTwice);
}

}  // namespace
}  // namespace foundations::ch08
