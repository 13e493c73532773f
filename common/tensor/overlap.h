// Overlap: are elements with different indices the same memory? This decides what may be written:
// `x += x.t()` reads what it has just written, and the rows of an expanded tensor are one row.
#pragma once

#include "common/tensor/layout.h"

namespace foundations {

// Returns true if two indices of the layout name the same element, so that writing arithmetic
// through it would be ambiguous.
bool overlaps_itself(const Layout& layout);

// Returns true if two layouts of one storage have an element in common. Cost: a few operations for
// layouts that are apart or dense, else linear in the stretch of storage that they share.
bool overlap(const Layout& a, const Layout& b);

// Throws ShapeError, with PyTorch's sentence, if `out` overlaps itself: arithmetic written through
// it would be ambiguous.
void check_written_once(const Layout& out);

// Throws ShapeError if writing `out` while reading `in`, of the same shape and storage, would read
// what was just written. If both are the same, element for element, it does not throw.
void check_no_partial_overlap(const Layout& out, const Layout& in);

// Returns true if the elements fill a stretch of storage without gaps or repeats, in any order.
bool is_dense(const Layout& layout);

// Returns the layout of a new tensor of this shape: in the same order in memory if `layout` is
// dense, else row-major.
Layout packed(const Layout& layout);

}  // namespace foundations
