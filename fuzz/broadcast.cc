// Fed: two tensors, drawn anew or by chains of views, of one storage or of two; up to 16 times an
// element type and an operation, in place or not.
// Must hold: broadcast_shapes() is the rule, spelled out plainly; a result has the elements that an
// element by element loop gives, bit by bit; what is written in place changes those places and no
// other; refused are, and only, shapes that do not go together, a target of which two elements are
// one, and a source that partly overlaps it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/tensor/ops.h"
#include "common/tensor/tensor.h"
#include "fuzz/check.h"
#include "fuzz/draw_layout.h"
#include "fuzz/draw_view.h"
#include "fuzz/index_model.h"
#include "fuzz/input.h"
#include "fuzz/plain_ops.h"

namespace foundations {
namespace {

using Numbers = std::vector<std::int64_t>;

std::optional<Numbers> broadcast(Numbers a, Numbers b) {
  while (a.size() < b.size()) a.insert(a.begin(), 1);
  while (b.size() < a.size()) b.insert(b.begin(), 1);
  for (std::size_t d = 0; d < a.size(); ++d) {
    if (a[d] != b[d] && a[d] != 1 && b[d] != 1) return std::nullopt;
    if (a[d] == 1) a[d] = b[d];
  }
  return a;
}

// ---- Operands ----

// Where a tensor lies: its layout, the same by enumeration, and which storage it is of.
struct Place {
  Layout layout;
  IndexModel model;
  std::int64_t storage;  // its size
};

Numbers numbers(const IntList& list) { return Numbers(list.begin(), list.end()); }

Place drawn_anew(Input& input, const Numbers& shape) {
  const DrawnLayout drawn = draw_layout(input, shape);
  const Layout& layout = drawn.layout;
  return {layout, as_strided(shape, numbers(layout.strides), layout.offset, drawn.storage).value(),
          drawn.storage};
}

// A place reached from another one by up to three views.
Place viewed(Input& input, const Place& from) {
  Place place = from;
  for (std::int64_t n = input.between(0, 3); n > 0; --n) {
    const LongTensor before(Storage<std::int64_t>(place.storage), place.layout);
    const ViewStep step = draw_view(input, before.shape(), place.storage);
    const MaybeModel model = step.on_model(place.model);
    LongTensor after;
    if (refusal([&] { after = step.on_tensor(before); })) continue;
    if (model && is_enumerated(*model)) place = {after.layout(), *model, place.storage};
  }
  return place;
}

// The same window on the storage, moved on by a few elements as far as that goes.
Place moved(Input& input, const Place& from) {
  Place place = from;
  const std::int64_t by = input.between(0, 5);
  for (std::int64_t& element : place.model.places) {
    element += by;
    if (element >= place.storage) return from;
  }
  place.layout.offset += by;
  return place;
}

// A shape that often goes with this one: some sizes 1, some in front left out.
Numbers fitting(Input& input, Numbers shape) {
  const std::uint8_t ones = input.byte();
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (ones >> d & 1) shape[d] = 1;
  }
  const std::int64_t dropped = input.between(0, static_cast<std::int64_t>(shape.size()));
  shape.erase(shape.begin(), shape.begin() + dropped);
  std::int64_t most = 1;  // an empty tensor's other sizes are no one's to fill
  for (std::int64_t& size : shape) {
    if (size > kMostElements / most) size = 1;
    most *= std::max<std::int64_t>(size, 1);
  }
  return shape;
}

// ---- One pair of operands ----

template <class T>
Storage<T> filled(std::int64_t size, std::uint8_t seed) {
  const Storage<T> storage(size);
  for (std::int64_t i = 0; i < size; ++i) storage[i] = element<T>(i, seed);
  return storage;
}

template <class T>
std::vector<T> copied(const Storage<T>& storage) {
  return std::vector<T>(storage.begin(), storage.end());
}

template <class T>
struct Pair {
  Place at_a, at_b;
  TensorOf<T> a, b;
  std::vector<T> in_a, in_b;  // copies of their storages
  bool one_storage;

  T of_a(const IndexModel& m, std::size_t i) const {
    return in_a[static_cast<std::size_t>(m.places[i])];
  }
  T of_b(const IndexModel& m, std::size_t i) const {
    return in_b[static_cast<std::size_t>(m.places[i])];
  }
  std::string text() const {
    return "sizes " + bracketed(a.shape()) + ", strides " + bracketed(a.strides()) + " with " +
           bracketed(b.shape()) + ", " + bracketed(b.strides()) +
           (one_storage ? " in one storage" : "");
  }
};

// A new tensor: do(a, b), or do(a, b, i) at the i-th element.
template <class R, class T, class Operation, class Plain>
void check_result(const Pair<T>& pair, Operation operation, Plain plain) {
  const auto shape = broadcast(pair.at_a.model.shape, pair.at_b.model.shape);
  const MaybeModel a = shape ? expand(pair.at_a.model, *shape) : std::nullopt;
  const MaybeModel b = shape ? expand(pair.at_b.model, *shape) : std::nullopt;
  if (a && !is_enumerated(*a)) return;
  TensorOf<R> result;
  const auto refused = refusal([&] { result = operation(pair.a, pair.b); });
  require(refused.has_value() != a.has_value(), pair.text() + ": refused or not?");
  if (refused) return;
  std::vector<R> want;
  for (std::size_t i = 0; i < a->places.size(); ++i) {
    want.push_back(plain(pair.of_a(*a, i), pair.of_b(*b, i)));
  }
  require(result.shape() == Shape(*shape), pair.text() + ": wrong shape");
  require(same(result.to_vector(), want), pair.text() + ": wrong elements");
  require(same(copied(pair.a.storage()), pair.in_a), pair.text() + ": an operand was written");
  require(same(copied(pair.b.storage()), pair.in_b), pair.text() + ": an operand was written");
}

bool may_write(const IndexModel& target, const IndexModel& source, bool one_storage) {
  if (repeats(target)) return false;
  return !one_storage || target.places == source.places || !meet(target, source);
}

// Written into a: operation(a, b).
template <class T, class Operation, class Plain>
void check_in_place(const Pair<T>& pair, const IndexModel& source, Operation operation,
                    Plain plain) {
  const IndexModel& target = pair.at_a.model;
  const MaybeModel read = expand(source, target.shape);
  const bool allowed = read && may_write(target, *read, pair.one_storage);
  const auto refused = refusal([&] { operation(pair.a, pair.b); });
  require(refused.has_value() != allowed, pair.text() + ", in place: refused or not?");
  std::vector<T> want = pair.in_a;
  for (std::size_t i = 0; i < target.places.size() && allowed; ++i) {
    want[static_cast<std::size_t>(target.places[i])] =
        plain(pair.of_a(target, i), pair.of_b(*read, i));
  }
  require(same(copied(pair.a.storage()), want), pair.text() + ", in place: wrong elements");
  require(pair.one_storage || same(copied(pair.b.storage()), pair.in_b),
          pair.text() + ": the source was written");
}

template <class T>
void check_assignment(const Pair<T>& pair) {
  IndexModel source = pair.at_b.model;
  while (source.shape.size() > pair.at_a.model.shape.size() && source.shape[0] == 1) {
    source.shape.erase(source.shape.begin());
  }
  check_in_place(
      pair, source, [](const TensorOf<T>& a, const TensorOf<T>& b) { a.index({Ellipsis}) = b; },
      [](T, T b) { return b; });
}

// a op= b, where b is a tensor or a number.
template <class T, class Source>
void update(Arithmetic op, const TensorOf<T>& a, const Source& b) {
  if (op == Arithmetic::kAdd) a += b;
  if (op == Arithmetic::kSubtract) a -= b;
  if (op == Arithmetic::kMultiply) a *= b;
  if constexpr (std::floating_point<T>) {
    if (op == Arithmetic::kDivide) a /= b;
  }
}

// A second operand without dimensions is given as a number, if it has a storage of its own.
template <class T>
void check_arithmetic(const Pair<T>& pair, std::uint8_t choice) {
  const int operations = std::floating_point<T> ? 4 : 3;  // integers have no division
  const auto op = static_cast<Arithmetic>(choice / 2 % operations);
  const auto plain = [op](T a, T b) { return calculate(op, a, b); };
  const bool is_number = pair.b.dim() == 0 && !pair.one_storage;
  using Tensor = TensorOf<T>;
  if (choice % 2 == 0) {
    const auto operation = [=](const Tensor& a, const Tensor& b) {
      return is_number ? arithmetic<T>(op, a, b.item()) : arithmetic<T>(op, a, b);
    };
    check_result<T>(pair, operation, plain);
  } else {
    const auto operation = [=](const Tensor& a, const Tensor& b) {
      is_number ? update(op, a, b.item()) : update(op, a, b);
    };
    check_in_place(pair, pair.at_b.model, operation, plain);
  }
}

template <class T>
void check_where(const Pair<T>& pair) {
  check_result<T>(
      pair, [](const TensorOf<T>& a, const TensorOf<T>& b) { return where(a < b, a, b); },
      [](T a, T b) { return a < b ? a : b; });
}

template <class T>
void check_pair(const Pair<T>& pair, std::uint8_t choice) {
  if constexpr (Number<T>) {
    if (choice < 128) return check_arithmetic(pair, choice);
  }
  if (choice >= 240) return check_where(pair);
  if (choice % 8 == 0) {
    check_assignment(pair);
  } else if (choice % 8 == 1) {
    check_in_place(
        pair, pair.at_b.model, [](const TensorOf<T>& a, const TensorOf<T>& b) { a.copy_(b); },
        [](T, T b) { return b; });
  } else {
    const auto op = static_cast<Comparison>(choice % 8 - 2);
    check_result<bool>(
        pair, [op](const TensorOf<T>& a, const TensorOf<T>& b) { return compare<T>(op, a, b); },
        [op](T a, T b) { return decide(op, a, b); });
  }
}

template <class T>
void run_as(const Place& at_a, const Place& at_b, bool one_storage, Input& input) {
  const Storage<T> first = filled<T>(at_a.storage, input.byte());
  const Storage<T> second = one_storage ? first : filled<T>(at_b.storage, input.byte());
  check_pair<T>({at_a,
                 at_b,
                 {first, at_a.layout},
                 {second, at_b.layout},
                 copied(first),
                 copied(second),
                 one_storage},
                input.byte());
}

void check_shapes(Input& input) {
  Numbers a, b;
  for (std::int64_t n = input.between(0, 8); n > 0; --n) a.push_back(input.between(0, 4));
  for (std::int64_t n = input.between(0, 8); n > 0; --n) b.push_back(input.between(0, 4));
  const auto want = broadcast(a, b);
  Shape got;
  const auto refused = refusal([&] { got = broadcast_shapes(a, b); });
  require(refused.has_value() != want.has_value(), "broadcast_shapes(): refused or not?");
  require(refused || got == Shape(*want), "broadcast_shapes() gives " + bracketed(got));
}

void run(Input input) {
  const std::uint8_t choice = input.byte();
  if (choice % 16 == 0) return check_shapes(input);
  const Place base = drawn_anew(input, draw_shape(input, input.between(0, 4), 4));
  const Place a = viewed(input, base);
  const bool one_storage = choice % 4 == 0;
  const Place b = choice % 16 == 12 ? moved(input, a)
                  : one_storage     ? viewed(input, choice % 8 == 0 ? a : base)
                  : choice % 4 == 1 ? viewed(input, base)
                                    : drawn_anew(input, fitting(input, a.model.shape));
  for (int n = 0; n == 0 || (n < 16 && input.left() > 0); ++n) {
    switch (input.byte() % 4) {
      case 0:
        run_as<float>(a, b, one_storage, input);
        break;
      case 1:
        run_as<double>(a, b, one_storage, input);
        break;
      case 2:
        run_as<std::int64_t>(a, b, one_storage, input);
        break;
      default:
        run_as<bool>(a, b, one_storage, input);
    }
  }
}

}  // namespace
}  // namespace foundations

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  foundations::run({data, size});
  return 0;
}
