#include "common/data/digits.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <numeric>
#include <string>

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

TEST(DrawDigit, RefusesWhatIsNoDigit) {
  Generator generator(1);
  for (const std::int64_t digit : {-1, 10}) {
    expect_error<IndexError>(
        [&] { draw_digit(digit, generator); },
        "draw_digit() draws the digits 0 to 9, but was asked for " + std::to_string(digit));
  }
}

}  // namespace
}  // namespace foundations
