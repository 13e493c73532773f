// What is too much: more elements than 63 bits count, more bytes than there are, dimensions that
// are not there. (A ninth dimension is shape_test's.) Refused with one sentence, whichever
// operation is asked.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

struct Asked {
  const char* name;
  std::function<void()> ask;
};

// Each is refused with an Error whose sentence begins so, and leaves no memory behind.
template <class Error>
void expect_refused(const std::string& sentence, const std::vector<Asked>& table) {
  for (const Asked& row : table) {
    const std::int64_t before = memory_allocated();
    try {
      row.ask();
      ADD_FAILURE() << row.name << " is not refused";
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).substr(0, sentence.size()), sentence) << row.name;
    }
    EXPECT_EQ(memory_allocated(), before) << row.name;
  }
}

// Sizes beyond any memory, with one element behind them.
Tensor vast(const Shape& shape) {
  Strides strides;
  while (strides.size() < shape.size()) strides.push_back(0);
  return ones({1}).as_strided(shape, strides);
}

TEST(Limits, ElementsAreCountedInSixtyThreeBits) {
  const std::int64_t k = std::int64_t{1} << 40;
  const Shape square = {k, k}, none = {0, k, k};
  const Tensor row = vast({k}), column = vast({k, 1});
  Generator generator(1);
  expect_refused<ShapeError>("The number of elements of a tensor of shape [",
                             {
                                 {"zeros", [&] { zeros(square); }},
                                 {"zeros, with none", [&] { zeros(none); }},
                                 {"randn", [&] { randn(square, generator); }},
                                 {"randint", [&] { randint(0, 2, square, generator); }},
                                 {"expand", [&] { column.expand(square); }},
                                 {"expand, with none",
                                  [&] {
                                    zeros({0, 1, 1}).expand(none);
                                  }},
                                 {"view", [&] { row.view(square); }},
                                 {"reshape", [&] { row.reshape(square); }},
                                 {"as_strided", [&] { vast(square); }},
                                 {"+", [&] { column + row; }},
                                 {"<", [&] { static_cast<void>(column < row); }},
                                 {"where", [&] { where(ones<bool>({}), column, row); }},
                             });
}

TEST(Limits, BytesAreCountedToo) {
  Generator generator(1);
  const Tensor v = vast({kMaxLong}), m = vast({kMaxLong, 1});
  expect_refused<OutOfMemoryError>(
      "can't allocate memory: you tried to allocate ",
      {
          {"zeros", [] { zeros({kMaxLong}); }},
          {"full of bool", [] { full<bool>({kMaxLong}, true); }},
          {"2^63 bytes", [] { empty<double>({std::int64_t{1} << 60}); }},
          {"2^64 bytes", [] { empty<float>({std::int64_t{1} << 62}); }},  // wrap around to 0
          {"arange", [] { arange(kMaxLong); }},
          {"randperm", [&] { randperm(kMaxLong, generator); }},
          {"clone", [&] { v.clone(); }},
          {"to", [&] { v.to<double>(); }},
          {"to_vector", [&] { v.to_vector(); }},
          {"+", [&] { v + 1; }},
          {"==", [&] { static_cast<void>(v == v); }},
          {"sum", [&] { m.sum(1); }},
          {"argmax", [&] { m.argmax(1); }},
      });
  expect_error<OutOfMemoryError>(
      [] { zeros({kMaxLong}); },
      "can't allocate memory: you tried to allocate 36893488147419103232 bytes");
}

TEST(Limits, DimensionsAreThereOrRefused) {
  const Tensor m = ones({2, 3});
  for (const std::int64_t d : {std::int64_t{-3}, std::int64_t{2}, kMinLong, kMaxLong}) {
    const IntList dims = {d, 0};
    expect_refused<IndexError>(
        "Dimension out of range (expected to be in range of [-2, 1], but got " + std::to_string(d) +
            ")",
        {
            {"size", [&] { m.size(d); }},
            {"stride", [&] { m.stride(d); }},
            {"select", [&] { m.select(d, 0); }},
            {"slice", [&] { m.slice(d); }},
            {"squeeze", [&] { m.squeeze(d); }},
            {"transpose", [&] { m.transpose(0, d); }},
            {"permute", [&] { m.permute(dims); }},
            {"diagonal", [&] { m.diagonal(0, 0, d); }},
            {"sum", [&] { m.sum(d); }},
            {"mean", [&] { m.mean(d); }},
            {"var", [&] { m.var(d); }},
            {"std", [&] { m.std(d, true); }},
            {"max", [&] { m.max(d); }},
            {"min", [&] { m.min(d); }},
            {"argmax", [&] { m.argmax(d); }},
        });
    const std::int64_t past = d == 2 ? 3 : d == -3 ? -4 : d;  // one further
    expect_refused<IndexError>("Dimension out of range (expected to be in range of [-3, 2], ",
                               {{"unsqueeze", [&] { m.unsqueeze(past); }}});
    expect_refused<IndexError>("index " + std::to_string(past) + " is out of bounds for dim",
                               {
                                   {"select", [&] { m.select(1, past); }},
                                   {"index", [&] { m[0].index({past}); }},
                                   {"at", [&] { m.at(0, past); }},
                               });
  }
}

}  // namespace
}  // namespace foundations
