#include "03_einsum/explained/explain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "03_einsum/explained/expression.h"
#include "03_einsum/explained/forms.h"
#include "common/linalg/einsum.h"
#include "common/linalg/matmul.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/test_einsum.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations::ch03 {
namespace {

using Words = std::vector<std::string>;

struct Row {
  Words arguments;
  std::string part;  // of what is printed
};

const Row kRows[] = {
    // Shapes and names.
    {{"ik,kj->ij", "2,3", "3x4"},
     "c = einsum(\"ik,kj->ij\", a, b)\na [2, 3], b [3, 4]  ->  c [2, 4]"},
    {{"->", "scalar"}, "b = einsum(\"->\", a)\na []  ->  b []\n"},
    {{"aB,Bc", "2x3", "3x4"}, "m3 = einsum(\"aB,Bc\", m1, m2)\n"},
    {{"bi, bj -> ij"}, "No shapes were given; these are made up.\n\n"},
    {{"bi, bj -> ij"}, "\nA [2, 3], B [2, 4]  ->  C [3, 4]\n"},
    {{"ii,...I"}, "\na [2, 2], b [2, 3]  ->  c [2, 3]\n"},
    // Labels, and why they are what they are.
    {{",->", "[]", "[]"}, "\n  there is none: all operands are scalars\n"},
    {{"ki,i"}, "\n  no ->, so the output is what occurs once, in alphabetical order: k\n"},
    {{"...", "0"},
     "\n  no ->, so the output is the ellipsis, then what occurs once, in alphabetical order: d1\n"
     "  d1  size 0  kept  in a and the output\n"
     "                    it is dimension -1 of the ellipsis\n"
     "                    no steps: the output has no elements\n"},
    {{"i->", "0"}, "\n                     no steps: a sum over nothing is 0\n"},
    {{"iii->i"},
     "\n                   3 times in a: only the diagonal is read, where the indices are"},
    {{"i,i,i->i", "1", "3", "3"},
     "\n  i  size 3  batch  in a, b, c and the output: only elements of the same i meet\n"
     "                    size 1 in a, which stretches: a is used again for each i\n"},
    {{"i,i->i", "1", "3"}, "\n  i  size 3  batch  in a, b and the output\n"},
    {{"i,j,k->i"}, "  kept from a  in a and the output: the others are used again for each i\n"},
    // Loops.
    {{"i,i", "3", "3"},
     "\neinsum is these loops, one for each label\n"
     "  float sum = 0;\n"
     "  for (int64_t i = 0; i < 3; ++i)\n"
     "    sum += a[i] * b[i];\n"
     "  c[0] = sum;\n"},
    {{"i,j->ji", "1", "3"},
     "  for (int64_t j = 0; j < 3; ++j)\n"
     "    for (int64_t i = 0; i < 1; ++i)\n"
     "      c[j] = a[0] * b[j];\n"},
    {{"", "[]"}, "\nNo loop\n  b[0] = a[0];\n"},
    {{"...ik->", "6x2x1x4"}, "sum += a[(d2 * 2 + d1) * 4 + k];\n"},
    // Costs.
    {{"ik,kj->ij", "5x784", "784x10"},
     "  39,200 multiply-adds = 5 * 10 * 784\n"
     "  47,240 bytes in float32: 15,680 of a and 31,360 of b read, 200 of c written\n"
     "  0.83 multiply-adds for each byte\n"},
    {{"i,j->ij", "2", "3"}, "\n  6 multiplications = 2 * 3\n"},
    {{"i->", "1"}, "\n  1 addition\n"},
    {{"i,i,i->i", "2", "2", "2"}, "\n  2 steps, each of 2 multiplications\n"},
    {{"ii->i", "3x3"}, "\n  24 bytes in float32: 12 of a read, 12 of b written\n"},
    {{"i,i->i", "1", "3"}, "  28 bytes in float32: 4 of a and 12 of b read, 12 of c written\n"},
    {{"ij->j", "0x3"}, "\n  12 bytes in float32: 0 of a read, 12 of b written\n"},
    {{"i,j", "4000000000000000000", "4000000000000000000"}, "\n  1.6e+37 multiplications = "},
    {{"abcde,fghij->aj"}, "\n  its product has 10 dimensions, and a tensor has at most 8\n"},
    // Other forms.
    {{"bi,bj->ij"}, "  C = (A[:,:,None] * B[:,None,:]).sum(0)\n"},
    {{"ik,jk->ij"}, "  c = (a[:,None,:] * b).sum(2)\n"},
    {{"ik,kj->ji"}, "  c = (a[:,:,None] * b).sum(1).t()\n"},
    {{"i,j->ji"}, "  c = a * b[:,None]\n"},
    {{"ijk->j"}, "  b = a.sum((0, 2))\n"},
    {{"ij,ji->"}, "  c = a.reshape(6) @ b.t().reshape(6)\n    [6] @ [6] -> []  summed i j\n"},
    {{"...ik,kj->...ij", "7x2x3", "3x4"},
     "  c = (a.reshape(14, 3) @ b).reshape(7, 2, 4)\n"
     "    [14, 3] @ [3, 4] -> [14, 4]  left d1 i, summed k, right j\n"},
    {{"bik,bkj->bij", "1x3x4", "2x4x5"}, "\n    [1, 3, 4] @ [2, 4, 5] -> [2, 3, 5]  batch b, "},
    {{"bi,bi->b"}, "\nNo matrix product: inner products, for every label that is kept is in both"},
    {{"i,j->ij"}, "\nNo matrix product: an outer product, for no sum runs over both operands\n"},
    {{"i,i->i"}, "\nNo matrix product: element by element, for no sum runs over both operands\n"},
    {{"ij,jk,kl->il", "2x3", "3x4", "4x5"},
     "  64 multiplications in all, where the loops take 240"},
    {{"ij,jk,kl->il", "5x4", "4x3", "3x2"},
     "\nThe same two by two, the smallest product first\n"
     "  bc = b @ c\n"
     "    [4, 3] @ [3, 2] -> [4, 2]  left j, summed k, right l\n"
     "  d = a @ bc\n"
     "    [5, 4] @ [4, 2] -> [5, 2]  left i, summed j, right l\n"
     "  64 multiplications in all, where the loops take 240"},
};

TEST(Explain, SaysWhatEverythingIs) {
  for (const Row& row : kRows) {
    const std::string text = explain(row.arguments);
    EXPECT_NE(text.find(row.part), std::string::npos) << row.part << "\nis not in\n" << text;
  }
}

TEST(Explain, PointsAtWhatIsWrong) {
  const Row kBad[] = {
      {{"ik,kj->iz", "2x3", "3x4"}, "output label 'z' is in no operand\n  ik,kj->iz\n          ^"},
      {{"ij", "2"}, "2 labels for 1 dimension: operand 0 has shape [2]\n  ij\n    ^"},
      {{"i;j"}, "';' is no label: labels are letters\n  i;j\n   ^"},
      {{"ij", "2:3"},
       "'2:3' is not a shape: write up to 8 sizes, as in 2x3x4 or 2,3,4, or [] for a scalar"},
      {{}, "give it subscripts and shapes, such as 'ik,kj->ij' 5x784 784x10"},
  };
  for (const Row& row : kBad) expect_error<ShapeError>([&] { explain(row.arguments); }, row.part);
}

// Does to x what is written behind it: ".t().sum((0, 1))", "[:,None]".
Tensor applied(Tensor x, const std::string& calls) {
  for (std::size_t begin = 0, end; begin < calls.size(); begin = end) {
    end = std::min(calls.find_first_of(".[", begin + 1), calls.size());
    const std::string call = calls.substr(begin, end - begin);
    std::int64_t dim = 0;
    IntList numbers;
    for (std::size_t i = 0; i < call.size(); ++i) {
      dim += call[i] == ',';
      if (call[i] == 'N') x = x.unsqueeze(dim);
      if (std::isdigit(call[i]) && !std::isdigit(call[i - 1])) {
        numbers.push_back(std::stoll(call.substr(i)));
      }
    }
    if (call == ".t()") x = x.t();
    if (call == ".sum()") x = x.sum();
    if (call == ".diagonal()") x = x.diagonal();
    if (call.starts_with(".diagonal(0")) x = x.diagonal(0, numbers[1], numbers[2]);
    if (call.starts_with(".permute")) x = x.permute(numbers);
    if (call.starts_with(".reshape")) x = x.reshape(Shape(numbers.begin(), numbers.end()));
    if (call.starts_with(".sum")) {
      for (std::int64_t i = numbers.size(); i-- > 0;) x = x.sum(numbers[i]);
    }
  }
  return x;
}

// The result of a step; what it says of shapes is held to the tensors.
Tensor evaluated(const Step& step, const std::map<std::string, Tensor>& tensors) {
  Tensor product;
  for (std::size_t i = 0; i < step.factors.size(); ++i) {
    const std::string& factor = step.factors[i];
    const std::size_t calls = std::min(factor.find_first_of(".["), factor.size());
    const Tensor x = applied(tensors.at(factor.substr(0, calls)), factor.substr(calls));
    EXPECT_EQ("[" + step.shapes[i] + "]", bracketed(x.shape()));
    product = i == 0 ? x : step.op == '@' ? matmul(product, x) : product * x;
  }
  EXPECT_EQ("[" + step.shapes.back() + "]", bracketed(product.shape()));
  return applied(product, step.after);
}

TEST(Forms, AreEinsum) {
  Generator generator(1);
  const auto check = [&](const EinsumCase& row) {
    SCOPED_TRACE(row.text());
    const Expression e(row.subscripts, row.shapes);
    std::map<std::string, Tensor> tensors;
    std::vector<Tensor> operands;
    for (std::size_t i = 0; i < row.shapes.size(); ++i) {
      operands.push_back(whole_numbers<float>(row.shapes[i], generator, 2));
      tensors[e.names[i]] = operands[i];
    }
    const Tensor want = einsum(row.subscripts, operands);
    const Step form = broadcast_form(e);
    if (form.axes.size() <= kMaxDim) expect_equal(evaluated(form, tensors), want);
    const std::vector<Step> steps = product_steps(e);
    ASSERT_EQ(steps.size(), operands.size() - 1);
    for (const Step& step : steps) tensors[step.result] = evaluated(step, tensors);
    if (!steps.empty()) expect_equal(tensors[e.result()], want);
  };
  for (const EinsumCase& row : kEinsumCases) check(row);
  for (const EinsumCase& row : kTenLabels) check(row);
  check({"ij,jk,i->ik", {{1, 3}, {3, 4}, {2}}, ""});  // a @ b has still the size 1
}

}  // namespace
}  // namespace foundations::ch03
