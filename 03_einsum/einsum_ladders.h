// What the benchmark of this chapter times of einsum: the three evaluations, and common's einsum
// as the last row.
#pragma once

#include <vector>

#include "common/ladder.h"

namespace foundations::ch03 {

// A ladder for each expression, with memory. An evaluation that would take more than a second or a
// gigabyte of temporaries is left out of a ladder, and `problem` says which. Each is held to
// reference_einsum before it is timed.
std::vector<Ladder> einsum_ladders();

}  // namespace foundations::ch03
