// The expressions that einsum is tested with: the shapes of their operands, and the same expression
// spelled out.
#pragma once

#include <string>
#include <vector>

#include "common/tensor/shape.h"

namespace foundations {

struct EinsumCase {
  std::string subscripts;
  std::vector<Shape> shapes;
  std::string spelled;  // for reference_einsum: no spaces, no ellipsis, nothing implied

  std::string text() const {
    std::string text = "einsum(\"" + subscripts + "\") of";
    for (const Shape& shape : shapes) text.append(1, ' ').append(bracketed(shape));
    return text;
  }
};

inline const EinsumCase kEinsumCases[] = {
    // The notes'.
    {"i,i", {{3}, {3}}, "i,i->"},
    {"i", {{3}}, "i->i"},
    {"ik,kj -> ij", {{5, 784}, {784, 10}}, "ik,kj->ij"},
    {"ik,kj", {{2, 3}, {3, 5}}, "ik,kj->ij"},
    {"bik,bkj -> bij", {{2, 3, 4}, {2, 4, 5}}, "bik,bkj->bij"},
    {"bi,bj->ij", {{7, 3}, {7, 5}}, "bi,bj->ij"},
    // One operand: views, diagonals, sums.
    {"ba", {{2, 3}}, "ba->ab"},
    {"ijk->kij", {{2, 3, 4}}, "ijk->kij"},
    {"ii", {{3, 3}}, "ii->"},
    {"ii->i", {{3, 3}}, "ii->i"},
    {"iii->i", {{3, 3, 3}}, "iii->i"},
    {"iji->j", {{3, 2, 3}}, "iji->j"},
    {"ij->", {{4, 3}}, "ij->"},
    {"ij->j", {{4, 3}}, "ij->j"},
    {"ijkl->lj", {{2, 3, 4, 5}}, "ijkl->lj"},
    // Two: elementwise, outer, inner, and every mixture.
    {"i,i->i", {{3}, {3}}, "i,i->i"},
    {"i,j->ij", {{3}, {4}}, "i,j->ij"},
    {"i,j->ji", {{3}, {4}}, "i,j->ji"},
    {"i,j->", {{3}, {4}}, "i,j->"},
    {"ij,ji->ij", {{3, 4}, {4, 3}}, "ij,ji->ij"},
    {"ij,j->ij", {{3, 4}, {4}}, "ij,j->ij"},
    {"ij,ji->", {{3, 4}, {4, 3}}, "ij,ji->"},
    {"ij,j->i", {{3, 4}, {4}}, "ij,j->i"},
    {"i,ij->j", {{3}, {3, 4}}, "i,ij->j"},
    {"ik,jk->ij", {{2, 3}, {5, 3}}, "ik,jk->ij"},
    {"ik,kj->ji", {{2, 3}, {3, 5}}, "ik,kj->ji"},
    {"ik,kj->ikj", {{2, 3}, {3, 5}}, "ik,kj->ikj"},
    {"ik,kj->", {{2, 3}, {3, 5}}, "ik,kj->"},
    {"ikl,lkj->ij", {{2, 3, 4}, {4, 3, 5}}, "ikl,lkj->ij"},
    {"ijk,kl->lji", {{2, 3, 4}, {4, 5}}, "ijk,kl->lji"},
    {"bqhd,bkhd->bhqk", {{2, 4, 3, 5}, {2, 6, 3, 5}}, "bqhd,bkhd->bhqk"},
    {"iij,jk->ik", {{3, 3, 4}, {4, 2}}, "iij,jk->ik"},
    {"ii,i->", {{3, 3}, {3}}, "ii,i->"},
    {"aA,Ab->bA", {{2, 3}, {3, 4}}, "aA,Ab->bA"},
    // More.
    {"ij,jk,kl->il", {{2, 3}, {3, 4}, {4, 5}}, "ij,jk,kl->il"},
    {"i,ij,j->", {{3}, {3, 4}, {4}}, "i,ij,j->"},
    {"bn,anm,bm->ba", {{2, 3}, {5, 3, 4}, {2, 4}}, "bn,anm,bm->ba"},
    {"abc,de,abcde,abcde->",
     {{2, 2, 3}, {2, 2}, {2, 2, 3, 2, 2}, {2, 2, 3, 2, 2}},
     "abc,de,abcde,abcde->"},
    {"ab,bc,cd,de->ea", {{2, 3}, {3, 4}, {4, 2}, {2, 5}}, "ab,bc,cd,de->ea"},
    {"a,ab,bc,cd,de,ef,fg,g->",
     {{2}, {2, 3}, {3, 2}, {2, 3}, {3, 2}, {2, 3}, {3, 2}, {2}},
     "a,ab,bc,cd,de,ef,fg,g->"},
    {"a,b,c,d,e,f,g,h->hgfedcba",
     {{2}, {1}, {2}, {3}, {1}, {2}, {2}, {2}},
     "a,b,c,d,e,f,g,h->hgfedcba"},
    // Ellipses.
    {"...ik,...kj->...ij", {{2, 3, 4}, {2, 4, 5}}, "bik,bkj->bij"},
    {"...ik,...kj", {{6, 1, 3, 4}, {2, 4, 5}}, "abik,bkj->abij"},
    {"...,...", {{2, 1, 3}, {4, 1}}, "abc,bc->abc"},
    {"i...j->j...i", {{2, 3, 4, 5}}, "iabj->jabi"},
    {"...i->i", {{2, 3, 4}}, "abi->i"},
    {"...i->...", {{3}}, "i->"},
    {"...ii->...i", {{2, 3, 3}}, "aii->ai"},
    // Scalars.
    {"", {{}}, "->"},
    {",", {{}, {}}, ",->"},
    {",i", {{}, {3}}, ",i->i"},
    {"ij,->ji", {{2, 3}, {}}, "ij,->ji"},
    // Sizes of 1, stretched and not.
    {"i,i", {{3}, {1}}, "i,i->"},
    {"i,i->i", {{1}, {1}}, "i,i->i"},
    {"ik,kj->ij", {{2, 1}, {3, 5}}, "ik,kj->ij"},
    {"ik,kj->ij", {{1, 1}, {1, 1}}, "ik,kj->ij"},
    {"bik,bkj->bij", {{1, 3, 4}, {2, 4, 5}}, "bik,bkj->bij"},
    {"bik,bkj->ij", {{1, 3, 4}, {2, 4, 5}}, "bik,bkj->ij"},
    {"ii->i", {{1, 1}}, "ii->i"},
    {"ij,jk,kl->il", {{2, 1}, {3, 1}, {4, 5}}, "ij,jk,kl->il"},
    // Sizes of 0.
    {"i,i->", {{0}, {1}}, "i,i->"},
    {"i,i->i", {{1}, {0}}, "i,i->i"},
    {"ij->j", {{0, 3}}, "ij->j"},
    {"ii", {{0, 0}}, "ii->"},
    {"ik,kj->ij", {{2, 0}, {0, 5}}, "ik,kj->ij"},
    {"bik,bkj->bij", {{0, 3, 4}, {0, 4, 5}}, "bik,bkj->bij"},
    {"ij,jk,kl->il", {{2, 3}, {3, 0}, {0, 5}}, "ij,jk,kl->il"},
    // As many labels as a tensor may have dimensions.
    {"abcdefgh,ah->bcdefg", {{2, 1, 2, 3, 2, 1, 2, 2}, {2, 2}}, "abcdefgh,ah->bcdefg"},
    {"abcdefg,abcdefg->abcdef",
     {{2, 2, 2, 3, 2, 2, 3}, {2, 2, 2, 3, 2, 2, 3}},
     "abcdefg,abcdefg->abcdef"},
    {"abcdefgh,abcdefgh->abcdefg",
     {{2, 2, 2, 2, 3, 2, 2, 2}, {2, 2, 2, 2, 3, 2, 2, 2}},
     "abcdefgh,abcdefgh->abcdefg"},
    {"abcdefgh,abcdefgh->bdfhaceg",
     {{2, 2, 1, 2, 3, 2, 2, 2}, {2, 2, 2, 2, 1, 2, 2, 2}},
     "abcdefgh,abcdefgh->bdfhaceg"},
};

// More labels than a tensor has dimensions: no code that lines up all labels at once can do these.
inline const EinsumCase kTenLabels[] = {
    {"abcde,fghij->aj", {{2, 1, 2, 2, 1}, {2, 2, 1, 2, 3}}, "abcde,fghij->aj"},
    {"abcdef,efghij->abij", {{2, 3, 2, 1, 2, 3}, {2, 3, 2, 2, 3, 2}}, "abcdef,efghij->abij"},
    {"abcde,defgh,ghij->abij",
     {{2, 2, 2, 3, 2}, {3, 2, 1, 2, 2}, {2, 2, 3, 2}},
     "abcde,defgh,ghij->abij"},
    {"ab,bc,cd,de,ef,fg,gh,hi->ai",
     {{2, 2}, {2, 3}, {3, 2}, {2, 2}, {2, 3}, {3, 2}, {2, 2}, {2, 3}},
     "ab,bc,cd,de,ef,fg,gh,hi->ai"},
};

}  // namespace foundations
