// What every drawing keeps to, whatever the shapes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "02_broadcast/xray.h"
#include "common/tensor/shape.h"
#include "common/tensor/tensor.h"

namespace foundations::ch02 {
namespace {

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

TEST(XrayNumbers, the_grid_has_the_cell_that_each_element_reads) {
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

TEST(XrayNumbers, clashes_where_broadcast_shapes_does) {
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
      EXPECT_EQ(sentence.empty(), drawing.find("  result ") != std::string::npos) << drawing;
      EXPECT_NE(drawing.find(sentence), std::string::npos) << drawing;
    }
  }
}

TEST(XrayNumbers, fits_a_page_of_100_columns) {
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
