// (What fork() leaves a child is //common/linalg:process_test's.)
#include "common/base/openmp.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace foundations {
namespace {

TEST(RunShares, DoesEachShareOnce) {
  for (const int shares : {1, 2, 5}) {
    std::vector<int> done(shares);
    run_shares(shares, [&](int t) { ++done[t]; });
    EXPECT_EQ(done, std::vector<int>(shares, 1));
  }
}

TEST(RunShares, ThrowsWhatAShareThrows) {
  for (const int shares : {1, 3}) {
    try {
      run_shares(shares, [&](int t) {
        if (t == shares - 1) throw std::out_of_range("share");
      });
      ADD_FAILURE() << "nothing is thrown by one of " << shares;
    } catch (const std::out_of_range& error) {
      EXPECT_EQ(std::string(error.what()), "share");
    }
  }
}

}  // namespace
}  // namespace foundations
