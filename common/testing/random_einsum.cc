#include "common/testing/random_einsum.h"

#include <algorithm>
#include <map>
#include <string>

#include "common/testing/properties.h"

namespace foundations {
namespace {

constexpr char kLetters[] = "aBcXyz";
constexpr char kEllipsis[] = "PQ";  // how the dims of an ellipsis are spelled, leading ones first
constexpr std::int64_t kMostProducts = 2000;

// Returns a size for each label.
std::map<char, std::int64_t> random_sizes(Generator& generator) {
  std::map<char, std::int64_t> sizes;
  std::int64_t products = 1;
  for (const char label : std::string(kLetters) + kEllipsis) {
    std::int64_t& size = sizes[label] = random_size(5, generator);
    if (size > 1 && products * size > kMostProducts) size = 1;
    if (size > 1) products *= size;
  }
  return sizes;
}

// Labels, and an ellipsis of `dims` dimensions at `place` among them; no ellipsis if dims is -1.
struct Term {
  std::string labels;
  std::int64_t dims = -1, place = 0;

  std::string with(const std::string& ellipsis) const {
    std::string text = labels;
    if (dims >= 0) text.insert(static_cast<std::size_t>(place), ellipsis);
    return text;
  }
  std::string written() const { return with("..."); }
  std::string spelled() const { return with(kEllipsis + (2 - std::max(dims, std::int64_t{0}))); }
};

Term random_term(bool may_have_ellipsis, Generator& generator) {
  Term term;
  for (std::int64_t left = chance(8, generator) ? 0 : 1 + generator.below(4); left > 0; --left) {
    term.labels += kLetters[generator.below(6)];
  }
  if (may_have_ellipsis && !chance(3, generator)) term.dims = generator.below(3);
  term.place = generator.below(static_cast<std::int64_t>(term.labels.size()) + 1);
  return term;
}

// Returns the shape of an operand, in which a label has one size: its own, or sometimes 1, which
// stretches.
Shape random_shape_of(const std::string& labels, std::map<char, std::int64_t> sizes,
                      Generator& generator) {
  for (auto& [label, size] : sizes) {
    if (chance(12, generator)) size = 1;
  }
  Shape shape;
  for (const char label : labels) shape.push_back(sizes.at(label));
  return shape;
}

// Returns what comes after the arrow: some of the operands' labels, in any order.
Term random_output(const std::string& all, std::int64_t dims, Generator& generator) {
  Term output;
  for (const std::int64_t i : random_order(6, generator)) {
    if (all.find(kLetters[i]) != std::string::npos && !chance(3, generator)) {
      output.labels += kLetters[i];
    }
  }
  if (!chance(4, generator)) output.dims = dims;
  output.place = generator.below(static_cast<std::int64_t>(output.labels.size()) + 1);
  return output;
}

// Returns the output without an arrow: the ellipsis, then the labels that occur once, in
// alphabetical order.
Term implied_output(std::string all, std::int64_t dims) {
  std::sort(all.begin(), all.end());
  Term output{"", dims};
  for (const char label : all) {
    if (std::count(all.begin(), all.end(), label) == 1) output.labels += label;
  }
  return output;
}

}  // namespace

EinsumCase random_einsum(Generator& generator) {
  const std::map<char, std::int64_t> sizes = random_sizes(generator);
  const bool ellipses = chance(3, generator);
  const std::string comma = chance(2, generator) ? "," : " , ";
  EinsumCase made;
  std::string all;
  std::int64_t dims = -1;  // of the longest ellipsis
  for (std::int64_t left = 1 + generator.below(4); left > 0; --left) {
    const Term term = random_term(ellipses, generator);
    made.subscripts += term.written() + (left > 1 ? comma : "");
    made.spelled += term.spelled() + (left > 1 ? "," : "->");
    made.shapes.push_back(random_shape_of(term.spelled(), sizes, generator));
    all += term.labels;
    dims = std::max(dims, term.dims);
  }
  const bool arrow = !chance(3, generator);
  const Term output = arrow ? random_output(all, dims, generator) : implied_output(all, dims);
  if (arrow) made.subscripts += " -> " + output.written();
  made.spelled += output.spelled();
  return made;
}

}  // namespace foundations
