#include "common/base/openmp.h"

#include <pthread.h>

#include <atomic>

namespace foundations {
namespace {

std::atomic<bool> forked = false;
[[maybe_unused]] const int watched = pthread_atfork(nullptr, nullptr, [] { forked = true; });

}  // namespace

bool is_forked() { return forked.load(std::memory_order_relaxed); }

}  // namespace foundations
