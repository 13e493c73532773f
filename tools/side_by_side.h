// The notes' Python and our C++, rung by rung, and why their times are so far apart.
#pragma once

#include <string>
#include <vector>

#include "common/bench/ladder_table.h"

namespace foundations {

// Returns a line for each row that ran on one thread and was timed by the notes: their name for the
// rung, their time, ours, how many times faster ours is. Under it, a sentence explains the gap. ""
// if there is no such row.
std::string side_by_side(const std::vector<Table>& tables);

}  // namespace foundations
