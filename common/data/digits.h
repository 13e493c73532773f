// Draws digits that look handwritten. The programs run on them if you do not have MNIST.
#pragma once

#include <array>
#include <cstdint>

#include "common/tensor/random.h"

namespace foundations {

inline constexpr std::int64_t kDigitSize = 28;  // pixels, both ways

// Row after row of pixels, 0 (paper) to 255 (ink).
using DigitImage = std::array<std::uint8_t, kDigitSize * kDigitSize>;

// Draws `digit` (0 to 9) as a pen would, each time a little different: shifted, slanted, turned,
// scaled, with an unsteady hand, a thinner or thicker pen and uneven ink. Only the generator
// decides how: every compiler gives the same bytes. Takes about 10 microseconds. Throws IndexError
// for any other number.
DigitImage draw_digit(std::int64_t digit, Generator& generator);

}  // namespace foundations
