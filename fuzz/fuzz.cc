#include "fuzz/fuzz.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>

namespace foundations {
namespace {

std::size_t most_bytes = SIZE_MAX;

}  // namespace

void fail(const std::string& what) {
  std::fprintf(stderr, "FAILED: %s\n", what.c_str());
  std::abort();
}

void limit_allocations(std::size_t bytes) { most_bytes = bytes; }

void check_message(const std::exception& refusal) {
  const std::string message = refusal.what();
  require(!message.empty(), "an exception without a message");
  require(message.find('\n') == std::string::npos, "a message of two lines: " + message);
}

}  // namespace foundations

// Vectors and strings get their memory here.
void* operator new(std::size_t size) {
  if (size > foundations::most_bytes) {
    foundations::fail("operator new is asked for " + std::to_string(size) + " bytes");
  }
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
