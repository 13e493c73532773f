// Writes the source of emitted(). The loop nest is the very text that `explain` prints; the other
// forms, which it prints in the notes' notation, are put into C++ word by word.
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "03_einsum/explain_expression.h"
#include "03_einsum/explain_forms.h"
#include "03_einsum/explain_loops.h"
#include "common/base/stdout.h"
#include "common/testing/test_einsum.h"

namespace foundations::ch03 {
namespace {

// The same with every stretch from `open` to the next `close` replaced by what `replace` makes of
// what is between them.
template <class Replace>
std::string replace_all(const std::string& text, const std::string& open, const std::string& close,
                        Replace replace) {
  std::string result;
  std::size_t done = 0;
  for (std::size_t at = 0; (at = text.find(open, done)) != std::string::npos;) {
    const std::size_t inside = at + open.size(), end = text.find(close, inside);
    result += text.substr(done, at - done) + replace(text.substr(inside, end - inside));
    done = end + close.size();
  }
  return result + text.substr(done);
}

// "(a[:,None] * b.permute(1, 0)).sum((0, 1))"  to
// "(a.index({Slice(),None}) * b.permute({1, 0})).sum(1).sum(0)".
std::string cpp(std::string python) {
  python = replace_all(python, "[", "]", [](const std::string& index) {
    std::string slices;
    for (const char c : index) slices += c == ':' ? std::string("Slice()") : std::string(1, c);
    return ".index({" + slices + "})";
  });
  for (const std::string method : {".permute(", ".reshape("}) {
    python = replace_all(python, method, ")",
                         [&](const std::string& sizes) { return method + "{" + sizes + "})"; });
  }
  return replace_all(python, ".sum((", "))", [](const std::string& dims) {
    std::string sums;  // the last first: the others keep their places
    for (const char dim : dims) {
      if ('0' <= dim && dim <= '9') sums = std::string(".sum(") + dim + ")" + sums;
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

int main(int argc, char** argv) try {
  using namespace foundations::ch03;
  if (argc > 1) {
    std::cerr << "write_emitted: unknown argument " << argv[1] << "; it takes none\n";
    return 2;
  }
  std::cout << "#include <cstdint>\n"
               "#include \"03_einsum/emitted.h\"\n"
               "#include \"common/linalg/matmul.h\"\n"
               "#include \"common/tensor/ops.h\"\n"
               "namespace foundations::ch03 {\n"
               "using std::int64_t;\n"
               "const std::vector<Emitted>& emitted() {\n"
               "static const std::vector<Emitted> rows = {\n";
  write_table(foundations::kEinsumCases, "kEinsumCases");
  write_table(foundations::kTenLabels, "kTenLabels");
  std::cout << "};\nreturn rows;\n}\n}\n";
  foundations::flush_stdout();
} catch (const std::exception& error) {
  std::cerr << "write_emitted: " << error.what() << "\n";
  return 2;
}
