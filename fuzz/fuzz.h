// What every fuzzer needs: decisions out of bytes, and an end to the program where something does
// not hold. That end is all that a fuzzer and replay.cc wait for.
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

// The bytes that a fuzzer feeds, taken from the front as small decisions. When they run out, every
// further byte is 0: so each sequence of bytes means something, the empty one too.
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

  // lowest, ..., highest, at most 256 of them.
  std::int64_t between(std::int64_t lowest, std::int64_t highest) {
    return lowest + byte() % (highest - lowest + 1);
  }
  // An index of something that has `size` elements, at least one.
  std::size_t below(std::size_t size) { return byte() % size; }

  // An argument for code that must refuse bad ones: mostly from -9 to 9, at times an extreme.
  std::int64_t argument() {
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
    constexpr std::array<std::int64_t, 10> kExtremes = {
        kMax, -kMax, -kMax - 1, kMax - 1, kMax / 2, kMax / 2 + 2, 1LL << 32, 3037000500, 100, -100};
    const std::uint8_t choice = byte();
    if (choice >= 256 - kExtremes.size()) return kExtremes[255 - choice];
    return choice % 19 - 9;
  }

  // The next `size` bytes, or as many as are left.
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

// From now on, a request for more bytes than this at a time ends the program.
void limit_allocations(std::size_t bytes);

// A refusal must be one sentence on one line.
void check_message(const std::exception& refusal);

// Returns action()'s result, or nothing where it throws one of our exceptions. Any other exception
// goes on, and ends the program.
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
