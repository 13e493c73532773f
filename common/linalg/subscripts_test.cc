#include "common/linalg/subscripts.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/testing/testing.h"

namespace foundations {
namespace {

struct Good {
  std::string subscripts;
  std::vector<Shape> shapes;
  std::vector<std::string> operands;
  std::string output, summed;
  Shape output_shape;
};

const Good kGood[] = {
    // The notes'.
    {"i,i", {{3}, {3}}, {"i", "i"}, "", "i", {}},
    {"i", {{3}}, {"i"}, "i", "", {3}},
    {"ik,kj -> ij", {{5, 784}, {784, 10}}, {"ik", "kj"}, "ij", "k", {5, 10}},
    {"bik,bkj -> bij", {{2, 3, 4}, {2, 4, 5}}, {"bik", "bkj"}, "bij", "k", {2, 3, 5}},
    {"bi,bj->ij", {{6, 2}, {6, 3}}, {"bi", "bj"}, "ij", "b", {2, 3}},
    // Without an arrow: the labels that occur once, in order, capitals first.
    {"ba", {{2, 3}}, {"ba"}, "ab", "", {3, 2}},
    {"ik,kj", {{2, 3}, {3, 4}}, {"ik", "kj"}, "ij", "k", {2, 4}},
    {"ii", {{3, 3}}, {"ii"}, "", "i", {}},
    {"aB,Bc", {{2, 3}, {3, 4}}, {"aB", "Bc"}, "ac", "B", {2, 4}},
    {"aBA", {{2, 3, 4}}, {"aBA"}, "ABa", "", {4, 3, 2}},
    {"iij", {{2, 2, 3}}, {"iij"}, "j", "i", {3}},
    // With an arrow: the labels behind it and nothing else.
    {"ii->i", {{3, 3}}, {"ii"}, "i", "", {3}},
    {"ij->ji", {{2, 3}}, {"ij"}, "ji", "", {3, 2}},
    {"ik,kj->ikj", {{2, 3}, {3, 4}}, {"ik", "kj"}, "ikj", "", {2, 3, 4}},
    {"ji,k->", {{2, 3}, {4}}, {"ji", "k"}, "", "jik", {}},
    // Spaces, anywhere.
    {"  i k , k j  ->  i j ", {{2, 3}, {3, 4}}, {"ik", "kj"}, "ij", "k", {2, 4}},
    {" ", {{}}, {""}, "", "", {}},
    // Scalars.
    {"", {{}}, {""}, "", "", {}},
    {"->", {{}}, {""}, "", "", {}},
    {",i", {{}, {3}}, {"", "i"}, "i", "", {3}},
    {",,->", {{}, {}, {}}, {"", "", ""}, "", "", {}},
    // A size of 1 stretches, also to 0.
    {"i,i->i", {{1}, {3}}, {"i", "i"}, "i", "", {3}},
    {"i,i,i->i", {{1}, {0}, {1}}, {"i", "i", "i"}, "i", "", {0}},
    {"ij->ji", {{0, 3}}, {"ij"}, "ji", "", {3, 0}},
    // Ellipses, with their dimensions numbered from the right.
    {"...ik,...kj->...ij", {{7, 2, 3}, {7, 3, 4}}, {"0ik", "0kj"}, "0ij", "k", {7, 2, 4}},
    {"...ik,...kj", {{8, 7, 2, 3}, {3, 4}}, {"10ik", "kj"}, "10ij", "k", {8, 7, 2, 4}},
    {"...,...->...", {{5, 1, 2}, {4, 1}}, {"210", "10"}, "210", "", {5, 4, 2}},
    {"i...j->j...i", {{2, 5, 6, 3}}, {"i10j"}, "j10i", "", {3, 5, 6, 2}},
    {"b...a", {{2, 5, 3}}, {"b0a"}, "0ab", "", {5, 3, 2}},
    {"...i->i", {{4, 5, 3}}, {"10i"}, "i", "10", {3}},
    {"...->", {{4, 5}}, {"10"}, "", "10", {}},
    {"...i->...", {{3}}, {"i"}, "", "i", {}},
    {"i->...i", {{3}}, {"i"}, "i", "", {3}},
    {"...", {{}}, {""}, "", "", {}},
    {"...", {{1, 2, 1, 2, 1, 2, 1, 2}}, {"76543210"}, "76543210", "", {1, 2, 1, 2, 1, 2, 1, 2}},
    // Eight operands, ten labels.
    {"a,b,c,d,e,f,g,h->hg",
     {{1}, {2}, {1}, {2}, {1}, {2}, {3}, {4}},
     {"a", "b", "c", "d", "e", "f", "g", "h"},
     "hg",
     "abcdef",
     {4, 3}},
    {"abcde,fghij->aj",
     {{2, 1, 1, 1, 1}, {1, 1, 1, 1, 3}},
     {"abcde", "fghij"},
     "aj",
     "bcdefghi",
     {2, 3}},
};

TEST(ParseSubscripts, ReadsWhatTorchReads) {
  for (const Good& row : kGood) {
    SCOPED_TRACE("\"" + row.subscripts + "\"");
    const Subscripts s = parse_subscripts(row.subscripts, row.shapes);
    EXPECT_EQ(s.operands, row.operands);
    EXPECT_EQ(s.output, row.output);
    EXPECT_EQ(s.summed, row.summed);
    EXPECT_EQ(bracketed(s.output_shape()), bracketed(row.output_shape));
  }
}

TEST(ParseSubscripts, KnowsTheSizeOfEveryLabel) {
  const Subscripts s = parse_subscripts("...ik,...kj", {{7, 1, 2, 3}, {6, 3, 4}});
  EXPECT_EQ(s.size('i'), 2);
  EXPECT_EQ(s.size('j'), 4);
  EXPECT_EQ(s.size('k'), 3);
  EXPECT_EQ(s.size('0'), 6);
  EXPECT_EQ(s.size('1'), 7);
  EXPECT_EQ(parse_subscripts("i,i", {{1}, {0}}).size('i'), 0);
  EXPECT_EQ(parse_subscripts("i,i", {{0}, {1}}).size('i'), 0);
}

struct Bad {
  std::string subscripts;
  std::vector<Shape> shapes;
  std::size_t position;
  std::string reason;
};

const Bad kBad[] = {
    // Characters.
    {"i1,1j", {{2, 3}, {3, 4}}, 1, "'1' is no label: labels are letters"},
    {"ik;kj", {{2, 3}, {3, 4}}, 2, "';' is no label: labels are letters"},
    {"i\tk", {{2, 3}}, 1, "'\\x09' is no label: labels are letters"},
    {"ij→ji", {{2, 3}}, 2, "'→' is no label: labels are letters"},
    {".i", {{2}}, 0, "a '.' that is not part of '...'"},
    {"....i", {{2, 3}}, 3, "a '.' that is not part of '...'"},
    {". ..i", {{2, 3}}, 0, "a '.' that is not part of '...'"},
    {"ij-ji", {{2, 3}}, 2, "a '-' that is not part of '->'"},
    {"ij>ji", {{2, 3}}, 2, "a '>' that is not part of '->'"},
    {"ij- >ji", {{2, 3}}, 2, "a '-' that is not part of '->'"},
    // Their order.
    {"ij->j->i", {{2, 3}}, 5, "a second '->'"},
    {"ij->i,j", {{2, 3}}, 5, "a ',' in the output"},
    {"...i...", {{2, 3}}, 4, "a second '...' in one operand"},
    {"...i->...i...", {{2, 3}}, 10, "a second '...' in the output"},
    {"i->...i...", {{2}}, 7, "a second '...' in the output"},
    // The output.
    {"ik,kj->iz", {{2, 3}, {3, 4}}, 8, "output label 'z' is in no operand"},
    {"ik->iK", {{2, 3}}, 5, "output label 'K' is in no operand"},
    {"ij->iji", {{2, 3}}, 6, "output label 'i' occurs twice"},
    {"abcde,fghij",
     {{1, 1, 1, 1, 1}, {1, 1, 1, 1, 1}},
     11,
     "an output of 10 dimensions; a tensor has at most 8"},
    {"abcde,fghi->abcdefghi",
     {{1, 1, 1, 1, 1}, {1, 1, 1, 1}},
     21,
     "an output of 9 dimensions; a tensor has at most 8"},
    // The number of operands.
    {"ik,kj->ij", {{2, 3}}, 3, "subscripts for more than 1 operand"},
    {"i", {}, 0, "subscripts for more than 0 operands"},
    {"ij->ji", {{2, 3}, {3, 4}}, 2, "subscripts for 1 of 2 operands"},
    {"", {{}, {}}, 0, "subscripts for 1 of 2 operands"},
    // The number of dimensions.
    {"ijk->ij", {{2, 3}}, 3, "3 labels for 2 dimensions: operand 0 has shape [2, 3]"},
    {"ij,j->i", {{2, 3}, {3, 4}}, 4, "1 label for 2 dimensions: operand 1 has shape [3, 4]"},
    {"i", {{}}, 1, "1 label for 0 dimensions: operand 0 has shape []"},
    {",i", {{3}, {3}}, 0, "0 labels for 1 dimension: operand 0 has shape [3]"},
    // Sizes.
    {"ik,kj->ij",
     {{5, 784}, {783, 10}},
     3,
     "label 'k' has size 784 in operand 0 and size 783 in operand 1"},
    {"i,i,i", {{1}, {2}, {3}}, 4, "label 'i' has size 2 in operand 1 and size 3 in operand 2"},
    {"i,i", {{0}, {2}}, 2, "label 'i' has size 0 in operand 0 and size 2 in operand 1"},
    {"ii", {{2, 3}}, 1, "label 'i' has size 2 in operand 0 and size 3 in operand 0"},
    {"ii", {{1, 3}}, 1, "label 'i' has size 1 in operand 0 and size 3 in operand 0"},
    {"i,ii", {{3}, {3, 1}}, 3, "label 'i' has size 3 in operand 1 and size 1 in operand 1"},
    {"...i,...i",
     {{2, 3}, {4, 3}},
     5,
     "dimension -1 of '...' has size 2 in operand 0 and size 4 in operand 1"},
    {"...,...",
     {{5, 1}, {2, 6, 3}},
     4,
     "dimension -2 of '...' has size 5 in operand 0 and size 6 in operand 1"},
};

TEST(ParseSubscripts, SaysWhatIsWrongAndWhere) {
  for (const Bad& row : kBad) {
    SCOPED_TRACE("\"" + row.subscripts + "\"");
    try {
      parse_subscripts(row.subscripts, row.shapes);
      ADD_FAILURE() << "nothing was thrown; want: " << row.reason;
    } catch (const SubscriptError& error) {
      EXPECT_EQ(error.position, row.position);
      EXPECT_EQ(error.reason, row.reason);
    }
  }
}

TEST(SubscriptError, IsOneSentenceWithTheSubscriptsAndThePlace) {
  const auto refuses = [](std::string_view subscripts, const Shape& shape, const char* text) {
    expect_error<SubscriptError>([&] { parse_subscripts(subscripts, {{shape}}); }, text);
  };
  refuses("ik->iz", {2, 3}, "einsum(\"ik->iz\"): output label 'z' is in no operand (character 5)");
  refuses("ij", {2},
          "einsum(\"ij\"): 2 labels for 1 dimension: operand 0 has shape [2] (at the end)");
  // Bytes that would break the line or end the text are escaped.
  refuses(std::string_view("i\n\0k", 4), {2, 3},
          "einsum(\"i\\x0a\\x00k\"): '\\x0a' is no label: labels are letters (character 1)");
}

}  // namespace
}  // namespace foundations
