// Holds each row of kRungs to the contract of matmul.h: the tests are rung_testing.h's.
#include "01_matmul/matmul.h"

#include <gtest/gtest.h>

#include "common/testing/rung_testing.h"

namespace foundations::ch01 {

INSTANTIATE_TEST_SUITE_P(Matmul, RungTest, testing::ValuesIn(kRungs), name_of_rung);

}  // namespace foundations::ch01
