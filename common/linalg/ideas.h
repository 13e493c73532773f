// The ideas of gemm: what it does beyond packed panels and a tile in registers.
#pragma once

#include <string_view>

namespace foundations {

// gemm uses them all. The product is right without any of them; each makes some products faster.
struct Ideas {
  bool even_rows = true;     // tiles of nearly equal height, no sliver at the end  blocking.h
  bool narrow_tiles = true;  // fewer vectors where fewer columns are left          blocking.h
  bool dots = true;          // one or two columns left over, as dot products       dot_kernel.h
  bool a_in_place = true;    // a is read where it lies unless its rows collide     blocking.h
  bool b_in_place = true;    // b is read where it lies for few rows of a           blocking.h
  bool pairs = true;         // a few columns left over, two steps at a time        pair_kernel.h
  bool fetch = true;         // a tile asks for what comes after it                 micro_kernel.h
  bool transposed = true;    // c' = b' a' where the operands lie better for that   gemm.cc
  bool matvec = true;        // loops of its own for a single column                matvec.h
  bool alone = true;         // no threads but one for little work                  gemm.cc
};

// The same as a list, in the order in which 03_einsum explains them.
struct Idea {
  std::string_view name;
  bool Ideas::*used;
};
inline constexpr Idea kIdeas[] = {
    {"even_rows", &Ideas::even_rows},
    {"narrow_tiles", &Ideas::narrow_tiles},
    {"dots", &Ideas::dots},
    {"a_in_place", &Ideas::a_in_place},
    {"b_in_place", &Ideas::b_in_place},
    {"pairs", &Ideas::pairs},
    {"fetch", &Ideas::fetch},
    {"transposed", &Ideas::transposed},
    {"matvec", &Ideas::matvec},
    {"alone", &Ideas::alone},
};

// Returns the first `count` ideas of the list, without the others.
constexpr Ideas first_ideas(int count) {
  Ideas ideas;
  for (const Idea& idea : kIdeas) ideas.*idea.used = count-- > 0;
  return ideas;
}

}  // namespace foundations
