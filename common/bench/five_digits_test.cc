#include "common/bench/five_digits.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "common/base/error.h"
#include "common/data/idx_testing.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// five_digits() as `program --mnist_dir=FOLDER` calls it, the folder having so many images.
MatmulProblem five_of(std::uint32_t images) {
  const std::string folder = testing::TempDir() + "/five_digits_test";
  std::filesystem::create_directories(folder);
  write_plain(folder + "/train-images-idx3-ubyte", image_bytes(images, 2, 3));
  write_plain(folder + "/train-labels-idx1-ubyte", label_bytes(images));
  std::string program = "program", flag = "--mnist_dir=" + folder;
  char* argv[] = {program.data(), flag.data(), nullptr};
  int argc = 2;
  const MatmulProblem problem = five_digits(argc, argv);
  EXPECT_EQ(argc, 1);
  return problem;
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
                              "/five_digits_test: has only 4 training images, and five are needed");
}

}  // namespace
}  // namespace foundations
