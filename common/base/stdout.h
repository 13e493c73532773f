// The end of every program: what it printed has gone out, or it says that it has not.
#pragma once

#include <cstdio>
#include <iostream>
#include <stdexcept>

namespace foundations {

// Throws std::runtime_error where not all that was printed could be written: on a full disk, or
// with standard output closed. (Where a pipe is closed, as by `| head`, the program is ended
// without a word, as others are.)
inline void flush_stdout() {
  if (!std::cout.flush() || std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    throw std::runtime_error("the output could not be written");
  }
}

}  // namespace foundations
