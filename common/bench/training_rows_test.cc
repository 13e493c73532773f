#include "common/bench/training_rows.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "common/base/error.h"
#include "common/tensor/ops.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// Of two pixels each.
Mnist three_images() {
  Mnist digits;
  digits.x_train = tensor({{1, 9}, {3, 7}, {2, 8}});
  digits.y_train = long_tensor({4, 0, 9});
  digits.source = "three images";
  return digits;
}

TEST(TrainingRowsTest, GoesThroughTheImagesOverAndOver) {
  const Mnist digits = three_images();
  const Tensor x = (digits.x_train - digits.x_train.mean()) / digits.x_train.std();
  const TrainingRows rows = training_rows(digits, 8);
  EXPECT_EQ(rows.x.shape(), (Shape{8, 2}));
  for (std::int64_t row = 0; row < 8; ++row) expect_equal(rows.x[row], x[row % 3]);
  expect_equal(rows.y, tensor({4, 0, 9, 4, 0, 9, 4, 0}));
}

TEST(TrainingRowsTest, TakesTheFirstOfMore) {
  const Mnist digits = three_images();
  expect_equal(training_rows(digits, 3).y, tensor({4, 0, 9}));
  const TrainingRows two = training_rows(digits, 2);
  expect_equal(two.y, tensor({4, 0}));
  expect_equal(two.x, training_rows(digits, 3).x.slice(0, 0, 2));  // normalised by all three
  EXPECT_EQ(training_rows(digits, 0).x.shape(), (Shape{0, 2}));
}

TEST(TrainingRowsTest, NeedsImages) {
  Mnist digits = three_images();
  digits.x_train = digits.x_train.slice(0, 0, 0);
  digits.y_train = digits.y_train.slice(0, 0, 0);
  expect_error<DataError>([&] { training_rows(digits, 8); }, "three images has no training images");
}

// What rows_flag says to `program --first ARGUMENT --last`, and what it leaves of that.
std::int64_t rows_of(std::string argument, int left) {
  std::string words[] = {"program", "--first", argument, "--last"};
  char* argv[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
  int argc = 4;
  const std::int64_t rows = rows_flag(argc, argv);
  EXPECT_EQ(argc, left);
  EXPECT_EQ(argv[1], words[1]);
  EXPECT_EQ(argv[argc - 1], words[3]);
  EXPECT_EQ(argv[argc], nullptr);
  return rows;
}

TEST(RowsFlagTest, IsTakenOutOfTheArguments) {
  EXPECT_EQ(rows_of("--rows=1", 3), 1);
  EXPECT_EQ(rows_of("--rows=1000000", 3), 1'000'000);
  EXPECT_EQ(rows_of("--rows", 4), kNotesRows);
  EXPECT_EQ(rows_of("--rowss=3", 4), kNotesRows);
}

TEST(RowsFlagTest, NeedsANumber) {
  for (const std::string rows :
       {"0", "-1", "1000001", "2x", "x", "", "1.5", " 2", "99999999999999999999"}) {
    expect_error<std::invalid_argument>(
        [&] { rows_of("--rows=" + rows, 3); },
        "--rows=" + rows + ": a number from 1 to 1000000 is needed");
  }
}

}  // namespace
}  // namespace foundations
