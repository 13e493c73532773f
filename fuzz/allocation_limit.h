// A watch over operator new, which gives all vectors and strings their memory.
#pragma once

#include <cstddef>

namespace foundations {

// From now on, whoever asks for more bytes than this at a time ends the program.
void limit_allocations(std::size_t bytes);

}  // namespace foundations
