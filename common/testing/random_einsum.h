// Random expressions for einsum, with all of its grammar: labels repeated within an operand,
// shared, summed, and kept in any order; ellipses; sizes of 0 and 1, stretched or not.
#pragma once

#include "common/tensor/random.h"
#include "common/testing/test_einsum.h"

namespace foundations {

// Returns an expression of one to four operands, at most eight labels, and at most 2,000 products
// or so. `spelled` is an expression with the same meaning.
EinsumCase random_einsum(Generator& generator);

}  // namespace foundations
