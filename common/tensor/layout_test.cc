// Shapes, indices, refusals and odd cases. (//fuzz:views_test holds random chains of views to plain
// index arithmetic.)
#include "common/tensor/layout.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/testing/testing.h"

namespace foundations {
namespace {

using Positions = std::vector<std::int64_t>;

// The element of storage that each element is, in row-major order.
Positions positions_of(const Layout& layout) {
  Positions positions;
  for (std::int64_t i = 0; i < layout.shape.numel(); ++i) {
    const IntList index = index_of(i, layout.shape);
    positions.push_back(layout.offset);
    for (std::int64_t d = 0; d < layout.dim(); ++d)
      positions.back() += index[d] * layout.strides[d];
  }
  return positions;
}

// ---- Shapes ------------------------------------------------------------------------------------

TEST(Shape, IsMadeComparedAndWritten) {
  const std::vector<std::int64_t> sizes = {2, 3, 4};
  const Shape shape = {2, 3, 4};
  EXPECT_EQ(shape, Shape(sizes));
  EXPECT_EQ(shape, Shape(shape.begin(), shape.end()));
  EXPECT_TRUE(Shape().empty());
  EXPECT_EQ(bracketed(shape), "[2, 3, 4]");
  EXPECT_EQ(bracketed(Shape()), "[]");
  EXPECT_FALSE(Shape({2, 3}) == Shape({3, 2}));
  EXPECT_FALSE(Shape({2}) == Shape({2, 1}));
}

TEST(Shape, HoldsEightSizesAndRefusesANinth) {
  Shape shape = {1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(shape.size(), kMaxDim);
  EXPECT_EQ(shape.numel(), 40320);
  const std::string text =
      "A tensor has at most 8 dimensions, and one more than [1, 2, 3, 4, 5, 6, 7, 8] was asked for";
  expect_error<ShapeError>([&] { shape.push_back(9); }, text);
  expect_error<ShapeError>([&] { shape.insert(0, 9); }, text);
  expect_error<ShapeError>([] { Shape({1, 2, 3, 4, 5, 6, 7, 8, 9}); }, text);
  EXPECT_EQ(shape, Shape({1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(Shape, CountsElements) {
  EXPECT_EQ(Shape().numel(), 1);
  EXPECT_EQ(Shape({0}).numel(), 0);
  EXPECT_EQ(Shape({3, 0, 2}).numel(), 0);
  EXPECT_EQ(Shape({kMaxLong}).numel(), kMaxLong);
  EXPECT_EQ(Shape({kMaxLong, 0, 1}).numel(), 0);
}

TEST(Shape, RefusesWhatCannotBeCounted) {
  const auto refuses = [](const Shape& shape, const std::string& text) {
    expect_error<ShapeError>([&] { shape.numel(); }, text);
  };
  refuses({3, -1}, "Trying to create tensor with negative dimension -1: [3, -1]");
  const std::string large = "The number of elements of a tensor of shape ";
  refuses({kMaxLong, 2}, large + "[9223372036854775807, 2] does not fit in 63 bits");
  // Also beside a zero: the strides of such a tensor would overflow.
  refuses({0, kMaxLong, 2}, large + "[0, 9223372036854775807, 2] does not fit in 63 bits");
}

TEST(ContiguousStrides, AreRowMajor) {
  EXPECT_EQ(contiguous_strides({2, 3}), Strides({3, 1}));
  EXPECT_EQ(contiguous_strides({2, 1, 3, 4}), Strides({12, 12, 4, 1}));
  EXPECT_EQ(contiguous_strides({}), Strides());
  EXPECT_EQ(contiguous_strides({2, 0, 3}), Strides({3, 3, 1}));  // as in PyTorch
}

TEST(WrapDim, CountsNegativeDimsFromTheEnd) {
  EXPECT_EQ(wrap_dim(-1, 3), 2);
  EXPECT_EQ(wrap_dim(-3, 3), 0);
  EXPECT_EQ(wrap_dim(0, 0), 0);
  EXPECT_EQ(wrap_dim(-1, 0), 0);
  const auto refuses = [](std::int64_t dim, std::int64_t rank, const std::string& range) {
    expect_error<IndexError>([&] { wrap_dim(dim, rank); },
                             "Dimension out of range (expected to be in range of " + range +
                                 ", but got " + std::to_string(dim) + ")");
  };
  refuses(2, 2, "[-2, 1]");
  refuses(-3, 2, "[-2, 1]");
  refuses(-2, 0, "[-1, 0]");
}

TEST(BroadcastShapes, LinesUpTrailingDimensions) {
  struct Case {
    Shape a, b, result;
  };
  const std::vector<Case> cases = {
      {{}, {2, 3}, {2, 3}},
      {{3}, {2, 3}, {2, 3}},
      {{5, 1}, {3}, {5, 3}},
      {{8, 1, 6, 1}, {7, 1, 5}, {8, 7, 6, 5}},
      {{0}, {1}, {0}},
      {{0, 3}, {1, 1}, {0, 3}},
      {{2, 0}, {}, {2, 0}},
      {{1, 1, 1, 1, 1, 1, 1, 2}, {2, 1, 1, 1, 1, 1, 1, 1}, {2, 1, 1, 1, 1, 1, 1, 2}},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(bracketed(broadcast_shapes(c.a, c.b)), bracketed(c.result));
    EXPECT_EQ(bracketed(broadcast_shapes(c.b, c.a)), bracketed(c.result));
  }
}

TEST(BroadcastShapes, RefusesSizesThatClash) {
  const auto refuses = [](const Shape& a, const Shape& b, const std::string& size_a,
                          const std::string& size_b, const std::string& dim) {
    expect_error<ShapeError>([&] { broadcast_shapes(a, b); },
                             "The size of tensor a (" + size_a +
                                 ") must match the size of tensor b (" + size_b +
                                 ") at non-singleton dimension " + dim);
  };
  refuses({2, 3}, {2}, "3", "2", "1");
  refuses({2}, {2, 3}, "2", "3", "1");
  refuses({4, 3}, {2, 3}, "4", "2", "0");
  refuses({0}, {2}, "0", "2", "0");
  refuses({4, 3}, {2, 5}, "3", "5", "1");  // the last dimension is looked at first
}

TEST(ParseShape, TakesWhatOneTypes) {
  const std::pair<const char*, Shape> rows[] = {
      {"7", {7}},           {"2x3x4", {2, 3, 4}}, {"2,3", {2, 3}},
      {"2,3x4", {2, 3, 4}}, {" 2 , 3 ", {2, 3}},  {"0x1", {0, 1}},
      {"[]", {}},           {"scalar", {}},       {"1x2x3x4x5x6x7x8", {1, 2, 3, 4, 5, 6, 7, 8}},
  };
  for (const auto& [text, shape] : rows) EXPECT_EQ(parse_shape(text), shape) << text;
}

TEST(ParseShape, RefusesAnythingElse) {
  for (const std::string text : {"", "x", "2x", "x2", "2,,3", "-1", "2x-3", "2.5", "2 x y", "[2]",
                                 "scalar,2", "1,1,1,1,1,1,1,1,1", "99999999999999999999"}) {
    expect_error<ShapeError>([&] { parse_shape(text); },
                             "'" + text +
                                 "' is not a shape: write up to 8 sizes, as in 2x3x4 or 2,3,4, or "
                                 "[] for a scalar");
  }
}

// ---- Index notation ----------------------------------------------------------------------------

// The positions of a view of a [3, 4] matrix, with their shape.
void expect_index(std::initializer_list<Index> indices, const Shape& shape,
                  const Positions& positions, int line = __builtin_LINE()) {
  const Layout layout = Layout::contiguous({3, 4}).index(indices);
  EXPECT_EQ(bracketed(layout.shape), bracketed(shape)) << "line " << line;
  EXPECT_EQ(positions_of(layout), positions) << "line " << line;
}

TEST(Index, IsTheNotesNotation) {
  const Positions all = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, row = {4, 5, 6, 7};
  expect_index({}, {3, 4}, all);
  expect_index({1}, {4}, row);                                                 // m[1]
  expect_index({Slice(), 1}, {3}, {1, 5, 9});                                  // m[:,1]
  expect_index({-1, -4}, {}, {8});                                             // m[-1,-4]
  expect_index({Slice(1), Slice()}, {2, 4}, {4, 5, 6, 7, 8, 9, 10, 11});       // m[1:,]
  expect_index({1, None}, {1, 4}, row);                                        // m[1,None]
  expect_index({1, Slice(), None}, {4, 1}, row);                               // m[1,:,None]
  expect_index({1, Ellipsis, None}, {4, 1}, row);                              // m[1,...,None]
  expect_index({None, Ellipsis, None}, {1, 3, 4, 1}, all);                     // m[None,...,None]
  expect_index({Ellipsis, 1}, {3}, {1, 5, 9});                                 // m[...,1]
  expect_index({1, Ellipsis, 2}, {}, {6});                                     // m[1,...,2]
  expect_index({Slice(None, None, 2), Slice(-3, -1)}, {2, 2}, {1, 2, 9, 10});  // m[::2,-3:-1]
  EXPECT_EQ(Layout().index({None, None}).shape, Shape({1, 1}));
  EXPECT_EQ(Layout().index({Ellipsis}).shape, Shape());
}

// ---- What is refused ---------------------------------------------------------------------------

const Layout kMatrix = Layout::contiguous({3, 4}), kVector = Layout::contiguous({5});

// (limits_test.cc has the dims of a matrix that are not there.)
constexpr char kNoDim[] = "Dimension out of range (expected to be in range of [-1, 0], but got 1)";

TEST(Index, SaysWhichDimensionOfTheTensorIsOutOfBounds) {
  const auto refuses = [](std::initializer_list<Index> indices, const std::string& text) {
    expect_error<IndexError>([&] { kMatrix.index(indices); }, text);
  };
  const std::string text = "index 4 is out of bounds for dimension 1 with size 4";
  refuses({None, Slice(), 4}, text);
  refuses({Ellipsis, 4}, text);
  refuses({-4, 4}, "index -4 is out of bounds for dimension 0 with size 3");
  refuses({0, 0, 0}, "too many indices for tensor of dimension 2");
  refuses({Ellipsis, 0, Ellipsis}, "an index can only have a single ellipsis ('...')");
  refuses({Slice(None, None, 0)}, "slice step must be positive, but got 0");
  expect_error<IndexError>([] { Layout().index({0}); },
                           "too many indices for tensor of dimension 0");
}

TEST(Layout, SelectRefusesWhatIsNotThere) {
  const auto refuses = [](const Layout& layout, std::int64_t d, std::int64_t i,
                          const std::string& text) {
    expect_error<IndexError>([&] { layout.select(d, i); }, text);
  };
  refuses(kMatrix, -1, -5, "index -5 is out of bounds for dimension 1 with size 4");
  refuses(Layout::contiguous({0}), 0, 0, "index 0 is out of bounds for dimension 0 with size 0");
  refuses(Layout(), 0, 0,
          "invalid index of a 0-dim tensor. Use `tensor.item()` to convert a 0-dim tensor to a "
          "number");
}

TEST(Layout, SliceCutsBoundsButNotDimsOrSteps) {
  EXPECT_EQ(kVector.slice(0, kMinLong, kMaxLong, 1).shape[0], 5);
  EXPECT_EQ(kVector.slice(0, kMinLong, kMaxLong, kMaxLong).shape[0], 1);
  EXPECT_EQ(kVector.slice(0, kMaxLong, kMinLong, 1).shape[0], 0);
  const auto refuses = [](const Layout& layout, std::int64_t d, std::int64_t step,
                          const std::string& text) {
    expect_error<IndexError>([&] { layout.slice(d, None, None, step); }, text);
  };
  refuses(kVector, 0, 0, "slice step must be positive, but got 0");
  refuses(Layout(), 0, 1, "slice() cannot be applied to a 0-dim tensor.");
}

TEST(Layout, RefusesDimsThatAreNotThereOrTwice) {
  const Layout eight = Layout::contiguous({1, 1, 1, 1, 1, 1, 1, 2});
  expect_error<ShapeError>([&] { eight.unsqueeze(-1); },
                           "A tensor has at most 8 dimensions, and one more than [1, 1, 1, 1, 1, "
                           "1, 1, 2] was asked for");
  expect_error<IndexError>([] { Layout().unsqueeze(1); }, kNoDim);
  const IntList twice = {1, -1};
  expect_error<ShapeError>([] { kMatrix.permute({0}); },
                           "permute(dims): the number of dimensions in the tensor input does not "
                           "match the length of the desired ordering of dimensions i.e. "
                           "input.dim() = 2 is not equal to len(dims) = 1");
  expect_error<ShapeError>([&] { kMatrix.permute(twice); },
                           "permute(): duplicate dims are not allowed.");
  EXPECT_EQ(kMatrix.diagonal(kMaxLong, 0, 1).shape, Shape({0}));
  expect_error<IndexError>([] { kMatrix.diagonal(0, 1, -1); },
                           "diagonal dimensions cannot be identical 1, -1");
  expect_error<IndexError>([] { Layout().diagonal(0, 0, 1); }, kNoDim);
}

TEST(Layout, ExpandStretchesOnlySizesOfOne) {
  EXPECT_EQ(Layout::contiguous({3, 1}).expand({3, 3}).strides, Strides({1, 0}));
  EXPECT_EQ(kMatrix.expand({2, -1, -1}).shape, Shape({2, 3, 4}));
  const auto refuses = [](const Layout& layout, const Shape& target, const std::string& text) {
    expect_error<ShapeError>([&] { layout.expand(target); }, text);
  };
  refuses(Layout::contiguous({0}), {2},
          "The expanded size of the tensor (2) must match the existing size (0) at non-singleton "
          "dimension 0.  Target sizes: [2].  Tensor sizes: [0]");
  refuses(kMatrix, {4},
          "The number of sizes provided (1) must be greater or equal to the number of dimensions "
          "in the tensor (2)");
  refuses(kMatrix, {-1, 3, 4},
          "The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension "
          "0");
  refuses(Layout::contiguous({1}), {-2},
          "Trying to create tensor with negative dimension -2: [-2]");
}

TEST(Layout, ViewKeepsTheNumberOfElements) {
  EXPECT_EQ(kMatrix.view({2, -1}).shape, Shape({2, 6}));
  EXPECT_EQ(Layout().view({-1}).shape, Shape({1}));
  EXPECT_EQ(Layout::contiguous({0, 4}).view({2, -1}).shape, Shape({2, 0}));
  EXPECT_EQ(Layout::contiguous({0, 4}).view({5, 0, 7}).shape, Shape({5, 0, 7}));
  const auto refuses = [](const Layout& layout, const Shape& target, const std::string& text) {
    expect_error<ShapeError>([&] { layout.view(target); }, text);
  };
  refuses(kVector, {4, -1}, "shape '[4, -1]' is invalid for input of size 5");
  refuses(kVector, {0, -1}, "shape '[0, -1]' is invalid for input of size 5");
  refuses(kVector, {}, "shape '[]' is invalid for input of size 5");
  refuses(kVector, {-1, -1}, "only one dimension can be inferred");
  refuses(kVector, {-2, -3}, "invalid shape dimension -2");
  refuses(Layout::contiguous({0}), {0, -1},
          "cannot reshape tensor of 0 elements into shape [0, -1] because the unspecified "
          "dimension size -1 can be any value and is ambiguous");
  const std::string text =
      "view size is not compatible with input tensor's size and stride (at least one dimension "
      "spans across two contiguous subspaces). Use .reshape(...) instead.";
  refuses(kMatrix.slice(1, 0, 2, 1), {-1}, text);
  refuses({{4, 6}, {12, 1}, 0}, {2, 3, 4}, text);  // 4 does not divide a row of 6
}

// ---- Strides -----------------------------------------------------------------------------------

TEST(Layout, UnsqueezeHasPyTorchsStrides) {
  EXPECT_EQ(kMatrix.unsqueeze(1).strides, Strides({4, 4, 1}));
  EXPECT_EQ(kMatrix.unsqueeze(2).strides, Strides({4, 1, 1}));
  // And 1 where PyTorch's would overflow.
  const Layout every_second = Layout::contiguous({kMaxLong}).slice(0, None, None, 2);
  EXPECT_EQ(every_second.unsqueeze(0).strides, Strides({1, 2}));
}

// A tensor without elements may have strides of any size, and views of it may not add them up.
TEST(Layout, OfNoElementsKeepsItsNumbersWithin63Bits) {
  const std::int64_t k = std::int64_t{1} << 62;
  const Layout far = Layout::contiguous({0, k}).unsqueeze(1).unsqueeze(1);
  EXPECT_EQ(far.strides, Strides({k, k, k, 1}));
  EXPECT_EQ(far.diagonal(0, 1, 2).strides, Strides({k, 1, 1}));
  EXPECT_EQ(far.slice(1, 1, None, 1).slice(2, 1, None, 1).offset, 0);
  EXPECT_EQ((Layout{{3, 0}, {kMaxLong, 1}, 5}.slice(0, 2, 2, 1).offset), 5);
  EXPECT_EQ((Layout{{1, 3}, {kMaxLong, 1}, 5}.slice(0, 1, 1, 1).offset), 5);
  // Of one with elements an empty slice begins where it was cut, as PyTorch's.
  EXPECT_EQ(Layout::contiguous({4, 5}).slice(0, 3, 1, 1).offset, 15);
}

TEST(Layout, ViewHasStridesWhereAnyWillDo) {
  EXPECT_EQ(kMatrix.slice(1, 0, 4, 2).view({3, 2, 1}).strides, Strides({4, 2, 2}));
  EXPECT_EQ(kMatrix.expand({2, 3, 4}).view({2, 12}).strides, Strides({0, 1}));
  // The stride of a size of 1 is never used, so it joins whatever is beside it.
  EXPECT_EQ((Layout{{2, 1, 3}, {6, 99, 2}, 0}.view({6}).strides), Strides({2}));
  EXPECT_EQ(Layout().squeeze(-1).dim(), 0);  // a scalar takes the dims of a vector
  EXPECT_EQ(Layout().transpose(0, -1).dim(), 0);
}

TEST(Layout, KnowsWhenItIsContiguous) {
  EXPECT_TRUE(kMatrix.is_contiguous());
  EXPECT_TRUE(Layout().is_contiguous());
  EXPECT_TRUE(kMatrix.select(0, 2).is_contiguous());  // from an offset
  EXPECT_FALSE(kMatrix.slice(1, 1, 3, 1).is_contiguous());
  EXPECT_FALSE(kMatrix.expand({2, 3, 4}).is_contiguous());
  EXPECT_TRUE(Layout::contiguous({1, 4}).transpose(0, 1).is_contiguous());
  EXPECT_TRUE(Layout::contiguous({0, 4}).transpose(0, 1).is_contiguous());
}

}  // namespace
}  // namespace foundations
