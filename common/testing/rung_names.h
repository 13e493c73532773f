// Makes GoogleTest show the rung that a test failed on, and name the test after it.
//
//   INSTANTIATE_TEST_SUITE_P(Einsum, EinsumTest, testing::ValuesIn(kRungs), name_of_rung);
#pragma once

#include <ostream>
#include <string>

#include "common/bench/rung.h"

namespace foundations {

template <class Function>
void PrintTo(const Rung<Function>& rung, std::ostream* out) {
  *out << rung.name;
}

// Names a test for a row of a table after the row.
inline constexpr auto name_of_rung = [](const auto& test) { return std::string(test.param.name); };

}  // namespace foundations
