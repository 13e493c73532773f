#include "common/tensor/overlap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <set>
#include <string>

#include "common/testing/testing.h"

namespace foundations {
namespace {

// Layouts with few elements close together, so that about as many overlap as do not.
Layout random_layout(std::mt19937_64& engine) {
  Layout layout;
  layout.offset = static_cast<std::int64_t>(engine() % 8);
  for (int rank = static_cast<int>(engine() % 4); rank > 0; --rank) {
    layout.shape.push_back(static_cast<std::int64_t>(engine() % 5));
    layout.strides.push_back(static_cast<std::int64_t>(engine() % 10) - 2);
  }
  return layout;
}

// The elements of storage that a layout reaches, counted the slow way.
std::set<std::int64_t> elements_of(const Layout& layout) {
  if (layout.dim() == 0) return {layout.offset};
  std::set<std::int64_t> elements;
  for (std::int64_t i = 0; i < layout.shape[0]; ++i)
    elements.merge(elements_of(layout.select(0, i)));
  return elements;
}

std::string text_of(const Layout& layout) {
  return bracketed(layout.shape) + " by " + bracketed(layout.strides) + " at " +
         std::to_string(layout.offset);
}

TEST(Overlap, OfOneLayoutAgreesWithCounting) {
  std::mt19937_64 engine(1);
  int overlapping = 0, dense = 0;
  for (int i = 0; i < 20000; ++i) {
    const Layout layout = random_layout(engine);
    const std::set<std::int64_t> elements = elements_of(layout);
    const std::int64_t distinct = static_cast<std::int64_t>(elements.size());
    const bool repeats = distinct < layout.shape.numel();
    const bool gaps = distinct > 0 && *elements.rbegin() - *elements.begin() + 1 > distinct;
    ASSERT_EQ(overlaps_itself(layout), repeats) << text_of(layout);
    ASSERT_EQ(is_dense(layout), !repeats && !gaps) << text_of(layout);
    overlapping += repeats;
    dense += !repeats && !gaps && distinct > 2;
  }
  EXPECT_GT(overlapping, 1000);
  EXPECT_GT(dense, 100);
}

TEST(Overlap, OfTwoLayoutsAgreesWithCounting) {
  std::mt19937_64 engine(2);
  int apart = 0, together = 0;
  for (int i = 0; i < 20000; ++i) {
    const Layout a = random_layout(engine), b = random_layout(engine);
    const std::set<std::int64_t> in_a = elements_of(a), in_b = elements_of(b);
    const bool shared =
        std::any_of(in_a.begin(), in_a.end(), [&](std::int64_t p) { return in_b.count(p) > 0; });
    ASSERT_EQ(overlap(a, b), shared) << text_of(a) << " and " << text_of(b);
    ++(shared ? together : apart);
  }
  EXPECT_GT(apart, 1000);
  EXPECT_GT(together, 1000);
}

TEST(Overlap, IsRefusedInPyTorchsWords) {
  const Layout square = Layout::contiguous({3, 3}), row = square.select(0, 0);
  check_written_once(square);
  check_written_once(square.transpose(0, 1));
  const Layout stretched = row.expand({3, 3});
  expect_error<ShapeError>([&] { check_written_once(stretched); }, kWrittenTwice);
  check_no_partial_overlap(square, square);
  check_no_partial_overlap(row, square.select(0, 1));
  check_no_partial_overlap(square.select(1, 0), square.select(1, 1));  // interleaved columns
  for (const Layout& in : {square.transpose(0, 1), stretched}) {
    expect_error<ShapeError>([&] { check_no_partial_overlap(square, in); }, kPartialOverlap);
  }
  // One element and the same one: strides that are never used do not matter.
  check_no_partial_overlap({{1}, {1}, 4}, {{1}, {7}, 4});
}

}  // namespace
}  // namespace foundations
