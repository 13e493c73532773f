#include "fuzz/index_model.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>

namespace foundations {
namespace {

using Index = std::vector<std::int64_t>;

std::int64_t rank(const IndexModel& m) { return static_cast<std::int64_t>(m.shape.size()); }

// The dimension meant by dim, from the front. A scalar answers to 0 and -1.
std::optional<std::size_t> meant(std::int64_t dim, std::int64_t rank) {
  if (rank == 0) rank = 1;
  for (std::int64_t d = 0; d < rank; ++d) {
    if (dim == d || dim == d - rank) return static_cast<std::size_t>(d);
  }
  return std::nullopt;
}

std::int64_t row_major_number(const Index& index, const Index& shape) {
  std::int64_t number = 0;
  for (std::size_t d = 0; d < shape.size(); ++d) number = number * shape[d] + index[d];
  return number;
}

// Calls visit(index) for every index of a shape, the last dimension fastest.
template <class Visit>
void for_all(const Index& shape, Visit visit) {
  const std::int64_t elements = count(shape).value();
  Index index(shape.size());
  for (std::int64_t i = 0; i < elements; ++i) {
    visit(index);
    for (std::size_t d = shape.size(); d > 0 && ++index[d - 1] == shape[d - 1]; --d) {
      index[d - 1] = 0;
    }
  }
}

// The view of this shape whose element at an index is the element of m at source(index).
IndexModel gather(const IndexModel& m, const Index& shape,
                  const std::function<Index(const Index&)>& source) {
  IndexModel result = {shape, {}};
  if (count(shape).value() > kMostElements) return result;
  for_all(shape, [&](const Index& index) {
    result.places.push_back(
        m.places[static_cast<std::size_t>(row_major_number(source(index), m.shape))]);
  });
  return result;
}

template <class Items>
Items without(Items items, std::size_t position) {
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(position));
  return items;
}

template <class Items>
Items with(const Items& items, std::size_t position, std::int64_t value) {
  const auto at = items.begin() + static_cast<std::ptrdiff_t>(position);
  Items longer(items.begin(), at);
  longer.push_back(value);
  longer.insert(longer.end(), at, items.end());
  return longer;
}

}  // namespace

std::optional<std::int64_t> count(const std::vector<std::int64_t>& shape) {
  constexpr std::int64_t kMax = INT64_MAX;
  std::int64_t product = 1;
  for (const std::int64_t size : shape) {
    if (size < 0 || (size > 0 && product > kMax / size)) return std::nullopt;
    if (size > 0) product *= size;
  }
  return std::count(shape.begin(), shape.end(), 0) > 0 ? 0 : product;
}

IndexModel row_major(const std::vector<std::int64_t>& shape) {
  IndexModel result = {shape, std::vector<std::int64_t>(count(shape).value())};
  std::iota(result.places.begin(), result.places.end(), 0);
  return result;
}

MaybeModel select(const IndexModel& m, std::int64_t dim, std::int64_t index) {
  const auto d = meant(dim, rank(m));
  if (rank(m) == 0 || !d) return std::nullopt;
  const std::int64_t size = m.shape[*d];
  if (index >= size || index < -size) return std::nullopt;
  const std::int64_t i = index < 0 ? index + size : index;
  return gather(m, without(m.shape, *d), [=](const Index& at) { return with(at, *d, i); });
}

MaybeModel slice(const IndexModel& m, std::int64_t dim, Bound start, Bound stop,
                 std::int64_t step) {
  const auto d = meant(dim, rank(m));
  if (rank(m) == 0 || !d || step < 1) return std::nullopt;
  const std::int64_t size = m.shape[*d];
  std::vector<std::int64_t> kept;
  for (std::int64_t i = 0; i < size; ++i) {
    const bool begun = !start || (*start < 0 ? i - size >= *start : i >= *start);
    const bool ended = stop && (*stop < 0 ? i - size >= *stop : i >= *stop);
    if (begun && !ended && (kept.empty() || i - kept.back() == step)) kept.push_back(i);
  }
  Index shape = m.shape;
  shape[*d] = static_cast<std::int64_t>(kept.size());
  return gather(m, shape, [=](Index at) {
    at[*d] = kept[static_cast<std::size_t>(at[*d])];
    return at;
  });
}

MaybeModel unsqueeze(const IndexModel& m, std::int64_t dim) {
  const auto d = meant(dim, rank(m) + 1);
  if (!d || rank(m) == 8) return std::nullopt;
  return IndexModel{with(m.shape, *d, 1), m.places};
}

IndexModel squeeze(const IndexModel& m) {
  IndexModel result = {{}, m.places};
  for (const std::int64_t size : m.shape) {
    if (size != 1) result.shape.push_back(size);
  }
  return result;
}

MaybeModel squeeze(const IndexModel& m, std::int64_t dim) {
  const auto d = meant(dim, rank(m));
  if (!d) return std::nullopt;
  if (rank(m) == 0 || m.shape[*d] != 1) return m;
  return IndexModel{without(m.shape, *d), m.places};
}

MaybeModel transpose(const IndexModel& m, std::int64_t dim0, std::int64_t dim1) {
  const auto d0 = meant(dim0, rank(m)), d1 = meant(dim1, rank(m));
  if (!d0 || !d1) return std::nullopt;
  if (rank(m) == 0) return m;
  const auto swapped = [=](Index index) {
    std::swap(index[*d0], index[*d1]);
    return index;
  };
  return gather(m, swapped(m.shape), swapped);
}

MaybeModel permute(const IndexModel& m, const std::vector<std::int64_t>& dims) {
  if (dims.size() != m.shape.size()) return std::nullopt;
  std::vector<std::size_t> from;
  for (const std::int64_t dim : dims) {
    const auto d = meant(dim, rank(m));
    if (!d || std::count(from.begin(), from.end(), *d) > 0) return std::nullopt;
    from.push_back(*d);
  }
  Index shape;
  for (const std::size_t d : from) shape.push_back(m.shape[d]);
  return gather(m, shape, [=](const Index& at) {
    Index index(at.size());
    for (std::size_t d = 0; d < at.size(); ++d) index[from[d]] = at[d];
    return index;
  });
}

MaybeModel diagonal(const IndexModel& m, std::int64_t offset, std::int64_t dim1,
                    std::int64_t dim2) {
  const auto d1 = meant(dim1, rank(m)), d2 = meant(dim2, rank(m));
  if (rank(m) < 2 || !d1 || !d2 || *d1 == *d2) return std::nullopt;
  std::vector<std::int64_t> rows, columns;
  for (std::int64_t i = 0; i < m.shape[*d1]; ++i) {
    for (std::int64_t j = 0; j < m.shape[*d2]; ++j) {
      if (j - i != offset) continue;
      rows.push_back(i);
      columns.push_back(j);
    }
  }
  Index shape = without(without(m.shape, std::max(*d1, *d2)), std::min(*d1, *d2));
  shape.push_back(static_cast<std::int64_t>(rows.size()));
  return gather(m, shape, [=](const Index& at) {
    const auto i = static_cast<std::size_t>(at.back());
    const Index others(at.begin(), at.end() - 1);
    return *d1 < *d2 ? with(with(others, *d1, rows[i]), *d2, columns[i])
                     : with(with(others, *d2, columns[i]), *d1, rows[i]);
  });
}

MaybeModel expand(const IndexModel& m, const std::vector<std::int64_t>& target) {
  if (target.size() < m.shape.size() || target.size() > 8) return std::nullopt;
  const std::size_t added = target.size() - m.shape.size();
  Index shape = target;
  for (std::size_t d = added; d < target.size(); ++d) {
    const std::int64_t size = m.shape[d - added];
    if (target[d] == -1) shape[d] = size;
    if (shape[d] != size && size != 1) return std::nullopt;
  }
  if (!count(shape)) return std::nullopt;
  return gather(m, shape, [=](const Index& at) {
    Index index(at.begin() + static_cast<std::ptrdiff_t>(added), at.end());
    for (std::size_t d = 0; d < index.size(); ++d) index[d] = m.shape[d] == 1 ? 0 : index[d];
    return index;
  });
}

MaybeModel as_strided(const std::vector<std::int64_t>& shape,
                      const std::vector<std::int64_t>& strides, std::int64_t offset,
                      std::int64_t storage) {
  if (shape.size() != strides.size() || !count(shape) || offset < 0 || offset > storage) {
    return std::nullopt;
  }
  IndexModel result = {shape, {}};
  __int128 last = offset;  // sizes and strides of 63 bits, at most 8 of them
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (strides[d] < 0) return std::nullopt;
    if (shape[d] > 1) last += static_cast<__int128>(shape[d] - 1) * strides[d];
  }
  if (last > INT64_MAX || (count(shape) > 0 && last >= storage)) return std::nullopt;
  if (*count(shape) > kMostElements) return result;
  for_all(shape, [&](const Index& index) {
    std::int64_t place = offset;
    for (std::size_t d = 0; d < shape.size(); ++d) place += index[d] * strides[d];
    result.places.push_back(place);
  });
  return result;
}

MaybeModel reshaped(const IndexModel& m, const std::vector<std::int64_t>& target) {
  const auto elements = static_cast<std::int64_t>(m.places.size());
  const auto unknowns = std::count(target.begin(), target.end(), -1);
  Index shape = target;
  if (unknowns == 1) {
    std::int64_t& unknown = *std::find(shape.begin(), shape.end(), -1);
    unknown = 1;
    const auto others = count(shape);
    if (!others || *others == 0) return std::nullopt;
    unknown = elements / *others;
  }
  if (unknowns > 1 || count(shape) != elements) return std::nullopt;
  return IndexModel{shape, m.places};
}

bool has_strides(const IndexModel& m) {
  if (m.places.empty()) return true;
  std::vector<std::int64_t> strides;
  for (std::size_t d = 0; d < m.shape.size(); ++d) {
    Index one(m.shape.size());
    one[d] = m.shape[d] > 1 ? 1 : 0;
    strides.push_back(m.places[static_cast<std::size_t>(row_major_number(one, m.shape))] -
                      m.places[0]);
  }
  std::size_t element = 0;
  bool fits = true;
  for_all(m.shape, [&](const Index& index) {
    std::int64_t place = m.places[0];
    for (std::size_t d = 0; d < index.size(); ++d) place += index[d] * strides[d];
    fits &= m.places[element++] == place;
  });
  return fits;
}

bool lies_in_a_row(const IndexModel& m) {
  for (std::size_t i = 1; i < m.places.size(); ++i) {
    if (m.places[i] != m.places[0] + static_cast<std::int64_t>(i)) return false;
  }
  return true;
}

bool repeats(const IndexModel& m) {
  return std::set<std::int64_t>(m.places.begin(), m.places.end()).size() < m.places.size();
}

bool meet(const IndexModel& a, const IndexModel& b) {
  const std::set<std::int64_t> of_a(a.places.begin(), a.places.end());
  return std::any_of(b.places.begin(), b.places.end(),
                     [&of_a](std::int64_t place) { return of_a.count(place) > 0; });
}

}  // namespace foundations
