// What every rung has to pass: tests of matrix multiplication, written once, which a chapter's test
// runs for each row of its table. The tests themselves are in rung_testing.cc.
//
//   INSTANTIATE_TEST_SUITE_P(Matmul, RungTest, testing::ValuesIn(kRungs), name_of_rung);
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "common/bench/rung.h"
#include "common/tensor/tensor.h"

namespace foundations {

class RungTest : public testing::TestWithParam<Rung> {
 protected:
  Tensor product(const Tensor& a, const Tensor& b) { return GetParam().matmul(a, b); }
};

// How GoogleTest shows the rung that a test failed on, and names the test after it.
inline void PrintTo(const Rung& rung, std::ostream* out) { *out << rung.name; }
inline std::string name_of_rung(const testing::TestParamInfo<Rung>& info) {
  return std::string(info.param.name);
}

}  // namespace foundations
