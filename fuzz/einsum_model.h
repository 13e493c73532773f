// The grammar of einsum's subscripts once more, by plain cutting of strings: parse_subscripts()
// must give the same.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace foundations {

using Numbers = std::vector<std::int64_t>;

struct Question {
  std::string subscripts;
  std::vector<Numbers> shapes;
};

// Subscripts with nothing implied, as reference_einsum() takes them: "...i,i" of a matrix and a
// vector is spelled "0i,i->0".
struct Spelled {
  std::string inputs, output;
  std::map<char, std::int64_t> sizes;  // of each label, stretched

  std::string text() const { return inputs + "->" + output; }
};

// Returns nothing if the subscripts have to be refused.
std::optional<Spelled> spell(const Question& question);

}  // namespace foundations
