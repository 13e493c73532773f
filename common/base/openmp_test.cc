#include "common/base/openmp.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

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

TEST(Fork, LeavesTheChildOneThread) {
  run_shares(2, [](int) {});  // OpenMP has its threads now, which the child does not get
  const pid_t child = fork();
  if (child == 0) {
    run_shares(max_threads(), [](int) {});
    _exit(max_threads() == 1 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace
}  // namespace foundations
