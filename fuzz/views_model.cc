#include "fuzz/views_model.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>
#include <utility>

#include "common/base/error.h"

namespace foundations {
namespace {

constexpr std::int64_t kMostElements = 720, kMostDims = 8;

[[noreturn]] void refuse() { throw ShapeError("the model refuses"); }

// Returns the number of elements. Throws for a negative size and too many elements.
std::int64_t count(const Numbers& shape) {
  if (!is_small(shape)) refuse();
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::int64_t rank(const IndexModel& m) { return static_cast<std::int64_t>(m.shape.size()); }

// Returns the dimension, counted from the front. A scalar takes 0 and -1.
std::size_t meant(std::int64_t dim, std::int64_t rank) {
  rank = std::max<std::int64_t>(rank, 1);
  if (dim < -rank || dim >= rank) refuse();
  return static_cast<std::size_t>(dim < 0 ? dim + rank : dim);
}

Numbers index_of(std::int64_t number, const Numbers& shape) {
  Numbers index(shape.size());
  for (std::size_t d = shape.size(); d-- > 0; number /= shape[d]) index[d] = number % shape[d];
  return index;
}

std::int64_t place_at(const IndexModel& m, const Numbers& index) {
  std::int64_t number = 0;
  for (std::size_t d = 0; d < index.size(); ++d) number = number * m.shape[d] + index[d];
  return m.places[static_cast<std::size_t>(number)];
}

std::int64_t place_of(const Numbers& index, const Numbers& strides, std::int64_t offset) {
  return std::inner_product(index.begin(), index.end(), strides.begin(), offset);
}

// Returns the view of this shape whose element at an index is the element of m at source(index).
template <class Source>
IndexModel gather(const IndexModel& m, const Numbers& shape, Source source) {
  IndexModel result = {shape, {}, m.storage};
  const std::int64_t elements = count(shape);
  for (std::int64_t i = 0; i < elements; ++i) {
    result.places.push_back(place_at(m, source(index_of(i, shape))));
  }
  return result;
}

Numbers without(Numbers numbers, std::size_t position) {
  numbers.erase(numbers.begin() + static_cast<std::ptrdiff_t>(position));
  return numbers;
}

Numbers with(Numbers numbers, std::size_t position, std::int64_t value) {
  numbers.insert(numbers.begin() + static_cast<std::ptrdiff_t>(position), value);
  return numbers;
}

}  // namespace

bool is_small(const Numbers& shape) {
  std::int64_t product = 1;
  for (const std::int64_t size : shape) {
    if (size < 0 || size > kMostElements / product) return false;
    product *= std::max<std::int64_t>(size, 1);
  }
  return true;
}

IndexModel row_major(const Numbers& shape) {
  IndexModel result = {shape, Numbers(static_cast<std::size_t>(count(shape))), count(shape)};
  std::iota(result.places.begin(), result.places.end(), 0);
  return result;
}

IndexModel IndexModel::select(std::int64_t dim, std::int64_t index) const {
  const std::size_t d = meant(dim, rank(*this));
  if (shape.empty() || index >= shape[d] || index < -shape[d]) refuse();
  const std::int64_t i = index < 0 ? index + shape[d] : index;
  return gather(*this, without(shape, d), [=](const Numbers& at) { return with(at, d, i); });
}

IndexModel IndexModel::slice(std::int64_t dim, Bound start, Bound stop, std::int64_t step) const {
  const std::size_t d = meant(dim, rank(*this));
  if (shape.empty() || step < 1) refuse();
  Numbers kept, sizes = shape;
  for (std::int64_t i = 0; i < shape[d]; ++i) {
    const auto reaches = [&](std::int64_t bound) {
      return (bound < 0 ? i - shape[d] : i) >= bound;
    };
    const bool inside = (!start || reaches(*start)) && !(stop && reaches(*stop));
    if (inside && (kept.empty() || i - kept.back() == step)) kept.push_back(i);
  }
  sizes[d] = static_cast<std::int64_t>(kept.size());
  return gather(*this, sizes, [=](Numbers at) {
    at[d] = kept[static_cast<std::size_t>(at[d])];
    return at;
  });
}

IndexModel IndexModel::unsqueeze(std::int64_t dim) const {
  const std::size_t d = meant(dim, rank(*this) + 1);
  if (rank(*this) == kMostDims) refuse();
  return {with(shape, d, 1), places, storage};
}

IndexModel IndexModel::squeeze() const {
  IndexModel result = *this;
  std::erase(result.shape, 1);
  return result;
}

IndexModel IndexModel::squeeze(std::int64_t dim) const {
  const std::size_t d = meant(dim, rank(*this));
  if (shape.empty() || shape[d] != 1) return *this;
  return {without(shape, d), places, storage};
}

IndexModel IndexModel::transpose(std::int64_t dim0, std::int64_t dim1) const {
  const std::size_t d0 = meant(dim0, rank(*this)), d1 = meant(dim1, rank(*this));
  if (shape.empty()) return *this;
  Numbers dims(shape.size());
  std::iota(dims.begin(), dims.end(), 0);
  std::swap(dims[d0], dims[d1]);
  return permute(dims);
}

IndexModel IndexModel::permute(const Numbers& dims) const {
  if (dims.size() != shape.size()) refuse();
  std::vector<std::size_t> from;
  Numbers sizes;
  for (const std::int64_t dim : dims) {
    from.push_back(meant(dim, rank(*this)));
    sizes.push_back(shape[from.back()]);
  }
  if (std::set(from.begin(), from.end()).size() < from.size()) refuse();
  return gather(*this, sizes, [=](const Numbers& at) {
    Numbers index(at.size());
    for (std::size_t d = 0; d < at.size(); ++d) index[from[d]] = at[d];
    return index;
  });
}

IndexModel IndexModel::diagonal(std::int64_t offset, std::int64_t dim1, std::int64_t dim2) const {
  const std::size_t d1 = meant(dim1, rank(*this)), d2 = meant(dim2, rank(*this));
  if (d1 == d2) refuse();
  std::vector<std::pair<std::int64_t, std::int64_t>> kept;
  for (std::int64_t i = 0; i < shape[d1]; ++i) {
    for (std::int64_t j = 0; j < shape[d2]; ++j) {
      if (j - i == offset) kept.emplace_back(i, j);
    }
  }
  Numbers sizes = without(without(shape, std::max(d1, d2)), std::min(d1, d2));
  sizes.push_back(static_cast<std::int64_t>(kept.size()));
  return gather(*this, sizes, [=](const Numbers& at) {
    const auto [i, j] = kept[static_cast<std::size_t>(at.back())];
    const Numbers others(at.begin(), at.end() - 1);
    return d1 < d2 ? with(with(others, d1, i), d2, j) : with(with(others, d2, j), d1, i);
  });
}

IndexModel IndexModel::expand(const Numbers& target) const {
  if (target.size() < shape.size()) refuse();
  const std::size_t added = target.size() - shape.size();
  Numbers sizes = target;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    std::int64_t& size = sizes[added + d];
    if (size == -1) size = shape[d];
    if (size != shape[d] && shape[d] != 1) refuse();
  }
  return gather(*this, sizes, [this, added](const Numbers& at) {
    Numbers index(at.begin() + static_cast<std::ptrdiff_t>(added), at.end());
    for (std::size_t d = 0; d < index.size(); ++d) index[d] = shape[d] == 1 ? 0 : index[d];
    return index;
  });
}

IndexModel IndexModel::as_strided(const Numbers& sizes, const Numbers& strides,
                                  std::int64_t offset) const {
  const std::int64_t elements = count(sizes);
  if (offset < 0 || offset > storage) refuse();
  __int128 last = offset;  // eight sizes and strides of 63 bits do not overflow it
  for (std::size_t d = 0; d < sizes.size(); ++d) {
    if (strides[d] < 0) refuse();
    if (sizes[d] > 1) last += static_cast<__int128>(sizes[d] - 1) * strides[d];
  }
  if (last > INT64_MAX || (elements > 0 && last >= storage)) refuse();
  IndexModel result = {sizes, {}, storage};
  for (std::int64_t i = 0; i < elements; ++i) {
    result.places.push_back(place_of(index_of(i, sizes), strides, offset));
  }
  return result;
}

IndexModel IndexModel::reshape(const Numbers& target) const {
  const auto elements = static_cast<std::int64_t>(places.size());
  Numbers sizes = target;
  const auto unknown = std::find(sizes.begin(), sizes.end(), -1);
  if (unknown != sizes.end()) {
    *unknown = 1;
    const std::int64_t others = count(sizes);
    if (others == 0) refuse();
    *unknown = elements / others;
  }
  if (count(sizes) != elements) refuse();
  return {sizes, places, storage};
}

IndexModel IndexModel::view(const Numbers& target) const {
  IndexModel result = reshape(target);
  if (!result.has_strides()) refuse();
  return result;
}

bool IndexModel::has_strides() const {
  if (places.empty()) return true;
  Numbers strides;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    Numbers one(shape.size());
    one[d] = shape[d] > 1 ? 1 : 0;
    strides.push_back(place_at(*this, one) - places[0]);
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i] != place_of(index_of(static_cast<std::int64_t>(i), shape), strides, places[0])) {
      return false;
    }
  }
  return true;
}

bool IndexModel::is_contiguous() const {
  for (std::size_t i = 1; i < places.size(); ++i) {
    if (places[i] != places[i - 1] + 1) return false;
  }
  return true;
}

bool IndexModel::overlaps_itself() const {
  return std::set(places.begin(), places.end()).size() < places.size();
}

bool IndexModel::overlaps(const IndexModel& other) const {
  const std::set mine(places.begin(), places.end());
  return std::any_of(other.places.begin(), other.places.end(),
                     [&mine](std::int64_t place) { return mine.count(place) > 0; });
}

}  // namespace foundations
