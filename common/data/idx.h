// IDX, the file format of MNIST: an array of bytes behind a header of big-endian 32-bit numbers,
// as http://yann.lecun.com/exdb/mnist describes it.
//
//   magic number   2048 + rank: 0x08 stands for bytes
//   sizes          one for each dimension: images, rows, columns
//   elements       row-major
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/tensor/shape.h"

namespace foundations {

using Bytes = std::vector<std::uint8_t>;

struct Idx {
  std::string path;
  Shape sizes;
  Bytes elements;  // sizes.numel() of them
};

// Reads a file of `rank` dimensions, as it is or gzipped. Takes memory for what the file holds,
// not for what its header says, and reads no further than that. Throws DataError, with the file's
// name and the fault, for everything that is not such a file from its first byte to its last.
Idx read_idx(const std::string& path, std::int64_t rank);

}  // namespace foundations
