#include "02_broadcast/xray_operand.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "common/testing/testing.h"

namespace foundations::ch02 {
namespace {

struct Reading {
  const char* text;
  std::int64_t cells;
  Shape shape;
  Strides strides;
  std::int64_t offset = 0;
};

const Reading kReadings[] = {
    {"3", 3, {3}, {1}},
    {"3,4", 12, {3, 4}, {4, 1}},
    {"256,256,3", 196608, {256, 256, 3}, {768, 3, 1}},
    {"[]", 1, {}, {}},
    {"0", 0, {0}, {1}},
    {"1", 1, {1}, {1}},
    {" 3 , 4 ", 12, {3, 4}, {4, 1}},
    {"1,1,1,1,1,1,1,2", 2, {1, 1, 1, 1, 1, 1, 1, 2}, {2, 2, 2, 2, 2, 2, 2, 1}},
    {"9223372036854775807", INT64_MAX, {INT64_MAX}, {1}},
    {"3[:,None]", 3, {3, 1}, {1, 1}},
    {"3[None,:]", 3, {1, 3}, {3, 1}},
    {"3[None]", 3, {1, 3}, {3, 1}},
    {"3[...,None]", 3, {3, 1}, {1, 1}},
    {"[][None]", 1, {1}, {1}},
    {"4,5[1]", 20, {5}, {1}, 5},
    {"4,5[-1,-1]", 20, {}, {}, 19},
    {"4,5[1:3]", 20, {2, 5}, {5, 1}, 5},
    {"4,5[ : , 1:4:2 ]", 20, {4, 2}, {5, 2}, 1},
    {"4,5[::2]", 20, {2, 5}, {10, 1}},
    {"4,5[:-1]", 20, {3, 5}, {5, 1}},
    {"4,5[:2:]", 20, {2, 5}, {5, 1}},
    {"4,5[3:1]", 20, {0, 5}, {5, 1}, 15},
    {"3,4.t()", 12, {4, 3}, {1, 4}},
    {"3.t()", 3, {3}, {1}},
    {"[].t()", 1, {}, {}},
    {"3.unsqueeze(1)", 3, {3, 1}, {1, 1}},
    {"3.unsqueeze( -2 )", 3, {1, 3}, {3, 1}},
    {"256,256,3[0].t()[1:]", 196608, {2, 256}, {1, 3}, 1},
};

TEST(ParseOperand, reads_shapes_and_views_of_them) {
  for (const Reading& want : kReadings) {
    SCOPED_TRACE(want.text);
    const Operand got = parse_operand(want.text);
    EXPECT_EQ(got.text, want.text);
    EXPECT_EQ(got.cells, want.cells);
    EXPECT_EQ(got.layout.shape, want.shape);
    EXPECT_EQ(got.layout.strides, want.strides);
    EXPECT_EQ(got.layout.offset, want.offset);
  }
}

constexpr const char* kNoShape =
    "not a shape: write the sizes with commas between them, as in 3,3 or 256,256,3, or [] for a "
    "scalar";
constexpr const char* kNoView =
    "is not a view: between sizes stand commas, as in 3,3, and after them come views, each one of "
    "[index], .t() and .unsqueeze(dim)";
constexpr const char* kNoIndex =
    "not an index: write numbers, start:stop:step, None and ... with commas between them, as in "
    "3[:,None] or 4,5[1:3,0]";
constexpr const char* kNoDim = "unsqueeze takes one dim, as in 3.unsqueeze(1)";

struct Refusal {
  std::string text, sentence;
};

const Refusal kRefusals[] = {
    {"", kNoShape},
    {" ", kNoShape},
    {"a", kNoShape},
    {"-", kNoShape},
    {"+3", kNoShape},
    {"3,", kNoShape},
    {"3,,3", kNoShape},
    {",3", kNoShape},
    {"[3]", kNoShape},
    {"(3,3)", kNoShape},
    {"3x3", std::string("'x3' ") + kNoView},
    {"3 3", std::string("'3' ") + kNoView},
    {"2.5", std::string("'.5' ") + kNoView},
    {"3.T", std::string("'.T' ") + kNoView},
    {"3[0]]", std::string("']' ") + kNoView},
    {"3[", kNoIndex},
    {"3[]", kNoIndex},
    {"3[0,]", kNoIndex},
    {"3[none]", kNoIndex},
    {"3[:", kNoIndex},
    {"3[1 2]", kNoIndex},
    {"3[0:1:2:3]", kNoIndex},
    {"3.unsqueeze()", kNoDim},
    {"3.unsqueeze(1", kNoDim},
    {"3.unsqueeze(0,1)", kNoDim},
    {"99999999999999999999", "99999999999999999999 does not fit in 63 bits"},
    {"3[-99999999999999999999]", "-99999999999999999999 does not fit in 63 bits"},
    {"-3", "Trying to create tensor with negative dimension -3: [-3]"},
    {"3,-1", "Trying to create tensor with negative dimension -1: [3, -1]"},
    {"4000000000,4000000000",
     "The number of elements of a tensor of shape [4000000000, 4000000000] does not fit in 63 "
     "bits"},
    {"1,1,1,1,1,1,1,1,1",
     "A tensor has at most 8 dimensions, and one more than [1, 1, 1, 1, 1, 1, 1, 1] was asked for"},
    {"3[3]", "index 3 is out of bounds for dimension 0 with size 3"},
    {"3[0,0]", "too many indices for tensor of dimension 1"},
    {"3[...,...]", "an index can only have a single ellipsis ('...')"},
    {"3[::-1]", "slice step must be positive, but got -1"},
    {"2,3,4.t()", "t() expects a tensor with <= 2 dimensions, but self is 3D"},
    {"3.unsqueeze(2)", "Dimension out of range (expected to be in range of [-2, 1], but got 2)"},
};

TEST(ParseOperand, says_what_is_wrong_and_what_would_be_right) {
  for (const Refusal& refusal : kRefusals) {
    SCOPED_TRACE(refusal.text);
    expect_error<ShapeError>([&] { parse_operand(refusal.text); },
                             "'" + refusal.text + "': " + refusal.sentence);
  }
}

}  // namespace
}  // namespace foundations::ch02
