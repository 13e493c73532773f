// Products at the edges of a process: in a child that fork() has made, and in the destructors of
// objects that outlive main and its thread_local memory.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "common/linalg/einsum.h"
#include "common/linalg/gemm.h"
#include "common/linalg/matmul.h"
#include "common/testing/properties.h"

namespace foundations {
namespace {

// Returns true if the product of two [n, n] of ones, by each way to threads, is n everywhere.
bool multiplies(std::int64_t n) {
  const Tensor a = ones({n, n}), c = empty({n, n});
  gemm<float>(n, n, n, {a.data(), n, 1}, {a.data(), n, 1}, {c.data(), n, 1}, 2);
  const DoubleTensor x = ones<double>({4, n, n});
  const auto is_n = [n](double element) { return element == static_cast<double>(n); };
  return std::ranges::all_of(c.to_vector(), is_n) &&
         std::ranges::all_of(matmul(a, a).to_vector(), is_n) &&
         std::ranges::all_of(matmul(x, x.transpose(1, 2)).to_vector(), is_n) &&
         std::ranges::all_of(einsum("bij,bjk->bik", {x, x}).to_vector(), is_n);
}

TEST(Fork, LeavesTheChildOneThread) {
  const Threads two(2);
  ASSERT_TRUE(multiplies(300));
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(20);  // ends a child that hangs
    set_threads(2);
    _exit(max_threads() == 1 && threads_available() == 1 && multiplies(300) ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(max_threads(), kOpenMp ? 2 : 1);  // the parent's stay
  EXPECT_TRUE(multiplies(300));
}

struct MultipliesAtItsEnd {
  ~MultipliesAtItsEnd() { tell(multiplies(300)); }
  void (*tell)(bool right);
};

// Whatever belongs to the thread and is made after the object is destroyed before it.
TEST(Destructor, MultipliesAtTheEndOfAThread) {
  std::thread([] {
    thread_local const MultipliesAtItsEnd last{[](bool right) { EXPECT_TRUE(right); }};
    EXPECT_TRUE(last.tell && multiplies(300));
  }).join();
}

TEST(Destructor, OfAStaticObjectMultiplies) {
  const auto run = [] {
    static const MultipliesAtItsEnd last{[](bool right) { _exit(right ? 0 : 1); }};
    std::exit(multiplies(300) ? 2 : 3);
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace foundations
