// What a time depends on besides the code: a few lines to print above a table of times.
#pragma once

#include <string>
#include <vector>

namespace foundations {

// "AMD EPYC 9R14"; the kind of machine where the system does not name its CPU.
std::string cpu_name();

// The CPU, its cores and caches, the compiler, what it was allowed to use (read from the macros it
// predefines), OpenMP, and the measured peak for each of these numbers of threads. In a build that
// is not optimised, or that checks itself as it runs, the first line is a loud warning.
std::string machine_card(const std::vector<int>& thread_counts);

}  // namespace foundations
