// Tests of matrix multiplication that every rung has to pass. They are written once, in
// rung_testing.cc and rung_properties.cc; a chapter's test runs them for each row of its table.
//
//   INSTANTIATE_TEST_SUITE_P(Matmul, RungTest, testing::ValuesIn(kRungs), name_of_rung);
#pragma once

#include <gtest/gtest.h>

#include "common/bench/rung.h"
#include "common/testing/rung_names.h"

namespace foundations {

class RungTest : public testing::TestWithParam<Rung<Matmul>> {
 protected:
  Tensor product(const Tensor& a, const Tensor& b) { return GetParam().run(a, b); }
};

// The sizes of a product.   a: [m, k]   b: [k, n]
struct Sizes {
  std::int64_t m, k, n;

  std::string text() const {
    return std::to_string(m) + "x" + std::to_string(k) + "x" + std::to_string(n);
  }
};

}  // namespace foundations
