#include "common/tensor/layout.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "common/testing/testing.h"

namespace foundations {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

// All indices into a shape, in row-major order.
std::vector<IntList> indices_of(const Shape& shape) {
  std::vector<IntList> indices = {IntList()};
  for (const std::int64_t size : shape) {
    std::vector<IntList> longer;
    for (const IntList& index : indices) {
      for (std::int64_t i = 0; i < size; ++i) {
        longer.push_back(index);
        longer.back().push_back(i);
      }
    }
    indices = longer;
  }
  return indices;
}

// A view as this test understands it: for each element, in row-major order, the element of storage
// that it is. No strides, so that mistakes with them have nowhere to hide.
struct Model {
  Shape shape;
  std::vector<std::int64_t> positions;

  std::int64_t at(const IntList& index) const {
    std::int64_t row_major = 0;
    for (std::int64_t d = 0; d < shape.size(); ++d) row_major = row_major * shape[d] + index[d];
    return positions[row_major];
  }
  // The view of shape `target` in which element `index` is element source(index) of this one.
  template <class Source>
  Model view(const Shape& target, Source source) const {
    Model result{target, {}};
    for (const IntList& index : indices_of(target)) result.positions.push_back(at(source(index)));
    return result;
  }
};

Model model_of(const Layout& layout) {
  Model model{layout.shape, {}};
  for (const IntList& index : indices_of(layout.shape)) {
    std::int64_t position = layout.offset;
    for (std::int64_t d = 0; d < layout.dim(); ++d) position += index[d] * layout.strides[d];
    model.positions.push_back(position);
  }
  return model;
}

// Whether any strides at all give these positions under this shape: if any do, they are those of
// each dimension's first step.
bool expressible(const Model& m) {
  if (m.positions.empty()) return true;
  Layout layout{m.shape, Strides(m.shape.begin(), m.shape.end()), m.positions[0]};
  for (std::int64_t d = 0; d < m.shape.size(); ++d) {
    IntList step = indices_of(m.shape)[0];
    step[d] = 1;
    layout.strides[d] = m.shape[d] > 1 ? m.at(step) - m.positions[0] : 0;
  }
  return model_of(layout).positions == m.positions;
}

void expect_model(const Layout& layout, const Model& model, const std::string& after) {
  EXPECT_EQ(bracketed(layout.shape), bracketed(model.shape)) << after;
  EXPECT_EQ(layout.strides.size(), layout.dim()) << after;
  EXPECT_EQ(model_of(layout).positions, model.positions) << after;
}

// Takes random views of random views, each on the layout and on the model.
class RandomViews {
 public:
  explicit RandomViews(std::uint64_t seed) : engine_(seed) {
    Shape shape;
    for (std::int64_t rank = below(6); rank > 0; --rank) shape.push_back(below(5));
    layout_ = Layout::contiguous(shape);
    model_ = {shape, {}};
    for (std::int64_t i = 0; i < shape.numel(); ++i) model_.positions.push_back(i);
    log_ = "contiguous " + bracketed(shape);
    expect_model(layout_, model_, log_);
  }

  void step() {
    switch (below(9)) {
      case 0:
        return select();
      case 1:
        return slice();
      case 2:
        return unsqueeze();
      case 3:
        return squeeze();
      case 4:
        return transpose();
      case 5:
        return permute();
      case 6:
        return expand();
      case 7:
        return diagonal();
      case 8:
        return view();
    }
  }

 private:
  std::int64_t below(std::int64_t bound) { return static_cast<std::int64_t>(engine_() % bound); }
  std::int64_t between(std::int64_t low, std::int64_t high) { return low + below(high - low + 1); }
  // d, or the same dimension of `rank` counted from the end.
  std::int64_t either(std::int64_t d, std::int64_t rank) { return below(2) ? d : d - rank; }
  const Shape& shape() const { return model_.shape; }
  std::int64_t rank() const { return shape().size(); }

  void check(const Layout& layout, const Model& model, const std::string& what) {
    log_ += ", " + what;
    layout_ = layout;
    model_ = model;
    expect_model(layout_, model_, log_);
  }

  void select() {
    if (rank() == 0) return;
    const std::int64_t d = below(rank());
    if (shape()[d] == 0) return;
    const std::int64_t i = below(shape()[d]);
    Shape target = shape();
    target.erase(d);
    const Model model = model_.view(target, [&](IntList index) {
      index.insert(d, i);
      return index;
    });
    check(layout_.select(either(d, rank()), either(i, shape()[d])), model,
          "select " + std::to_string(d) + " " + std::to_string(i));
  }

  void slice() {
    if (rank() == 0) return;
    const std::int64_t d = below(rank()), size = shape()[d];
    const std::int64_t start = between(-size - 2, size + 2), stop = between(-size - 2, size + 2);
    const std::int64_t step = between(1, 3);
    std::vector<std::int64_t> kept;  // as Python counts: range(size)[start:stop:step]
    const std::int64_t first = std::max<std::int64_t>(start < 0 ? start + size : start, 0);
    for (std::int64_t i = first; i < size && i < (stop < 0 ? stop + size : stop); i += step) {
      kept.push_back(i);
    }
    Shape target = shape();
    target[d] = kept.size();
    const Model model = model_.view(target, [&](IntList index) {
      index[d] = kept[index[d]];
      return index;
    });
    check(layout_.slice(either(d, rank()), start, stop, step), model,
          "slice " + std::to_string(d) + " " + std::to_string(start) + ":" + std::to_string(stop) +
              ":" + std::to_string(step));
  }

  void unsqueeze() {
    if (rank() == kMaxDim) return;
    const std::int64_t d = below(rank() + 1);
    Shape target = shape();
    target.insert(d, 1);
    const Model model = model_.view(target, [&](IntList index) {
      index.erase(d);
      return index;
    });
    check(layout_.unsqueeze(either(d, rank() + 1)), model, "unsqueeze " + std::to_string(d));
  }

  void squeeze() {
    const bool all = rank() == 0 || below(2);
    const std::int64_t d = all ? 0 : below(rank());
    Model model{{}, model_.positions};
    for (std::int64_t i = 0; i < rank(); ++i) {
      if (shape()[i] != 1 || !(all || i == d)) model.shape.push_back(shape()[i]);
    }
    check(all ? layout_.squeeze() : layout_.squeeze(either(d, rank())), model,
          all ? "squeeze" : "squeeze " + std::to_string(d));
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
          "transpose " + std::to_string(a) + " " + std::to_string(b));
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
    const Model model = model_.view(target, [&](IntList index) {
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
    std::int64_t added = std::min(below(3), kMaxDim - rank());
    if (target.numel() > 500) added = 0;
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
      for (std::int64_t j = 0; j < shape()[b]; ++j) {
        if (j - i == offset) on_it.emplace_back(i, j);
      }
    }
    Shape target;
    for (std::int64_t d = 0; d < rank(); ++d) {
      if (d != a && d != b) target.push_back(shape()[d]);
    }
    target.push_back(on_it.size());
    const Model model = model_.view(target, [&](const IntList& index) {
      IntList source;
      std::int64_t next = 0;
      const auto [i, j] = on_it[index[index.size() - 1]];
      for (std::int64_t d = 0; d < rank(); ++d) {
        source.push_back(d == a ? i : d == b ? j : index[next++]);
      }
      return source;
    });
    check(layout_.diagonal(offset, either(a, rank()), either(b, rank())), model,
          "diagonal " + std::to_string(offset) + " " + std::to_string(a) + " " + std::to_string(b));
  }

  void view() {
    const std::int64_t numel = static_cast<std::int64_t>(model_.positions.size());
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
    Shape given = target;
    if (numel > 0 && below(2)) given[below(given.size())] = -1;
    const std::optional<Layout> layout = layout_.try_view(given);
    const std::string what = "view " + bracketed(given);
    EXPECT_EQ(layout.has_value(), expressible(model)) << log_ << ", " << what;
    if (layout) check(*layout, model, what);
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
                  const std::vector<std::int64_t>& positions, int line = __builtin_LINE()) {
  const Layout layout = Layout::contiguous({3, 4}).index(indices);
  EXPECT_EQ(bracketed(layout.shape), bracketed(shape)) << "line " << line;
  EXPECT_EQ(model_of(layout).positions, positions) << "line " << line;
}

TEST(Index, IsTheNotesNotation) {
  const std::vector<std::int64_t> all = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  expect_index({}, {3, 4}, all);
  expect_index({1}, {4}, {4, 5, 6, 7});                                        // m[1]
  expect_index({1, Slice()}, {4}, {4, 5, 6, 7});                               // m[1,:]
  expect_index({Slice(), 1}, {3}, {1, 5, 9});                                  // m[:,1]
  expect_index({1, 2}, {}, {6});                                               // m[1,2]
  expect_index({-1, -4}, {}, {8});                                             // m[-1,-4]
  expect_index({Slice(1), Slice()}, {2, 4}, {4, 5, 6, 7, 8, 9, 10, 11});       // m[1:,]
  expect_index({1, None}, {1, 4}, {4, 5, 6, 7});                               // m[1,None]
  expect_index({1, Slice(), None}, {4, 1}, {4, 5, 6, 7});                      // m[1,:,None]
  expect_index({1, Ellipsis, None}, {4, 1}, {4, 5, 6, 7});                     // m[1,...,None]
  expect_index({None}, {1, 3, 4}, all);                                        // m[None]
  expect_index({Ellipsis, None}, {3, 4, 1}, all);                              // m[...,None]
  expect_index({None, Ellipsis, None}, {1, 3, 4, 1}, all);                     // m[None,...,None]
  expect_index({Ellipsis, 1}, {3}, {1, 5, 9});                                 // m[...,1]
  expect_index({Ellipsis}, {3, 4}, all);                                       // m[...]
  expect_index({1, Ellipsis, 2}, {}, {6});                                     // m[1,...,2]
  expect_index({Slice(None, None, 2), Slice(-3, -1)}, {2, 2}, {1, 2, 9, 10});  // m[::2,-3:-1]
}

TEST(Index, OfAVectorIsTheNotesBroadcastingCells) {
  const Layout c = Layout::contiguous({3});
  EXPECT_EQ(bracketed(c.index({None, Slice()}).shape), "[1, 3]");   // c[None,:]
  EXPECT_EQ(bracketed(c.index({Slice(None, None)}).shape), "[3]");  // c[:None], all of c
  EXPECT_EQ(bracketed(c.index({Slice(), None}).shape), "[3, 1]");   // c[:,None]
  EXPECT_EQ(bracketed(c.index({None}).shape), "[1, 3]");            // c[None]
  EXPECT_EQ(bracketed(c.index({Ellipsis, None}).shape), "[3, 1]");  // c[...,None]
  EXPECT_EQ(bracketed(Layout().index({None, None}).shape), "[1, 1]");
  EXPECT_EQ(bracketed(Layout().index({Ellipsis}).shape), "[]");
}

TEST(Index, SaysWhichDimensionOfTheTensorIsOutOfBounds) {
  const Layout m = Layout::contiguous({3, 4});
  const std::string text = "index 4 is out of bounds for dimension 1 with size 4";
  expect_error<IndexError>([&] { m.index({0, 4}); }, text);
  expect_error<IndexError>([&] { m.index({None, Slice(), 4}); }, text);
  expect_error<IndexError>([&] { m.index({Ellipsis, 4}); }, text);
  expect_error<IndexError>(
      [&] {
        m.index({-4, 4});
      },
      "index -4 is out of bounds for dimension 0 with size 3");
  expect_error<IndexError>(
      [&] {
        m.index({0, 0, 0});
      },
      "too many indices for tensor of dimension 2");
  expect_error<IndexError>(
      [&] {
        m.index({Slice(), Slice(), Slice()});
      },
      "too many indices for tensor of dimension 2");
  expect_error<IndexError>([] { Layout().index({0}); },
                           "too many indices for tensor of dimension 0");
  expect_error<IndexError>(
      [&] {
        m.index({Ellipsis, 0, Ellipsis});
      },
      "an index can only have a single ellipsis ('...')");
  expect_error<IndexError>([&] { m.index({Slice(None, None, 0)}); },
                           "slice step must be positive, but got 0");
}

// ---- What each view refuses --------------------------------------------------------------------

std::string no_dim(const std::string& range, std::int64_t dim) {
  return "Dimension out of range (expected to be in range of " + range + ", but got " +
         std::to_string(dim) + ")";
}

TEST(Layout, SelectRefusesWhatIsNotThere) {
  const Layout m = Layout::contiguous({3, 4});
  expect_error<IndexError>([&] { m.select(0, 3); },
                           "index 3 is out of bounds for dimension 0 with size 3");
  expect_error<IndexError>([&] { m.select(-1, -5); },
                           "index -5 is out of bounds for dimension 1 with size 4");
  expect_error<IndexError>([&] { m.select(1, kMin); },
                           "index -9223372036854775808 is out of bounds for dimension 1 with size "
                           "4");
  expect_error<IndexError>([] { Layout::contiguous({0}).select(0, 0); },
                           "index 0 is out of bounds for dimension 0 with size 0");
  expect_error<IndexError>([&] { m.select(2, 0); }, no_dim("[-2, 1]", 2));
  expect_error<IndexError>([] { Layout().select(0, 0); },
                           "invalid index of a 0-dim tensor. Use `tensor.item()` to convert a "
                           "0-dim tensor to a number");
}

TEST(Layout, SliceCutsBoundsButNotDimsOrSteps) {
  const Layout v = Layout::contiguous({5});
  EXPECT_EQ(v.slice(0, kMin, kMax, 1).shape[0], 5);
  EXPECT_EQ(v.slice(0, kMin, kMax, kMax).shape[0], 1);
  EXPECT_EQ(v.slice(0, kMax, kMin, 1).shape[0], 0);
  EXPECT_EQ(v.slice(0, 3, 2, 1).shape[0], 0);
  expect_error<IndexError>([&] { v.slice(0, None, None, 0); },
                           "slice step must be positive, but got 0");
  expect_error<IndexError>([&] { v.slice(0, None, None, -1); },
                           "slice step must be positive, but got -1");
  expect_error<IndexError>([&] { v.slice(1, None, None, 1); }, no_dim("[-1, 0]", 1));
  expect_error<IndexError>([] { Layout().slice(0, None, None, 1); },
                           "slice() cannot be applied to a 0-dim tensor.");
}

TEST(Layout, UnsqueezeGoesUpToEightDimensions) {
  Layout layout = Layout::contiguous({2});
  while (layout.dim() < 8) layout = layout.unsqueeze(0);
  expect_error<ShapeError>([&] { layout.unsqueeze(-1); },
                           "A tensor has at most 8 dimensions, and one more than [1, 1, 1, 1, 1, "
                           "1, 1, 2] was asked for");
  expect_error<IndexError>([] { Layout().unsqueeze(1); }, no_dim("[-1, 0]", 1));
  expect_error<IndexError>([] { Layout::contiguous({2}).unsqueeze(-3); }, no_dim("[-2, 1]", -3));
}

TEST(Layout, UnsqueezeHasPyTorchsStrides) {
  const Layout m = Layout::contiguous({3, 4});
  EXPECT_EQ(bracketed(m.unsqueeze(0).strides), "[12, 4, 1]");
  EXPECT_EQ(bracketed(m.unsqueeze(1).strides), "[4, 4, 1]");
  EXPECT_EQ(bracketed(m.unsqueeze(2).strides), "[4, 1, 1]");
}

TEST(Layout, UnsqueezeHasStride1WherePyTorchsWouldOverflow) {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const Layout every_second = Layout::contiguous({most}).slice(0, None, None, 2);
  EXPECT_EQ(bracketed(every_second.unsqueeze(0).strides), "[1, 2]");
}

TEST(Layout, DimsAreChecked) {
  const Layout m = Layout::contiguous({3, 4});
  expect_error<IndexError>([&] { m.squeeze(2); }, no_dim("[-2, 1]", 2));
  expect_error<IndexError>([&] { m.transpose(0, 2); }, no_dim("[-2, 1]", 2));
  expect_error<IndexError>([&] { m.transpose(-3, 0); }, no_dim("[-2, 1]", -3));
  EXPECT_EQ(Layout().squeeze(-1).dim(), 0);
  EXPECT_EQ(Layout().transpose(0, -1).dim(), 0);
}

TEST(Layout, PermuteTakesEachDimOnce) {
  const Layout m = Layout::contiguous({3, 4});
  expect_error<ShapeError>([&] { m.permute({0}); },
                           "permute(dims): the number of dimensions in the tensor input does not "
                           "match the length of the desired ordering of dimensions i.e. "
                           "input.dim() = 2 is not equal to len(dims) = 1");
  expect_error<ShapeError>(
      [&] {
        m.permute({1, -1});
      },
      "permute(): duplicate dims are not allowed.");
  expect_error<IndexError>([&] { m.permute({0, 2}); }, no_dim("[-2, 1]", 2));
}

TEST(Layout, DiagonalTakesTwoDims) {
  const Layout m = Layout::contiguous({3, 4});
  EXPECT_EQ(bracketed(m.diagonal(kMax, 0, 1).shape), "[0]");
  EXPECT_EQ(bracketed(m.diagonal(kMin, 0, 1).shape), "[0]");
  expect_error<IndexError>([&] { m.diagonal(0, 1, -1); },
                           "diagonal dimensions cannot be identical 1, -1");
  expect_error<IndexError>([] { Layout::contiguous({3}).diagonal(0, 0, 1); }, no_dim("[-1, 0]", 1));
  expect_error<IndexError>([] { Layout().diagonal(0, 0, 1); }, no_dim("[-1, 0]", 1));
}

// A tensor without elements may have strides of any size, and views of it may not add them up.
TEST(Layout, OfNoElementsKeepsItsNumbersWithin63Bits) {
  const Layout far = Layout::contiguous({0, std::int64_t{1} << 62}).unsqueeze(1).unsqueeze(1);
  EXPECT_EQ(bracketed(far.strides),
            "[4611686018427387904, 4611686018427387904, 4611686018427387904, 1]");
  EXPECT_EQ(bracketed(far.diagonal(0, 1, 2).strides), "[4611686018427387904, 1, 1]");
  EXPECT_EQ(far.slice(1, 1, None, 1).slice(2, 1, None, 1).offset, 0);
  EXPECT_EQ((Layout{{3, 0}, {kMax, 1}, 5}.slice(0, 2, 2, 1).offset), 5);
  EXPECT_EQ((Layout{{1, 3}, {kMax, 1}, 5}.slice(0, 1, 1, 1).offset), 5);
  // Of one with elements an empty slice begins where it was cut, as PyTorch's.
  EXPECT_EQ(Layout::contiguous({4, 5}).slice(0, 3, 1, 1).offset, 15);
  EXPECT_EQ(Layout::contiguous({4, 5}).slice(0, 4, None, 1).offset, 20);
}

TEST(Layout, ExpandStretchesOnlySizesOfOne) {
  const Layout m = Layout::contiguous({3, 4});
  EXPECT_EQ(bracketed(Layout::contiguous({3}).expand({3, 3}).strides), "[0, 1]");
  EXPECT_EQ(bracketed(Layout::contiguous({3, 1}).expand({3, 3}).strides), "[1, 0]");
  EXPECT_EQ(bracketed(m.expand({2, -1, -1}).shape), "[2, 3, 4]");
  EXPECT_EQ(bracketed(Layout::contiguous({1, 4}).expand({0, 4}).shape), "[0, 4]");
  expect_error<ShapeError>(
      [&] {
        m.expand({2, 4});
      },
      "The expanded size of the tensor (2) must match the existing size (3) "
      "at non-singleton dimension 0.  Target sizes: [2, 4].  Tensor sizes: "
      "[3, 4]");
  expect_error<ShapeError>([] { Layout::contiguous({0}).expand({2}); },
                           "The expanded size of the tensor (2) must match the existing size (0) "
                           "at non-singleton dimension 0.  Target sizes: [2].  Tensor sizes: [0]");
  expect_error<ShapeError>([&] { m.expand({4}); },
                           "The number of sizes provided (1) must be greater or equal to the "
                           "number of dimensions in the tensor (2)");
  expect_error<ShapeError>(
      [&] {
        m.expand({-1, 3, 4});
      },
      "The expanded size of the tensor (-1) isn't allowed in a leading, "
      "non-existing dimension 0");
  expect_error<ShapeError>([] { Layout::contiguous({1}).expand({-2}); },
                           "Trying to create tensor with negative dimension -2: [-2]");
  expect_error<ShapeError>(
      [] {
        Layout::contiguous({1}).expand({kMax, 2, 1});
      },
      "The number of elements of a tensor of shape [9223372036854775807, 2, "
      "1] does not fit in 63 bits");
}

TEST(Layout, ViewKeepsTheNumberOfElements) {
  const Layout v = Layout::contiguous({6});
  EXPECT_EQ(bracketed(v.view({-1}).shape), "[6]");
  EXPECT_EQ(bracketed(v.view({2, -1}).shape), "[2, 3]");
  EXPECT_EQ(bracketed(v.view({6, -1}).shape), "[6, 1]");
  EXPECT_EQ(bracketed(Layout().view({-1}).shape), "[1]");
  EXPECT_EQ(bracketed(Layout::contiguous({0, 4}).view({2, -1}).shape), "[2, 0]");
  EXPECT_EQ(bracketed(Layout::contiguous({0, 4}).view({5, 0, 7}).shape), "[5, 0, 7]");
  expect_error<ShapeError>([] { Layout::contiguous({2}).view({3}); },
                           "shape '[3]' is invalid for input of size 2");
  expect_error<ShapeError>(
      [&] {
        v.view({4, -1});
      },
      "shape '[4, -1]' is invalid for input of size 6");
  expect_error<ShapeError>(
      [&] {
        v.view({0, -1});
      },
      "shape '[0, -1]' is invalid for input of size 6");
  expect_error<ShapeError>([&] { v.view({}); }, "shape '[]' is invalid for input of size 6");
  expect_error<ShapeError>([&] { v.view({-1, -1}); }, "only one dimension can be inferred");
  expect_error<ShapeError>([&] { v.view({-2, -3}); }, "invalid shape dimension -2");
  expect_error<ShapeError>(
      [] {
        Layout::contiguous({0}).view({0, -1});
      },
      "cannot reshape tensor of 0 elements into shape [0, -1] because the "
      "unspecified dimension size -1 can be any value and is ambiguous");
}

TEST(Layout, ViewRefusesWhatStridesCannotExpress) {
  const std::string text =
      "view size is not compatible with input tensor's size and stride (at least one dimension "
      "spans across two contiguous subspaces). Use .reshape(...) instead.";
  const Layout m = Layout::contiguous({3, 4});
  expect_error<ShapeError>([&] { m.transpose(0, 1).view({12}); }, text);
  expect_error<ShapeError>([&] { m.slice(1, 0, 2, 1).view({-1}); }, text);
  // Rows of 6 with gaps between them: 4 does not divide 6, nor 3 the 4 rows.
  expect_error<ShapeError>([] { Layout{{4, 6}, {12, 1}, 0}.view({2, 3, 4}); }, text);
  EXPECT_EQ(bracketed(m.slice(1, 0, 4, 2).view({3, 2, 1}).strides), "[4, 2, 2]");
  EXPECT_EQ(bracketed(m.expand({2, 3, 4}).view({2, 12}).strides), "[0, 1]");
  // The stride of a size of 1 is never used, so it joins whatever is beside it.
  EXPECT_EQ(bracketed(Layout{{2, 1, 3}, {6, 99, 2}, 0}.view({6}).strides), "[2]");
}

TEST(Layout, KnowsWhenItIsContiguous) {
  const Layout m = Layout::contiguous({3, 4});
  EXPECT_TRUE(m.is_contiguous());
  EXPECT_TRUE(Layout().is_contiguous());
  EXPECT_TRUE(m.select(0, 2).is_contiguous());  // from an offset
  EXPECT_TRUE(m.slice(0, 1, 3, 1).is_contiguous());
  EXPECT_FALSE(m.slice(1, 1, 3, 1).is_contiguous());
  EXPECT_FALSE(m.transpose(0, 1).is_contiguous());
  EXPECT_FALSE(m.expand({2, 3, 4}).is_contiguous());
  EXPECT_TRUE(Layout::contiguous({1, 4}).transpose(0, 1).is_contiguous());
  EXPECT_TRUE(Layout::contiguous({0, 4}).transpose(0, 1).is_contiguous());
}

}  // namespace
}  // namespace foundations
