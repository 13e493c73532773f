#include "common/data/digits.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <string>
#include <vector>

#include "common/testing/testing.h"

namespace foundations {
namespace {

// The first test: the object is made before anything has drawn, and so outlives what drawing makes.
TEST(DrawDigit, WorksInTheDestructorOfAStaticObject) {
  struct DrawsAtItsEnd {
    ~DrawsAtItsEnd() {
      Generator generator(1);
      const DigitImage image = draw_digit(5, generator);
      _exit(std::accumulate(image.begin(), image.end(), 0) > 20 * 255 ? 0 : 1);
    }
  };
  const auto run = [] {
    static const DrawsAtItsEnd last;
    Generator generator(1);
    draw_digit(5, generator);
    std::exit(2);
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(0), "");
}

TEST(DrawDigit, GivesTheSameBytesOnEveryCompiler) {
  Generator generator(1);
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (std::int64_t i = 0; i < 1000; ++i) {
    for (const std::uint8_t pixel : draw_digit(i % 10, generator)) {
      hash = (hash ^ pixel) * 1099511628211u;
    }
  }
  EXPECT_EQ(hash, 1881928280184982525u);
}

TEST(DrawDigit, PutsInkInTheMiddleAndLeavesTheCornersWhite) {
  Generator generator(2);
  for (std::int64_t i = 0; i < 1000; ++i) {
    const DigitImage image = draw_digit(i % 10, generator);
    const int ink = std::accumulate(image.begin(), image.end(), 0);
    EXPECT_GT(ink, 20 * 255) << "digit " << i % 10;
    EXPECT_LT(ink, 300 * 255) << "digit " << i % 10;
    EXPECT_EQ(image[0] + image[kDigitSize - 1] + image[27 * kDigitSize] + image[783], 0);
  }
}

TEST(DrawDigit, RefusesWhatIsNoDigit) {
  Generator generator(1);
  for (const std::int64_t digit : {-1, 10}) {
    expect_error<IndexError>(
        [&] { draw_digit(digit, generator); },
        "draw_digit() draws the digits 0 to 9, but was asked for " + std::to_string(digit));
  }
}

// Returns the sum of squared differences.
template <class A, class B>
double distance(const A& a, const B& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

// The nearest mean image gives the right digit for nine of ten new drawings, but not for all: there
// is something to learn. (Guessing gets one of ten; on MNIST, the nearest mean gets eight.)
TEST(DrawDigit, CanBeLearned) {
  Generator generator(4);
  std::vector<std::vector<double>> means(10, std::vector<double>(kDigitSize * kDigitSize));
  constexpr std::int64_t kDrawn = 200;
  for (std::int64_t i = 0; i < 10 * kDrawn; ++i) {
    const DigitImage image = draw_digit(i % 10, generator);
    for (std::size_t p = 0; p < image.size(); ++p) means[i % 10][p] += image[p] / double{kDrawn};
  }
  int right = 0;
  for (std::int64_t i = 0; i < 1000; ++i) {
    const DigitImage image = draw_digit(i % 10, generator);
    const auto further = [&](const auto& a, const auto& b) {
      return distance(image, a) < distance(image, b);
    };
    right += std::min_element(means.begin(), means.end(), further) - means.begin() == i % 10;
  }
  std::cout << "nearest mean: " << right / 10.0 << "% right\n";
  EXPECT_GT(right, 900);
  EXPECT_LT(right, 1000);
}

}  // namespace
}  // namespace foundations
