#include "common/tensor/layout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "common/testing/testing.h"

namespace foundations {
namespace {

using Positions = std::vector<std::int64_t>;

// A view as this test understands it: for each element, in row-major order, the element of storage
// that it is. No strides, so that mistakes with them have nowhere to hide.
struct Model {
  Shape shape;
  Positions positions;

  std::int64_t at(const IntList& index) const {
    std::int64_t row_major = 0;
    for (std::int64_t d = 0; d < shape.size(); ++d) row_major = row_major * shape[d] + index[d];
    return positions[row_major];
  }
  // The view of shape `target` in which element `index` is element source(index) of this one.
  template <class Source>
  Model view(const Shape& target, Source source) const {
    Model result{target, {}};
    for (std::int64_t i = 0; i < target.numel(); ++i) {
      result.positions.push_back(at(source(index_of(i, target))));
    }
    return result;
  }
};

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

// Whether any strides at all give these positions under this shape: if any do, they are those of
// each dimension's first step.
bool expressible(const Model& m) {
  if (m.positions.empty()) return true;
  Layout layout{m.shape, Strides(m.shape.begin(), m.shape.end()), m.positions[0]};
  for (std::int64_t d = 0; d < m.shape.size(); ++d) {
    IntList step = index_of(0, m.shape);
    step[d] = 1;
    layout.strides[d] = m.shape[d] > 1 ? m.at(step) - m.positions[0] : 0;
  }
  return positions_of(layout) == m.positions;
}

// Takes random views of random views, each on the layout and on the model.
class RandomViews {
 public:
  explicit RandomViews(std::uint64_t seed) : engine_(seed) {
    Shape shape;
    for (std::int64_t rank = below(6); rank > 0; --rank) shape.push_back(below(5));
    Model model{shape, {}};
    for (std::int64_t i = 0; i < shape.numel(); ++i) model.positions.push_back(i);
    check(Layout::contiguous(shape), model, "contiguous " + bracketed(shape));
  }

  void step() {
    constexpr void (RandomViews::*kViews[])() = {
        &RandomViews::select,  &RandomViews::slice,     &RandomViews::unsqueeze,
        &RandomViews::squeeze, &RandomViews::transpose, &RandomViews::permute,
        &RandomViews::expand,  &RandomViews::diagonal,  &RandomViews::view};
    (this->*kViews[below(std::ssize(kViews))])();
  }

 private:
  std::int64_t below(std::int64_t bound) { return static_cast<std::int64_t>(engine_() % bound); }
  std::int64_t between(std::int64_t low, std::int64_t high) { return low + below(high - low + 1); }
  // d, or the same dimension of `rank` counted from the end.
  std::int64_t either(std::int64_t d, std::int64_t rank) { return below(2) ? d : d - rank; }
  const Shape& shape() const { return model_.shape; }
  std::int64_t rank() const { return shape().size(); }

  void check(const Layout& layout, const Model& model, const std::string& what) {
    log_ += what + ", ";
    layout_ = layout;
    model_ = model;
    EXPECT_EQ(bracketed(layout.shape), bracketed(model.shape)) << log_;
    EXPECT_EQ(layout.strides.size(), layout.dim()) << log_;
    EXPECT_EQ(positions_of(layout), model.positions) << log_;
  }

  void select() {
    if (shape().numel() == 0 || rank() == 0) return;
    const std::int64_t d = below(rank()), i = below(shape()[d]);
    Shape target = shape();
    target.erase(d);
    const Model model = model_.view(target, [&](IntList index) {
      index.insert(d, i);
      return index;
    });
    check(layout_.select(either(d, rank()), either(i, shape()[d])), model,
          "select " + bracketed({d, i}));
  }

  void slice() {
    if (rank() == 0) return;
    const std::int64_t d = below(rank()), size = shape()[d], step = between(1, 3);
    const std::int64_t start = between(-size - 2, size + 2), stop = between(-size - 2, size + 2);
    Positions kept;  // as Python counts: range(size)[start:stop:step]
    const std::int64_t first = std::max<std::int64_t>(start < 0 ? start + size : start, 0);
    for (std::int64_t i = first; i < size && i < (stop < 0 ? stop + size : stop); i += step) {
      kept.push_back(i);
    }
    Shape target = shape();
    target[d] = std::ssize(kept);
    const Model model = model_.view(target, [&](IntList index) {
      index[d] = kept[index[d]];
      return index;
    });
    check(layout_.slice(either(d, rank()), start, stop, step), model,
          "slice " + bracketed({d, start, stop, step}));
  }

  void unsqueeze() {
    if (rank() == kMaxDim) return;
    const std::int64_t d = below(rank() + 1);
    Model model = model_;
    model.shape.insert(d, 1);
    check(layout_.unsqueeze(either(d, rank() + 1)), model, "unsqueeze " + bracketed({d}));
  }

  void squeeze() {
    const bool all = rank() == 0 || below(2);
    const std::int64_t d = all ? -1 : below(rank());
    Model model{{}, model_.positions};
    for (std::int64_t i = 0; i < rank(); ++i) {
      if (shape()[i] != 1 || !(all || i == d)) model.shape.push_back(shape()[i]);
    }
    check(all ? layout_.squeeze() : layout_.squeeze(either(d, rank())), model,
          "squeeze " + bracketed({d}));
  }

  void transpose() {
    if (rank() == 0) return;
    const std::int64_t a = below(rank()), b = below(rank());
    Shape target = shape();
    std::swap(target[a], target[b]);
    const Model model = model_.view(target, [&](IntList index) {
      std::swap(index[a], index[b]);
      return index;
    });
    check(layout_.transpose(either(a, rank()), either(b, rank())), model,
          "transpose " + bracketed({a, b}));
  }

  void permute() {
    IntList dims, given;
    for (std::int64_t d = 0; d < rank(); ++d) dims.push_back(d);
    std::shuffle(dims.begin(), dims.end(), engine_);
    Shape target;
    for (const std::int64_t d : dims) {
      target.push_back(shape()[d]);
      given.push_back(either(d, rank()));
    }
    const Model model = model_.view(target, [&](const IntList& index) {
      IntList source = index;
      for (std::int64_t d = 0; d < rank(); ++d) source[dims[d]] = index[d];
      return source;
    });
    check(layout_.permute(given), model, "permute " + bracketed(dims));
  }

  void expand() {
    Shape target = shape();
    for (std::int64_t& size : target) {
      if (size == 1) size = below(4);
    }
    Shape given = target;
    for (std::int64_t d = 0; d < rank(); ++d) {
      if (given[d] == shape()[d] && below(2)) given[d] = -1;
    }
    const std::int64_t added = target.numel() > 500 ? 0 : std::min(below(3), kMaxDim - rank());
    for (std::int64_t i = 0; i < added; ++i) {
      target.insert(0, below(4));
      given.insert(0, target[0]);
    }
    const Model model = model_.view(target, [&](IntList index) {
      for (std::int64_t i = 0; i < added; ++i) index.erase(0);
      for (std::int64_t d = 0; d < rank(); ++d) index[d] = shape()[d] == 1 ? 0 : index[d];
      return index;
    });
    check(layout_.expand(given), model, "expand " + bracketed(given));
  }

  void diagonal() {
    if (rank() < 2) return;
    const std::int64_t a = below(rank()), b = (a + 1 + below(rank() - 1)) % rank();
    const std::int64_t offset = between(-4, 4);
    std::vector<std::pair<std::int64_t, std::int64_t>> on_it;
    for (std::int64_t i = 0; i < shape()[a]; ++i) {
      const std::int64_t j = i + offset;
      if (0 <= j && j < shape()[b]) on_it.emplace_back(i, j);
    }
    Shape target = shape();
    target.erase(std::max(a, b));
    target.erase(std::min(a, b));
    target.push_back(std::ssize(on_it));
    const Model model = model_.view(target, [&](const IntList& index) {
      const auto [i, j] = on_it[index[index.size() - 1]];
      IntList source = index;
      source.erase(index.size() - 1);
      source.insert(std::min(a, b), a < b ? i : j);
      source.insert(std::max(a, b), a < b ? j : i);
      return source;
    });
    check(layout_.diagonal(offset, either(a, rank()), either(b, rank())), model,
          "diagonal " + bracketed({offset, a, b}));
  }

  void view() {
    const std::int64_t numel = std::ssize(model_.positions);
    Shape target;
    std::int64_t left = numel;
    for (std::int64_t i = below(4); i > 0 && left > 0; --i) {
      std::int64_t size = between(1, std::min<std::int64_t>(left, 6));
      while (left % size != 0) --size;
      target.push_back(size);
      left /= size;
    }
    target.insert(below(target.size() + 1), left);
    const Model model{target, model_.positions};
    if (numel > 0 && below(2)) target[below(target.size())] = -1;
    const std::optional<Layout> layout = layout_.try_view(target);
    EXPECT_EQ(layout.has_value(), expressible(model)) << log_ << "view " << bracketed(target);
    if (layout) check(*layout, model, "view " + bracketed(target));
  }

  std::mt19937_64 engine_;
  Layout layout_;
  Model model_;
  std::string log_;
};

TEST(Layout, RandomChainsOfViewsAgreeWithPlainIndexArithmetic) {
  for (std::uint64_t seed = 0; seed < 1000 && !testing::Test::HasFailure(); ++seed) {
    RandomViews views(seed);
    for (int i = 0; i < 10; ++i) views.step();
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
