// Input: a shape, then up to 24 steps: views with good and bad arguments, and writes.
// Must hold after each step: the tensor refuses exactly what the model (views_model.h) refuses.
// Shape, places, is_contiguous() and overlaps_itself() are the model's. A write changed the places
// that the model names and no other. reshape() shares memory exactly if view() is allowed. A view
// too large to enumerate may only throw our exceptions.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/tensor/ops.h"
#include "common/tensor/overlap.h"
#include "common/tensor/tensor.h"
#include "fuzz/fuzz.h"
#include "fuzz/views_model.h"

namespace foundations {
namespace {

// ---- One view, with its model ----

struct View {
  LongTensor tensor;
  std::optional<IndexModel> model;  // nothing if the view is too large to enumerate
  std::string steps;                // that made it
};

Numbers numbers(const IntList& list) { return Numbers(list.begin(), list.end()); }

void compare(const View& v) {
  const IndexModel& model = *v.model;
  const Layout& layout = v.tensor.layout();
  require(numbers(layout.shape) == model.shape,
          fmt::format("{}: the shape is {}, not {}", v.steps, bracketed(layout.shape),
                      bracketed(model.shape)));
  const LongTensor places(arange(model.storage).storage(), layout);
  require(places.to_vector() == model.places, v.steps + ": wrong elements");
  require(layout.is_contiguous() == model.is_contiguous(), v.steps + ": is_contiguous()?");
  require(overlaps_itself(layout) == model.overlaps_itself(), v.steps + ": overlaps_itself()?");
}

// Does the same to the tensor and to its model: both must take it, or both refuse.
template <class Do>
void follow(View& v, const std::string& step, Do act) {
  v.steps += "." + step;
  const auto got = accepted([&] { return act(v.tensor); });
  std::optional<IndexModel> want;
  if (v.model) {
    want = accepted([&] { return act(*v.model); });
    require(want || !got || !is_small(numbers(got->shape())), v.steps + ": should be refused");
    require(got || !want, v.steps + ": should not be refused");
  }
  if (!got) return;
  require(got->storage().data() == v.tensor.storage().data(), v.steps + ": is no view");
  v.tensor = *got;
  v.model = want;
  if (v.model) compare(v);
}

// ---- Arguments ----

// Returns mostly a dimension that exists.
std::int64_t draw_dim(Input& input, std::int64_t rank) {
  if (input.one_in(16)) return input.argument();
  return rank == 0 ? 0 : input.between(-rank, rank - 1);
}
std::int64_t draw_dim(Input& input, const View& v) { return draw_dim(input, v.tensor.dim()); }

Slice::Bound draw_bound(Input& input) {
  return input.flag() ? Slice::Bound(None) : Slice::Bound(input.argument());
}

Numbers draw_shape(Input& input, std::int64_t rank, std::int64_t largest) {
  Numbers shape;
  for (std::int64_t d = 0; d < rank; ++d) {
    shape.push_back(input.one_in(16) ? 0 : input.between(1, largest));
  }
  return shape;
}

// Returns a shape for view() and reshape(): as many elements, one size perhaps -1; or anything.
Numbers draw_target(Input& input, const View& v) {
  Numbers target;
  if (input.one_in(16)) {
    for (std::int64_t n = input.between(0, 3); n > 0; --n) target.push_back(input.argument());
    return target;
  }
  std::int64_t rest = v.tensor.numel();
  for (std::int64_t n = input.between(0, 5); n > 0; --n) {
    const std::int64_t size = input.between(1, 6);
    if (rest % size != 0) continue;
    target.push_back(size);
    rest /= size;
  }
  target.push_back(rest);
  if (input.one_in(4)) target[input.below(target.size())] = -1;
  return target;
}

// ---- Views ----

void select(View& v, Input& input) {
  const std::int64_t dim = draw_dim(input, v), index = input.argument();
  follow(v, fmt::format("select({}, {})", dim, index),
         [=](const auto& t) { return t.select(dim, index); });
}

void slice(View& v, Input& input) {
  const std::int64_t dim = draw_dim(input, v);
  const Slice::Bound start = draw_bound(input), stop = draw_bound(input);
  const std::int64_t step = input.one_in(8) ? input.argument() : input.between(1, 4);
  const auto text = [](const auto& bound) { return bound ? std::to_string(*bound) : "None"; };
  follow(v, fmt::format("slice({}, {}, {}, {})", dim, text(start), text(stop), step),
         [=](const auto& t) { return t.slice(dim, start, stop, step); });
}

void unsqueeze(View& v, Input& input) {
  const std::int64_t dim = draw_dim(input, v.tensor.dim() + 1);
  follow(v, fmt::format("unsqueeze({})", dim), [=](const auto& t) { return t.unsqueeze(dim); });
}

void squeeze(View& v, Input& input) {
  if (input.flag()) return follow(v, "squeeze()", [](const auto& t) { return t.squeeze(); });
  const std::int64_t dim = draw_dim(input, v);
  follow(v, fmt::format("squeeze({})", dim), [=](const auto& t) { return t.squeeze(dim); });
}

void transpose(View& v, Input& input) {
  const std::int64_t dim0 = draw_dim(input, v), dim1 = draw_dim(input, v);
  follow(v, fmt::format("transpose({}, {})", dim0, dim1),
         [=](const auto& t) { return t.transpose(dim0, dim1); });
}

void permute(View& v, Input& input) {
  const std::int64_t rank = v.tensor.dim();
  Numbers dims(static_cast<std::size_t>(rank));
  std::iota(dims.begin(), dims.end(), input.flag() ? -rank : 0);
  for (std::size_t d = dims.size(); d > 1; --d) std::swap(dims[d - 1], dims[input.below(d)]);
  if (input.one_in(16) && rank > 0) dims.back() = input.argument();
  if (input.one_in(32) && rank < kMaxDim) dims.push_back(input.argument());
  follow(v, fmt::format("permute({})", dims), [=](const auto& t) { return t.permute(dims); });
}

void diagonal(View& v, Input& input) {
  const std::int64_t offset = input.argument();
  const std::int64_t dim1 = draw_dim(input, v), dim2 = draw_dim(input, v);
  follow(v, fmt::format("diagonal({}, {}, {})", offset, dim1, dim2),
         [=](const auto& t) { return t.diagonal(offset, dim1, dim2); });
}

void expand(View& v, Input& input) {
  const std::int64_t most = std::min<std::int64_t>(kMaxDim - v.tensor.dim(), 2);
  Numbers target = draw_shape(input, input.between(0, most), 3);
  for (const std::int64_t size : v.tensor.shape()) {
    target.push_back(size == 1 ? input.between(-1, 4) : input.flag() ? -1 : size);
  }
  if (input.one_in(8) && !target.empty()) target[input.below(target.size())] = input.argument();
  if (input.one_in(32) && !target.empty()) target.erase(target.begin());
  follow(v, fmt::format("expand({})", target), [=](const auto& t) { return t.expand(target); });
}

void view(View& v, Input& input) {
  const Numbers target = draw_target(input, v);
  follow(v, fmt::format("view({})", target), [=](const auto& t) { return t.view(target); });
}

void as_strided(View& v, Input& input) {
  const Numbers shape = draw_shape(input, input.between(0, 3), 4);
  Numbers strides(shape.size());
  for (std::int64_t& stride : strides) stride = input.between(0, 5);
  if (input.one_in(8) && !strides.empty()) strides.back() = input.argument();
  const std::int64_t offset = input.one_in(8) ? input.argument() : input.between(0, 8);
  follow(v, fmt::format("as_strided({}, {}, {})", shape, strides, offset),
         [=](const auto& t) { return t.as_strided(shape, strides, offset); });
}

constexpr std::array kViews = {select,  slice,    unsqueeze, squeeze, transpose,
                               permute, diagonal, expand,    view,    as_strided};

// ---- Two views of one storage ----

struct Pair {
  View now, other;
  Numbers memory;  // what each place of their storage should hold

  std::int64_t& at(std::int64_t place) { return memory[static_cast<std::size_t>(place)]; }
};

void check(const Pair& p) {
  const Storage<std::int64_t> storage = p.now.tensor.storage();
  require(Numbers(storage.data(), storage.data() + storage.size()) == p.memory,
          p.now.steps + ": wrote a wrong place");
  if (!p.now.model || !p.other.model) return;
  require(overlap(p.now.tensor.layout(), p.other.tensor.layout()) ==
              p.now.model->overlaps(*p.other.model),
          p.now.steps + " and " + p.other.steps + ": do they overlap?");
}

// Returns the elements that writing into `to` reads; nothing if this would be ambiguous.
std::optional<IndexModel> readable(const IndexModel& from, const IndexModel& to) {
  const auto stretched = accepted([&] { return from.expand(to.shape); });
  if (!stretched || to.overlaps_itself()) return std::nullopt;
  if (stretched->places != to.places && stretched->overlaps(to)) return std::nullopt;
  return stretched;
}

// Writes the elements of `other` into `now`: with write(tensor, tensor), and one by one with
// plain(element, element).
template <class Write, class Plain>
void write(Pair& p, const std::string& step, Write write, Plain plain) {
  p.now.steps += step;
  const auto read = readable(*p.other.model, *p.now.model);
  const auto done = accepted([&] {
    write(p.now.tensor, p.other.tensor);
    return true;
  });
  require(done.has_value() == read.has_value(),
          p.now.steps + ", of " + p.other.steps + ": refused or not?");
  for (std::size_t i = 0; read && i < read->places.size(); ++i) {
    plain(p.at(p.now.model->places[i]), p.at(read->places[i]));
  }
}

void draw_write(Pair& p, Input& input) {
  const std::int64_t choice = input.between(0, 2), value = -input.byte();
  if (!p.now.model || !p.other.model) return;
  if (choice == 0) {
    p.now.tensor.fill_(value);
    for (const std::int64_t place : p.now.model->places) p.at(place) = value;
  } else if (choice == 1) {
    write(
        p, ".copy_(other)", [](const LongTensor& a, const LongTensor& b) { a.copy_(b); },
        [](std::int64_t& a, std::int64_t b) { a = b; });
  } else {
    write(
        p, ".add_(other)", [](const LongTensor& a, const LongTensor& b) { a += b; },
        [](std::int64_t& a, std::int64_t b) { a += b; });
  }
}

// Tries reshape(), which is a view if possible. If not, the elements get a new storage, in which
// the next steps happen.
void draw_reshape(Pair& p, Input& input) {
  View& v = p.now;
  const Numbers target = draw_target(input, v);
  if (!v.model) return;
  const auto want = accepted([&] { return v.model->reshape(target); });
  if (!want || want->has_strides()) {
    return follow(v, fmt::format("reshape({})", target),
                  [=](const auto& t) { return t.reshape(target); });
  }
  const LongTensor copy = v.tensor.reshape(target);
  v.steps += fmt::format(".reshape({})", target);
  require(copy.storage().data() != v.tensor.storage().data(), v.steps + ": is no copy");
  Numbers memory;
  for (const std::int64_t place : want->places) memory.push_back(p.at(place));
  v = {copy, row_major(want->shape), v.steps};
  p = {v, v, memory};
  compare(v);
}

void run(Input input) {
  const Numbers shape = draw_shape(input, input.between(0, 4), 5);
  const IndexModel model = row_major(shape);
  const View base = {arange(model.storage).view(shape), model,
                     fmt::format("arange().view({})", shape)};
  Pair p = {base, base, model.places};
  for (int step = 0; step < 24 && input.left() > 0; ++step) {
    switch (input.byte() % 8) {
      case 0:
        draw_reshape(p, input);
        break;
      case 1:
        draw_write(p, input);
        break;
      case 2:
        std::swap(p.now, p.other);
        break;
      default:
        kViews[input.below(kViews.size())](p.now, input);
    }
    check(p);
  }
}

}  // namespace
}  // namespace foundations

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  foundations::run({data, size});
  return 0;
}
