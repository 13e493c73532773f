// IDX, the file format of MNIST: an array of bytes after a header of big-endian 32-bit numbers, as
// http://yann.lecun.com/exdb/mnist describes it.
//
//   magic number   2048 + rank: 0x08 means bytes
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

// Reads a file of `rank` dimensions, gzipped or not. Allocates memory for what the file holds, not
// for what its header says. Throws DataError, with the file's name and the fault, unless all of the
// file, from the first byte to the last, is a valid IDX file of this rank.
Idx read_idx(const std::string& path, std::int64_t rank);

}  // namespace foundations
