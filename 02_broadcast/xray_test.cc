#include "02_broadcast/xray.h"

#include <gtest/gtest.h>

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
  EXPECT_EQ(xray(parse_operand("1"), parse_operand("2,0")),
            R"(  axis          0        1
  a        . -> 2   1 -> 0
  b             2        0
  result        2        0

Lined up at their last axes. An axis that is missing (.) counts as 1. A 1 stretches (->).

a: 1
  shape    [1]   ->  [2, 0]
  strides  (1,)  ->  (0, 0)
  storage   -
  reads    nothing: there is no element
  0 elements read 0 of 1 float of storage (- is not read).

b: 2,0
  shape    [2, 0]
  strides  (1, 1)
  storage  empty
  reads    nothing: there is no element
  0 elements read 0 floats of storage.
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

TEST(Xray, ten_cells_stand_whole_and_eleven_are_cut) {
  EXPECT_EQ(xray(parse_operand("10")), R"(a: 10
  shape    [10]
  strides  (1,)
  storage  [0] [1] [2] [3] [4] [5] [6] [7] [8] [9]
  reads    [0] [1] [2] [3] [4] [5] [6] [7] [8] [9]
  10 elements read 10 floats of storage.
)");
  EXPECT_EQ(xray(parse_operand("11")), R"(a: 11
  shape    [11]
  strides  (1,)
  storage   [0]  [1]  [2]  [3]  [4]  [5]  [6]  [7]  [8]  [9] [10]
  reads     [0]  [1]  [2]  ...  [8]  [9] [10]
  11 elements read 11 floats of storage.
)");
}

TEST(Xray, every_second_cell_of_the_longest_storage) {
  EXPECT_EQ(xray(parse_operand("9223372036854775807[::2]")),
            R"(a: 9223372036854775807[::2]
  shape    [4611686018427387904]
  strides  (2,)
  storage                    [0]                   ... [9223372036854775806]
  reads                      [0]                   ... [9223372036854775806]
  4611686018427387904 elements read 4611686018427387904 of 9223372036854775807 floats of storage (-
           is not read).
)");
}

TEST(Xray, long_numbers_leave_room_for_fewer_columns) {
  EXPECT_EQ(xray(parse_operand("1000000000,10")),
            R"(a: 1000000000,10
  shape    [1000000000, 10]
  strides  (10, 1)
  storage           [0]          [1]          ... [9999999998] [9999999999]
  reads             [0]          [1]          ...          [8]          [9]
                   [10]         [11]          ...         [18]         [19]
                   [20]         [21]          ...         [28]         [29]
                    ...          ...          ...          ...          ...
           [9999999970] [9999999971]          ... [9999999978] [9999999979]
           [9999999980] [9999999981]          ... [9999999988] [9999999989]
           [9999999990] [9999999991]          ... [9999999998] [9999999999]
  10000000000 elements read 10000000000 floats of storage.
)");
}

TEST(Xray, many_axes_leave_no_room_for_marks) {
  EXPECT_EQ(xray(parse_operand("72,1,1,12,1,2,3,3"), parse_operand("3,1,1,5,1,1,1")),
            R"(  axis           0        1   2         3        4        5        6        7
  a             72   1 -> 3   1        12   1 -> 5        2        3        3
  b        . -> 72        3   1   1 -> 12        5   1 -> 2   1 -> 3   1 -> 3
  result        72        3   1        12        5        2        3        3

Lined up at their last axes. An axis that is missing (.) counts as 1. A 1 stretches (->).
Below, [0] is cell 0 of a storage, and 0 alone is the same cell read again.

a: 72,1,1,12,1,2,3,3
  shape    [72, 1, 1, 12, 1, 2, 3, 3]        ->  [72, 3, 1, 12, 5, 2, 3, 3]
  strides  (216, 216, 216, 18, 18, 9, 3, 1)  ->  (216, 0, 216, 18, 0, 9, 3, 1)
           0 along axis 1: every block reads the same cells
           0 along axis 4: every block reads the same cells
  storage      [0]     [1]     [2]     ... [15549] [15550] [15551]
  reads    at [0, 0, 0, 0, 0, 0, :, :], the first of 25920
               [0]     [1]     [2]
               [3]     [4]     [5]
               [6]     [7]     [8]
  233280 elements read 15552 floats of storage; nothing is copied.

b: 3,1,1,5,1,1,1
  shape    [3, 1, 1, 5, 1, 1, 1]  ->  [72, 3, 1, 12, 5, 2, 3, 3]
  strides  (5, 5, 5, 1, 1, 1, 1)  ->  (0, 5, 5, 0, 1, 0, 0, 0)
                                       ^ along axis 0: every block reads the same cells
                                                ^ along axis 3: every block reads the same cells
           0 along axis 5: every matrix reads the same cells
           0 down axis 6: every row reads the same cells
           0 across axis 7: every column reads the same cells
  storage   [0]  [1]  [2]  [3]  [4]  [5]  [6]  [7]  [8]  [9] [10] [11] [12] [13] [14]
  reads    at [0, 0, 0, 0, 0, 0, :, :], the first of 25920
            [0]   0    0
             0    0    0
             0    0    0
  233280 elements read 15 floats of storage; nothing is copied.
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

TEST(Xray, a_clash_cured_by_two_axes) {
  EXPECT_EQ(xray(parse_operand("3,256,256"), parse_operand("3")),
            R"(  axis          0          1     2
  a             3        256   256
  b        . -> 3   . -> 256     3
  clash                          ^

Lined up at their last axes. An axis that is missing (.) counts as 1. A 1 stretches (->).

The size of tensor a (256) must match the size of tensor b (3) at non-singleton dimension 2

What makes them fit:
  a.unsqueeze(3)  makes it [3, 256, 256, 1] and the result [3, 256, 256, 3]
  b.unsqueeze(1).unsqueeze(1)  makes it [3, 1, 1] and the result [3, 256, 256]
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

What makes them fit:
  a.unsqueeze(3).unsqueeze(3)  makes it [4, 1, 3, 1, 1] and the result [4, 1, 3, 2, 2]
  b.unsqueeze(2).unsqueeze(2).unsqueeze(2)  makes it [2, 2, 1, 1, 1] and the result [2, 2, 4, 1, 3]
)");
}

TEST(Xray, a_clash_whose_cure_has_too_many_axes) {
  EXPECT_EQ(xray(parse_operand("2,2,2,2,2"), parse_operand("3,3,3,3")),
            R"(  axis          0   1   2   3   4
  a             2   2   2   2   2
  b        . -> 2   3   3   3   3
  clash             ^   ^   ^   ^

Lined up at their last axes. An axis that is missing (.) counts as 1. A 1 stretches (->).

The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 4

No unsqueeze of a or b makes them fit.
)");
}

TEST(Xray, a_clash_with_one_cure_in_two_places) {
  EXPECT_EQ(xray(parse_operand("2,1,3"), parse_operand("2,7,7,3")),
            R"(  axis          0   1        2   3
  a        . -> 2   2   1 -> 7   3
  b             2   7        7   3
  clash             ^

Lined up at their last axes. An axis that is missing (.) counts as 1. A 1 stretches (->).

The size of tensor a (2) must match the size of tensor b (7) at non-singleton dimension 1

What makes them fit:
  a.unsqueeze(1)  makes it [2, 1, 1, 3] and the result [2, 7, 7, 3]
  a.unsqueeze(3).unsqueeze(3).unsqueeze(3).unsqueeze(3)  makes it [2, 1, 3, 1, 1, 1, 1] and the
           result [2, 1, 3, 2, 7, 7, 3]
  b.unsqueeze(2)  makes it [2, 7, 1, 7, 3] and the result [2, 7, 2, 7, 3]
  b.unsqueeze(3).unsqueeze(3)  makes it [2, 7, 7, 1, 1, 3] and the result [2, 7, 7, 2, 1, 3]
  b.unsqueeze(4).unsqueeze(4).unsqueeze(4)  makes it [2, 7, 7, 3, 1, 1, 1] and the result [2, 7, 7,
           3, 2, 1, 3]
)");
}

TEST(Xray, a_clash_whose_cure_has_too_many_elements) {
  EXPECT_EQ(xray(parse_operand("4000000000"), parse_operand("3000000000")),
            R"(  axis              0
  a        4000000000
  b        3000000000
  clash             ^

Lined up at their last axes.

The size of tensor a (4000000000) must match the size of tensor b (3000000000) at non-singleton
dimension 0

No unsqueeze of a or b makes them fit.
)");
}

}  // namespace
}  // namespace foundations::ch02
