// Every rung keeps the contract of matmul.h: each row of kRungs passes what rung_testing.h asks.
#include "01_matmul/matmul.h"

#include <gtest/gtest.h>

#include "common/testing/rung_testing.h"

namespace foundations::ch01 {

INSTANTIATE_TEST_SUITE_P(Matmul, RungTest, testing::ValuesIn(kRungs), name_of_rung);

}  // namespace foundations::ch01
