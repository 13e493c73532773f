// Draws what broadcasting does to one or two shapes.
//
//   bazel run //02_broadcast:xray -- 3 3,3
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "02_broadcast/xray.h"
#include "common/base/stdout.h"

namespace foundations::ch02 {
namespace {

constexpr const char* kHelp =
    R"(usage: xray OPERAND [OPERAND]

Draws what broadcasting does to two tensors, or how a single one lies in its storage.
An operand is the shape of a tensor and, after it, the views that are taken of it:

  3,3               a tensor of 3 x 3
  '[]'              a scalar
  '3[:,None]'       indexed as in Python: numbers, start:stop:step, None and ...
  '3,4.t()'         transposed
  '3.unsqueeze(1)'  with an axis put in

The quotes keep the shell's hands off brackets and parentheses.
)";

bool is_flag(const std::string& argument) {  // -3,3 is a wrong shape, not a wrong flag
  return argument.size() > 1 && argument[0] == '-' && (argument[1] < '0' || argument[1] > '9');
}

// What the program prints. Throws std::invalid_argument where the arguments are wrong.
std::string output(const std::vector<std::string>& arguments) {
  std::vector<Operand> operands;
  for (const std::string& argument : arguments) {
    if (argument == "--help" || argument == "-h") return kHelp;
    if (is_flag(argument)) {
      throw std::invalid_argument("unknown flag '" + argument + "'; there is only --help");
    }
    operands.push_back(parse_operand(argument));
  }
  switch (operands.size()) {
    case 1:
      return xray(operands[0]);
    case 2:
      return xray(operands[0], operands[1]);
    default:
      throw std::invalid_argument("give one operand or two, not " +
                                  std::to_string(operands.size()) +
                                  ", as in `xray 3 3,3`; --help tells what they can be");
  }
}

}  // namespace
}  // namespace foundations::ch02

int main(int argc, char** argv) try {
  std::cout << foundations::ch02::output({argv + 1, argv + argc});
  foundations::flush_stdout();
} catch (const std::exception& error) {
  std::cerr << "xray: " << error.what() << "\n";
  return 2;
}
