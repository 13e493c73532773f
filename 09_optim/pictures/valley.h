// A valley that is steep across and nearly flat along, and the ways of the optimizers through it.
#pragma once

#include <string>
#include <vector>

#include "09_optim/optim.h"

namespace foundations::ch09 {

struct Path {
  std::string name;
  std::vector<float> x, y;  // the start, and where each step led
};

// The height at (x, y) is (x * x + 25 * y * y) / 2, and the gradient (x, 25 * y).
inline constexpr float kSteepness = 25;

// Returns where each step leads from (-9, 1.5).
Path valley_path(const std::string& name, Make* make, const Settings& settings, int steps);

// Returns the paths of all rungs, each at a rate that suits it.
std::vector<Path> valley_paths(int steps);

// Returns a path as text, with S at the start and + at the lowest point.
std::string valley_map(const Path& path);

// Returns all paths over the valley's contour lines as a script for gnuplot().
std::string valley_chart(const std::vector<Path>& paths);

}  // namespace foundations::ch09
