#include "fuzz/draw_view.h"

#include <algorithm>
#include <array>
#include <utility>

namespace foundations {
namespace {

using Numbers = std::vector<std::int64_t>;

std::string text(const Numbers& numbers) {
  std::string result = "[";
  for (const std::int64_t n : numbers) {
    result += (result.size() > 1 ? ", " : "") + std::to_string(n);
  }
  return result + "]";
}

std::string text(const Bound& bound) { return bound ? std::to_string(*bound) : "None"; }

Slice::Bound for_tensor(const Bound& bound) { return bound ? Slice::Bound(*bound) : None; }

// Mostly a dimension that is there.
std::int64_t draw_dim(Input& input, std::int64_t rank) {
  if (input.byte() < 16) return input.argument();
  return rank == 0 ? 0 : input.between(-rank, rank - 1);
}

Bound draw_bound(Input& input) { return input.flag() ? Bound(input.argument()) : std::nullopt; }

ViewStep draw_select(Input& input, const Shape& shape, std::int64_t) {
  const std::int64_t dim = draw_dim(input, shape.size()), index = input.argument();
  return {"select(" + text({dim, index}) + ")",
          [=](const LongTensor& t) { return t.select(dim, index); },
          [=](const IndexModel& m) { return select(m, dim, index); }};
}

ViewStep draw_slice(Input& input, const Shape& shape, std::int64_t) {
  const std::int64_t dim = draw_dim(input, shape.size());
  const Bound start = draw_bound(input), stop = draw_bound(input);
  const std::int64_t step = input.byte() < 32 ? input.argument() : input.between(1, 4);
  return {
      "slice(" + std::to_string(dim) + ", " + text(start) + ", " + text(stop) + ", " +
          std::to_string(step) + ")",
      [=](const LongTensor& t) { return t.slice(dim, for_tensor(start), for_tensor(stop), step); },
      [=](const IndexModel& m) { return slice(m, dim, start, stop, step); }};
}

ViewStep draw_unsqueeze(Input& input, const Shape& shape, std::int64_t) {
  const std::int64_t dim = draw_dim(input, shape.size() + 1);
  return {"unsqueeze(" + std::to_string(dim) + ")",
          [=](const LongTensor& t) { return t.unsqueeze(dim); },
          [=](const IndexModel& m) { return unsqueeze(m, dim); }};
}

ViewStep draw_squeeze(Input& input, const Shape& shape, std::int64_t) {
  if (input.flag()) {
    return {"squeeze()", [](const LongTensor& t) { return t.squeeze(); },
            [](const IndexModel& m) { return squeeze(m); }};
  }
  const std::int64_t dim = draw_dim(input, shape.size());
  return {"squeeze(" + std::to_string(dim) + ")",
          [=](const LongTensor& t) { return t.squeeze(dim); },
          [=](const IndexModel& m) { return squeeze(m, dim); }};
}

ViewStep draw_transpose(Input& input, const Shape& shape, std::int64_t) {
  const std::int64_t dim0 = draw_dim(input, shape.size()), dim1 = draw_dim(input, shape.size());
  return {"transpose(" + text({dim0, dim1}) + ")",
          [=](const LongTensor& t) { return t.transpose(dim0, dim1); },
          [=](const IndexModel& m) { return transpose(m, dim0, dim1); }};
}

ViewStep draw_permute(Input& input, const Shape& shape, std::int64_t) {
  Numbers dims;
  for (std::int64_t d = 0; d < shape.size(); ++d)
    dims.push_back(input.flag() ? d - shape.size() : d);
  for (std::size_t d = dims.size(); d > 1; --d) {
    std::swap(dims[d - 1], dims[static_cast<std::size_t>(input.between(0, d - 1))]);
  }
  if (input.byte() < 16 && !dims.empty()) dims.back() = input.argument();
  if (input.byte() < 8 && dims.size() < 8) dims.push_back(input.argument());
  return {"permute(" + text(dims) + ")", [=](const LongTensor& t) { return t.permute(dims); },
          [=](const IndexModel& m) { return permute(m, dims); }};
}

ViewStep draw_diagonal(Input& input, const Shape& shape, std::int64_t) {
  const std::int64_t offset = input.argument();
  const std::int64_t dim1 = draw_dim(input, shape.size()), dim2 = draw_dim(input, shape.size());
  return {"diagonal(" + text({offset, dim1, dim2}) + ")",
          [=](const LongTensor& t) { return t.diagonal(offset, dim1, dim2); },
          [=](const IndexModel& m) { return diagonal(m, offset, dim1, dim2); }};
}

ViewStep draw_expand(Input& input, const Shape& shape, std::int64_t) {
  Numbers target;
  for (std::int64_t d = input.between(0, 2); d > 0; --d) target.push_back(input.between(0, 3));
  for (const std::int64_t size : shape) {
    target.push_back(size == 1 ? input.between(-1, 4) : input.flag() ? -1 : size);
  }
  const std::uint8_t change = input.byte();
  if (change < 24 && !target.empty()) {
    target[static_cast<std::size_t>(input.between(0, target.size() - 1))] = input.argument();
  }
  if (change >= 250 && !target.empty()) target.erase(target.begin());
  return {"expand(" + text(target) + ")", [=](const LongTensor& t) { return t.expand(target); },
          [=](const IndexModel& m) { return expand(m, target); }};
}

ViewStep draw_reinterpret(Input& input, const Shape& shape, std::int64_t) {
  const Numbers target = draw_target(input, shape);
  return {"view(" + text(target) + ")", [=](const LongTensor& t) { return t.view(target); },
          [=](const IndexModel& m) {
            const MaybeModel result = reshaped(m, target);
            return result && has_strides(*result) ? result : std::nullopt;
          }};
}

ViewStep draw_as_strided(Input& input, const Shape&, std::int64_t storage) {
  const Numbers shape = draw_shape(input, input.between(0, 3), 4);
  Numbers strides;
  for (std::size_t d = 0; d < shape.size(); ++d) strides.push_back(input.between(0, 5));
  if (input.byte() < 32 && !strides.empty()) strides.back() = input.argument();
  const std::int64_t offset = input.byte() < 32 ? input.argument() : input.between(0, 8);
  return {"as_strided(" + text(shape) + ", " + text(strides) + ", " + std::to_string(offset) + ")",
          [=](const LongTensor& t) { return t.as_strided(shape, strides, offset); },
          [=](const IndexModel&) { return as_strided(shape, strides, offset, storage); }};
}

Index draw_single_index(Input& input) {
  switch (input.between(0, 3)) {
    case 0:
      return input.argument();
    case 1: {
      const Bound start = draw_bound(input), stop = draw_bound(input);
      return Slice(for_tensor(start), for_tensor(stop), input.between(0, 3));
    }
    case 2:
      return None;
    default:
      return Ellipsis;
  }
}

// t.index({...}) by one index after the other.
MaybeModel index(const IndexModel& m, const std::vector<Index>& indices) {
  const std::int64_t rank = static_cast<std::int64_t>(m.shape.size());
  std::int64_t spoken_for = 0, ellipses = 0;
  for (const Index& i : indices) {
    spoken_for += i.kind == Index::kInteger || i.kind == Index::kSlice;
    ellipses += i.kind == Index::kEllipsis;
  }
  if (ellipses > 1 || spoken_for > rank) return std::nullopt;
  MaybeModel result = m;
  std::int64_t dim = 0;
  for (const Index& i : indices) {
    if (!result) return result;
    if (i.kind == Index::kInteger) result = select(*result, dim, i.position);
    if (i.kind == Index::kNone) result = unsqueeze(*result, dim++);
    if (i.kind == Index::kEllipsis) dim += rank - spoken_for;
    if (i.kind == Index::kSlice) {
      result = slice(*result, dim++, i.slice.start, i.slice.stop, i.slice.step);
    }
  }
  return result;
}

ViewStep draw_index(Input& input, const Shape&, std::int64_t) {
  std::vector<Index> indices;
  for (std::int64_t n = input.between(0, 5); n > 0; --n) {
    indices.push_back(draw_single_index(input));
  }
  return {"index() by " + std::to_string(indices.size()),
          [=](const LongTensor& t) { return LongTensor(t.storage(), t.layout().index(indices)); },
          [=](const IndexModel& m) { return index(m, indices); }};
}

constexpr std::array kViews = {draw_select,      draw_slice,      draw_unsqueeze, draw_squeeze,
                               draw_transpose,   draw_permute,    draw_diagonal,  draw_expand,
                               draw_reinterpret, draw_as_strided, draw_index};

}  // namespace

ViewStep draw_view(Input& input, const Shape& shape, std::int64_t storage) {
  return kViews[input.byte() % kViews.size()](input, shape, storage);
}

std::vector<std::int64_t> draw_shape(Input& input, std::int64_t rank, std::int64_t largest) {
  std::vector<std::int64_t> shape;
  for (std::int64_t d = 0; d < rank; ++d) {
    const std::uint8_t choice = input.byte();
    shape.push_back(choice % 16 == 15 ? 0 : choice % largest + 1);
  }
  return shape;
}

std::vector<std::int64_t> draw_target(Input& input, const Shape& shape) {
  if (input.byte() < 16) {
    Numbers anything;
    for (std::int64_t n = input.between(0, 3); n > 0; --n) anything.push_back(input.argument());
    return anything;
  }
  Numbers target;
  std::int64_t rest = shape.numel();
  for (std::int64_t n = input.between(0, 5); n > 0; --n) {
    const std::int64_t size = input.between(1, 6);
    if (rest % size != 0) continue;
    target.push_back(size);
    rest /= size;
  }
  target.push_back(rest);
  if (input.byte() % 4 == 1)
    target[static_cast<std::size_t>(input.between(0, target.size() - 1))] = -1;
  return target;
}

}  // namespace foundations
