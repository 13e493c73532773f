// Tensors by enumeration, the model that views are held against: for each element, in row-major
// order, the place in storage where it lies. No strides, no cleverness: a view moves whole lists
// of places about.
//
// Each view returns nothing where it has to be refused. Where the true thing looks at strides
// (view(), is_contiguous(), overlap()), the model looks at all places.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace foundations {

struct IndexModel {
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> places;
};
using MaybeModel = std::optional<IndexModel>;
using Bound = std::optional<std::int64_t>;

// The number of elements; nothing if it does not fit in 63 bits (sizes of 0 left out) or if a size
// is negative.
std::optional<std::int64_t> count(const std::vector<std::int64_t>& shape);

// Row-major, from place 0 on.
IndexModel row_major(const std::vector<std::int64_t>& shape);

MaybeModel select(const IndexModel& m, std::int64_t dim, std::int64_t index);
MaybeModel slice(const IndexModel& m, std::int64_t dim, Bound start, Bound stop, std::int64_t step);
MaybeModel unsqueeze(const IndexModel& m, std::int64_t dim);
IndexModel squeeze(const IndexModel& m);
MaybeModel squeeze(const IndexModel& m, std::int64_t dim);
MaybeModel transpose(const IndexModel& m, std::int64_t dim0, std::int64_t dim1);
MaybeModel permute(const IndexModel& m, const std::vector<std::int64_t>& dims);
MaybeModel diagonal(const IndexModel& m, std::int64_t offset, std::int64_t dim1, std::int64_t dim2);
MaybeModel expand(const IndexModel& m, const std::vector<std::int64_t>& target);
MaybeModel as_strided(const std::vector<std::int64_t>& shape,
                      const std::vector<std::int64_t>& strides, std::int64_t offset,
                      std::int64_t storage);

// The same places under another shape, as reshape() reads it.
MaybeModel reshaped(const IndexModel& m, const std::vector<std::int64_t>& target);
// Whether one stride for each dimension says where all elements lie.
bool has_strides(const IndexModel& m);

bool lies_in_a_row(const IndexModel& m);  // is_contiguous()
bool repeats(const IndexModel& m);        // two elements in one place
bool meet(const IndexModel& a, const IndexModel& b);

// Of more elements or a larger size than this, which expanded and empty tensors have at no cost,
// the model knows the shape alone and is not enumerated: no function above takes it.
inline constexpr std::int64_t kMostElements = 720;
inline bool is_enumerated(const IndexModel& m) {
  const bool small = std::all_of(m.shape.begin(), m.shape.end(),
                                 [](std::int64_t size) { return size <= kMostElements; });
  return small && count(m.shape) == static_cast<std::int64_t>(m.places.size());
}

}  // namespace foundations
