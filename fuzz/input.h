// What a fuzzer feeds its target: bytes, taken from the front as small decisions. When they run out
// every further one is 0, so each sequence of bytes, also the empty one, says something.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>

namespace foundations {

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  std::size_t left() const { return size_; }

  std::uint8_t byte() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  bool flag() { return byte() % 2 == 1; }

  // lowest, ..., highest, at most 256 of them.
  std::int64_t between(std::int64_t lowest, std::int64_t highest) {
    return lowest + byte() % (highest - lowest + 1);
  }

  // An argument for code that must refuse bad ones: mostly from -9 to 9, at times an extreme.
  std::int64_t argument() {
    constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
    constexpr std::array<std::int64_t, 10> kExtremes = {
        kMax, -kMax, -kMax - 1, kMax - 1, kMax / 2, kMax / 2 + 2, 1LL << 32, 3037000500, 100, -100};
    const std::uint8_t choice = byte();
    if (choice >= 256 - kExtremes.size()) return kExtremes[255 - choice];
    return choice % 19 - 9;
  }

  // Any bits at all as a T.
  template <class T>
  T bits() {
    std::array<std::uint8_t, sizeof(T)> bytes;
    for (std::uint8_t& b : bytes) b = byte();
    T value;
    std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  }

  // The next `size` bytes, or as many as are left.
  std::string text(std::size_t size) {
    if (size > size_) size = size_;
    std::string result(size, '\0');
    for (char& c : result) c = static_cast<char>(byte());
    return result;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

}  // namespace foundations
