#include "common/tensor/layout.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace foundations {
namespace {

std::string text(std::int64_t value) { return std::to_string(value); }

// Returns `target` with its -1 computed. Throws ShapeError unless it then has `numel` elements.
Shape inferred(const Shape& target, std::int64_t numel) {
  std::int64_t unknown = -1;
  Shape known = target;
  for (std::int64_t d = 0; d < target.size(); ++d) {
    if (target[d] < -1) throw ShapeError("invalid shape dimension " + text(target[d]));
    if (target[d] != -1) continue;
    if (unknown >= 0) throw ShapeError("only one dimension can be inferred");
    unknown = d;
    known[d] = 1;
  }
  const std::int64_t others = known.numel();
  if (unknown >= 0 && others == 0) {
    if (numel == 0) {
      throw ShapeError("cannot reshape tensor of 0 elements into shape " + bracketed(target) +
                       " because the unspecified dimension size -1 can be any value and is "
                       "ambiguous");
    }
  } else if (unknown >= 0) {
    known[unknown] = numel / others;
  }
  if (known.numel() != numel) {
    throw ShapeError("shape '" + bracketed(target) + "' is invalid for input of size " +
                     text(numel));
  }
  return known;
}

}  // namespace

bool Layout::is_contiguous() const {
  if (shape.numel() == 0) return true;
  std::int64_t expected = 1;
  for (std::int64_t d = dim() - 1; d >= 0; --d) {
    if (shape[d] != 1 && strides[d] != expected) return false;
    expected *= shape[d];
  }
  return true;
}

void Layout::throw_out_of_bounds(std::int64_t index, std::int64_t d) const {
  throw IndexError("index " + text(index) + " is out of bounds for dimension " + text(d) +
                   " with size " + text(shape[d]));
}

Layout Layout::select(std::int64_t d, std::int64_t index) const {
  if (dim() == 0) {
    throw IndexError(
        "invalid index of a 0-dim tensor. Use `tensor.item()` to convert a 0-dim tensor to a "
        "number");
  }
  d = wrap_dim(d, dim());
  Layout result = *this;
  result.offset += wrap_index(index, d) * strides[d];
  result.shape.erase(d);
  result.strides.erase(d);
  return result;
}

Layout Layout::slice(std::int64_t d, Slice::Bound start, Slice::Bound stop,
                     std::int64_t step) const {
  if (dim() == 0) throw IndexError("slice() cannot be applied to a 0-dim tensor.");
  d = wrap_dim(d, dim());
  if (step <= 0) throw IndexError("slice step must be positive, but got " + text(step));
  const std::int64_t size = shape[d];
  const auto inside = [size](std::int64_t position) {
    return std::clamp<std::int64_t>(position < 0 ? position + size : position, 0, size);
  };
  const std::int64_t first = inside(start.value_or(0)), end = inside(stop.value_or(size));
  Layout result = *this;
  result.shape[d] = end > first ? (end - first - 1) / step + 1 : 0;
  // The stride of a size of 1, or of a tensor without elements, may be anything, even too large.
  const bool has_strides = size > 1 && shape.numel() > 0;
  if (has_strides || result.shape[d] > 0) result.offset += first * strides[d];
  if (result.shape[d] > 1) result.strides[d] *= step;
  return result;
}

Layout Layout::index(std::span<const Index> indices) const {
  std::int64_t spoken_for = 0, ellipses = 0;
  for (const Index& index : indices) {
    spoken_for += index.kind == Index::kInteger || index.kind == Index::kSlice;
    ellipses += index.kind == Index::kEllipsis;
  }
  if (ellipses > 1) throw IndexError("an index can only have a single ellipsis ('...')");
  if (spoken_for > dim()) {
    throw IndexError("too many indices for tensor of dimension " + text(dim()));
  }
  Layout result = *this;
  std::int64_t d = 0, from = 0;  // the next dimension of `result`, and of `*this`
  for (const Index& index : indices) {
    switch (index.kind) {
      case Index::kInteger:
        result = result.select(d, wrap_index(index.position, from++));
        break;
      case Index::kSlice:
        result = result.slice(d++, index.slice.start, index.slice.stop, index.slice.step);
        ++from;
        break;
      case Index::kNone:
        result = result.unsqueeze(d++);
        break;
      case Index::kEllipsis:
        d += dim() - spoken_for;
        from += dim() - spoken_for;
        break;
    }
  }
  return result;
}

Layout Layout::unsqueeze(std::int64_t d) const {
  d = wrap_dim(d, dim() + 1);
  std::int64_t stride = 1;  // PyTorch's if it fits in 63 bits: only index 0 ever uses it
  if (d < dim() && __builtin_mul_overflow(shape[d], strides[d], &stride)) stride = 1;
  Layout result = *this;
  result.shape.insert(d, 1);
  result.strides.insert(d, stride);
  return result;
}

Layout Layout::squeeze() const {
  Layout result = *this;
  for (std::int64_t d = dim() - 1; d >= 0; --d) result = result.squeeze(d);
  return result;
}

Layout Layout::squeeze(std::int64_t d) const {
  d = wrap_dim(d, dim());
  Layout result = *this;
  if (dim() > 0 && shape[d] == 1) {
    result.shape.erase(d);
    result.strides.erase(d);
  }
  return result;
}

Layout Layout::transpose(std::int64_t dim0, std::int64_t dim1) const {
  dim0 = wrap_dim(dim0, dim());
  dim1 = wrap_dim(dim1, dim());
  Layout result = *this;
  std::swap(result.shape[dim0], result.shape[dim1]);
  std::swap(result.strides[dim0], result.strides[dim1]);
  return result;
}

Layout Layout::permute(const IntList& dims) const {
  if (dims.size() != dim()) {
    throw ShapeError(
        "permute(dims): the number of dimensions in the tensor input does not match the length of "
        "the desired ordering of dimensions i.e. input.dim() = " +
        text(dim()) + " is not equal to len(dims) = " + text(dims.size()));
  }
  Layout result = *this;
  std::vector<bool> taken(dim());
  for (std::int64_t d = 0; d < dim(); ++d) {
    const std::int64_t from = wrap_dim(dims[d], dim());
    if (taken[from]) throw ShapeError("permute(): duplicate dims are not allowed.");
    taken[from] = true;
    result.shape[d] = shape[from];
    result.strides[d] = strides[from];
  }
  return result;
}

Layout Layout::diagonal(std::int64_t off, std::int64_t dim1, std::int64_t dim2) const {
  if (wrap_dim(dim1, dim()) == wrap_dim(dim2, dim())) {
    throw IndexError("diagonal dimensions cannot be identical " + text(dim1) + ", " + text(dim2));
  }
  dim1 = wrap_dim(dim1, dim());
  dim2 = wrap_dim(dim2, dim());
  const std::int64_t rows = shape[dim1] + std::min<std::int64_t>(off, 0);
  const std::int64_t columns = shape[dim2] - std::max<std::int64_t>(off, 0);
  Layout result = *this;
  const std::int64_t length = std::max<std::int64_t>(std::min(rows, columns), 0);
  if (length > 0) result.offset += off < 0 ? -off * strides[dim1] : off * strides[dim2];
  result.shape.erase(std::max(dim1, dim2));
  result.strides.erase(std::max(dim1, dim2));
  result.shape.erase(std::min(dim1, dim2));
  result.strides.erase(std::min(dim1, dim2));
  result.shape.push_back(length);
  std::int64_t stride = 1;  // with at most one element, the sum may not fit in 63 bits
  if (__builtin_add_overflow(strides[dim1], strides[dim2], &stride)) stride = 1;
  result.strides.push_back(stride);
  return result;
}

Layout Layout::expand(const Shape& target) const {
  if (target == shape) return *this;
  if (target.size() < dim()) {
    throw ShapeError("The number of sizes provided (" + text(target.size()) +
                     ") must be greater or equal to the number of dimensions in the tensor (" +
                     text(dim()) + ")");
  }
  Layout result = {target, Strides(target.begin(), target.end()), offset};
  const std::int64_t new_dims = target.size() - dim();
  for (std::int64_t d = 0; d < target.size(); ++d) {
    if (d < new_dims) {
      if (target[d] < 0) {
        throw ShapeError("The expanded size of the tensor (" + text(target[d]) +
                         ") isn't allowed in a leading, non-existing dimension " + text(d));
      }
      result.strides[d] = 0;
      continue;
    }
    const std::int64_t size = shape[d - new_dims];
    const bool stretched = size == 1 && target[d] != 1 && target[d] != -1;
    if (!stretched && target[d] != size && target[d] != -1) {
      throw ShapeError("The expanded size of the tensor (" + text(target[d]) +
                       ") must match the existing size (" + text(size) +
                       ") at non-singleton dimension " + text(d) + ".  Target sizes: " +
                       bracketed(target) + ".  Tensor sizes: " + bracketed(shape));
    }
    result.shape[d] = stretched ? target[d] : size;
    result.strides[d] = stretched ? 0 : strides[d - new_dims];
  }
  result.shape.numel();  // refuses a negative or an overflowing target
  return result;
}

// Works from the last dimension to the first. Old dimensions end to end in memory form a block, and
// new sizes are cut out of one block at a time.
std::optional<Layout> Layout::try_view(const Shape& target) const {
  Layout result = {inferred(target, shape.numel()), {}, offset};
  if (is_contiguous()) {
    result.strides = contiguous_strides(result.shape);
    return result;
  }
  result.strides = Strides(result.shape.begin(), result.shape.end());
  std::int64_t next = result.dim() - 1;  // the new dimension to cut next
  std::int64_t block = 1, stride = 0;    // the block's size, and its innermost stride
  for (std::int64_t d = dim() - 1; d >= 0; --d) {
    if (block == 1) stride = strides[d];
    block *= shape[d];
    const bool joins =
        d > 0 && (block == 1 || shape[d - 1] == 1 || strides[d - 1] == block * stride);
    if (joins) continue;
    for (; next >= 0 && (block > 1 || result.shape[next] == 1); --next) {
      if (block % result.shape[next] != 0) return std::nullopt;
      result.strides[next] = stride;
      stride *= result.shape[next];
      block /= result.shape[next];
    }
    if (block != 1) return std::nullopt;
  }
  return result;
}

Layout Layout::view(const Shape& target) const {
  const std::optional<Layout> result = try_view(target);
  if (!result) {
    throw ShapeError(
        "view size is not compatible with input tensor's size and stride (at least one dimension "
        "spans across two contiguous subspaces). Use .reshape(...) instead.");
  }
  return *result;
}

}  // namespace foundations
