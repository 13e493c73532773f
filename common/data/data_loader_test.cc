#include "common/data/data_loader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <vector>

#include "common/base/error.h"
#include "common/tensor/ops.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// Row i of x is (i, i + 0.5), and its y is i.
Dataset numbered(std::int64_t n) {
  const LongTensor y = arange(n);
  return {y.to<float>()(_, None) + tensor({0, 0.5}), y};
}

using Batches = std::vector<std::vector<std::int64_t>>;

// Returns the rows of an epoch, batch by batch, after a look at their x.
Batches epoch(const DataLoader& loader) {
  Batches rows;
  for (const auto& [xb, yb] : loader) {
    expect_equal(xb, yb.to<float>()(_, None) + tensor({0, 0.5}));
    rows.push_back(yb.to_vector());
  }
  return rows;
}

std::vector<std::int64_t> joined(const Batches& batches) {
  std::vector<std::int64_t> all;
  for (const auto& batch : batches) all.insert(all.end(), batch.begin(), batch.end());
  return all;
}

TEST(DataLoader, DealsRowsIntoBatches) {
  const struct {
    std::int64_t n, batch;
    bool drop_last;
    Batches want;
  } kCases[] = {
      {10, 3, false, {{0, 1, 2}, {3, 4, 5}, {6, 7, 8}, {9}}},
      {10, 3, true, {{0, 1, 2}, {3, 4, 5}, {6, 7, 8}}},
      {4, 2, false, {{0, 1}, {2, 3}}},
      {4, 2, true, {{0, 1}, {2, 3}}},
      {2, 1, false, {{0}, {1}}},
      {2, std::numeric_limits<std::int64_t>::max(), false, {{0, 1}}},
      {2, 3, true, {}},
      {0, 3, false, {}},
      {0, 3, true, {}},
  };
  for (const auto& c : kCases) {
    const DataLoader loader(numbered(c.n), {.batch = c.batch, .drop_last = c.drop_last});
    EXPECT_EQ(epoch(loader), c.want) << c.n << " by " << c.batch;
    EXPECT_EQ(loader.size(), std::int64_t(c.want.size())) << c.n << " by " << c.batch;
    EXPECT_EQ(loader.rows(), std::int64_t(joined(c.want).size())) << c.n << " by " << c.batch;
  }
}

TEST(DataLoader, ShufflesEachEpochAnewByTheGeneratorAlone) {
  Generator generator(1), same(1), sizes(1);
  const DataLoader loader(numbered(100), {.batch = 30, .shuffle = &generator});
  const Batches first = epoch(loader), second = epoch(loader);
  ASSERT_EQ(first.size(), 4u);
  EXPECT_EQ(first[3].size(), 10u);
  for (const Batches& seen : {first, second}) {
    std::vector<std::int64_t> all = joined(seen);
    EXPECT_FALSE(std::is_sorted(all.begin(), all.end()));
    std::sort(all.begin(), all.end());
    EXPECT_EQ(all, arange(100).to_vector());
  }
  EXPECT_NE(first, second);
  const DataLoader again(numbered(100), {.batch = 30, .shuffle = &same});
  EXPECT_EQ(epoch(again), first);
  EXPECT_EQ(epoch(again), second);
  // However the rows are cut, and with any two loops at once.
  const DataLoader others(numbered(100), {.batch = 7, .shuffle = &sizes, .drop_last = true});
  const std::vector<std::int64_t> all = joined(first);
  const DataLoader::Iterator one = others.begin(), two = others.begin();
  EXPECT_EQ((*one).y.to_vector(), std::vector<std::int64_t>(all.begin(), all.begin() + 7));
  EXPECT_EQ((*two).y.to_vector(),
            std::vector<std::int64_t>(second[0].begin(), second[0].begin() + 7));
}

// Rows in order are views, and cost nothing.
TEST(DataLoader, CopiesOnlyWhatIsShuffled) {
  const Dataset digits = numbered(4);
  Generator generator(1);
  EXPECT_EQ((*DataLoader(digits).begin()).x.data(), digits.x.data());
  const DataLoader shuffled(digits, {.shuffle = &generator});
  EXPECT_NE((*shuffled.begin()).x.data(), digits.x.data());
}

TEST(DataLoader, TransformsImagesAndNotDigits) {
  const Dataset digits{ones(3, 2).t().t(), arange(3)};
  const DataLoader loader(digits, {.batch = 2, .transform = [](const Tensor& x) { return x * 5; }});
  for (const auto& [xb, yb] : loader) expect_equal(xb, full({yb.numel(), 2}, 5));
  expect_equal(digits.x, ones(3, 2));
}

TEST(DataLoader, RefusesWhatIsNoDataSet) {
  const struct {
    Tensor x;
    LongTensor y;
    const char* message;
  } kCases[] = {
      {ones(3, 2), arange(2), "DataLoader needs x [n, ...] and y [n], but got [3, 2] and [2]"},
      {ones(3, 2), arange(3)(_, None),
       "DataLoader needs x [n, ...] and y [n], but got [3, 2] and [3, 1]"},
      {tensor(1), arange(1), "DataLoader needs x [n, ...] and y [n], but got [] and [1]"},
  };
  for (const auto& c : kCases) {
    expect_error<ShapeError>([&] { DataLoader({c.x, c.y}); }, c.message);
  }
  for (const std::int64_t batch : {0, -1}) {
    expect_error<std::invalid_argument>(
        [&] { DataLoader(numbered(3), {.batch = batch}); },
        "DataLoader needs a batch of at least 1 row, but got " + std::to_string(batch));
  }
}

TEST(Dataset, GivesImagesAndDigitsOfTheSameRows) {
  const auto [x, y] = numbered(5)[long_tensor({4, 0, 4})];
  expect_equal(x, tensor({{4, 4.5}, {0, 0.5}, {4, 4.5}}));
  expect_equal(y, long_tensor({4, 0, 4}));
  EXPECT_EQ(numbered(5)[Slice(3, 9)].x.shape(), Shape({2, 2}));
}

}  // namespace
}  // namespace foundations
