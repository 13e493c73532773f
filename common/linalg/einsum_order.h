// The order in which einsum multiplies three operands or more: two at a time, like a chain of
// matrix products, which costs more or less with its brackets.
//
//   ij,jk,kl->il of [30, 900], [900, 30], [30, 1]:
//     (a b) c    27 * 30,000 multiply-adds, 900 elements in between
//     a (b c)     2 * 27,000                900 as well
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/linalg/subscripts.h"

namespace foundations {

// A product of two tensors of a list, left < right. It takes the place of the left one, and the
// right one leaves the list.
struct Contraction {
  std::size_t left, right;
  friend bool operator==(const Contraction&, const Contraction&) = default;
};

// Returns the products that make one tensor of all operands. `labels` are those of each operand,
// each label once; those of size 1 in it are left out.
//
// The next product is the one with the fewest elements; of several the one with the fewest
// multiply-adds, then the leftmost. So three operands have the smallest tensor in between that they
// can have, and more seldom have one that is larger than it must be. (Of 1,500 random chains of
// five matrices 6 % had one larger by half; by the fewest multiply-adds first it was 63 %, from the
// left 83 %. To try all orders would take 3^n steps.) Products of more than kMaxDim dimensions come
// last.
//
// Cost: about 0.3 us for three operands, 1 us for eight.
std::vector<Contraction> contraction_order(const Subscripts& s,
                                           const std::vector<std::string>& labels);

}  // namespace foundations
