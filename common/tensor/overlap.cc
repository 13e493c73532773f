#include "common/tensor/overlap.h"

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

namespace foundations {
namespace {

// Returns the first and the last element of storage that a layout with elements reaches.
std::pair<std::int64_t, std::int64_t> range(const Layout& layout) {
  std::int64_t first = layout.offset, last = layout.offset;
  for (std::int64_t d = 0; d < layout.dim(); ++d) {
    const std::int64_t reach = (layout.shape[d] - 1) * layout.strides[d];
    (reach < 0 ? first : last) += reach;
  }
  return {first, last};
}

// Calls visit(position) for every element, last dimension fastest, until it returns false.
template <class Visit>
bool visit_all(const Layout& layout, std::int64_t dim, std::int64_t position, Visit visit) {
  if (dim == layout.dim()) return visit(position);
  for (std::int64_t i = 0; i < layout.shape[dim]; ++i) {
    if (!visit_all(layout, dim + 1, position + i * layout.strides[dim], visit)) return false;
  }
  return true;
}

// Returns the dimensions that matter (size above 1), the longest stride first.
std::vector<std::pair<std::int64_t, std::int64_t>> by_stride(const Layout& layout) {
  std::vector<std::pair<std::int64_t, std::int64_t>> dims;  // (stride, size)
  for (std::int64_t d = 0; d < layout.dim(); ++d) {
    if (layout.shape[d] != 1) dims.emplace_back(std::abs(layout.strides[d]), layout.shape[d]);
  }
  std::sort(dims.rbegin(), dims.rend());
  return dims;
}

}  // namespace

bool is_dense(const Layout& layout) {
  if (layout.shape.numel() == 0) return true;
  const auto [first, last] = range(layout);
  return last - first + 1 == layout.shape.numel() && !overlaps_itself(layout);
}

Layout packed(const Layout& layout) {
  if (layout.is_contiguous() || !is_dense(layout)) return Layout::contiguous(layout.shape);
  return {layout.shape, layout.strides, 0};
}

bool overlaps_itself(const Layout& layout) {
  if (layout.is_contiguous()) return false;
  // Nested like Russian dolls: each stride steps over everything that shorter strides can reach.
  bool nested = true;
  std::int64_t reach = 0;
  const auto dims = by_stride(layout);
  for (auto dim = dims.rbegin(); dim != dims.rend(); ++dim) {
    const auto [stride, size] = *dim;
    if (stride == 0) return true;
    nested &= stride > reach;
    reach += (size - 1) * stride;
  }
  if (nested) return false;
  const auto ends = range(layout);
  std::vector<bool> seen(ends.second - ends.first + 1);
  return !visit_all(layout, 0, layout.offset, [&](std::int64_t position) {
    const bool repeated = seen[position - ends.first];
    seen[position - ends.first] = true;
    return !repeated;
  });
}

bool overlap(const Layout& a, const Layout& b) {
  if (a.shape.numel() == 0 || b.shape.numel() == 0) return false;
  const auto [first_a, last_a] = range(a);
  const auto [first_b, last_b] = range(b);
  const std::int64_t first = std::max(first_a, first_b), last = std::min(last_a, last_b);
  if (first > last) return false;
  if (is_dense(a) && is_dense(b)) return true;
  std::vector<bool> in_a(last - first + 1);
  const auto shared = [first, last](std::int64_t p) { return p >= first && p <= last; };
  visit_all(a, 0, a.offset, [&](std::int64_t position) {
    if (shared(position)) in_a[position - first] = true;
    return true;
  });
  return !visit_all(b, 0, b.offset, [&](std::int64_t position) {
    return !(shared(position) && in_a[position - first]);
  });
}

void check_written_once(const Layout& out) {
  if (overlaps_itself(out)) {
    throw ShapeError(
        "unsupported operation: more than one element of the written-to tensor refers to a single "
        "memory location. Please clone() the tensor before performing the operation.");
  }
}

void check_no_partial_overlap(const Layout& out, const Layout& in) {
  bool same = out.offset == in.offset;
  for (std::int64_t d = 0; d < out.dim(); ++d) {
    same &= out.strides[d] == in.strides[d] || out.shape[d] == 1;
  }
  if (!same && overlap(out, in)) {
    throw ShapeError(
        "unsupported operation: some elements of the input tensor and the written-to tensor refer "
        "to a single memory location. Please clone() the tensor before performing the operation.");
  }
}

}  // namespace foundations
