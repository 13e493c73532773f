// Every rule keeps the contract of init.h, and is what common/nn/init.h has hardened.
#include "04_init/init.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>

#include "common/nn/init.h"
#include "common/tensor/ops.h"
#include "common/testing/testing.h"

namespace foundations::ch04 {

void PrintTo(const Rule& rule, std::ostream* out) { *out << rule.name; }

namespace {

// What the formula of a rule comes to, and the same from common/nn/init.h.
struct Expected {
  std::string_view name;
  std::function<double(double in, double out)> std;
  double excess;  // kurtosis: 0 for normal numbers, -1.2 for uniform ones
  std::function<Tensor(const Tensor& w, Generator& generator)> common;
};

const Expected kExpected[] = {
    {"unscaled", [](double, double) { return 1.0; }, 0,
     [](auto& w, auto& g) { return normal_(w, 0, 1, g); }},
    {"small", [](double, double) { return 0.01; }, 0,
     [](auto& w, auto& g) { return normal_(w, 0, 0.01, g); }},
    {"simplified", [](double in, double) { return 1 / std::sqrt(in); }, 0,
     [](auto& w, auto& g) { return kaiming_normal_(w, g, {.a = 1, .mode = Fan::kOut}); }},
    {"glorot_normal", [](double in, double out) { return std::sqrt(2 / (in + out)); }, 0,
     [](auto& w, auto& g) { return glorot_normal_(w, g); }},
    {"glorot_uniform", [](double in, double out) { return std::sqrt(2 / (in + out)); }, -1.2,
     [](auto& w, auto& g) { return glorot_uniform_(w, g); }},
    {"kaiming_normal", [](double in, double) { return std::sqrt(2 / in); }, 0,
     [](auto& w, auto& g) { return kaiming_normal_(w, g, {.mode = Fan::kOut}); }},
    {"kaiming_uniform", [](double in, double) { return std::sqrt(2 / in); }, -1.2,
     [](auto& w, auto& g) { return kaiming_uniform_(w, g, {.mode = Fan::kOut}); }},
    {"kaiming_wrong_fan", [](double, double out) { return std::sqrt(2 / out); }, 0,
     [](auto& w, auto& g) { return kaiming_normal_(w, g); }},
    {"linear_default", [](double in, double) { return 1 / std::sqrt(3 * in); }, -1.2,
     [](auto& w, auto& g) {
       return kaiming_uniform_(w, g, {.a = std::sqrt(5.0), .mode = Fan::kOut});
     }},
};

class RuleTest : public testing::TestWithParam<Rule> {
 protected:
  static const Expected& expected() {
    for (const Expected& row : kExpected) {
      if (row.name == GetParam().name) return row;
    }
    throw std::out_of_range("kExpected has no row for " + std::string(GetParam().name));
  }
};

INSTANTIATE_TEST_SUITE_P(Rules, RuleTest, testing::ValuesIn(kRules),
                         [](const auto& test) { return std::string(test.param.name); });

// N numbers of standard deviation s: their mean is off by s / sqrt(N), their standard deviation by
// s * sqrt((2 + excess kurtosis) / 4N). Four times that is allowed.
TEST_P(RuleTest, HasTheMeanAndTheStandardDeviationOfItsFormula) {
  for (const auto& [in, out] : {std::pair{784, 50}, {50, 784}, {512, 512}}) {
    Generator generator(1);
    const Tensor w = GetParam().draw(in, out, generator);
    ASSERT_EQ(w.shape(), Shape({in, out}));
    const double s = expected().std(in, out), n = static_cast<double>(in) * out;
    EXPECT_NEAR(w.mean().item(), 0, 4 * s / std::sqrt(n)) << in << "x" << out;
    EXPECT_NEAR(w.std().item(), s, 4 * s * std::sqrt((2 + expected().excess) / 4 / n))
        << in << "x" << out;
  }
}

// The numbers are drawn from the same stream in the same order: uniform ones from as many bits as
// their type has, so that the two differ by what rounding a float to 24 bits costs.
TEST_P(RuleTest, IsWhatCommonHas) {
  for (const Shape& shape : {Shape{784, 50}, {3, 5}, {1, 1}, {7, 1}, {1, 9}}) {
    Generator generator(2), same(2);
    const Tensor w = GetParam().draw(shape[0], shape[1], generator);
    const double s = expected().std(static_cast<double>(shape[0]), static_cast<double>(shape[1]));
    expect_close(w, expected().common(empty(shape), same), 1e-6, 1e-6 * s);
  }
}

TEST_P(RuleTest, TakesSizesOfZero) {
  Generator generator(3);
  EXPECT_EQ(GetParam().draw(0, 5, generator).shape(), Shape({0, 5}));
  EXPECT_EQ(GetParam().draw(5, 0, generator).shape(), Shape({5, 0}));
  EXPECT_EQ(GetParam().draw(0, 0, generator).shape(), Shape({0, 0}));
}

}  // namespace
}  // namespace foundations::ch04
