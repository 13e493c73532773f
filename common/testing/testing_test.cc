// Each comparison passes here, and goes red.
#include "common/testing/testing.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "common/testing/properties.h"

namespace foundations {
namespace {

TEST(ExpectClose, Passes) {
  expect_close(tensor({1, 2}), tensor({1, 2.00001}));
  expect_close(tensor({1, 2}), double_tensor({1.1, 2}), 0, 0.11);
  expect_close(tensor({-100}), double_tensor({-101}), 0.01, 0);  // 1% of 101 on either side
  expect_close(tensor({-102}), double_tensor({-101}), 0.01, 0);
  expect_close(tensor({kInf, -kInf}), tensor({kInf, -kInf}));
  expect_close(tensor({kNan}), tensor({kNan}), 1e-5, 1e-8, /*equal_nan=*/true);
  expect_close(zeros(0, 2), zeros(0, 2));
  expect_close(tensor({{1, 2}, {3, 4}}).t(), tensor({{1, 3}, {2, 4}}));
  expect_close(tensor({{1, 1}, {2, 2}}), tensor({{1}, {2}}).expand(2, 2));
}

TEST(ExpectClose, FailsOnShapes) {
  EXPECT_NONFATAL_FAILURE(expect_close(zeros(0), zeros(0, 2)), "got shape [0], want [0, 2]");
  EXPECT_NONFATAL_FAILURE(expect_close(ones(2), ones(1)), "got shape [2], want [1]");
}

TEST(ExpectClose, FailsOnAnElement) {
  EXPECT_NONFATAL_FAILURE(expect_close(tensor({{1, 2}, {3, 9}}), tensor({{1, 2}, {3, 4}}), 0, 0.5),
                          "at [1, 1]: got 9, want 4, tolerance 0.5");
  EXPECT_NONFATAL_FAILURE(expect_close(tensor({100.1}), tensor({100})), "at [0]");
}

TEST(ExpectClose, FailsOnNan) {
  EXPECT_NONFATAL_FAILURE(expect_close(tensor({kNan}), tensor({1})), "got nan, want 1");
  EXPECT_NONFATAL_FAILURE(expect_close(tensor({1}), tensor({kNan})), "got 1, want nan");
  EXPECT_NONFATAL_FAILURE(expect_close(tensor({kNan}), tensor({kNan})), "got nan, want nan");
  EXPECT_NONFATAL_FAILURE(expect_close(tensor({kNan}), tensor({1}), 1e-5, 1e-8, true), "got nan");
  EXPECT_NONFATAL_FAILURE(expect_close(tensor({kInf}), tensor({-kInf})), "got inf, want -inf");
}

TEST(ExpectEqual, Passes) {
  expect_equal(tensor({{1, 2}, {3, 4}}).t(), tensor({{1, 3}, {2, 4}}));
  expect_equal(long_tensor({std::int64_t{1} << 62}), long_tensor({std::int64_t{1} << 62}));
  expect_equal(bool_tensor({true, false}), bool_tensor({true, false}));
  expect_equal(zeros<double>(0), zeros<double>(0));
}

TEST(ExpectEqual, Fails) {
  EXPECT_NONFATAL_FAILURE(expect_equal(ones(2), ones(1, 2)), "got shape [2], want [1, 2]");
  EXPECT_NONFATAL_FAILURE(expect_equal(tensor({{1, 2}}), tensor({{1, 2.5}})),
                          "at [0, 1]: got 2, want 2.5");
  EXPECT_NONFATAL_FAILURE(expect_equal(tensor({kNan}), tensor({kNan})), "got nan, want nan");
  EXPECT_NONFATAL_FAILURE(expect_equal(bool_tensor({true}), bool_tensor({false})),
                          "at [0]: got true, want false");
  const std::int64_t large = std::int64_t{1} << 60;  // as doubles, large and large + 1 are equal
  EXPECT_NONFATAL_FAILURE(expect_equal(long_tensor({large}), long_tensor({large + 1})),
                          "got 1152921504606846976, want 1152921504606846977");
}

constexpr auto throw_shape_error = [] { throw ShapeError("it does not fit"); };

TEST(ExpectError, Passes) { expect_error<ShapeError>(throw_shape_error, "it does not fit"); }

TEST(ExpectError, FailsOnTheType) {
  EXPECT_NONFATAL_FAILURE(expect_error<IndexError>(throw_shape_error, "it does not fit"),
                          "threw foundations::ShapeError, want foundations::IndexError");
  EXPECT_NONFATAL_FAILURE(expect_error<std::invalid_argument>(throw_shape_error, "it does not fit"),
                          "want std::invalid_argument");
}

TEST(ExpectError, FailsOnTheText) {
  EXPECT_NONFATAL_FAILURE(expect_error<ShapeError>(throw_shape_error, "it does not"),
                          "   got: it does not fit\n  want: it does not");
}

TEST(ExpectError, FailsWhenNothingIsThrown) {
  EXPECT_NONFATAL_FAILURE(expect_error<ShapeError>([] {}, "a reason"),
                          "nothing was thrown; want: a reason");
}

TEST(HoldsAtOnce, NeedsAllToHold) {
  EXPECT_TRUE(holds_at_once(2, [](int) { return true; }));
  EXPECT_FALSE(holds_at_once(2, [](int i) { return i == 0; }));
}

// EXPECT_NONFATAL_FAILURE does not see the line, which has to be the caller's.
TEST(Failures, NameTheCallersLine) {
  testing::TestPartResultArray failures;
  int line = 0;
  {
    testing::ScopedFakeTestPartResultReporter reporter(&failures);
    line = __LINE__ + 1;
    expect_equal(ones(1), zeros(1));
  }
  ASSERT_EQ(failures.size(), 1);
  EXPECT_STREQ(failures.GetTestPartResult(0).file_name(), __FILE__);
  EXPECT_EQ(failures.GetTestPartResult(0).line_number(), line);
}

}  // namespace
}  // namespace foundations
