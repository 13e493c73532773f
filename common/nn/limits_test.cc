// What is too much: a ninth dimension, more elements than 63 bits count, dimensions that are not
// there. Refused with one sentence, whichever operation is asked.
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "common/base/openmp.h"
#include "common/linalg/einsum.h"
#include "common/linalg/matmul.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

// Sizes beyond any memory, with one element behind them.
Tensor vast(const Shape& shape) {
  Strides strides;
  while (strides.size() < shape.size()) strides.push_back(0);
  return ones({1}).as_strided(shape, strides);
}

struct Asked {
  const char* name;
  std::function<void()> ask;
};

// Each is refused with an Error whose sentence begins so, and leaves no memory behind.
template <class Error>
void expect_refused(const std::vector<Asked>& table, const std::string& sentence) {
  for (const Asked& row : table) {
    const std::int64_t before = memory_allocated();
    try {
      row.ask();
      ADD_FAILURE() << row.name << " is not refused";
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).substr(0, sentence.size()), sentence) << row.name;
    } catch (const std::exception& error) {
      ADD_FAILURE() << row.name << " throws something else: " << error.what();
    }
    EXPECT_EQ(memory_allocated(), before) << row.name;
  }
}

TEST(Limits, NoTensorHasNineDimensions) {
  const Tensor eight = ones({1, 1, 1, 1, 1, 1, 1, 1});
  const std::vector<std::int64_t> nine(9, 1);
  expect_refused<ShapeError>(
      {
          {"zeros", [&] { zeros(nine); }},
          {"tensor", [] { tensor({{{{{{{{{1}}}}}}}}}); }},
          {"unsqueeze", [&] { eight.unsqueeze(0); }},
          {"unsqueeze(-1)", [&] { eight.unsqueeze(-1); }},
          {"index", [&] { eight.index({None}); }},
          {"index, one less and two more",
           [&] {
             eight.index({0, None, None});
           }},
          {"expand", [&] { ones({1}).expand(nine); }},
          {"view", [&] { ones({1}).view(nine); }},
          {"reshape", [&] { ones({1}).reshape(nine); }},
          {"as_strided", [&] { ones({1}).as_strided(nine, {}); }},
          {"permute",
           [&] {
             eight.permute({0, 1, 2, 3, 4, 5, 6, 7, 8});
           }},
      },
      "A tensor has at most 8 dimensions, and one more than [");
  expect_error<SubscriptError>(
      [&] {
        einsum("abcdefgh,i->abcdefghi", {eight, ones({2})});
      },
      "einsum(\"abcdefgh,i->abcdefghi\"): an output of 9 dimensions; a tensor has at most 8 (at "
      "the end)");
  EXPECT_EQ(eight.diagonal().dim(), 7);
  EXPECT_EQ((eight + ones({2})).dim(), 8);
  EXPECT_EQ(matmul(eight, ones({1, 1, 1})).dim(), 8);
}

TEST(Limits, ElementsAreCountedInSixtyThreeBits) {
  const std::int64_t k = std::int64_t{1} << 40;
  Generator generator(1);
  expect_refused<ShapeError>(
      {
          {"zeros",
           [&] {
             zeros({k, k});
           }},
          {"zeros, with none",
           [&] {
             zeros({0, k, k});
           }},
          {"randn",
           [&] {
             randn({k, k}, generator);
           }},
          {"randint",
           [&] {
             randint(0, 2, {k, k}, generator);
           }},
          {"expand",
           [&] {
             vast({k, 1}).expand({k, k});
           }},
          {"expand_as",
           [&] {
             zeros({0, 1, 1}).expand({0, k, k});
           }},
          {"view",
           [&] {
             vast({k}).view({k, k});
           }},
          {"reshape",
           [&] {
             vast({k}).reshape({k, k});
           }},
          {"as_strided",
           [&] {
             vast({k, k});
           }},
          {"+",
           [&] {
             vast({k, 1}) + vast({k});
           }},
          {"<",
           [&] {
             static_cast<void>(vast({k, 1}) < vast({k}));
           }},
          {"where",
           [&] {
             where(full<bool>({}, true), vast({k, 1}), vast({k}));
           }},
          {"matmul",
           [&] {
             matmul(vast({k, 1}), vast({1, k}));
           }},
          {"matmul, batches",
           [&] {
             matmul(vast({k, 1, 1, 1}), vast({k, 1, 1}));
           }},
          {"einsum",
           [&] {
             einsum("i,j->ij", {vast({k}), vast({k})});
           }},
          {"einsum, matmul",
           [&] {
             einsum("ik,kj->ij", {vast({k, 2}), vast({2, k})});
           }},
      },
      "The number of elements of a tensor of shape [");
}

TEST(Limits, BytesAreCountedToo) {
  Generator generator(1);
  const Tensor v = vast({kMax}), m = vast({kMax, 1});
  expect_refused<OutOfMemoryError>(
      {
          {"zeros", [] { zeros({kMax}); }},
          {"full of bool", [] { full<bool>({kMax}, true); }},
          {"2^63 bytes", [] { empty<double>({std::int64_t{1} << 60}); }},
          {"arange", [] { arange(kMax); }},
          {"rand", [&] { rand({kMax}, generator); }},
          {"randperm", [&] { randperm(kMax, generator); }},
          {"clone", [&] { v.clone(); }},
          {"contiguous", [&] { v.contiguous(); }},
          {"to", [&] { v.to<double>(); }},
          {"to_vector", [&] { v.to_vector(); }},
          {"+", [&] { v + 1; }},
          {"==", [&] { static_cast<void>(v == v); }},
          {"where", [&] { where(full<bool>({}, true), v, 0); }},
          {"exp", [&] { v.exp(); }},
          {"sum", [&] { m.sum(1); }},
          {"max", [&] { m.max(1); }},
          {"argmax", [&] { m.argmax(1); }},
          {"var", [&] { m.var(1); }},
          {"matmul",
           [&] {
             matmul(m, ones({1, 1}));
           }},
          {"einsum",
           [&] {
             einsum("i,i->i", {v, v});
           }},
          {"einsum, outer",
           [&] {
             einsum("i,j->ij", {v, ones({1})});
           }},
          {"normalize", [&] { normalize(v, ones({}), ones({})); }},
          {"lin",
           [&] {
             lin(m, ones({1, 1}), ones({1}));
           }},
          {"relu", [&] { relu(v); }},
          {"mse", [&] { mse(m, v); }},
      },
      "can't allocate memory: you tried to allocate ");
  expect_error<OutOfMemoryError>(
      [] { zeros({kMax}); },
      "can't allocate memory: you tried to allocate 36893488147419103232 bytes");
}

TEST(Limits, DimensionsAreThereOrRefused) {
  const Tensor m = ones({2, 3});
  for (const std::int64_t d : {std::int64_t{-3}, std::int64_t{2}, kMin, kMax}) {
    const std::string got = "but got " + std::to_string(d) + ")";
    expect_refused<IndexError>(
        {
            {"size", [&] { m.size(d); }},
            {"stride", [&] { m.stride(d); }},
            {"select", [&] { m.select(d, 0); }},
            {"slice", [&] { m.slice(d); }},
            {"squeeze", [&] { m.squeeze(d); }},
            {"transpose", [&] { m.transpose(0, d); }},
            {"permute",
             [&] {
               m.permute({d, 0});
             }},
            {"diagonal", [&] { m.diagonal(0, 0, d); }},
            {"sum", [&] { m.sum(d); }},
            {"mean", [&] { m.mean(d); }},
            {"var", [&] { m.var(d); }},
            {"std", [&] { m.std(d, true); }},
            {"max", [&] { m.max(d); }},
            {"min", [&] { m.min(d); }},
            {"argmax", [&] { m.argmax(d); }},
        },
        "Dimension out of range (expected to be in range of [-2, 1], " + got);
    const std::int64_t past = d == 2 ? 3 : d == -3 ? -4 : d;  // unsqueeze has a place more
    expect_refused<IndexError>({{"unsqueeze", [&] { m.unsqueeze(past); }}},
                               "Dimension out of range (expected to be in range of [-3, 2], ");
    const std::int64_t index = d == 2 ? 3 : d == -3 ? -4 : d;
    expect_refused<IndexError>({{"select", [&] { m.select(1, index); }},
                                {"index",
                                 [&] {
                                   m.index({0, index});
                                 }},
                                {"at", [&] { m.at(0, index); }}},
                               "index " + std::to_string(index) + " is out of bounds for dim");
  }
}

TEST(Limits, ThereIsAlwaysAThread) {
  const int before = max_threads();
  const Tensor a = ones({200, 200});
  for (const int threads : {0, -1, std::numeric_limits<int>::min()}) {
    set_threads(threads);
    EXPECT_EQ(max_threads(), 1);
    EXPECT_EQ(matmul(a, a).at(199, 199), 200);
  }
  set_threads(before);
}

TEST(Limits, AViewKeepsItsStorage) {
  const std::int64_t before = memory_allocated();
  Tensor row, whole;
  {
    Tensor base = ones({2, 3});
    row = base[1];
    whole = base.t();
    base = static_cast<const Tensor&>(base);
    base[0] = base[0];
    base = base[1];  // the name means the row, and then nothing
  }
  row.fill_(7);
  EXPECT_EQ(whole.sum().item(), 24);
  for (const Tensor t : ones({1, 2})) row = t;  // of a tensor without a name
  EXPECT_EQ(row.sum().item(), 2);
  row = whole = Tensor();
  EXPECT_EQ(memory_allocated(), before);
}

}  // namespace
}  // namespace foundations
