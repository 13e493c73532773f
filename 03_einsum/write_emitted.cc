// Writes the source of emitted(). The loop nest is the very text that `explain` prints; the other
// forms, which it prints in the notes' notation, are put into C++ word by word.
#include <iostream>
#include <regex>
#include <string>
#include <vector>

#include "03_einsum/explain_expression.h"
#include "03_einsum/explain_forms.h"
#include "03_einsum/explain_loops.h"
#include "common/test_einsum.h"

namespace foundations::ch03 {
namespace {

// The same with every match of `pattern` replaced by what `replace` makes of its first group.
template <class Replace>
std::string replace_all(const std::string& text, const char* pattern, Replace replace) {
  const std::regex regex(pattern);
  std::string result;
  std::size_t done = 0;
  for (std::sregex_iterator match(text.begin(), text.end(), regex), end; match != end; ++match) {
    const auto position = static_cast<std::size_t>(match->position());
    result += text.substr(done, position - done) + replace((*match)[1].str());
    done = position + static_cast<std::size_t>(match->length());
  }
  return result + text.substr(done);
}

// "(a[:,None] * b.permute(1, 0)).sum((0, 1))"  to
// "(a.index({Slice(),None}) * b.permute({1, 0})).sum(1).sum(0)".
std::string cpp(std::string python) {
  python = replace_all(python, R"(\[([^\]]*)\])", [](const std::string& index) {
    return ".index({" + std::regex_replace(index, std::regex(":"), "Slice()") + "})";
  });
  python = replace_all(python, R"(\.permute\(([^)]*)\))",
                       [](const std::string& dims) { return ".permute({" + dims + "})"; });
  python = replace_all(python, R"(\.reshape\(([^)]*)\))",
                       [](const std::string& sizes) { return ".reshape({" + sizes + "})"; });
  return replace_all(python, R"(\.sum\(\(([^)]*)\)\))", [](const std::string& dims) {
    std::string sums;
    const std::regex number("[0-9]+");
    for (std::sregex_iterator dim(dims.begin(), dims.end(), number), end; dim != end; ++dim) {
      sums = ".sum(" + dim->str() + ")" + sums;  // the last first: the others keep their places
    }
    return sums;
  });
}

std::string cpp(const ProductStep& step) {
  const std::string left = cpp(step.left), right = cpp(step.right);
  return (step.op == '@' ? "matmul(" + left + ", " + right + ")"
                         : "(" + left + " * " + right + ")") +
         cpp(step.after);
}

void write_pointers(const Expression& e) {
  for (std::size_t i = 0; i < e.shapes.size(); ++i) {
    std::cout << "const float* const " << e.names[i] << " = operands[" << i << "].data();\n";
  }
  std::cout << "float* const " << e.result_name() << " = result;\n";
}

void write_tensors(const Expression& e) {
  for (std::size_t i = 0; i < e.shapes.size(); ++i) {
    std::cout << "const Tensor& " << e.names[i] << " = operands[" << i << "];\n";
  }
}

void write_row(const EinsumCase& row, const std::string& source) {
  const Expression e(row.subscripts, row.shapes);
  std::cout << "{" << source << ",\n[](const std::vector<Tensor>& operands, float* result) {\n";
  write_pointers(e);
  std::cout << loop_nest(e) << "},\n";

  const BroadcastForm form = broadcast_form(e);
  if (form.axes.size() > kMaxDim) {
    std::cout << "nullptr,\n";
  } else {
    std::cout << "[](const std::vector<Tensor>& operands) -> Tensor {\n";
    write_tensors(e);
    std::cout << "return " << cpp(form.text()) << ";\n},\n";
  }

  const std::vector<ProductStep> steps = product_steps(e);
  if (steps.empty()) {
    std::cout << "nullptr,\n";
  } else {
    std::cout << "[](const std::vector<Tensor>& operands) -> Tensor {\n";
    write_tensors(e);
    for (const ProductStep& step : steps) {
      std::cout << "const Tensor " << step.result << " = " << cpp(step) << ";\n";
    }
    std::cout << "return " << e.result_name() << ";\n},\n";
  }
  std::cout << "},\n";
}

template <std::size_t n>
void write_table(const EinsumCase (&table)[n], const std::string& name) {
  for (std::size_t i = 0; i < n; ++i) write_row(table[i], name + "[" + std::to_string(i) + "]");
}

}  // namespace
}  // namespace foundations::ch03

int main() {
  using namespace foundations::ch03;
  std::cout << "#include <cstdint>\n"
               "#include \"03_einsum/emitted.h\"\n"
               "#include \"common/matmul.h\"\n"
               "#include \"common/ops.h\"\n"
               "namespace foundations::ch03 {\n"
               "using std::int64_t;\n"
               "const std::vector<Emitted>& emitted() {\n"
               "static const std::vector<Emitted> rows = {\n";
  write_table(foundations::kEinsumCases, "kEinsumCases");
  write_table(foundations::kTenLabels, "kTenLabels");
  std::cout << "};\nreturn rows;\n}\n}\n";
}
