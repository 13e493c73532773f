// Draws what broadcasting does to one or two shapes.
//
//   bazel run //02_broadcast:xray -- 3 3,3
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "02_broadcast/stride_xray/xray.h"
#include "common/base/program.h"

namespace foundations::ch02 {
namespace {

std::string drawing(const std::vector<std::string>& operands) {
  if (operands.size() == 1) return xray(parse_operand(operands[0]));
  if (operands.size() == 2) return xray(parse_operand(operands[0]), parse_operand(operands[1]));
  throw std::invalid_argument("give one operand or two, not " + std::to_string(operands.size()) +
                              ", as in `xray 3 3,3`; --help tells what they can be");
}

}  // namespace
}  // namespace foundations::ch02

int main(int argc, char** argv) {
  foundations::Program program(
      std::string(
          "Draws what broadcasting does to two tensors, or how one lies in its storage.\n") +
      foundations::ch02::kOperandSyntax);
  std::vector<std::string> operands;
  program.arguments("operands", operands, "one or two, as in `xray 3 3,3`");
  return program.run(argc, argv, [&] { std::cout << foundations::ch02::drawing(operands); });
}
