// What a program sees when the system has no memory left: our own error, thrown where it can be
// caught, and tensors as they were. Runs in child processes, whose memory it can limit.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <limits>

#include "common/base/openmp.h"
#include "common/linalg/matmul.h"
#include "common/tensor/ops.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FOUNDATIONS_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define FOUNDATIONS_SANITIZED
#endif
#endif

namespace foundations {
namespace {

constexpr std::int64_t kMebibyte = 1 << 20;

// Limits the process from here on to so many bytes of address space.
void leave(std::int64_t bytes) {
  std::int64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const rlim_t limit = static_cast<rlim_t>(pages * 4096 + bytes);
  const rlimit limits = {limit, limit};
  if (setrlimit(RLIMIT_AS, &limits) != 0) std::abort();
}

// Runs the work and ends the process: with status 0, and the sentence on stderr, if it threw
// OutOfMemoryError.
template <class Action>
[[noreturn]] void run(Action action) {
  try {
    action();
  } catch (const OutOfMemoryError& error) {
    std::cerr << error.what();
    std::_Exit(0);
  }
  std::_Exit(1);
}

class OutOfMemory : public testing::Test {
 protected:
  void SetUp() override {
#if defined(FOUNDATIONS_SANITIZED) || !defined(__linux__)
    GTEST_SKIP() << "address space cannot be limited here";
#endif
    testing::GTEST_FLAG(death_test_style) = "threadsafe";
  }
};

// Runs out of memory again and again: leaks would add up, and anything written would not be 0.
void go_on_after_it() {
  const Tensor x = ones({10 * kMebibyte}), y = zeros({kMebibyte});
  const std::int64_t before = memory_allocated();
  leave(16 * kMebibyte);
  for (int i = 0; i < 100; ++i) {
    try {
      y.copy_(x.exp().slice(0, 0, kMebibyte));
      std::_Exit(2);
    } catch (const std::bad_alloc&) {
    }
  }
  if (memory_allocated() != before || y.sum().item() != 0) std::_Exit(3);
  if (zeros({kMebibyte}).sum().item() != 0) std::_Exit(4);  // some memory is left
  run([&] { x + 1; });
}

TEST_F(OutOfMemory, LeavesTensorsAsTheyWere) {
  EXPECT_EXIT(go_on_after_it(), testing::ExitedWithCode(0),
              "can't allocate memory: you tried to allocate 41943040 bytes");
}

void multiply_without_workspaces(const Shape& shape) {
  set_threads(4);
  const Tensor a = ones(shape), out = empty(shape);
  const LongTensor i = ones<std::int64_t>({64, 64, 64});
  matmul(i, i);  // starts the threads, which do not have their memory yet
  leave(0);
  void** all = nullptr;  // takes all that is left, as a list of blocks
  while (void* const block = std::malloc(kMebibyte)) {
    *static_cast<void***>(block) = all;
    all = static_cast<void**>(block);
  }
  run([&] { matmul_out(out, a, a.transpose(-1, -2)); });
}

// A thread that gets no memory for its part of a product has to tell the caller.
TEST_F(OutOfMemory, ComesOutOfThreads) {
  for (const Shape& shape : {Shape{400, 400}, Shape{16, 100, 100}}) {
    EXPECT_EXIT(multiply_without_workspaces(shape), testing::ExitedWithCode(0),
                "tried to allocate 6291456 bytes");
  }
}

}  // namespace
}  // namespace foundations
