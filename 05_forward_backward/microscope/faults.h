// The bugs that backward passes have, planted on purpose. All keep every shape right, so that no
// ShapeError saves the reader.
#pragma once

#include <string_view>

#include "05_forward_backward/microscope/gradcheck.h"

namespace foundations::ch05 {

struct Fault {
  std::string_view name;        // as in --break=NAME
  std::string_view what;        // is done wrong
  std::string_view looks_like;  // under the microscope
  double shift;                 // of the relu with which it shows
  Gradients gradients;
};

inline constexpr int kFaultCount = 4;
extern const Fault kFaults[kFaultCount];

}  // namespace foundations::ch05
