// Nothing and too much. Tensors without elements are taken as PyTorch takes them; more elements
// than 63 bits count, more bytes than there are and dimensions that are not there are refused with
// one sentence, whichever operation you ask. (A ninth dimension is shape_test's.)
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/tensor/ops.h"
#include "common/tensor/overlap.h"
#include "common/tensor/print.h"
#include "common/tensor/random.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// ---- Nothing (views, operators and reductions meet it in their own tests too) -------------------

// The result: its elements, or where it has none its shape.
template <class T>
void expect_text(const TensorOf<T>& got, const std::string& want, int line = __builtin_LINE()) {
  EXPECT_EQ(got.numel() > 0 ? to_string(got) : bracketed(got.shape()), want) << "line " << line;
}

class Empty : public testing::Test {
 protected:
  const Tensor none = zeros({0}), no_rows = zeros({0, 3}), no_columns = zeros({3, 0});
};

TEST_F(Empty, IsMadeAndCopied) {
  expect_text(ones<bool>({0, 1}), "[0, 1]");
  expect_text(empty_like<double>(no_rows.t()), "[3, 0]");
  expect_text(from_vector<float>({}, {0, 4}), "[0, 4]");
  expect_text(arange(1., 1.), "[0]");
  expect_text(tensor({{}, {}}), "[2, 0]");
  expect_text(none.as_strided({0, 9}, {1, 1}), "[0, 9]");
  expect_text(no_rows.t().contiguous(), "[3, 0]");
  expect_text(no_rows.t().reshape({0}), "[0]");
  expect_text(no_rows.to<std::int64_t>(), "[0, 3]");
  EXPECT_TRUE(no_rows.to_vector().empty());
  EXPECT_TRUE(no_rows.begin() == no_rows.end());
  EXPECT_FALSE(overlaps_itself(none.layout()));
  EXPECT_TRUE(is_dense(no_rows.layout()));
}

TEST_F(Empty, IsWritten) {
  expect_text(no_rows.copy_(ones({3})), "[0, 3]");
  expect_text(ones({1}).expand({0}).fill_(7), "[0]");
  no_rows.slice(0) = none.unsqueeze(1);
  no_columns[0] = 7;
  expect_text(no_rows += ones({3}), "[0, 3]");
  expect_text(arange(0) *= 2, "[0]");
  expect_text(no_rows /= 0, "[0, 3]");
  expect_text(none.grad(), "[0]");
}

TEST_F(Empty, IsCalculatedWith) {
  expect_text(where(none == 0, 1.f, none), "[0]");
  expect_text(no_rows.pow(-1), "[0, 3]");
  expect_text(Tensor().sum(), "tensor(0.)");
  expect_text(no_rows.mean(0), "tensor([nan, nan, nan])");
  expect_text(no_rows.std(1), "[0]");
  expect_text(no_rows.min(1, true), "[0, 1]");
}

// What is drawn for no element: nothing. The generator is where it was.
TEST_F(Empty, IsDrawn) {
  Generator generator(1);
  expect_text(rand({0, 2}, generator), "[0, 2]");
  expect_text(randn({0}, generator), "[0]");
  expect_text(randint(0, 5, {0}, generator), "[0]");
  expect_text(randperm(0, generator), "[0]");
  EXPECT_EQ(generator.bits(), Generator(1).bits());
}

// ---- Too much ----------------------------------------------------------------------------------

using Asked = std::pair<const char*, std::function<void()>>;

// Each is refused with an Error whose sentence begins so, and leaves no memory behind.
template <class Error>
void expect_refused(const std::string& sentence, const std::vector<Asked>& table) {
  for (const auto& [name, ask] : table) {
    const std::int64_t before = memory_allocated();
    try {
      ask();
      ADD_FAILURE() << name << " is not refused";
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).substr(0, sentence.size()), sentence) << name;
    }
    EXPECT_EQ(memory_allocated(), before) << name;
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
            {"var", [&] { m.var(d); }},
            {"std", [&] { m.std(d, true); }},
            {"max", [&] { m.max(d); }},
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
