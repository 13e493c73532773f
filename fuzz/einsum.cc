// Fed: subscripts, made to be right, made right and then marred, or any bytes at all; operands of
// any layout whose sizes are 0 to 3; an element type. The parser alone also gets sizes that no
// tensor has.
// Must hold: a refusal is one sentence, and subscripts are refused just where spell_einsum()
// refuses them; accepted ones are read as it reads them; the result has the elements of the
// definition (common/reference/reference_einsum.h) up to rounding, and shares the operand's memory where
// einsum.h says so and nowhere else.
#include "common/linalg/einsum.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/linalg/subscripts.h"
#include "common/reference/reference.h"
#include "common/reference/reference_einsum.h"
#include "common/tensor/tensor.h"
#include "fuzz/check.h"
#include "fuzz/draw_layout.h"
#include "fuzz/input.h"
#include "fuzz/spell_einsum.h"

namespace foundations {
namespace {

using Numbers = std::vector<std::int64_t>;

struct Question {
  std::string subscripts;
  std::vector<Numbers> shapes;
};

// ---- Questions ----

constexpr std::string_view kLabels = "ijkabAZz";

// Some labels, each with its size or with 1, and perhaps dots for dimensions of sizes of their own.
void add_operand(Input& input, const Numbers& sizes, std::int64_t alphabet, Question& question) {
  Numbers shape;
  const std::int64_t labels = input.between(0, 4), dots = input.between(0, 7);
  for (std::int64_t i = 0; i <= labels; ++i) {
    if (dots == i) {
      question.subscripts += "...";
      const std::int64_t dims = input.between(0, 2);
      for (std::int64_t d = dims; d > 0; --d) shape.push_back(input.flag() ? d % 2 + 1 : 1);
    }
    if (i == labels) break;
    const std::int64_t label = input.between(0, alphabet - 1);
    question.subscripts += kLabels[static_cast<std::size_t>(label)];
    const std::uint8_t choice = input.byte();
    shape.push_back(choice % 4 == 0 ? 1
                    : choice == 255 ? input.between(0, 3)
                                    : sizes[static_cast<std::size_t>(label)]);
  }
  question.shapes.push_back(shape);
}

Question draw_right(Input& input) {
  const std::int64_t alphabet = input.between(1, static_cast<std::int64_t>(kLabels.size()));
  Numbers sizes;
  for (std::int64_t i = 0; i < alphabet; ++i)
    sizes.push_back(input.byte() % 16 ? input.between(1, 3) : 0);
  Question question;
  const std::int64_t operands = input.between(1, 4);
  for (std::int64_t o = 0; o < operands; ++o) {
    if (o > 0) question.subscripts += input.byte() % 8 == 0 ? " , " : ",";
    add_operand(input, sizes, alphabet, question);
  }
  if (input.byte() % 4 == 0) return question;
  const std::string inputs = question.subscripts;
  question.subscripts += input.byte() % 8 == 0 ? " -> " : "->";
  std::string free;  // labels that the output may still have
  for (const char c : kLabels) {
    if (inputs.find(c) != std::string::npos) free += c;
  }
  const std::int64_t dots = input.between(0, 5);
  for (std::int64_t i = 0; i < 6; ++i) {
    if (dots == i) question.subscripts += "...";
    if (free.empty() || input.flag()) continue;
    const auto choice =
        static_cast<std::size_t>(input.between(0, static_cast<std::int64_t>(free.size()) - 1));
    question.subscripts += free[choice];
    free.erase(choice, 1);
  }
  return question;
}

Question draw_anything(Input& input) {
  Question question;
  for (std::int64_t n = input.between(0, 3); n > 0; --n) {
    Numbers shape;
    for (std::int64_t d = input.between(0, 5); d > 0; --d) shape.push_back(input.between(0, 3));
    question.shapes.push_back(shape);
  }
  question.subscripts = input.text(static_cast<std::size_t>(input.between(0, 24)));
  return question;
}

void mar(Input& input, Question& question) {
  constexpr std::string_view kSigns = "ijkA.,-> x~1";
  std::string& text = question.subscripts;
  const auto at =
      static_cast<std::size_t>(input.between(0, static_cast<std::int64_t>(text.size())));
  const char sign = kSigns[input.byte() % kSigns.size()];
  switch (input.byte() % 3) {
    case 0:
      text.insert(at, 1, sign);
      break;
    case 1:
      text.erase(at, 1);
      break;
    default:
      text.replace(at, 1, 1, sign);
  }
}

// ---- Answers ----

std::string as_text(const Question& question) {
  std::string text = "einsum(\"" + question.subscripts + "\")";
  for (const Numbers& shape : question.shapes) text.append(" ").append(bracketed(Shape(shape)));
  return text;
}

// The size of each label of spelled subscripts, stretched.
std::map<char, std::int64_t> sizes_of(const std::string& spelled,
                                      const std::vector<Numbers>& shapes) {
  std::map<char, std::int64_t> sizes;
  std::size_t operand = 0, dim = 0;
  for (const char c : spelled.substr(0, spelled.find('-'))) {
    if (c == ',') {
      ++operand;
      dim = 0;
      continue;
    }
    const std::int64_t size = shapes[operand][dim++];
    if (size != 1 || sizes.count(c) == 0) sizes[c] = size;
  }
  return sizes;
}

// How the subscripts are spelled; nothing where they are refused, as they should be.
std::optional<std::string> check_parser(const Question& question) {
  const auto want = spell_einsum(question.subscripts, question.shapes);
  const std::vector<Shape> shapes(question.shapes.begin(), question.shapes.end());
  Subscripts got;
  const auto refused = refusal([&] { got = parse_subscripts(question.subscripts, shapes); });
  require(!refused || !want, as_text(question) + ": should be accepted: " + refused.value_or(""));
  require(refused || want, as_text(question) + ": should be refused");
  if (refused) return std::nullopt;
  std::string spelled = got.operands[0];
  for (std::size_t o = 1; o < got.operands.size(); ++o) spelled += "," + got.operands[o];
  spelled += "->" + got.output;
  require(spelled == *want, as_text(question) + ": read as " + spelled + " in place of " + *want);
  for (const auto& [label, size] : sizes_of(*want, question.shapes)) {
    require(got.size(label) == size, as_text(question) + ": wrong size of " + label);
  }
  return want;
}

template <class T>
void check_einsum(const Question& question, const std::string& spelled, Input& input) {
  std::vector<TensorOf<T>> operands;
  const std::uint8_t seed = input.byte();
  for (const Numbers& shape : question.shapes) {
    const DrawnLayout drawn = draw_layout(input, shape);
    const Storage<T> storage(drawn.storage);
    for (std::int64_t i = 0; i < drawn.storage; ++i) {
      const std::int64_t value = (i * 5 + seed) % 17 - 8;  // floats get quarters and odd thirds
      storage[i] =
          std::floating_point<T> && seed % 2 ? static_cast<T>(value) / T{3} : static_cast<T>(value);
    }
    operands.emplace_back(storage, drawn.layout);
  }
  TensorOf<T> got;
  const auto refused = refusal([&] { got = einsum<T>(question.subscripts, operands); });
  if (refused) {  // only for a product of too many dimensions on the way
    std::int64_t labels = 0;
    for (const auto& [label, size] : sizes_of(spelled, question.shapes)) labels += size != 1;
    require(labels > kMaxDim, as_text(question) + ": refused: " + *refused);
    return;
  }
  const EinsumAnswer answer = reference_einsum(spelled, operands);
  const std::string wrong = mismatch(got.template to<double>(), answer.want, answer.tolerance);
  require(wrong.empty(), as_text(question) + ": " + wrong);

  const std::string output = spelled.substr(spelled.find('>') + 1);
  bool sums = false;
  for (const char c : spelled.substr(0, spelled.find('-'))) {
    sums |= output.find(c) == std::string::npos;
  }
  const bool is_view = got.storage().data() == operands[0].storage().data();
  require(is_view == (operands.size() == 1 && !sums), as_text(question) + ": a view or a copy?");
}

void run(Input input) {
  const std::uint8_t choice = input.byte();
  Question question = choice % 4 == 0 ? draw_anything(input) : draw_right(input);
  if (choice % 4 == 1) mar(input, question);
  const auto spelled = check_parser(question);
  if (!spelled) return;
  if (choice >= 240) {  // the parser again, with sizes that no memory holds
    for (Numbers& shape : question.shapes) {
      for (std::int64_t& size : shape) size = size > 1 ? INT64_MAX - size : size;
    }
    check_parser(question);
    return;
  }
  std::int64_t products = 1;
  for (const auto& [label, size] : sizes_of(*spelled, question.shapes)) products *= size;
  if (products > 2000) return;  // the definition takes them one by one
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
