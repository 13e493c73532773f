// How GoogleTest shows the rung that a test failed on, and names the test after it.
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

// Of a test for each row of a table that has names.
inline constexpr auto name_of_rung = [](const auto& test) { return std::string(test.param.name); };

}  // namespace foundations
