// Writes IDX files, sound and unsound, for the tests of idx.h and mnist.h.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

namespace foundations {

// Returns the numbers of a header, then the elements.
inline std::string idx_bytes(const std::vector<std::uint32_t>& header,
                             const std::string& elements) {
  std::string bytes;
  for (const std::uint32_t number : header) {
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(number >> shift);
  }
  return bytes + elements;
}

// Returns n images of rows x columns pixels: 0, 7, 14, ... modulo 256.
inline std::string image_bytes(std::uint32_t n, std::uint32_t rows, std::uint32_t columns) {
  std::string pixels;
  for (std::uint32_t i = 0; i < n * rows * columns; ++i) pixels += static_cast<char>(7 * i);
  return idx_bytes({2051, n, rows, columns}, pixels);
}

// Returns n labels: 0, 1, ..., 9, and again from 0.
inline std::string label_bytes(std::uint32_t n) {
  std::string digits;
  for (std::uint32_t i = 0; i < n; ++i) digits += static_cast<char>(i % 10);
  return idx_bytes({2049, n}, digits);
}

inline void write_plain(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// Writes the bytes gzipped. The mode "ab" appends them as one more member of an existing file.
inline void write_gzipped(const std::string& path, const std::string& bytes,
                          const char* mode = "wb") {
  gzFile const file = gzopen(path.c_str(), mode);
  gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(file);
}

}  // namespace foundations
