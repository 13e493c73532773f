// What can go wrong, as exceptions. Every message is one sentence that says what was asked, which
// shapes or file it met, and what would have been right: in PyTorch's words where it has them.
// An operation that throws has written nothing, unless it says so where it is declared.
#pragma once

#include <cstdio>
#include <new>
#include <stdexcept>

namespace foundations {

// Shapes that do not fit each other or the operation.
struct ShapeError : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

// An element type that the operation is not defined for.
struct TypeError : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

// An index or a dimension that is not there.
struct IndexError : std::out_of_range {
  using std::out_of_range::out_of_range;
};

// A file that is missing or not what it should be; the message begins with its name.
struct DataError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// No memory for a tensor: the system has none left, or the bytes do not fit in 63 bits. What
// catches std::bad_alloc catches this too. The sentence is part of the exception: it takes no
// memory.
class OutOfMemoryError : public std::bad_alloc {
 public:
  explicit OutOfMemoryError(double bytes) noexcept {
    std::snprintf(text_, sizeof text_, "can't allocate memory: you tried to allocate %.0f bytes",
                  bytes);
  }
  const char* what() const noexcept override { return text_; }

 private:
  char text_[96];
};

}  // namespace foundations
