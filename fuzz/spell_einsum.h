// The grammar of einsum's subscripts once more, by plain cutting of strings: what
// parse_subscripts() must make of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace foundations {

// The subscripts with nothing left to imply, as reference_einsum() takes them: "...i,i" of a matrix
// and a vector is "0i,i->0". Nothing where they are to be refused.
std::optional<std::string> spell_einsum(const std::string& subscripts,
                                        const std::vector<std::vector<std::int64_t>>& shapes);

}  // namespace foundations
