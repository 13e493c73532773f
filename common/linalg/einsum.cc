#include "common/linalg/einsum.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/linalg/einsum_order.h"
#include "common/linalg/matmul.h"
#include "common/tensor/ops.h"

namespace foundations {
namespace {

// A tensor whose dimensions bear each a label of its own. It has no dimensions of size 1: those
// stretch to any size, just as if the label were not there.
template <class T>
struct Factor {
  TensorOf<T> tensor;
  std::string labels;
};

// A few characters at most: a loop of our own is faster than a call of find().
bool contains(std::string_view labels, char label) {
  bool found = false;
  for (const char other : labels) found |= other == label;
  return found;
}

template <class Predicate>
std::string filtered(std::string_view labels, Predicate predicate) {
  std::string result;
  for (const char label : labels) {
    if (predicate(label)) result += label;
  }
  return result;
}

Shape sizes(const Subscripts& s, std::string_view labels) {
  Shape shape;
  for (const char label : labels) shape.push_back(s.size(label));
  return shape;
}

// The tensor itself where the layout is its own: another handle takes an allocation.
template <class T>
TensorOf<T> with_layout(const TensorOf<T>& x, const Layout& layout) {
  const bool same = layout.shape == x.shape() && layout.strides == x.strides();
  return same ? x : TensorOf<T>(x.storage(), layout);
}

// An operand as a factor, its dimensions in the order in which they lie in memory: labels that are
// neighbours there can become one dimension without a copy. A step along a label that is repeated
// is a step along the diagonal.
template <class T>
Factor<T> factor(const TensorOf<T>& x, std::string_view subscripts) {
  Layout layout{{}, {}, x.storage_offset()};
  std::string labels;
  for (std::int64_t d = 0; d < x.dim(); ++d) {
    const std::int64_t size = x.shape()[d], stride = x.strides()[d];
    if (size == 1) continue;
    const std::size_t before = labels.find(subscripts[d]);
    if (before != std::string::npos) {
      layout.strides[static_cast<std::int64_t>(before)] += stride;
      continue;
    }
    std::int64_t place = layout.dim();
    while (place > 0 && layout.strides[place - 1] < stride) --place;
    labels.insert(static_cast<std::size_t>(place), 1, subscripts[d]);
    layout.shape.insert(place, size);
    layout.strides.insert(place, stride);
  }
  return {with_layout(x, layout), labels};
}

// The layout of x with these dimensions in this order. Those that it has not are of size 1.
template <class T>
Layout ordered(const Factor<T>& x, std::string_view labels) {
  Layout layout{{}, {}, x.tensor.storage_offset()};
  for (const char label : labels) {
    const std::size_t d = x.labels.find(label);
    const bool there = d != std::string::npos;
    layout.shape.push_back(there ? x.tensor.shape()[static_cast<std::int64_t>(d)] : 1);
    layout.strides.push_back(there ? x.tensor.strides()[static_cast<std::int64_t>(d)] : 0);
  }
  for (std::int64_t d = layout.dim() - 1; d >= 0; --d) {  // a size of 1 may have any stride
    if (layout.shape[d] != 1) continue;
    const bool last = d + 1 == layout.dim();
    layout.strides[d] = last ? 1 : layout.shape[d + 1] * layout.strides[d + 1];
  }
  return layout;
}

template <class T>
Factor<T> sum_over(Factor<T> x, const std::string& gone) {
  if (gone.empty()) return x;
  const std::string kept = filtered(x.labels, [&](char label) { return !contains(gone, label); });
  const Layout layout = ordered(x, kept + gone);
  const auto first_gone = layout.shape.begin() + static_cast<std::int64_t>(kept.size());
  Shape joined(layout.shape.begin(), first_gone);
  joined.push_back(Shape(first_gone, layout.shape.end()).numel());
  if (const std::optional<Layout> view = layout.try_view(joined)) {
    return {TensorOf<T>(x.tensor.storage(), *view).sum(-1), kept};
  }
  TensorOf<T> sum(x.tensor.storage(), layout);
  while (sum.dim() > static_cast<std::int64_t>(kept.size())) sum = sum.sum(-1);
  return {sum, kept};
}

// x as a batch of matrices: the labels of a group become one dimension, by a view if there is one.
template <class T>
TensorOf<T> matrices(const Factor<T>& x, const Shape& batch, const std::string& batch_labels,
                     const std::string& rows, const std::string& columns) {
  const Layout layout = ordered(x, batch_labels + rows + columns);
  if (rows.size() == 1 && columns.size() == 1 && batch.size() == layout.dim() - 2) {
    return with_layout(x.tensor, layout);
  }
  const auto first_row = layout.shape.begin() + static_cast<std::int64_t>(batch_labels.size());
  const auto first_column = first_row + static_cast<std::int64_t>(rows.size());
  Shape shape = batch;
  shape.push_back(Shape(first_row, first_column).numel());
  shape.push_back(Shape(first_column, layout.shape.end()).numel());
  return TensorOf<T>(x.tensor.storage(), layout).reshape(shape);
}

// a * b, summed over the labels that are not wanted.
template <class T>
Factor<T> multiply(std::string_view subscripts, const Subscripts& s, Factor<T> a, Factor<T> b,
                   const std::string& wanted) {
  const auto in_a = [&](char label) { return contains(a.labels, label); };
  const auto in_b = [&](char label) { return contains(b.labels, label); };
  const auto is_wanted = [&](char label) { return contains(wanted, label); };
  const std::string a_alone = filtered(a.labels, [&](char l) { return !in_b(l) && !is_wanted(l); });
  const std::string b_alone = filtered(b.labels, [&](char l) { return !in_a(l) && !is_wanted(l); });
  a = sum_over(std::move(a), a_alone);
  b = sum_over(std::move(b), b_alone);

  const std::string order = filtered(wanted, [&](char l) { return in_a(l) || in_b(l); });
  if (order.size() > kMaxDim) {
    throw ShapeError("einsum(\"" + std::string(subscripts) + "\"): a product of two operands has " +
                     std::to_string(order.size()) + " dimensions; a tensor has at most " +
                     std::to_string(kMaxDim));
  }
  const std::string& larger = a.tensor.numel() < b.tensor.numel() ? b.labels : a.labels;
  const std::string summed =
      filtered(larger, [&](char l) { return in_a(l) && in_b(l) && !is_wanted(l); });
  if (summed.empty()) {
    return {with_layout(a.tensor, ordered(a, order)) * with_layout(b.tensor, ordered(b, order)),
            order};
  }
  // The output's last label should belong to b, whose columns are the result's: then the result is
  // contiguous.
  if (!order.empty() && !in_b(order.back())) std::swap(a, b);
  const std::string batch = filtered(order, [&](char l) { return in_a(l) && in_b(l); });
  const std::string left = filtered(a.labels, [&](char l) { return !in_b(l); });
  const std::string right = filtered(b.labels, [&](char l) { return !in_a(l); });
  Shape batch_shape = sizes(s, batch);
  if (batch.size() + 2 > kMaxDim) batch_shape = {batch_shape.numel()};
  const TensorOf<T> c = matmul(matrices(a, batch_shape, batch, left, summed),
                               matrices(b, batch_shape, batch, summed, right));
  const std::string labels = batch + left + right;
  const Shape shape = sizes(s, labels);
  return {c.shape() == shape ? c : c.view(shape), labels};
}

// What the product of two factors keeps, in order: what the output or another factor has. The last
// product is laid out as the output, each other one as its factors: transposed, it would take
// longer.
template <class T>
std::string kept_by(const Contraction& step, const Subscripts& s,
                    const std::vector<Factor<T>>& factors) {
  if (factors.size() == 2) return s.output;
  const std::string &left = factors[step.left].labels, &right = factors[step.right].labels;
  const auto is_wanted = [&](char label) {
    bool wanted = contains(s.output, label);
    for (std::size_t f = 0; f < factors.size(); ++f) {
      wanted |= f != step.left && f != step.right && contains(factors[f].labels, label);
    }
    return wanted;
  };
  return filtered(left + filtered(right, [&](char label) { return !contains(left, label); }),
                  is_wanted);
}

template <class T>
Factor<T> multiply_all(std::string_view subscripts, const Subscripts& s,
                       std::vector<Factor<T>> factors) {
  if (factors.size() == 2) {  // nothing to choose
    return multiply(subscripts, s, std::move(factors[0]), std::move(factors[1]), s.output);
  }
  std::vector<std::string> labels;
  for (const Factor<T>& factor : factors) labels.push_back(factor.labels);
  for (const Contraction& step : contraction_order(s, labels)) {
    const std::string kept = kept_by(step, s, factors);
    Factor<T>& left = factors[step.left];
    left = multiply(subscripts, s, std::move(left), std::move(factors[step.right]), kept);
    factors.erase(factors.begin() + static_cast<std::ptrdiff_t>(step.right));
  }
  return std::move(factors[0]);
}

// Views and sums of a single operand. What is returned is never the operand's own handle, which has
// its gradient.
template <class T>
TensorOf<T> view_or_sum(const Subscripts& s, Factor<T> x) {
  const std::string gone = filtered(x.labels, [&](char l) { return !contains(s.output, l); });
  const Factor<T> kept = sum_over(std::move(x), gone);
  const TensorOf<T> view(kept.tensor.storage(), ordered(kept, s.output));
  // A sum over sizes of 1 changes nothing, and gives a new tensor even then.
  return gone.empty() && !s.summed.empty() ? view.clone() : view;
}

}  // namespace

template <Number T>
TensorOf<T> einsum(std::string_view subscripts, std::span<const TensorOf<T>> operands) {
  std::vector<Shape> shapes;
  shapes.reserve(operands.size());
  for (const TensorOf<T>& operand : operands) shapes.push_back(operand.shape());
  const Subscripts s = parse_subscripts(subscripts, shapes);
  std::vector<Factor<T>> factors;
  factors.reserve(operands.size());
  for (std::size_t o = 0; o < operands.size(); ++o) {
    factors.push_back(factor(operands[o], s.operands[o]));
  }
  if (operands.size() == 1) return view_or_sum(s, std::move(factors[0]));
  const Factor<T> c = multiply_all(subscripts, s, std::move(factors));
  return with_layout(c.tensor, ordered(c, s.output));
}

template Tensor einsum(std::string_view, std::span<const Tensor>);
template DoubleTensor einsum(std::string_view, std::span<const DoubleTensor>);
template LongTensor einsum(std::string_view, std::span<const LongTensor>);

}  // namespace foundations
