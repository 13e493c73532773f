#include "05_forward_backward/microscope/gradcheck.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "05_forward_backward/microscope/faults.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/testing.h"

namespace foundations::ch05 {
namespace {

struct Small {
  DoubleTensor x, y;
  NetOf<double> net;
};

// 20 rows of 8 x 10 x 1.
Small small(std::uint64_t seed, double shift = 0) {
  Generator generator(seed);
  const DoubleTensor x = randn<double>({20, 8}, generator), y = randn<double>({20}, generator);
  NetOf<double> net = in_double(make_net(8, 10, generator));
  net.shift = shift;
  return {x, y, net};
}

TEST(GradCheck, PassesEveryElementOfSoundGradients) {
  for (const double shift : {0., 0.5}) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      const Small s = small(seed, shift);
      for (const GradientCheck& c : check_gradients(s.x, s.y, s.net, kSound)) {
        EXPECT_TRUE(is_ok(c)) << c.name << ", seed " << seed << ": " << relative_error(c);
        EXPECT_EQ(static_cast<std::int64_t>(c.elements.size()) + c.kinks, c.shape.numel())
            << c.name;
      }
    }
  }
}

TEST(GradCheck, PassesOneRow) {
  const Small s = small(6);
  for (const GradientCheck& c :
       check_gradients(s.x.slice(0, 0, 1), s.y.slice(0, 0, 1), s.net, kSound)) {
    EXPECT_TRUE(is_ok(c)) << c.name << ": " << relative_error(c);
  }
}

// Which of w1, b1, w2, b2, x come out right.
std::vector<bool> right(const Fault& fault, double shift) {
  const Small s = small(1, shift);
  std::vector<bool> result;
  for (const GradientCheck& c : check_gradients(s.x, s.y, s.net, fault.gradients)) {
    result.push_back(is_ok(c));
  }
  return result;
}

TEST(GradCheck, CatchesEveryFaultWhereItIs) {
  const std::vector<std::vector<bool>> expected = {{false, true, true, true, true},
                                                   {false, false, false, false, false},
                                                   {false, false, true, true, false},
                                                   {true, false, true, false, true}};
  for (int i = 0; i < kFaultCount; ++i) {
    EXPECT_EQ(right(kFaults[i], kFaults[i].shift), expected.at(i)) << kFaults[i].name;
  }
}

TEST(GradCheck, ReluOfOutputIsHarmlessWithoutAShift) {
  EXPECT_EQ(right(kFaults[2], 0), std::vector<bool>(5, true));
}

TEST(GradCheck, AMissingMeanIsTheNumberOfRowsEverywhere) {
  const Small s = small(1);
  for (const GradientCheck& c : check_gradients(s.x, s.y, s.net, kFaults[1].gradients)) {
    for (const double ratio : ratio_quartiles(c)) EXPECT_NEAR(ratio, 20, 1e-3) << c.name;
  }
}

// One of 1 and of what another gradient says of it.
GradientCheck of_one(double numeric) { return {"b", {1}, {{0, 1, numeric}}, 0}; }

TEST(GradCheck, AllowsAMillionth) {
  EXPECT_TRUE(is_ok(of_one(1 + 0.9e-6)));
  EXPECT_FALSE(is_ok(of_one(1 + 1.1e-6)));
}

TEST(GradCheck, HasTheQuartilesOfTheRatiosInAnyOrder) {
  const GradientCheck check = {
      "b", {5}, {{0, 4, 1}, {1, 1, 1}, {2, 3, 1}, {3, 2, 1}, {4, 5, 1}}, 0};
  EXPECT_EQ(ratio_quartiles(check), (std::array<double, 3>{2, 3, 4}));
}

TEST(GradCheck, PutsEveryElementBack) {
  const Small s = small(2);
  const auto w1 = s.net.w1.to_vector(), x = s.x.to_vector();
  check_gradients(s.x, s.y, s.net, kSound);
  EXPECT_EQ(s.net.w1.to_vector(), w1);
  EXPECT_EQ(s.x.to_vector(), x);
}

TEST(GradCheck, SamplesEvenly) {
  const Small s = small(2);
  const GradientCheck w1 = check_gradients(s.x, s.y, s.net, kSound, {.sample = 4})[0];
  ASSERT_EQ(w1.elements.size(), 4u);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(w1.elements[i].index, 20 * i);
}

TEST(GradCheck, NaNIsWrong) {
  const GradientCheck check = {"b", {3}, {{0, 1, 1}, {1, kNan, 1}, {2, 1, 5}}, 0};
  EXPECT_FALSE(is_ok(check));
  EXPECT_EQ(worst(check).index, 1);
  EXPECT_TRUE(std::isnan(relative_error(check)));
}

TEST(GradCheck, NothingComparedIsNotOk) {
  const GradientCheck none = {"b", {0}, {}, 0};
  EXPECT_FALSE(is_ok(none));
  EXPECT_TRUE(std::isnan(ratio_quartiles(none)[1]));
  expect_error<IndexError>([&] { worst(none); }, "worst() needs a check of at least one element");
}

TEST(GradCheck, GradientsOfZeroAreRightOnlyWhereTheLossIsFlat) {
  EXPECT_TRUE(is_ok({"b", {1}, {{0, 0, 0}}, 0}));
  EXPECT_FALSE(is_ok({"b", {1}, {{0, 0, 1}}, 0}));
}

TEST(GradCheck, KinksAreSeenAndLeftOut) {
  Small s = small(3);
  DoubleTensor x = zeros<double>(20, 8);  // and no bias: every pre-activation is at the kink
  const auto checks = check_gradients(x, s.y, s.net, kSound);
  EXPECT_EQ(checks[1].kinks, 10);
  EXPECT_TRUE(checks[1].elements.empty());
  EXPECT_EQ(checks[2].kinks, 0);
  const auto kept = check_gradients(x, s.y, s.net, kSound, {.keep_kinks = true});
  EXPECT_EQ(kept[1].elements.size(), 10u);
}

TEST(GradCheck, SlopesAtAKink) {
  const Small s = small(4);
  const Kink kink = slopes_at_kink(s.x, s.y, s.net, 1e-5);
  ASSERT_GT(std::abs(kink.right), 1e-3);
  EXPECT_EQ(kink.left, 0);
  EXPECT_EQ(kink.analytic, 0);
  EXPECT_NEAR(kink.central / kink.right, 0.5, 1e-9);
}

TEST(GradCheck, ErrorIsRoundOffForSmallStepsAndKinksForLarge) {
  const Small s = small(5);
  const auto curve = error_against_h(s.x, s.y, s.net, 80);
  EXPECT_GT(curve.front().kinks, 0);
  EXPECT_GT(curve.front().w1, 1e-4);   // h = 0.1: kinks
  EXPECT_LT(curve.front().w2, 1e-12);  // none behind relu
  EXPECT_GT(curve.back().w2, 1e-10);   // h = 1e-8: round-off
}

}  // namespace
}  // namespace foundations::ch05
