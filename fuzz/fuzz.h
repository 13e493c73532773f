// The common part of all fuzzers: turns bytes into decisions, and ends the program if something
// does not hold. This end is all that a fuzzer and replay.cc wait for.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <optional>
#include <string>

#include "common/base/error.h"

namespace foundations {

// The bytes that a fuzzer feeds, taken from the front as small decisions. After the last, every
// further byte is 0. So each sequence of bytes means something, even the empty sequence.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}

  std::size_t left() const { return left_; }

  std::uint8_t byte() {
    if (left_ == 0) return 0;
    --left_;
    return *data_++;
  }
  bool flag() { return byte() % 2 == 1; }
  bool one_in(int n) { return byte() % n == n - 1; }

  // Returns one of lowest, ..., highest, which are at most 256.
  std::int64_t between(std::int64_t lowest, std::int64_t highest) {
    return lowest + byte() % (highest - lowest + 1);
  }
  // Returns an index below `size`, which is at least 1.
  std::size_t below(std::size_t size) { return byte() % size; }

  // Returns an argument for code that must refuse bad arguments: mostly from -9 to 9, sometimes an
  // extreme.
  std::int64_t argument() {
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
    constexpr std::array<std::int64_t, 10> kExtremes = {
        kMax, -kMax, -kMax - 1, kMax - 1, kMax / 2, kMax / 2 + 2, 1LL << 32, 3037000500, 100, -100};
    const std::uint8_t choice = byte();
    if (choice >= 256 - kExtremes.size()) return kExtremes[255 - choice];
    return choice % 19 - 9;
  }

  // Returns the next `size` bytes, or as many as are left.
  std::string text(std::size_t size) {
    std::string result;
    while (result.size() < size && left_ > 0) result += static_cast<char>(byte());
    return result;
  }

 private:
  const std::uint8_t* data_;
  std::size_t left_;
};

// Says what does not hold, and ends the program.
[[noreturn]] void fail(const std::string& what);

inline void require(bool holds, const std::string& what) {
  if (!holds) fail(what);
}

// Makes the program end, from now on, at a request for more bytes than this.
void limit_allocations(std::size_t bytes);

// Ends the program unless the error is one sentence on one line.
void check_message(const std::exception& refusal);

// Returns action()'s result, or nothing if it throws one of our exceptions. Any other exception
// ends the program.
template <class Action>
auto accepted(Action action) -> std::optional<decltype(action())> {
  try {
    return action();
  } catch (const ShapeError& error) {
    check_message(error);
  } catch (const IndexError& error) {
    check_message(error);
  } catch (const TypeError& error) {
    check_message(error);
  } catch (const DataError& error) {
    check_message(error);
  }
  return std::nullopt;
}

}  // namespace foundations
