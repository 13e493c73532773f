// A tensor by enumeration, to compare views with: for each element, in row-major order, its place
// in storage. The model knows no strides: a view rearranges whole lists of places.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace foundations {

using Numbers = std::vector<std::int64_t>;

// The views have the names and meanings of the tensor's views. They throw a ShapeError if a tensor
// has to refuse, and also if the result is too large to enumerate, as an expanded tensor easily is.
struct IndexModel {
  using Bound = std::optional<std::int64_t>;

  Numbers shape;
  Numbers places;
  std::int64_t storage;  // the number of places

  IndexModel select(std::int64_t dim, std::int64_t index) const;
  IndexModel slice(std::int64_t dim, Bound start, Bound stop, std::int64_t step) const;
  IndexModel unsqueeze(std::int64_t dim) const;
  IndexModel squeeze() const;
  IndexModel squeeze(std::int64_t dim) const;
  IndexModel transpose(std::int64_t dim0, std::int64_t dim1) const;
  IndexModel permute(const Numbers& dims) const;
  IndexModel diagonal(std::int64_t offset, std::int64_t dim1, std::int64_t dim2) const;
  IndexModel expand(const Numbers& target) const;
  IndexModel as_strided(const Numbers& sizes, const Numbers& strides, std::int64_t offset) const;
  IndexModel view(const Numbers& target) const;
  // Returns the same places in another shape, like view() if strides can express it.
  IndexModel reshape(const Numbers& target) const;

  bool has_strides() const;  // one stride for each dimension gives the places of all elements
  bool is_contiguous() const;
  bool overlaps_itself() const;
  bool overlaps(const IndexModel& other) const;
};

// Returns false if the sizes, zeros left out, multiply to more than the model enumerates.
bool is_small(const Numbers& shape);

// Returns a row-major tensor from place 0 on.
IndexModel row_major(const Numbers& shape);

}  // namespace foundations
