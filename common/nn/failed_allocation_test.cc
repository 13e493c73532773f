// Every allocation of the operations below fails once: std::bad_alloc comes out, the operands stay
// as they were, and no tensor is kept. (That a program says so is out_of_memory_test.cc's.)
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <new>
#include <sstream>
#include <string>
#include <vector>

#include "common/base/openmp.h"
#include "common/linalg/einsum.h"
#include "common/linalg/matmul.h"
#include "common/linalg/matrix.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/tensor/print.h"
#include "common/tensor/random.h"

// How many allocations go well until one fails; below 0, all do.
static std::atomic<std::int64_t> until_failure = -1;
static bool fails() { return until_failure >= 0 && until_failure-- == 0; }

[[gnu::noinline]] void* operator new(std::size_t size) {
  void* const block = fails() ? nullptr : std::malloc(size);
  return block ? block : throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* block) noexcept { std::free(block); }
[[gnu::noinline]] void operator delete(void* block, std::size_t) noexcept { std::free(block); }

// Where tensors have their elements from. (memory.h)
extern "C" int posix_memalign(void** block, std::size_t alignment, std::size_t size) noexcept {
  const auto bytes = static_cast<std::size_t>(
      foundations::round_up(static_cast<std::int64_t>(size), static_cast<std::int64_t>(alignment)));
  *block = fails() ? nullptr : std::aligned_alloc(alignment, bytes);
  return *block ? 0 : ENOMEM;
}

namespace foundations {
namespace {

// What the operations take, made anew for each failure.
struct Operands {
  Generator generator{0};
  Shape shape = {3, 4};
  Tensor x = randn({7, 5}, generator), y = randn({5, 7}, generator).t(), row = ones(5),
         w = randn({5, 3}, generator), b = zeros(3), batch = randn({2, 5, 4}, generator);
  LongTensor whole = arange(35).view({7, 5});
  std::vector<Tensor> two = {x, w}, three = {x, w, b};
  std::vector<float> vector = std::vector<float>(12);

  std::vector<std::string> all() const {
    return {to_string(x), to_string(y),     to_string(row),  to_string(w),
            to_string(b), to_string(batch), to_string(whole)};
  }
};

void all_gradients(const Operands& o) {
  const Tensor x = o.x.clone(), w = o.w.t().t(), b = o.b.view({3});  // with gradients of their own
  const Tensor l = lin(x, w, b), out = relu(l);
  mse_grad(x.slice(1, 0, 1), x.select(1, 2));
  out.grad() = l * 2;
  relu_grad(l, out);
  lin_grad(x, l, w, b);
}

void module_both_ways(const Operands& o) {
  Generator generator(1);
  nn::Sequential model{nn::Linear(5, 4, generator), nn::ReLU(), nn::Linear(4, 3, generator)};
  nn::CrossEntropyLoss loss;
  loss(model(o.x), o.whole.select(1, 0).clamp_max(2));
  model.backward(loss.backward());
}

void stream(const Operands& o) {
  std::ostringstream out;
  out.exceptions(std::ios::badbit);
  out << o.x << o.x.shape() << o.x.strides();
  EXPECT_GT(out.str().size(), 200u);
}

void write_a_sentence(const Operands& o) {
  try {
    matmul(o.x, o.x);
  } catch (const ShapeError&) {
  }
}

using O = Operands;
const struct {
  const char* name;
  void (*call)(Operands&);
} kOperations[] = {
    {"zeros", [](O& o) { zeros(o.shape); }},
    {"tensor",
     [](O&) {
       tensor({{1, 2}, {3, 4}});
     }},
    {"from_vector", [](O& o) { from_vector(o.vector, o.shape); }},
    {"arange", [](O&) { arange(0., 1., 0.25); }},
    {"empty_like", [](O& o) { empty_like<double>(o.y); }},
    {"views", [](O& o) { o.x.t().unsqueeze(0).select(0, 0).slice(0, 1, None, 2); }},
    {"reshape", [](O& o) { o.y.reshape({35}); }},
    {"clone", [](O& o) { o.y.clone(); }},
    {"contiguous", [](O& o) { o.y.contiguous(); }},
    {"to", [](O& o) { o.x.to<double>(); }},
    {"to_vector", [](O& o) { EXPECT_EQ(o.y.to_vector().size(), 35u); }},
    {"copy_", [](O& o) { o.x.copy_(o.y); }},
    {"+=", [](O& o) { o.x += o.row; }},
    {"/=", [](O& o) { o.y /= 2; }},
    {"+", [](O& o) { o.x + o.y; }},
    {"*, broadcast", [](O& o) { o.whole* o.row.to<std::int64_t>(); }},
    {"<", [](O& o) { static_cast<void>(o.x < o.row); }},
    {"where", [](O& o) { where(o.x > 0, o.x, 0); }},
    {"exp", [](O& o) { o.y.exp(); }},
    {"sum", [](O& o) { o.y.sum(); }},
    {"sum of columns", [](O& o) { o.y.sum(0); }},
    {"mean", [](O& o) { o.x.mean(1, true); }},
    {"std", [](O& o) { o.x.std(); }},
    {"max", [](O& o) { o.x.max(0); }},
    {"argmax", [](O& o) { o.x.argmax(1); }},
    {"matmul", [](O& o) { matmul(o.x, o.w); }},
    {"matmul, batch", [](O& o) { matmul(o.x, o.batch); }},
    {"matmul, whole numbers", [](O& o) { matmul(o.whole, o.whole.t()); }},
    {"matmul_out", [](O& o) { matmul_out(o.b, o.row, o.w); }},
    {"einsum", [](O& o) { einsum("ik,kj->ij", o.two); }},
    {"einsum, of three", [](O& o) { einsum("ik,kj,j", o.three); }},
    {"mse", [](O& o) { mse(o.x.slice(1, 0, 1), o.x.select(1, 2)); }},
    {"normalize", [](O& o) { normalize(o.x, o.x.mean(), o.x.std()); }},
    {"gradients", [](O& o) { all_gradients(o); }},
    {"module", [](O& o) { module_both_ways(o); }},
    {"randn", [](O& o) { randn(o.shape, o.generator); }},
    {"randperm", [](O& o) { randperm(9, o.generator); }},
    {"kaiming_normal_", [](O& o) { kaiming_normal_(o.w, o.generator); }},
    {"to_string", [](O& o) { EXPECT_GT(to_string(o.batch).size(), 100u); }},
    {"<<", [](O& o) { stream(o); }},
    {"a sentence", [](O& o) { write_a_sentence(o); }},
};

// Returns true if the call goes well with one failure after so many allocations.
bool goes_well(void (*call)(Operands&), Operands& operands, std::int64_t allocations) {
  until_failure = allocations;
  try {
    call(operands);
    until_failure = -1;
    return true;
  } catch (const std::bad_alloc&) {
    until_failure = -1;
    return false;
  }
}

TEST(FailedAllocation, ReachesTheMemoryOfTensors) {
  until_failure = 0;
  EXPECT_THROW(Storage<float>(1), OutOfMemoryError);
  until_failure = -1;
}

TEST(FailedAllocation, ChangesNothing) {
  set_threads(1);
  for (const auto& [name, call] : kOperations) {
    SCOPED_TRACE(name);
    Operands operands;
    const std::vector<std::string> before = operands.all();
    const std::int64_t memory = memory_allocated();
    for (std::int64_t n = 0; !goes_well(call, operands, n); ++n) {
      ASSERT_EQ(operands.all(), before) << "after " << n;
      ASSERT_EQ(memory_allocated(), memory) << "after " << n;
    }
  }
}

}  // namespace
}  // namespace foundations
