// Fed: a shape, then a chain of up to 24 views with their arguments, good and bad.
// Must hold, after each of them: what is refused is what the model (index_model.h) refuses; shape,
// elements, is_contiguous() and overlaps_itself() are the model's; reshape() shares memory just
// where view() is allowed. At the end, writing through the view changes the places that the model
// names and no other. An expanded view too large to enumerate may be refused or not, but with an
// exception of ours.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "common/tensor/overlap.h"
#include "common/tensor/tensor.h"
#include "fuzz/check.h"
#include "fuzz/draw_view.h"
#include "fuzz/index_model.h"
#include "fuzz/input.h"

namespace foundations {
namespace {

// A tensor whose every element is the number of its place in storage, and what it should be.
struct Subject {
  LongTensor tensor;
  IndexModel model;
  std::string steps;  // how it came about
};

Subject numbered(const std::vector<std::int64_t>& shape) {
  const LongTensor base = arange(*count(shape)).view(shape);
  return {base, row_major(shape), "arange().view(" + bracketed(Shape(shape)) + ")"};
}

void compare(const Subject& s) {
  require(s.tensor.shape() == Shape(s.model.shape),
          s.steps + ": the shape is " + bracketed(s.tensor.shape()) + " in place of " +
              bracketed(Shape(s.model.shape)));
  require(s.tensor.numel() == count(s.model.shape), s.steps + ": numel() is wrong");
  if (!is_enumerated(s.model)) return;
  require(s.tensor.to_vector() == s.model.places, s.steps + ": the elements are wrong");
  require(s.tensor.is_contiguous() == lies_in_a_row(s.model), s.steps + ": is_contiguous()?");
  require(overlaps_itself(s.tensor.layout()) == repeats(s.model), s.steps + ": overlaps_itself()?");
}

// Both, or neither, after one more view.
void do_view(Subject& s, const ViewStep& step) {
  const MaybeModel want = is_enumerated(s.model) ? step.on_model(s.model) : std::nullopt;
  LongTensor got;
  const auto refused = refusal([&] { got = step.on_tensor(s.tensor); });
  s.steps += "." + step.text;
  if (!is_enumerated(s.model)) {
    if (!refused) s.tensor = got;
    return;
  }
  require(!refused || !want, s.steps + ": should not be refused: " + refused.value_or(""));
  require(refused || want, s.steps + ": should be refused");
  if (refused) return;
  require(got.storage().data() == s.tensor.storage().data(), s.steps + ": is no view");
  s.tensor = got;
  s.model = *want;
  compare(s);
}

// reshape() is a view where it can be; else its elements stand in a new storage, which becomes the
// base of what follows, numbered again.
void do_reshape(Subject& s, Input& input) {
  const std::vector<std::int64_t> target = draw_target(input, s.tensor.shape());
  const MaybeModel want = reshaped(s.model, target);
  LongTensor got;
  const auto refused = refusal([&] { got = s.tensor.reshape(target); });
  s.steps += ".reshape(" + bracketed(Shape(target)) + ")";
  require(refused.has_value() != want.has_value(), s.steps + ": refused or not?");
  if (refused) return;
  const bool shared = got.storage().data() == s.tensor.storage().data();
  require(shared == has_strides(*want), s.steps + ": a view or a copy?");
  if (shared) {
    s.tensor = got;
    s.model = *want;
    compare(s);
  } else {
    require(got.shape() == Shape(want->shape) && got.to_vector() == want->places,
            s.steps + ": the copy is wrong");
    s = numbered(want->shape);
  }
}

void check_overlap(const Subject& a, const Subject& b) {
  if (!is_enumerated(a.model) || !is_enumerated(b.model)) return;
  require(overlap(a.tensor.layout(), b.tensor.layout()) == meet(a.model, b.model),
          a.steps + " and " + b.steps + ": do they overlap?");
}

// The storage holds its own places: afterwards -1 must stand where the model lies, only there.
void check_write(const Subject& s) {
  if (!is_enumerated(s.model)) return;
  s.tensor.fill_(-1);
  const Storage<std::int64_t>& storage = s.tensor.storage();
  for (std::int64_t place = 0; place < storage.size(); ++place) {
    const auto& written = s.model.places;
    const bool hit = std::find(written.begin(), written.end(), place) != written.end();
    require(storage[place] == (hit ? -1 : place), s.steps + ".fill_(-1): wrote a wrong place");
  }
}

void run(Input input) {
  const std::vector<std::int64_t> shape = draw_shape(input, input.between(0, 4), 5);
  Subject s = numbered(shape);
  Subject earlier = s;  // some view of the same storage
  for (int step = 0; step < 24 && input.left() > 0; ++step) {
    const std::uint8_t choice = input.byte();
    if (choice % 8 == 0 && is_enumerated(s.model)) {
      do_reshape(s, input);
    } else {
      do_view(s, draw_view(input, s.tensor.shape(), s.tensor.storage().size()));
    }
    if (s.tensor.storage().data() != earlier.tensor.storage().data()) earlier = s;
    check_overlap(s, earlier);
    if (choice / 8 % 4 == 0) std::swap(s, earlier);
  }
  check_write(s);
}

}  // namespace
}  // namespace foundations

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  foundations::run({data, size});
  return 0;
}
