// What the benchmark of this chapter times of einsum: the three evaluations, and common's einsum
// as the last row.
#pragma once

#include <vector>

#include "common/bench/ladder.h"

namespace foundations::ch03 {

// A ladder for each expression, with memory. Where an evaluation would take a gigabyte of
// temporaries or thousands of millions of steps it is left out, and the ladder's heading says so.
// Each rung is held to the reference in double before it is timed.
std::vector<Ladder> einsum_ladders();

}  // namespace foundations::ch03
