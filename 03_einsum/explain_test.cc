#include "03_einsum/explain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "03_einsum/explain_expression.h"
#include "03_einsum/explain_forms.h"
#include "03_einsum/explain_labels.h"
#include "03_einsum/explain_loops.h"
#include "common/base/error.h"
#include "common/linalg/subscripts.h"
#include "common/tensor/shape.h"
#include "common/testing/test_einsum.h"
#include "common/testing/testing.h"

namespace foundations::ch03 {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const std::string& text) {
  std::istringstream stream(text);
  Lines lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string explained(const std::string& subscripts, const std::vector<Shape>& shapes) {
  return explain(Expression(subscripts, shapes));
}

TEST(ParseShape, ReadsSizesWithAnXBetween) {
  EXPECT_EQ(parse_shape("2x3x4"), (Shape{2, 3, 4}));
  EXPECT_EQ(parse_shape("7"), Shape{7});
  EXPECT_EQ(parse_shape("0x1"), (Shape{0, 1}));
  EXPECT_EQ(parse_shape("scalar"), Shape{});
  EXPECT_EQ(parse_shape("1x2x3x4x5x6x7x8").size(), 8);
}

TEST(ParseShape, RefusesWhatIsNone) {
  for (const std::string text :
       {"", "x", "2x", "x2", "2xx3", "-1", "2x-3", "2,3", "2x3 ", " 2", "+2", "2.5", "2X3",
        "[2, 3]", "9223372036854775808", "1x2x3x4x5x6x7x8x9", "Scalar"}) {
    expect_error<ShapeError>([&] { parse_shape(text); },
                             "'" + text +
                                 "' is no shape; write 2x3x4 for [2, 3, 4] (up to 8 sizes), or "
                                 "scalar");
  }
}

TEST(SmallShapes, GiveEveryLabelASizeOfItsOwn) {
  EXPECT_EQ(small_shapes("bik, bkj -> bij"), (std::vector<Shape>{{2, 3, 4}, {2, 4, 5}}));
  EXPECT_EQ(small_shapes("ii,I"), (std::vector<Shape>{{2, 2}, {3}}));
  EXPECT_EQ(small_shapes("...i,...->i"), (std::vector<Shape>{{2, 2}, {2}}));
  const Shape full = {2, 3, 4, 5, 6, 7, 8, 9};
  EXPECT_EQ(small_shapes("abcdefgh...->h"), std::vector<Shape>{full});
  EXPECT_EQ(small_shapes("...abcdefgh->h"), std::vector<Shape>{full});
  EXPECT_EQ(small_shapes("a...bcdefgh,...a"), (std::vector<Shape>{full, {2, 2}}));
  EXPECT_EQ(small_shapes(",->"), (std::vector<Shape>{{}, {}}));
  EXPECT_EQ(small_shapes(""), (std::vector<Shape>{{}}));
  EXPECT_EQ(small_shapes("i;.j"), (std::vector<Shape>{{2, 3}}));  // for the parser to refuse
  expect_error<SubscriptError>([] { small_shapes("i,abcdefghi"); },
                               "einsum(\"i,abcdefghi\"): a tensor has at most 8 dimensions "
                               "(character 10)");
}

TEST(Expression, NamesNothingLikeALabel) {
  EXPECT_EQ(Expression("ik,kj", {{2, 3}, {3, 4}}).names, (Lines{"a", "b", "c"}));
  EXPECT_EQ(Expression("ij->ji", {{2, 3}}).names, (Lines{"a", "b"}));
  EXPECT_EQ(Expression("bi,bj->ij", {{2, 3}, {2, 3}}).names, (Lines{"A", "B", "C"}));
  EXPECT_EQ(Expression("d,i->", {{2}, {3}}).names, (Lines{"a", "b", "c"}));
  EXPECT_EQ(Expression("aB,Bc", {{2, 3}, {3, 4}}).names, (Lines{"m1", "m2", "m3"}));
}

struct ElementCase {
  std::string labels;
  Shape shape;
  std::string want;
};

TEST(Element, IsIndexedAsAPersonWould) {
  const ElementCase cases[] = {
      {"", {}, "a[0]"},
      {"i", {5}, "a[i]"},
      {"ij", {5, 3}, "a[i * 3 + j]"},
      {"bik", {2, 3, 4}, "a[(b * 3 + i) * 4 + k]"},
      {"10ik", {6, 2, 3, 4}, "a[((d2 * 2 + d1) * 3 + i) * 4 + k]"},
      {"ii", {3, 3}, "a[i * 3 + i]"},
      {"i", {1}, "a[0]"},
      {"ij", {5, 1}, "a[i]"},
      {"ij", {1, 5}, "a[j]"},
      {"ijk", {5, 1, 3}, "a[i * 3 + k]"},
      {"ij", {0, 3}, "a[i * 3 + j]"},
  };
  for (const ElementCase& row : cases) {
    EXPECT_EQ(element("a", row.labels, row.shape), row.want) << row.labels;
  }
}

TEST(LoopNest, HasALoopForEachLabel) {
  EXPECT_EQ(loop_nest(Expression("i,i", {{3}, {3}})),
            "float sum = 0;\n"
            "for (int64_t i = 0; i < 3; ++i)\n"
            "  sum += a[i] * b[i];\n"
            "c[0] = sum;\n");
  EXPECT_EQ(loop_nest(Expression("ik,kj", {{5, 784}, {784, 10}})),
            "for (int64_t i = 0; i < 5; ++i)\n"
            "  for (int64_t j = 0; j < 10; ++j) {\n"
            "    float sum = 0;\n"
            "    for (int64_t k = 0; k < 784; ++k)\n"
            "      sum += a[i * 784 + k] * b[k * 10 + j];\n"
            "    c[i * 10 + j] = sum;\n"
            "  }\n");
  EXPECT_EQ(loop_nest(Expression("i,j->ji", {{1}, {3}})),
            "for (int64_t j = 0; j < 3; ++j)\n"
            "  for (int64_t i = 0; i < 1; ++i)\n"
            "    c[j] = a[0] * b[j];\n");
  EXPECT_EQ(loop_nest(Expression("", {{}})), "b[0] = a[0];\n");
}

TEST(ProductLines, GoOnInANewLineWhereTheyGetTooLong) {
  const std::string x(40, 'x'), y(40, 'y'), z(40, 'z');
  EXPECT_EQ(product_lines("  t = ", {x, y, z}), "  t = " + x + " * " + y + " *\n      " + z);
  EXPECT_EQ(product_lines("  t = ", {x + y, z}, '@'), "  t = " + x + y + " @\n      " + z);
  EXPECT_EQ(product_lines(x + " = ", {y + z, "a"}), x + " =\n    " + y + z + " * a");
  EXPECT_EQ(product_lines("t = ", {x + y + z}), "t =\n    " + x + y + z);
}

struct Forms {
  std::string subscripts;
  std::vector<Shape> shapes;
  std::string broadcast;
  Lines products;
};

const Forms kForms[] = {
    // The notes'.
    {"i,i", {{3}, {3}}, "(a * b).sum()", {"a @ b"}},
    {"ik,kj->ij", {{5, 784}, {784, 10}}, "(a[:,:,None] * b).sum(1)", {"a @ b"}},
    {"bik,bkj->bij", {{2, 3, 4}, {2, 4, 5}}, "(A[:,:,:,None] * B[:,None,:,:]).sum(2)", {"A @ B"}},
    {"bi,bj->ij", {{6, 2}, {6, 3}}, "(A[:,:,None] * B[:,None,:]).sum(0)", {"A.t() @ B"}},
    // One operand.
    {"i->i", {{3}}, "a", {}},
    {"ij->ji", {{2, 3}}, "a.t()", {}},
    {"ijk->kij", {{2, 3, 4}}, "a.permute(2, 0, 1)", {}},
    {"ij->", {{2, 3}}, "a.sum()", {}},
    {"ijk->j", {{2, 3, 4}}, "a.sum((0, 2))", {}},
    {"ii->i", {{3, 3}}, "a.diagonal()", {}},
    {"ii", {{3, 3}}, "a.diagonal().sum()", {}},
    {"iji->ij", {{3, 2, 3}}, "a.diagonal(0, 0, 2).t()", {}},
    {"iii->i", {{3, 3, 3}}, "a.diagonal().diagonal()", {}},
    // Two.
    {"ik,jk->ij", {{2, 3}, {4, 3}}, "(a[:,None,:] * b).sum(2)", {"a @ b.t()"}},
    {"ik,kj->ji", {{2, 3}, {3, 4}}, "(a[:,:,None] * b).sum(1).t()", {"(a @ b).t()"}},
    {"ij,ji->", {{2, 3}, {3, 2}}, "(a * b.t()).sum()", {"a.reshape(6) @ b.t().reshape(6)"}},
    {"bi,bi->b", {{2, 3}, {2, 3}}, "(A * B).sum(1)", {"(A * B).sum(1)"}},
    {"i,j->ij", {{2}, {3}}, "a[:,None] * b", {"a[:,None] * b"}},
    {"i,j->ji", {{2}, {3}}, "a * b[:,None]", {"a * b[:,None]"}},
    {"ij,->ij", {{2, 3}, {}}, "a * b", {"a * b"}},
    {"ikl,kj->ij",
     {{2, 3, 4}, {3, 5}},
     "(a[:,:,None,:] * b[:,:,None]).sum((1, 3))",
     {"a.sum(2) @ b"}},
    {"bhqd,bhkd->bhqk",
     {{2, 3, 4, 5}, {2, 3, 6, 5}},
     "(A[:,:,:,None,:] * B[:,:,None,:,:]).sum(4)",
     {"A @ B.permute(0, 1, 3, 2)"}},
    {"...ik,kj->...ij",
     {{7, 2, 3}, {3, 4}},
     "(a[:,:,:,None] * b).sum(2)",
     {"(a.reshape(14, 3) @ b).reshape(7, 2, 4)"}},
    {"iij,jk->ik",
     {{3, 3, 4}, {4, 2}},
     "(a.diagonal()[:,:,None] * b[:,None,:]).sum(0)",
     {"a.diagonal().t() @ b"}},
    // Sizes of 1 that stretch.
    {"ik,kj->ij",
     {{2, 1}, {3, 5}},
     "(a[:,:,None] * b).sum(1)",
     {"a.squeeze(1)[:,None] * b.sum(0)"}},
    {"bik,bkj->bij", {{1, 3, 4}, {2, 4, 5}}, "(A[:,:,:,None] * B[:,None,:,:]).sum(2)", {"A @ B"}},
    // Three.
    {"ij,jk,kl->il",
     {{2, 3}, {3, 4}, {4, 5}},
     "(a[:,:,None,None] * b[:,:,None] * c).sum((1, 2))",
     {"a @ b", "ab @ c"}},
    {"i,ij,j->", {{3}, {3, 4}, {4}}, "(a[:,None] * b * c).sum()", {"a @ b", "ab @ c"}},
};

TEST(Forms, AreWhatAPersonWouldWrite) {
  for (const Forms& row : kForms) {
    SCOPED_TRACE(row.subscripts);
    const Expression e(row.subscripts, row.shapes);
    EXPECT_EQ(broadcast_form(e).text(), row.broadcast);
    Lines products;
    for (const ProductStep& step : product_steps(e)) products.push_back(step.text());
    EXPECT_EQ(products, row.products);
  }
}

TEST(ProductSteps, GroupTheLabels) {
  const ProductStep step =
      product_steps(Expression("b...ik,bkj->b...ij", {{2, 7, 3, 4}, {2, 4, 5}}))[0];
  EXPECT_EQ(step.batch, "b");
  EXPECT_EQ(step.left_only, "0i");
  EXPECT_EQ(step.summed, "k");
  EXPECT_EQ(step.right_only, "j");
  EXPECT_EQ(step.shapes(), "[2, 21, 4] @ [2, 4, 5] -> [2, 21, 5]");
  EXPECT_EQ(step.multiplications, 2 * 21 * 4 * 5);
}

struct LabelCase {
  std::string subscripts;
  std::vector<Shape> shapes;
  Lines table;  // without its title
};

const LabelCase kLabels[] = {
    {"ik,kj->ij",
     {{5, 784}, {784, 10}},
     {"  i  size 5    kept from a  in a and the output: b is used again for each i",
      "  j  size 10   kept from b  in b and the output: a is used again for each j",
      "  k  size 784  summed       in a and b, not in the output: the products for all k are added "
      "up"}},
    {"ki,i",
     {{2, 3}, {3}},
     {"  no ->, so the output is what occurs once, in alphabetical order: k",
      "  k  size 2  kept from a  in a and the output: b is used again for each k",
      "  i  size 3  summed       in a and b, not in the output: the products for all i are added "
      "up"}},
    {"...->",
     {{0}},
     {"  d1  size 0  summed  in a, not in the output: the elements for all d1 are "
      "added up",
      "                      it is dimension -1 of the ellipsis",
      "                      no steps: a sum over nothing is 0"}},
    {"...",
     {{0}},
     {"  no ->, so the output is the ellipsis, then what occurs once, in alphabetical order: d1",
      "  d1  size 0  kept  in a and the output",
      "                    it is dimension -1 of the ellipsis",
      "                    no steps: the output has no elements"}},
    {"ii->i",
     {{3, 3}},
     {"  i  size 3  kept  in a and the output",
      "                   twice in a: only the diagonal is read, where the indices are equal"}},
    {"i,i,i->i",
     {{1}, {3}, {3}},
     {"  i  size 3  batch  in a, b, c and the output: only elements of the same i meet",
      "                    size 1 in a, which stretches: a is used again for each i"}},
    {"i,i->i",
     {{1}, {3}},
     {"  i  size 3  batch  in a, b and the output",
      "                    size 1 in a, which stretches: a is used again for each i"}},
    {"i,j,k->i",
     {{2}, {3}, {4}},
     {"  i  size 2  kept from a  in a and the output: the others are used again for each i",
      "  j  size 3  summed       in b, not in the output: the products for all j are added up",
      "  k  size 4  summed       in c, not in the output: the products for all k are added up"}},
    {",->", {{}, {}}, {"  there is none: all operands are scalars"}},
};

TEST(LabelTable, SaysWhatEachLabelIsAndWhy) {
  for (const LabelCase& row : kLabels) {
    Lines want = row.table;
    want.insert(want.begin(), "What each label is");
    EXPECT_EQ(lines_of(label_table(Expression(row.subscripts, row.shapes))), want)
        << row.subscripts;
  }
}

TEST(NumberText, IsGroupedOrRounded) {
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(999), "999");
  EXPECT_EQ(number_text(39200), "39,200");
  EXPECT_EQ(number_text(1234567), "1,234,567");
  EXPECT_EQ(number_text(999999999999999), "999,999,999,999,999");
  EXPECT_EQ(number_text(1.23e30), "1.2e+30");
}

bool has_line(const std::string& text, const std::string& line) {
  const Lines lines = lines_of(text);
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

struct CostCase {
  std::string subscripts;
  std::vector<Shape> shapes;
  std::string line;
};

const CostCase kCosts[] = {
    {"ik,kj->ij", {{5, 784}, {784, 10}}, "  39,200 multiply-adds = 5 * 10 * 784"},
    {"ik,kj->ij",
     {{5, 784}, {784, 10}},
     "  47,240 bytes in float32: 15,680 of a and 31,360 of b read, 200 of c written"},
    {"ik,kj->ij", {{5, 784}, {784, 10}}, "  0.83 multiply-adds for each byte"},
    {"i,j->ij", {{2}, {3}}, "  6 multiplications = 2 * 3"},
    {"i->", {{1}}, "  1 addition"},
    {"ij->ji", {{2, 3}}, "  no arithmetic"},
    {"i,ij,j", {{2}, {2, 3}, {3}}, "  6 steps = 2 * 3, each of 2 multiplications and an addition"},
    {"i,i,i->i", {{2}, {2}, {2}}, "  2 steps, each of 2 multiplications"},
    // A diagonal is less than its operand, a stretched one is read once, an empty sum reads
    // nothing.
    {"ii->i", {{3, 3}}, "  24 bytes in float32: 12 of a read, 12 of b written"},
    {"i,i->i", {{1}, {3}}, "  28 bytes in float32: 4 of a and 12 of b read, 12 of c written"},
    {"ij->j", {{0, 3}}, "  12 bytes in float32: 0 of a read, 12 of b written"},
    {"ij,jk,kl->il",
     {{2, 3}, {3, 4}, {4, 5}},
     "  64 multiplications in all, where the loops take 240"},
    {"i,j",
     {{4000000000000000000}, {4000000000000000000}},
     "  1.6e+37 multiplications = "
     "4000000000000000000 * "
     "4000000000000000000"},
    {"abcde,fghij->aj",
     {{2, 2, 2, 2, 2}, {2, 2, 2, 2, 2}},
     "  its product has 10 dimensions, and a tensor has at most 8"},
    {"ij->ji", {{2, 3}}, "  a view: the same memory, no element copied"},
    {"i,j->ij",
     {{2}, {3}},
     "No matrix product: an outer product, for no sum runs over both operands"},
    {"i,i->i",
     {{2}, {2}},
     "No matrix product: element by element, for no sum runs over both operands"},
    {"bi,bi->b",
     {{2, 3}, {2, 3}},
     "No matrix product: inner products, for every label that is kept is in both operands"},
};

TEST(Explain, CountsAndCompares) {
  for (const CostCase& row : kCosts) {
    const std::string text = explained(row.subscripts, row.shapes);
    EXPECT_TRUE(has_line(text, row.line)) << row.line << "\nis not in\n" << text;
  }
}

// Explained as they are printed: in ASCII, and no line longer than a page is wide.
void expect_readable(const EinsumCase& row) {
  for (const std::string& line : lines_of(explained(row.subscripts, row.shapes))) {
    EXPECT_LE(line.size(), 100u) << row.text() << "\n" << line;
    EXPECT_TRUE(line.empty() || line.back() != ' ') << row.text() << "\n" << line;
    EXPECT_TRUE(std::all_of(line.begin(), line.end(), [](char c) { return ' ' <= c && c <= '~'; }))
        << row.text() << "\n"
        << line;
  }
}

TEST(Explain, FitsOnAPage) {
  for (const EinsumCase& row : kEinsumCases) expect_readable(row);
  for (const EinsumCase& row : kTenLabels) expect_readable(row);
}

struct BadCase {
  std::string subscripts;
  std::vector<Shape> shapes;
  std::string want;
};

const BadCase kBad[] = {
    {"ik,kj->iz",
     {{2, 3}, {3, 4}},
     "output label 'z' is in no operand\n  ik,kj->iz\n          ^\n"},
    {"ij->ii", {{2, 3}}, "output label 'i' occurs twice\n  ij->ii\n       ^\n"},
    {"ijk->ij",
     {{2, 3}},
     "3 labels for 2 dimensions: operand 0 has shape [2, 3]\n  ijk->ij\n     ^\n"},
    {"ij", {{2}}, "2 labels for 1 dimension: operand 0 has shape [2]\n  ij\n    ^\n"},
    {"i,j->ij", {{2}}, "subscripts for more than 1 operand\n  i,j->ij\n    ^\n"},
    {"i->i", {{2}, {3}}, "subscripts for 1 of 2 operands\n  i->i\n   ^\n"},
    {"ik,kj->ij",
     {{5, 784}, {783, 10}},
     "label 'k' has size 784 in operand 0 and size 783 in operand 1\n  ik,kj->ij\n     ^\n"},
    {"i1->i", {{2, 3}}, "'1' is no label: labels are letters\n  i1->i\n   ^\n"},
    {"ij-ji", {{2, 3}}, "a '-' that is not part of '->'\n  ij-ji\n    ^\n"},
    {"ij->j->i", {{2, 3}}, "a second '->'\n  ij->j->i\n       ^\n"},
    {"..ij", {{2, 3}}, "a '.' that is not part of '...'\n  ..ij\n  ^\n"},
    {"ij->i,j", {{2, 3}}, "a ',' in the output\n  ij->i,j\n       ^\n"},
};

TEST(PointedOut, HasACaretUnderThePlace) {
  for (const BadCase& row : kBad) {
    SCOPED_TRACE(row.subscripts);
    try {
      Expression(row.subscripts, row.shapes);
      ADD_FAILURE() << "nothing was thrown; want: " << row.want;
    } catch (const SubscriptError& error) {
      EXPECT_EQ(pointed_out(row.subscripts, error), row.want);
    }
  }
}

}  // namespace
}  // namespace foundations::ch03
