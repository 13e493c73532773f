// IDX files in memory: written from a fuzzer's bytes, sound and unsound, and read again without
// care for memory. What common/data/idx.h must accept, and as what.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/input.h"

namespace foundations {

// What a sound file holds.
struct IdxContents {
  std::vector<std::int64_t> sizes;
  std::string elements;
};

// Nothing unless the bytes, plain or gzipped (one member or several, behind each other), are an IDX
// file of this rank from the first to the last. A name in .gz promises gzip.
std::optional<IdxContents> read_plainly(const std::string& bytes, bool named_gz, std::int64_t rank);

// A file of these sizes whose elements are 0 to `highest`, mostly sound, plain or gzipped.
std::string draw_idx(Input& input, const std::vector<std::int64_t>& sizes, int highest);

}  // namespace foundations
