// Random expressions for einsum, with everything that its grammar has: labels repeated within an
// operand, shared, summed, and kept in any order; ellipses; sizes of 0 and 1, stretched or not.
#pragma once

#include "common/tensor/random.h"
#include "common/testing/test_einsum.h"

namespace foundations {

// Of one to four operands, at most eight labels, and few products: 2000 or so at most. `spelled`
// is an expression as well, which says the same.
EinsumCase random_einsum(Generator& generator);

}  // namespace foundations
