// IDX files in memory: written from a fuzzer's bytes, sound and unsound, and read again without
// care for memory. common/data/idx.h must accept the same files, with the same contents.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/fuzz.h"

namespace foundations {

using Numbers = std::vector<std::int64_t>;

// The contents of a sound file.
struct IdxContents {
  Numbers sizes;
  std::string elements;
};

// Returns nothing unless the bytes, plain or gzipped (in one member or several in a row), are an
// IDX file of this rank from the first to the last. A name in .gz promises gzip.
std::optional<IdxContents> read_plainly(const std::string& bytes, bool named_gz, std::int64_t rank);

// Returns a file of these sizes: mostly sound, plain or gzipped.
std::string draw_idx(Input& input, const Numbers& sizes);

}  // namespace foundations
