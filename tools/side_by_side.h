// The notes' Python and our C++, rung by rung, and why they are as far apart as they are.
#pragma once

#include <string>
#include <vector>

#include "common/bench/ladder_table.h"

namespace foundations {

// One line for each row that ran on one thread and has a time of the notes' beside it (their name
// for the rung, their time, ours, how many times faster ours is), and under it a sentence on what
// makes the gap. "" if there is no such row.
std::string side_by_side(const std::vector<Table>& tables);

}  // namespace foundations
