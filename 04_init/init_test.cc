// Every rule is what common/nn/init.h has, whose test holds it to its formula.
#include "04_init/init.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string_view>

#include "common/nn/init.h"
#include "common/tensor/ops.h"
#include "common/testing/testing.h"

namespace foundations::ch04 {
namespace {

struct Common {
  std::string_view rule;
  std::function<Tensor(const Tensor& w, Generator& generator)> fill;
};

const Common kCommon[] = {
    {"unscaled", [](auto& w, auto& g) { return normal_(w, 0, 1, g); }},
    {"small", [](auto& w, auto& g) { return normal_(w, 0, 0.01, g); }},
    {"simplified",
     [](auto& w, auto& g) { return kaiming_normal_(w, g, {.a = 1, .mode = Fan::kOut}); }},
    {"glorot_normal", [](auto& w, auto& g) { return glorot_normal_(w, g); }},
    {"glorot_uniform", [](auto& w, auto& g) { return glorot_uniform_(w, g); }},
    {"kaiming_normal", [](auto& w, auto& g) { return kaiming_normal_(w, g, {.mode = Fan::kOut}); }},
    {"kaiming_uniform",
     [](auto& w, auto& g) { return kaiming_uniform_(w, g, {.mode = Fan::kOut}); }},
    {"kaiming_wrong_fan", [](auto& w, auto& g) { return kaiming_normal_(w, g); }},
    {"linear_default",
     [](auto& w, auto& g) {
       return kaiming_uniform_(w, g, {.a = std::sqrt(5.0), .mode = Fan::kOut});
     }},
};

// The numbers are drawn from the same stream in the same order: uniform ones from as many bits as
// their type has, so that the two differ by what rounding a float to 24 bits costs.
TEST(Rules, AreWhatCommonHas) {
  ASSERT_EQ(std::size(kCommon), std::size(kRules));
  for (std::size_t i = 0; i < std::size(kRules); ++i) {
    ASSERT_EQ(kRules[i].name, kCommon[i].rule);
    SCOPED_TRACE(kCommon[i].rule);
    for (const Shape& shape : {Shape{784, 50}, {3, 5}, {1, 1}, {7, 1}, {1, 9}, {0, 5}, {5, 0}}) {
      Generator generator(2), same(2);
      const Tensor want = kCommon[i].fill(empty(shape), same);
      const double largest = want.numel() > 0 ? want.abs().max().item() : 0;
      expect_close(kRules[i].draw(shape[0], shape[1], generator), want, 1e-6, 1e-6 * largest);
    }
  }
}

}  // namespace
}  // namespace foundations::ch04
