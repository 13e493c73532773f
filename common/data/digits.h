// Handwritten-looking digits, drawn: what the programs run on where there is no MNIST.
#pragma once

#include <array>
#include <cstdint>

#include "common/tensor/random.h"

namespace foundations {

inline constexpr std::int64_t kDigitSize = 28;  // pixels, both ways

// Row after row of pixels, 0 (paper) to 255 (ink).
using DigitImage = std::array<std::uint8_t, kDigitSize * kDigitSize>;

// Draws `digit` (0 to 9) as a pen would, each time a little different: shifted, slanted, turned,
// scaled, with an unsteady hand, a thinner or thicker pen and uneven ink. The generator alone
// decides how, and the same bytes come out on every compiler. Takes about 10 microseconds. Throws
// IndexError for any other digit.
DigitImage draw_digit(std::int64_t digit, Generator& generator);

}  // namespace foundations
