#include "02_broadcast/stride_xray/xray.h"

#include <gtest/gtest.h>

#include <sstream>

#include "common/testing/testing.h"

namespace foundations::ch02 {
namespace {

TEST(ParseOperand, ReadsShapesAndViewsOfThem) {
  struct Row {
    const char* text;
    std::int64_t cells;
    Shape shape;
    Strides strides;
    std::int64_t offset = 0;
  };
  const Row rows[] = {
      {"3", 3, {3}, {1}},
      {"256x256,3", 196608, {256, 256, 3}, {768, 3, 1}},
      {"[]", 1, {}, {}},
      {" 3 , 4 ", 12, {3, 4}, {4, 1}},
      {"9223372036854775807", INT64_MAX, {INT64_MAX}, {1}},
      {"3[:,None]", 3, {3, 1}, {1, 1}},
      {"3[...,None]", 3, {3, 1}, {1, 1}},
      {"[][None]", 1, {1}, {1}},
      {"scalar.t()", 1, {}, {}},
      {"4,5[-1,-1]", 20, {}, {}, 19},
      {"4,5[1:3]", 20, {2, 5}, {5, 1}, 5},
      {"4,5[ : , 1:4:2 ]", 20, {4, 2}, {5, 2}, 1},
      {"4,5[:-1]", 20, {3, 5}, {5, 1}},
      {"4,5[3:1]", 20, {0, 5}, {5, 1}, 15},
      {"3,4.t()", 12, {4, 3}, {1, 4}},
      {"3.t()", 3, {3}, {1}},
      {"3.unsqueeze( -2 )", 3, {1, 3}, {3, 1}},
      {"256,256,3[0].t()[1:]", 196608, {2, 256}, {1, 3}, 1},
  };
  for (const Row& want : rows) {
    SCOPED_TRACE(want.text);
    const Operand got = parse_operand(want.text);
    EXPECT_EQ(got.text, want.text);
    EXPECT_EQ(got.cells, want.cells);
    EXPECT_EQ(got.layout.shape, want.shape);
    EXPECT_EQ(got.layout.strides, want.strides);
    EXPECT_EQ(got.layout.offset, want.offset);
  }
}

TEST(ParseOperand, SaysWhatIsWrong) {
  const std::string no_shape =
      " is not a shape: write up to 8 sizes, as in 2x3x4 or 2,3,4, or [] for a scalar";
  const std::string no_view =
      " is not a view: write .t(), .unsqueeze(dim) or [index], with numbers, start:stop:step, None "
      "and ... between commas, as in 3[:,None] or 4,5[1:3,0]";
  const std::pair<const char*, std::string> rows[] = {
      {"", "''" + no_shape},
      {"[3]", "'[3]'" + no_shape},
      {"3,[0]", "'3,'" + no_shape},
      {"2.5", "'2.5': '.5'" + no_view},
      {"3[0]]", "'3[0]]': ']'" + no_view},
      {"3[", "'3[': '['" + no_view},
      {"3[]", "'3[]': '[]'" + no_view},
      {"3[0,]", "'3[0,]': '[0,]'" + no_view},
      {"3[0:1:2:3]", "'3[0:1:2:3]': '[0:1:2:3]'" + no_view},
      {"3[9223372036854775808]", "'3[9223372036854775808]': '[9223372036854775808]'" + no_view},
      {"3.unsqueeze()", "'3.unsqueeze()': '.unsqueeze()'" + no_view},
      {"3.unsqueeze(0,1)", "'3.unsqueeze(0,1)': '.unsqueeze(0,1)'" + no_view},
      {"3[3]", "'3[3]': index 3 is out of bounds for dimension 0 with size 3"},
      {"2,3,4.t()", "'2,3,4.t()': t() expects a tensor with <= 2 dimensions, but self is 3D"},
      {"9x9223372036854775807",
       "'9x9223372036854775807': The number of elements of a tensor of shape [9, "
       "9223372036854775807] does not fit in 63 bits"},
  };
  for (const auto& [text, sentence] : rows) {
    expect_error<ShapeError>([text = text] { parse_operand(text); }, sentence);
  }
}

std::string drawing(const std::string& a, const std::string& b) {
  return b.empty() ? xray(parse_operand(a)) : xray(parse_operand(a), parse_operand(b));
}

// Beside row.txt, column.txt and clash.txt: what else there is to see, without the rest. Whatever
// the shapes, a drawing fits on a page.
TEST(Xray, Draws) {
  struct Row {
    const char *a, *b, *part;
  };
  const Row rows[] = {
      {"3,1", "1,3", "\n\nLined up at their last axes. A 1 stretches (->).\nBelow, [0] is cell 0"},
      {"1,1", "1",
       "\n\nLined up at their last axes. An axis that is missing (.) counts as 1.\n\na:"},
      {"1", "1,1", "\n  strides  (1,)  ->  (0, 1)\n  storage  [0]\n"},
      {"[]", "[]", R"(
  result

Two scalars: there is no axis to line up.

a: []
  shape    []
  strides  ()
  storage  [0]
  reads    [0]
  1 element reads 1 float of storage.
)"},
      {"1", "2,0", R"(
Lined up at their last axes. An axis that is missing (.) counts as 1. A 1 stretches (->).

a: 1
  shape    [1]   ->  [2, 0]
  strides  (1,)  ->  (0, 0)
  storage   -
  reads    nothing: there is no element
  0 elements read 0 of 1 float of storage (- is not read).
)"},
      {"256,256,3", "3", R"(
  strides  (1,)  ->  (0, 0, 1)
                      ^ along axis 0: every matrix reads the same cells
                         ^ down axis 1: every row reads the same cells
  storage  [0] [1] [2]
  reads    at [0, :, :], the first of 256
           [0] [1] [2]
            0   1   2
            0   1   2
           ... ... ...
            0   1   2
            0   1   2
            0   1   2
  196608 elements read 3 floats of storage; nothing is copied.
)"},
      {"3,1,1,5,1,1,1", "72,1,1,1,1,2,3,3", R"(
  strides  (5, 5, 5, 1, 1, 1, 1)  ->  (0, 5, 5, 5, 1, 0, 0, 0)
                                       ^ along axis 0: every block reads the same cells
           0 along axis 5: every matrix reads the same cells
           0 down axis 6: every row reads the same cells
           0 across axis 7: every column reads the same cells
)"},
      {"4,5[1:3,::2]", "", R"(
  strides  (5, 2)
  offset   5
  storage    -    -    -   ...   -    -    -
  reads     [5]  [7]  [9]
           [10] [12] [14]
  6 elements read 6 of 20 floats of storage (- is not read).
)"},
      {"4,3[1:,1:].t()", "", R"(
  storage    -    -    -    -   [4]  [5]   -   [7]  [8]   -  [10] [11]
  reads     [4]  [7] [10]
            [5]  [8] [11]
)"},
      {"10", "", "\n  reads    [0] [1] [2] [3] [4] [5] [6] [7] [8] [9]\n"},
      {"11", "", "\n  reads     [0]  [1]  [2]  ...  [8]  [9] [10]\n"},
      {"9223372036854775807[::2]", "", R"(
  storage                    [0]                   ... [9223372036854775806]
  reads                      [0]                   ... [9223372036854775806]
  4611686018427387904 elements read 4611686018427387904 of 9223372036854775807 floats of storage (-
           is not read).
)"},
      {"20,1,20,1,20,1,20,1", "1,1,1,1,1,1,1,900000",
       "\n  144000000000 elements read 160000 floats"},
      {"4,1,3", "2,2", "\n  b        . -> 4        2   2\n  clash                      ^\n"},
      {"2,1,3", "2,7,7,3", R"(
  a.unsqueeze(1)  makes it [2, 1, 1, 3] and the result [2, 7, 7, 3]
  a.unsqueeze(3).unsqueeze(3).unsqueeze(3).unsqueeze(3)  makes it [2, 1, 3, 1, 1, 1, 1] and the
           result [2, 1, 3, 2, 7, 7, 3]
  b.unsqueeze(2)  makes)"},
      {"2,2,2,2,2", "3,3,3,3", "\n\nNo unsqueeze of a or b makes them fit.\n"},
      {"4000000000", "3000000000", "\n\nNo unsqueeze of a or b makes them fit.\n"},
  };
  for (const auto& [a, b, part] : rows) {
    SCOPED_TRACE(a + std::string(" ") + b);
    const std::string text = drawing(a, b);
    EXPECT_NE(text.find(part), std::string::npos) << text << "\nlacks" << part;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), 100u) << line;
      EXPECT_FALSE(line.ends_with(' ')) << line;
    }
  }
}

TEST(Xray, RefusesMoreElementsThanCanBeCounted) {
  expect_error<ShapeError>([] { drawing("4000000000,1", "4000000000"); },
                           "The number of elements of a tensor of shape [4000000000, 4000000000] "
                           "does not fit in 63 bits");
}

}  // namespace
}  // namespace foundations::ch02
