// The operands that benchmarks work on.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "common/base/error.h"
#include "common/bench/matmul_ladder.h"
#include "common/bench/training_rows.h"
#include "common/data/idx_testing.h"
#include "common/tensor/ops.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

MatmulProblem five_of(std::uint32_t images) {
  const std::string folder = testing::TempDir() + "/problems_test";
  std::filesystem::create_directories(folder);
  write_plain(folder + "/train-images-idx3-ubyte", image_bytes(images, 2, 3));
  write_plain(folder + "/train-labels-idx1-ubyte", label_bytes(images));
  return five_digits(folder);
}

TEST(FiveDigits, AreTheFirstFive) {
  const MatmulProblem problem = five_of(6);  // the last is for validation
  EXPECT_TRUE(problem.what.starts_with("five images of MNIST from ")) << problem.what;
  EXPECT_EQ(problem.a.shape(), Shape({5, 6}));
  EXPECT_EQ(problem.a.at(4, 5), 7.f * 29 / 256);
  EXPECT_EQ(problem.b.shape(), Shape({6, 10}));
}

TEST(FiveDigits, AreNotFour) {
  expect_error<DataError>([] { five_of(4); },
                          "MNIST from " + testing::TempDir() +
                              "/problems_test: has only 4 training images, and five are needed");
}

TEST(RandomMatmul, IsTheSameEveryTime) {
  const MatmulProblem one = random_matmul(3, 4, 5), two = random_matmul(3, 4, 5);
  EXPECT_EQ(one.a.shape(), Shape({3, 4}));
  EXPECT_EQ(one.b.shape(), Shape({4, 5}));
  expect_equal(one.a, two.a);
  expect_equal(one.b, two.b);
  EXPECT_NE(one.a(0, 0), one.b(0, 0));
}

// Returns three images of two pixels each.
Mnist three_images() {
  Mnist digits;
  digits.x_train = tensor({{1, 9}, {3, 7}, {2, 8}});
  digits.y_train = long_tensor({4, 0, 9});
  digits.source = "three images";
  return digits;
}

TEST(TrainingRows, GoThroughTheImagesOverAndOver) {
  const Mnist digits = three_images();
  const Tensor x = (digits.x_train - digits.x_train.mean()) / digits.x_train.std();
  for (const std::int64_t n : {0, 2, 3, 8}) {
    const TrainingRows rows = training_rows(digits, n);
    EXPECT_EQ(rows.x.shape(), (Shape{n, 2}));
    EXPECT_EQ(rows.y.shape(), Shape{n});
    for (std::int64_t row = 0; row < n; ++row) {
      expect_equal(rows.x[row], x[row % 3]);  // normalised by all three images
      EXPECT_EQ(rows.y(row), digits.y_train(row % 3));
    }
  }
}

TEST(TrainingRows, NeedImages) {
  Mnist digits = three_images();
  digits.x_train = digits.x_train.slice(0, 0, 0);
  digits.y_train = digits.y_train.slice(0, 0, 0);
  expect_error<DataError>([&] { training_rows(digits, 8); }, "three images has no training images");
}

}  // namespace
}  // namespace foundations
