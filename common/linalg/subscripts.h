// The subscripts of einsum, read and checked: from "bik,bkj->bij" and the shapes of the operands to
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

// Subscripts that cannot be read, or that do not fit the operands. The message has all of it:
//   einsum("ik,kj->iz"): output label 'z' is in no operand (character 8)
struct SubscriptError : ShapeError {
  SubscriptError(std::string_view subscripts, std::size_t at, const std::string& why);

  std::size_t position;  // of the character at fault, from 0; the length of the subscripts: the end
  std::string reason;
};

// Labels are letters. The dimensions that an ellipsis stands for are labelled too, with digits from
// the right: '0' is the last of them, '1' the one before it. So "...ik" of a rank-4 operand is
// "10ik", and ellipses line up by their trailing dimensions as in any broadcast.
struct Subscripts {
  std::vector<std::string> operands;  // for each operand, the labels of its dimensions
  std::string output;                 // the labels of the result's dimensions
  std::string summed;                 // the labels that are not in the output, as first met

  // How far the loop over a label runs: the size that its dimensions have. Where one operand has 1
  // and another more, the 1 is stretched.
  std::int64_t size(char label) const { return sizes[static_cast<unsigned char>(label)]; }
  Shape output_shape() const;

  std::array<std::int64_t, 128> sizes{};
};

// torch.einsum's grammar and meaning. Operands are separated by commas, spaces do not count.
// Without `->` the output is the ellipsis, then every label that occurs just once, in alphabetical
// order (capitals first). With it, exactly the labels behind it are kept, however often they occur,
// and the others summed; an ellipsis that is not behind it is summed too. `...` may stand for no
// dimension at all.
// Throws SubscriptError for a character that is no label, a misplaced `.`, `,` or `->`, an output
// label that is in no operand or twice in the output, an output of more than kMaxDim dimensions,
// and where the number of operands, of an operand's dimensions, or the sizes of a label do not
// agree: within one operand they must be equal, between two a 1 goes with any.
// Source: the notes, "Einstein Summation". Explained in 03_einsum.
Subscripts parse_subscripts(std::string_view subscripts, const std::vector<Shape>& shapes);

}  // namespace foundations
