// What an einsum does: its labels, its loop nest, its cost, and the same in other words.
//
//   bazel run //03_einsum:explain -- 'bik,bkj->bij' 2x3x4 2x4x5
#include <iostream>

#include "03_einsum/explained/explain.h"
#include "common/base/program.h"

int main(int argc, char** argv) {
  foundations::Program program(
      "What an einsum does, and what else would do it.\n\n"
      "  explain 'ik,kj->ij' 5x784 784x10    two operands, [5, 784] and [784, 10]\n"
      "  explain ',i->i' scalar 3            a scalar has no sizes\n"
      "  explain 'bi,bj->ij'                 without shapes, small ones are made up");
  std::vector<std::string> arguments;
  program.arguments("SUBSCRIPTS", arguments,
                    "in quotes, or the shell takes > for itself; then a shape for each operand");
  return program.run(argc, argv, [&] { std::cout << foundations::ch03::explain(arguments); });
}
