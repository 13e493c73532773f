// A tensor by enumeration, which views are held against: for each element, in row-major order, the
// place in storage where it lies. It knows no strides: a view moves whole lists of places about.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace foundations {

using Numbers = std::vector<std::int64_t>;

// The views have the names and meanings of the tensor's. They throw a ShapeError where a tensor
// has to refuse, and also where the result is too large to enumerate, as an expanded tensor easily
// is.
struct IndexModel {
  using Bound = std::optional<std::int64_t>;

  Numbers shape;
  Numbers places;
  std::int64_t storage;  // how many places there are

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
  // The same places in another shape: what view() gives where strides can express it.
  IndexModel reshape(const Numbers& target) const;

  bool has_strides() const;  // one stride a dimension tells where all elements lie
  bool is_contiguous() const;
  bool overlaps_itself() const;
  bool overlaps(const IndexModel& other) const;
};

// Returns false if the sizes, zeros left out, multiply to more than the model enumerates.
bool is_small(const Numbers& shape);

// Row-major, from place 0 on.
IndexModel row_major(const Numbers& shape);

}  // namespace foundations
