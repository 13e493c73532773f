// What an einsum does: its labels, its loop nest, its cost, and the same in other words.
//
//   bazel run //03_einsum:explain -- 'bik,bkj->bij' 2x3x4 2x4x5
#include <exception>
#include <iostream>
#include <string_view>
#include <utility>
#include <vector>

#include "03_einsum/explain.h"
#include "03_einsum/explain_expression.h"
#include "common/base/stdout.h"
#include "common/linalg/subscripts.h"

namespace {

constexpr std::string_view kHelp =
    "explain SUBSCRIPTS [SHAPE ...]: what an einsum does, and what else would do it.\n"
    "\n"
    "  explain 'ik,kj->ij' 5x784 784x10    two operands, [5, 784] and [784, 10]\n"
    "  explain ',i->i' scalar 3            a scalar has no sizes\n"
    "  explain 'bi,bj->ij'                 without shapes, small ones are made up\n"
    "\n"
    "Quote the subscripts: the shell would take > for itself. Exit status: 0, or 2 for what "
    "cannot\n"
    "be read, with the reason and the place.\n";

}  // namespace

int main(int argc, char** argv) try {
  using namespace foundations::ch03;
  const std::vector<std::string_view> arguments(argv + 1, argv + argc);
  for (const std::string_view argument : arguments) {
    if (argument == "--help") {
      std::cout << kHelp;
      foundations::flush_stdout();
      return 0;
    }
    if (argument.starts_with("-") && !argument.starts_with("->")) {
      std::cerr << "explain: unknown flag " << argument << "; try --help\n";
      return 2;
    }
  }
  if (arguments.empty()) {
    std::cerr << "explain: give it subscripts and shapes, such as 'ik,kj->ij' 5x784 784x10\n";
    return 2;
  }
  const std::string_view subscripts = arguments[0];
  try {
    std::vector<foundations::Shape> shapes;
    for (std::size_t i = 1; i < arguments.size(); ++i) shapes.push_back(parse_shape(arguments[i]));
    const bool made_up = shapes.empty();
    if (made_up) shapes = small_shapes(subscripts);
    const Expression e(subscripts, std::move(shapes));
    if (made_up) std::cout << "No shapes were given; these are made up.\n\n";
    std::cout << explain(e);
    foundations::flush_stdout();
  } catch (const foundations::SubscriptError& error) {
    std::cerr << "explain: " << pointed_out(subscripts, error);
    return 2;
  }
} catch (const std::exception& error) {
  std::cerr << "explain: " << error.what() << "\n";
  return 2;
}
