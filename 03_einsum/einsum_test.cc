// Every rung, and einsum of common beside them, keep the contract of einsum.h: one suite, run for
// each of the four.
#include "03_einsum/einsum.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "common/linalg/einsum.h"
#include "common/reference/reference_einsum.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/rung_names.h"
#include "common/testing/test_einsum.h"
#include "common/testing/test_layouts.h"
#include "common/testing/testing.h"

namespace foundations::ch03 {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

Tensor of_common(std::string_view subscripts, const std::vector<Tensor>& operands) {
  return foundations::einsum(subscripts, operands);
}

std::vector<Rung<Einsum>> rungs_and_common() {
  std::vector<Rung<Einsum>> all(std::begin(kEinsumRungs), std::end(kEinsumRungs));
  all.push_back({"common", of_common});
  return all;
}

class EinsumTest : public testing::TestWithParam<Rung<Einsum>> {
 protected:
  Tensor einsum(std::string_view subscripts, const std::vector<Tensor>& operands) {
    return GetParam().run(subscripts, operands);
  }
  bool lines_up_all_labels() { return GetParam().run == broadcast; }
  bool returns_views() { return GetParam().run != definition; }

  void expect_answer(const EinsumCase& row, const std::vector<Tensor>& operands) {
    const EinsumAnswer answer = reference_einsum(row.spelled, operands);
    const std::string wrong =
        mismatch(einsum(row.subscripts, operands), answer.want, answer.tolerance);
    if (!wrong.empty()) ADD_FAILURE() << row.text() << ": " << wrong;
  }
};

INSTANTIATE_TEST_SUITE_P(Rungs, EinsumTest, testing::ValuesIn(rungs_and_common()), name_of_rung);

std::vector<Tensor> random_operands(const EinsumCase& row, Generator& generator) {
  std::vector<Tensor> operands;
  for (const Shape& shape : row.shapes) operands.push_back(randn(shape, generator));
  return operands;
}

TEST_P(EinsumTest, TakesTenLabelsUnlessItLinesThemAllUp) {
  Generator generator(2);
  for (const EinsumCase& row : kTenLabels) {
    const std::vector<Tensor> operands = random_operands(row, generator);
    if (!lines_up_all_labels()) {
      expect_answer(row, operands);
      continue;
    }
    const bool nine = row.subscripts.find('j') == std::string::npos;  // labels, else ten
    expect_error<ShapeError>([&] { einsum(row.subscripts, operands); },
                             "einsum(\"" + row.subscripts + "\") by broadcasting needs " +
                                 (nine ? "9" : "10") +
                                 " dimensions, one for each label; a tensor has at most 8");
  }
}

TEST(ByMatmul, RefusesAProductOfTooManyDimensions) {
  const Tensor x = ones({2, 2, 2, 2, 2});
  expect_error<ShapeError>(
      [&] {
        by_matmul("abcde,fghij,abcde->fghij", {x, x, x});
      },
      "einsum(\"abcde,fghij,abcde->fghij\") by matmul: the product of the first operands has 10 "
      "dimensions; a tensor has at most 8");
}

// Each operand in turn in every layout; then all of them, expanded from one element.
TEST_P(EinsumTest, EvaluatesEveryExpressionOfAnyStrides) {
  Generator generator(3);
  for (const EinsumCase& row : kEinsumCases) {
    const std::vector<Tensor> operands = random_operands(row, generator);
    for (std::size_t o = 0; o < operands.size(); ++o) {
      for (const Tensor& laid_out : every_layout(operands[o])) {
        std::vector<Tensor> changed = operands;
        changed[o] = laid_out;
        expect_answer(row, changed);
      }
    }
    std::vector<Tensor> expanded;
    for (const Shape& shape : row.shapes) expanded.push_back(tensor(1.5f).expand(shape));
    expect_answer(row, expanded);
    if (HasFailure()) return;  // one expression says enough
  }
}

// Memory that is used again is full of NaN here; what is forgotten shows.
TEST_P(EinsumTest, WritesEveryElementOfItsResultAndNoOther) {
  Generator generator(4);
  for (const EinsumCase& row : kEinsumCases) {
    const std::vector<Tensor> operands = random_operands(row, generator);
    std::vector<Tensor> before;
    for (const Tensor& operand : operands) before.push_back(operand.clone());
    const std::int64_t numel = einsum(row.subscripts, operands).numel();
    for (int i = 0; i < 4; ++i) full({numel}, kNan);
    expect_answer(row, operands);
    for (std::size_t o = 0; o < operands.size(); ++o) expect_equal(operands[o], before[o]);
  }
}

TEST_P(EinsumTest, PassesNanAndInfinityOn) {
  const Tensor a = tensor({{1, kNan, 0}, {0, 1, 2}, {1, 1, 1}});
  const Tensor b = tensor({{1, 2, 3, kInf, 5}, {0, 1, 0, 1, 0}, {1, kInf, 1, -kInf, 1}});
  for (const char* const output : {"ij", "ji", "ikj"}) {
    const std::string subscripts = std::string("ik,kj->") + output;
    expect_answer({subscripts, {{3, 3}, {3, 5}}, subscripts}, {a, b});
  }
  EXPECT_TRUE(std::isnan(einsum("ik,kj", {a, b})(0, 1)));  // 0 * inf
  EXPECT_TRUE(std::isnan(einsum("i,i", {tensor({0, 1}), tensor({kInf, 1})}).item()));
  EXPECT_TRUE(std::isnan(einsum("i,i->i", {tensor({0, 1}), tensor({kInf, 1})})(0)));
  EXPECT_EQ(einsum("i->", {tensor({1, kInf})}).item(), kInf);
  EXPECT_TRUE(std::isnan(einsum("ii", {tensor({{kInf, 1}, {1, -kInf}})}).item()));
  EXPECT_TRUE(std::isnan(einsum(",i", {tensor(0), tensor({kInf})})(0)));
}

// But the definition, which makes a new tensor even then.
TEST_P(EinsumTest, ReturnsAViewWhereNothingIsComputed) {
  Generator generator(5);
  const Tensor x = randn({3, 4}, generator), square = randn({3, 3}, generator);
  const struct {
    std::string subscripts;
    Tensor operand;
    Strides strides;
  } kViews[] = {
      {"ij", x, {4, 1}},         {"ij->ji", x, {1, 4}},     {"ba", x, {1, 4}},
      {"ii->i", square, {4}},    {"...", x, {4, 1}},        {"i", x[1], {1}},
      {"i...->...i", x, {1, 4}}, {"ij->ji", x.t(), {4, 1}}, {"i", x.select(1, 2), {4}},
  };
  for (const auto& [subscripts, operand, strides] : kViews) {
    SCOPED_TRACE(subscripts);
    const Tensor view = einsum(subscripts, {operand});
    EXPECT_EQ(view.data() == operand.data(), returns_views());
    if (returns_views()) {
      EXPECT_EQ(bracketed(view.strides()), bracketed(strides));
    }
  }
  einsum("ii->i", {square}).fill_(7);
  EXPECT_EQ(square(2, 2) == 7, returns_views());  // a view writes through
  EXPECT_NE(square(2, 1), 7);
}

TEST_P(EinsumTest, MakesANewTensorWhereSizesOfOneAreSummed) {
  const Tensor column = ones({3, 1}), one = ones({1, 1});
  einsum("ij->i", {column}).fill_(7);
  einsum("ij->", {one}).fill_(7);
  expect_equal(column, ones({3, 1}));
  expect_equal(one, ones({1, 1}));
}

// The parser has a test of its own: each rung has to ask it.
TEST_P(EinsumTest, RefusesWhatDoesNotFit) {
  const Tensor a = ones({2, 3}), b = ones({3, 4});
  const struct {
    std::string subscripts;
    std::vector<Tensor> operands;
    std::string reason;
  } kBad[] = {
      {"ik,kj->iz", {a, b}, "output label 'z' is in no operand (character 8)"},
      {"ik,kj->ij", {a}, "subscripts for more than 1 operand (character 3)"},
      {"ik,kj->ij",
       {a, a},
       "label 'k' has size 3 in operand 0 and size 2 in operand 1 (character 3)"},
  };
  for (const auto& bad : kBad) {
    expect_error<SubscriptError>([&] { einsum(bad.subscripts, bad.operands); },
                                 "einsum(\"" + bad.subscripts + "\"): " + bad.reason);
  }
}

}  // namespace
}  // namespace foundations::ch03
