#include "02_broadcast/xray.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "common/shape.h"
#include "common/tensor.h"

namespace foundations::ch02 {
namespace {

TEST(Xray, a_row_stretches_down) {
  EXPECT_EQ(xray(parse_operand("3"), parse_operand("3,3")),
            R"(  axis          0   1
  a        . -> 3   3
  b             3   3
  result        3   3

Lined up at their last axes. An axis that is missing (.) counts as 1. A 1 stretches (->).
Below, [0] is cell 0 of a storage, and 0 alone is the same cell read again.

a: 3
  shape    [3]   ->  [3, 3]
  strides  (1,)  ->  (0, 1)
                      ^ down axis 0: every row reads the same cells
  storage  [0] [1] [2]
  reads    [0] [1] [2]
            0   1   2
            0   1   2
  9 elements read 3 floats of storage; nothing is copied.

b: 3,3
  shape    [3, 3]
  strides  (3, 1)
  storage  [0] [1] [2] [3] [4] [5] [6] [7] [8]
  reads    [0] [1] [2]
           [3] [4] [5]
           [6] [7] [8]
  9 elements read 9 floats of storage.
)");
}

TEST(Xray, a_column_stretches_across) {
  EXPECT_EQ(xray(parse_operand("3[:,None]"), parse_operand("3,3")),
            R"(  axis     0        1
  a        3   1 -> 3
  b        3        3
  result   3        3

Lined up at their last axes. A 1 stretches (->).
Below, [0] is cell 0 of a storage, and 0 alone is the same cell read again.

a: 3[:,None]
  shape    [3, 1]  ->  [3, 3]
  strides  (1, 1)  ->  (1, 0)
                           ^ across axis 1: every column reads the same cells
  storage  [0] [1] [2]
  reads    [0]  0   0
           [1]  1   1
           [2]  2   2
  9 elements read 3 floats of storage; nothing is copied.

b: 3,3
  shape    [3, 3]
  strides  (3, 1)
  storage  [0] [1] [2] [3] [4] [5] [6] [7] [8]
  reads    [0] [1] [2]
           [3] [4] [5]
           [6] [7] [8]
  9 elements read 9 floats of storage.
)");
}

TEST(Xray, a_column_and_a_row_stretch_to_meet) {
  EXPECT_EQ(xray(parse_operand("3,1"), parse_operand("1,3")),
            R"(  axis          0        1
  a             3   1 -> 3
  b        1 -> 3        3
  result        3        3

Lined up at their last axes. A 1 stretches (->).
Below, [0] is cell 0 of a storage, and 0 alone is the same cell read again.

a: 3,1
  shape    [3, 1]  ->  [3, 3]
  strides  (1, 1)  ->  (1, 0)
                           ^ across axis 1: every column reads the same cells
  storage  [0] [1] [2]
  reads    [0]  0   0
           [1]  1   1
           [2]  2   2
  9 elements read 3 floats of storage; nothing is copied.

b: 1,3
  shape    [1, 3]  ->  [3, 3]
  strides  (3, 1)  ->  (0, 1)
                        ^ down axis 0: every row reads the same cells
  storage  [0] [1] [2]
  reads    [0] [1] [2]
            0   1   2
            0   1   2
  9 elements read 3 floats of storage; nothing is copied.
)");
}

TEST(Xray, an_image_and_a_factor_for_each_colour) {
  EXPECT_EQ(xray(parse_operand("256,256,3"), parse_operand("3")),
            R"(  axis            0          1   2
  a             256        256   3
  b        . -> 256   . -> 256   3
  result        256        256   3

Lined up at their last axes. An axis that is missing (.) counts as 1. A 1 stretches (->).
Below, [0] is cell 0 of a storage, and 0 alone is the same cell read again.

a: 256,256,3
  shape    [256, 256, 3]
  strides  (768, 3, 1)
  storage       [0]      [1]      [2]      ... [196605] [196606] [196607]
  reads    at [0, :, :], the first of 256
                [0]      [1]      [2]
                [3]      [4]      [5]
                [6]      [7]      [8]
                ...      ...      ...
              [759]    [760]    [761]
              [762]    [763]    [764]
              [765]    [766]    [767]
  196608 elements read 196608 floats of storage.

b: 3
  shape    [3]   ->  [256, 256, 3]
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
)");
}

TEST(Xray, a_scalar_stretches_both_ways) {
  EXPECT_EQ(xray(parse_operand("[]"), parse_operand("2,3")),
            R"(  axis          0        1
  a        . -> 2   . -> 3
  b             2        3
  result        2        3

Lined up at their last axes. An axis that is missing (.) counts as 1. A 1 stretches (->).
Below, [0] is cell 0 of a storage, and 0 alone is the same cell read again.

a: []
  shape    []  ->  [2, 3]
  strides  ()  ->  (0, 0)
                    ^ down axis 0: every row reads the same cells
                       ^ across axis 1: every column reads the same cells
  storage  [0]
  reads    [0]  0   0
            0   0   0
  6 elements read 1 float of storage; nothing is copied.

b: 2,3
  shape    [2, 3]
  strides  (3, 1)
  storage  [0] [1] [2] [3] [4] [5]
  reads    [0] [1] [2]
           [3] [4] [5]
  6 elements read 6 floats of storage.
)");
}

TEST(Xray, a_1_stretches_to_0) {
  EXPECT_EQ(xray(parse_operand("2,0"), parse_operand("1")),
            R"(  axis          0        1
  a             2        0
  b        . -> 2   1 -> 0
  result        2        0

Lined up at their last axes. An axis that is missing (.) counts as 1. A 1 stretches (->).

a: 2,0
  shape    [2, 0]
  strides  (1, 1)
  storage  empty
  reads    nothing: there is no element
  0 elements read 0 floats of storage.

b: 1
  shape    [1]   ->  [2, 0]
  strides  (1,)  ->  (0, 0)
  storage   -
  reads    nothing: there is no element
  0 elements read 0 of 1 float of storage (- is not read).
)");
}

TEST(Xray, sizes_of_1_need_no_stretching) {
  EXPECT_EQ(xray(parse_operand("1,1"), parse_operand("1")),
            R"(  axis     0   1
  a        1   1
  b        .   1
  result   1   1

Lined up at their last axes. An axis that is missing (.) counts as 1.

a: 1,1
  shape    [1, 1]
  strides  (1, 1)
  storage  [0]
  reads    [0]
  1 element reads 1 float of storage.

b: 1
  shape    [1]   ->  [1, 1]
  strides  (1,)  ->  (0, 1)
  storage  [0]
  reads    [0]
  1 element reads 1 float of storage.
)");
}

TEST(Xray, two_scalars) {
  EXPECT_EQ(xray(parse_operand("[]"), parse_operand("[]")),
            R"(  axis
  a
  b
  result

Two scalars: there is no axis to line up.

a: []
  shape    []
  strides  ()
  storage  [0]
  reads    [0]
  1 element reads 1 float of storage.

b: []
  shape    []
  strides  ()
  storage  [0]
  reads    [0]
  1 element reads 1 float of storage.
)");
}

TEST(Xray, one_operand_as_it_lies) {
  EXPECT_EQ(xray(parse_operand("4,5[1:3,::2]")),
            R"(a: 4,5[1:3,::2]
  shape    [2, 3]
  strides  (5, 2)
  offset   5
  storage    -    -    -   ...   -    -    -
  reads     [5]  [7]  [9]
           [10] [12] [14]
  6 elements read 6 of 20 floats of storage (- is not read).
)");
}

TEST(Xray, a_clash_and_its_cures) {
  EXPECT_EQ(xray(parse_operand("2,3"), parse_operand("2")),
            R"(  axis          0   1
  a             2   3
  b        . -> 2   2
  clash             ^

Lined up at their last axes. An axis that is missing (.) counts as 1. A 1 stretches (->).

The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 1

What makes them fit:
  a.unsqueeze(2)  makes it [2, 3, 1] and the result [2, 3, 2]
  b.unsqueeze(1)  makes it [2, 1] and the result [2, 3]
)");
}

TEST(Xray, a_clash_beside_axes_that_stretch) {
  EXPECT_EQ(xray(parse_operand("4,1,3"), parse_operand("2,2")),
            R"(  axis          0        1   2
  a             4   1 -> 2   3
  b        . -> 4        2   2
  clash                      ^

Lined up at their last axes. An axis that is missing (.) counts as 1. A 1 stretches (->).

The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 2

No unsqueeze of a or b makes them fit.
)");
}

TEST(Xray, a_clash_without_a_cure) {
  EXPECT_EQ(xray(parse_operand("2,3"), parse_operand("4,5")),
            R"(  axis     0   1
  a        2   3
  b        4   5
  clash    ^   ^

Lined up at their last axes.

The size of tensor a (3) must match the size of tensor b (5) at non-singleton dimension 1

No unsqueeze of a or b makes them fit.
)");
}

// ---- What the numbers say ----

// The numbers that stand in the drawing from the line with this label on, down to the summary or
// the next label.
std::vector<std::int64_t> numbers(const std::string& drawing, const std::string& label) {
  std::istringstream lines(drawing.substr(drawing.find("  " + label)));
  std::string line;
  std::getline(lines, line);
  std::string text = line.substr(11);
  while (std::getline(lines, line) && line.starts_with("           ")) {
    text += ' ' + line.substr(11);
  }
  for (char& c : text) {
    if (c < '0' || c > '9') c = ' ';
  }
  std::istringstream words(text);
  std::vector<std::int64_t> result;
  for (std::int64_t number; words >> number;) result.push_back(number);
  return result;
}

// A tensor each of whose elements is the number of its cell, seen as the operand expanded to shape.
LongTensor cell_numbers(const Operand& operand, const Shape& shape) {
  const Layout layout = operand.layout.expand(shape);
  return arange(operand.cells).as_strided(layout.shape, layout.strides, layout.offset);
}

TEST(Xray, the_grid_has_the_cell_that_each_element_reads) {
  const std::vector<std::pair<const char*, Shape>> rows = {
      {"3", {3}},
      {"3", {4, 3}},
      {"3,1", {3, 7}},
      {"1,1", {10, 10}},
      {"[]", {2, 2}},
      {"3,4.t()", {4, 3}},
      {"5,3[1:,::2]", {4, 2}},
      {"10[::3][:,None]", {4, 2}},
      {"4,3[1,2]", {2, 1}},
      {"2,2,2[:,1].t()[1:]", {1, 2}},
  };
  for (const auto& [text, shape] : rows) {
    SCOPED_TRACE(text);
    const Operand operand = parse_operand(text);
    // An operand of the result's shape, which stretches the first as far and not itself.
    const Operand all = {"", shape.numel(), Layout::contiguous(shape)};
    const std::string drawing = xray(operand, all);
    const std::vector<std::int64_t> read = cell_numbers(operand, shape).to_vector();
    EXPECT_EQ(numbers(drawing, "reads"), read) << drawing;
    const std::set<std::int64_t> distinct(read.begin(), read.end());
    EXPECT_EQ(numbers(drawing, "storage"), std::vector(distinct.begin(), distinct.end()))
        << drawing;
  }
}

// ---- Any two shapes ----

const char* const kShapes[] = {"[]",
                               "0",
                               "1",
                               "2",
                               "3",
                               "0,1",
                               "1,0",
                               "2,3",
                               "3,1",
                               "1,3",
                               "2,1,3",
                               "1,1,1,1,1,1,1,2",
                               "2,2,2,2,2,2,2,2",
                               "1000000",
                               "3000000000,1",
                               "1000000,1,1000000",
                               "1,1,1,1,1,1,1,9000000000000000000",
                               "20,20,20,20,20,20,20,20",
                               "100,1,100,1,100,1,100,1",
                               "1,100,1,100,1,100,1,100",
                               "1000000,1000000[::2,::3].t()",
                               "10[...,None,None]",
                               "1,9000000000000000000",
                               "9000000000000000000,1"};

TEST(Xray, clashes_where_broadcast_shapes_does) {
  for (const char* a : kShapes) {
    for (const char* b : kShapes) {
      SCOPED_TRACE(std::string(a) + " and " + b);
      std::string drawing, sentence;
      try {
        broadcast_shapes(parse_operand(a).layout.shape, parse_operand(b).layout.shape).numel();
      } catch (const ShapeError& error) {
        sentence = error.what();
      }
      try {
        drawing = xray(parse_operand(a), parse_operand(b));
      } catch (const ShapeError& error) {
        drawing = error.what();  // too many elements
      }
      std::replace(drawing.begin(), drawing.end(), '\n', ' ');
      EXPECT_EQ(sentence.empty(), drawing.find("The ") == std::string::npos) << drawing;
      EXPECT_NE(drawing.find(sentence), std::string::npos) << drawing;
    }
  }
}

TEST(Xray, fits_a_page_of_100_columns) {
  for (const char* a : kShapes) {
    for (const char* b : kShapes) {
      SCOPED_TRACE(std::string(a) + " and " + b);
      std::string drawing;
      try {
        drawing = xray(parse_operand(a), parse_operand(b));
      } catch (const ShapeError&) {
        continue;  // too many elements
      }
      std::istringstream lines(drawing);
      int count = 0;
      for (std::string line; std::getline(lines, line); ++count) {
        EXPECT_LE(line.size(), 100u) << line;
        EXPECT_FALSE(line.ends_with(' ')) << line;
      }
      EXPECT_LE(count, 70) << drawing;
    }
  }
}

}  // namespace
}  // namespace foundations::ch02
