// Overlap: whether elements that have different names are the same memory. It decides what may be
// written: `x += x.t()` reads what it has just written, and the rows of an expanded tensor are one.
#pragma once

#include "common/tensor/layout.h"

namespace foundations {

// Whether two indices of the layout name the same element, so that writing arithmetic through it
// would be ambiguous.
bool overlaps_itself(const Layout& layout);

// Whether two layouts of one storage have an element in common. Cost: a few operations for layouts
// that are apart or densely packed, else linear in the stretch of storage they share.
bool overlap(const Layout& a, const Layout& b);

// Throws ShapeError, with PyTorch's sentence, if arithmetic written through `out` would be
// ambiguous: if `out` overlaps itself.
void check_written_once(const Layout& out);

// Throws ShapeError if writing `out` while reading `in`, which has the same shape and storage,
// would read what was just written. A layout that is the same element for element does not.
void check_no_partial_overlap(const Layout& out, const Layout& in);

// Whether the elements fill a stretch of storage without gaps or repeats, in whatever order.
bool is_dense(const Layout& layout);

// The layout of a new tensor of this shape: in the same order in memory if that is dense, else
// row-major.
Layout packed(const Layout& layout);

}  // namespace foundations
