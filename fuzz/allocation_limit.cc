#include "fuzz/allocation_limit.h"

#include <cstdint>
#include <cstdlib>
#include <new>
#include <string>

#include "fuzz/check.h"

namespace foundations {
namespace {

std::size_t most = SIZE_MAX;

}  // namespace

void limit_allocations(std::size_t bytes) { most = bytes; }

}  // namespace foundations

void* operator new(std::size_t size) {
  if (size > foundations::most) {
    foundations::fail("operator new is asked for " + std::to_string(size) + " bytes");
  }
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
