// Input: subscripts that are right, right and then marred, or any bytes at all; operands of any
// layout with sizes from 0 to 3; an element type. The parser alone also gets sizes that no tensor
// has.
// Must hold: einsum refuses subscripts exactly if the model (einsum_model.h) refuses them, and
// reads them as the model does. The result has the elements of the definition (reference_einsum.h)
// up to rounding. It shares the operand's memory where einsum.h says so and nowhere else.
#include "common/linalg/einsum.h"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/linalg/subscripts.h"
#include "common/reference/reference.h"
#include "common/reference/reference_einsum.h"
#include "common/tensor/tensor.h"
#include "fuzz/einsum_model.h"
#include "fuzz/fuzz.h"

namespace foundations {
namespace {

// ---- Questions ----

constexpr std::string_view kLabels = "ijkabAZz";

// Adds some labels, each with its size or with 1, and perhaps dots for some dimensions of their
// own.
void add_operand(Input& input, const Numbers& sizes, Question& question) {
  Numbers shape;
  const std::int64_t labels = input.between(0, 4), dots = input.between(0, 7);
  for (std::int64_t i = 0; i <= labels; ++i) {
    if (dots == i) {
      question.subscripts += "...";
      for (std::int64_t d = input.between(0, 2); d > 0; --d) {
        shape.push_back(input.flag() ? d % 2 + 1 : 1);
      }
    }
    if (i == labels) break;
    const std::size_t label = input.below(sizes.size());
    question.subscripts += kLabels[label];
    shape.push_back(input.one_in(64) ? input.between(0, 3) : input.one_in(4) ? 1 : sizes[label]);
  }
  question.shapes.push_back(shape);
}

// Returns some of the inputs' labels, and perhaps dots.
std::string draw_output(Input& input, const std::string& inputs) {
  std::string output, free;
  std::copy_if(kLabels.begin(), kLabels.end(), std::back_inserter(free),
               [&](char c) { return inputs.find(c) != std::string::npos; });
  const std::int64_t dots = input.between(0, 5);
  for (std::int64_t i = 0; i < 6; ++i) {
    if (dots == i) output += "...";
    if (free.empty() || input.flag()) continue;
    const std::size_t choice = input.below(free.size());
    output += free[choice];
    free.erase(choice, 1);
  }
  return output;
}

Question draw_right(Input& input) {
  Numbers sizes(1 + input.below(kLabels.size()));
  for (std::int64_t& size : sizes) size = input.one_in(16) ? 0 : input.between(1, 3);
  Question question;
  const std::int64_t operands = input.between(1, 4);
  for (std::int64_t o = 0; o < operands; ++o) {
    if (o > 0) question.subscripts += input.one_in(8) ? " , " : ",";
    add_operand(input, sizes, question);
  }
  if (input.one_in(4)) return question;
  const std::string output = draw_output(input, question.subscripts);
  question.subscripts += (input.one_in(8) ? " -> " : "->") + output;
  return question;
}

Question draw_anything(Input& input) {
  Question question;
  for (std::int64_t n = input.between(0, 3); n > 0; --n) {
    Numbers shape(input.below(6));
    for (std::int64_t& size : shape) size = input.between(0, 3);
    question.shapes.push_back(shape);
  }
  question.subscripts = input.text(input.below(25));
  return question;
}

// Inserts, removes or replaces a character.
void mar(Input& input, std::string& text) {
  constexpr std::string_view kSigns = "ijkA.,-> x~1";
  const std::size_t at = input.below(text.size() + 1);
  const std::size_t removed = input.below(2), added = input.below(2);
  text.replace(at, removed, added, kSigns[input.below(kSigns.size())]);
}

std::string as_text(const Question& question) {
  std::string text = "einsum(\"" + question.subscripts + "\")";
  for (const Numbers& shape : question.shapes) text.append(" ").append(bracketed(Shape(shape)));
  return text;
}

// ---- Answers ----

// Returns the spelled subscripts, or nothing if they are refused, as they should be.
std::optional<Spelled> check_parser(const Question& question) {
  const auto want = spell(question);
  const std::vector<Shape> shapes(question.shapes.begin(), question.shapes.end());
  const auto got = accepted([&] { return parse_subscripts(question.subscripts, shapes); });
  require(got || !want, as_text(question) + ": should not be refused");
  require(want || !got, as_text(question) + ": should be refused");
  if (!want) return std::nullopt;
  std::string inputs = got->operands[0];
  for (std::size_t o = 1; o < got->operands.size(); ++o) inputs += "," + got->operands[o];
  const std::string read = inputs + "->" + got->output;
  require(read == want->text(), as_text(question) + ": read as " + read + ", not " + want->text());
  for (const auto& [label, size] : want->sizes) {
    require(got->size(label) == size, as_text(question) + ": wrong size of " + label);
  }
  return want;
}

// Returns a tensor of this shape, perhaps with its dimensions in any order in memory, with gaps,
// with a later start, or with several indices for one element.
template <class T>
TensorOf<T> draw_operand(Input& input, const Shape& shape, std::uint8_t seed) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(shape.size()));  // outermost first
  std::iota(order.begin(), order.end(), 0);
  const std::uint8_t style = input.byte();  // a bit for each strangeness
  for (std::size_t n = order.size(); style & 1 && n > 1; --n) {
    std::swap(order[n - 1], order[input.below(n)]);
  }
  Layout layout = Layout::contiguous(shape);
  if (style & 2) layout.offset = input.between(0, 5);
  std::int64_t stride = 1, last = layout.offset;
  for (auto d = order.rbegin(); d != order.rend(); ++d) {
    if (style & 4) stride *= input.between(1, 2);
    if (style & 8) stride = input.between(0, 4);
    layout.strides[*d] = style & 16 && input.flag() ? 0 : stride;
    last += std::max<std::int64_t>(shape[*d] - 1, 0) * layout.strides[*d];
    if (layout.strides[*d] > 0) stride *= std::max<std::int64_t>(shape[*d], 1);
  }
  const Storage<T> storage(last + 1);
  for (std::int64_t i = 0; i <= last; ++i) {
    storage[i] = static_cast<T>((i * 5 + seed) % 17 - 8);
    if (std::floating_point<T> && seed % 2) storage[i] /= T{3};  // so that sums have to round
  }
  return {storage, layout};
}

template <class T>
void check_einsum(const Question& question, const Spelled& spelled, Input& input) {
  std::vector<TensorOf<T>> operands;
  const std::uint8_t seed = input.byte();
  for (const Numbers& shape : question.shapes) {
    operands.push_back(draw_operand<T>(input, shape, seed));
  }
  const auto got = accepted([&] { return einsum<T>(question.subscripts, operands); });
  if (!got) {  // only if an intermediate product has too many dimensions
    const auto& sizes = spelled.sizes;
    const auto labels = std::count_if(sizes.begin(), sizes.end(),
                                      [](const auto& label) { return label.second != 1; });
    return require(labels > kMaxDim, as_text(question) + ": should not be refused");
  }
  const EinsumAnswer answer = reference_einsum(spelled.text(), operands);
  const std::string wrong = mismatch(got->template to<double>(), answer.want, answer.tolerance);
  require(wrong.empty(), as_text(question) + ": " + wrong);

  const bool sums = spelled.inputs.find_first_not_of(spelled.output + ",") != std::string::npos;
  const bool is_view = got->storage().data() == operands[0].storage().data();
  require(is_view == (operands.size() == 1 && !sums), as_text(question) + ": a view or a copy?");
}

// Tries the parser again, with sizes that no memory holds.
void check_large_sizes(Question question) {
  for (Numbers& shape : question.shapes) {
    for (std::int64_t& size : shape) size = size > 1 ? INT64_MAX - size : size;
  }
  check_parser(question);
}

void run(Input input) {
  const std::uint8_t choice = input.byte();
  Question question = choice % 4 == 0 ? draw_anything(input) : draw_right(input);
  if (choice % 4 == 1) mar(input, question.subscripts);
  const auto spelled = check_parser(question);
  if (!spelled) return;
  if (choice >= 240) return check_large_sizes(question);
  std::int64_t products = 1;
  for (const auto& [label, size] : spelled->sizes) products *= size;
  if (products > 2000) return;  // the definition adds them one by one
  switch (choice / 4 % 3) {
    case 0:
      return check_einsum<float>(question, *spelled, input);
    case 1:
      return check_einsum<double>(question, *spelled, input);
    default:
      return check_einsum<std::int64_t>(question, *spelled, input);
  }
}

}  // namespace
}  // namespace foundations

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  foundations::run({data, size});
  return 0;
}
