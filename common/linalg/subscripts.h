// The subscripts of einsum, parsed and checked: "bik,bkj->bij" and the shapes of the operands give
// a label for every dimension and a size for every label.
//
//   const Subscripts s = parse_subscripts("ik,kj -> ij", {{5, 784}, {784, 10}});
//   s.operands;   // {"ik", "kj"}
//   s.output;     // "ij"
//   s.summed;     // "k"
//   s.size('k');  // 784
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.h"
#include "common/tensor/shape.h"

namespace foundations {

// Thrown for subscripts that cannot be read or do not fit the operands. The message says it all:
//   einsum("ik,kj->iz"): output label 'z' is in no operand (character 8)
struct SubscriptError : ShapeError {
  SubscriptError(std::string_view subscripts, std::size_t at, const std::string& why);

  std::size_t position;  // of the wrong character, from 0; at the end: the subscripts' length
  std::string reason;
};

// Labels are letters. The dimensions of an ellipsis get digits as labels, from the right: '0' is
// the last dimension, '1' the one before it. So "...ik" of a rank-4 operand is "10ik", and ellipses
// line up by their trailing dimensions, as in any broadcast.
struct Subscripts {
  std::vector<std::string> operands;  // for each operand, the labels of its dimensions
  std::string output;                 // the labels of the result's dimensions
  std::string summed;                 // the labels that are not in the output, as first met

  // Returns how far the loop over a label runs: the size of its dimensions. If one operand has 1
  // and another more, the 1 is stretched.
  std::int64_t size(char label) const { return sizes[static_cast<unsigned char>(label)]; }
  Shape output_shape() const;

  std::array<std::int64_t, 128> sizes{};
};

// Parses subscripts with torch.einsum's grammar and meaning. Commas separate operands, spaces do
// not count. Without `->` the output is the ellipsis, then every label that occurs just once, in
// alphabetical order (capitals first). With `->`, exactly the labels behind it are kept, however
// often they occur; all others are summed, and so is an ellipsis that is not behind it. `...` may
// mean no dimension at all.
// Throws SubscriptError for a character that is no label, a misplaced `.`, `,` or `->`, an output
// label that is in no operand or twice in the output, an output of more than kMaxDim dimensions, a
// wrong number of operands or of an operand's dimensions, and for sizes of a label that do not
// agree: within one operand they must be equal, between two operands a 1 fits any.
// Source: the notes, "Einstein Summation". Explained in 03_einsum.
Subscripts parse_subscripts(std::string_view subscripts, const std::vector<Shape>& shapes);

}  // namespace foundations
