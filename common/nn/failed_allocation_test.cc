// Every allocation of the operations below fails once: std::bad_alloc comes out, the operands stay
// as they were, and no tensor is kept. (That a program says so is out_of_memory_test.cc's.)
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <sstream>
#include <string>
#include <vector>

#include "common/base/openmp.h"
#include "common/linalg/einsum.h"
#include "common/linalg/matmul.h"
#include "common/linalg/matrix.h"
#include "common/nn/init.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/tensor/overlap.h"
#include "common/tensor/print.h"
#include "common/tensor/random.h"
#include "common/tensor/storage.h"

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

struct Operands {
  Generator generator{0};
  Tensor x = randn({7, 5}, generator), y = randn({5, 7}, generator).t(), row = ones({5}),
         w = randn({5, 3}, generator), b = zeros({3}), batch = randn({2, 5, 4}, generator);
  LongTensor whole = arange(35).view({7, 5});

  std::vector<std::string> all() const {
    return {to_string(x), to_string(y),     to_string(row),  to_string(w),
            to_string(b), to_string(batch), to_string(whole)};
  }
};

struct Row {
  const char* name;
  void (*call)(const Operands&);
};

void keep(const auto& result) { EXPECT_TRUE(result.defined()); }

const Row kRows[] = {
    {"zeros",
     [](const Operands&) {
       keep(zeros({3, 4}));
     }},
    {"full",
     [](const Operands&) {
       keep(full({3, 4}, 2));
     }},
    {"tensor",
     [](const Operands&) {
       keep(tensor({{1, 2}, {3, 4}}));
     }},
    {"from_vector",
     [](const Operands&) {
       keep(from_vector(std::vector<float>{1, 2}, {2, 1}));
     }},
    {"arange", [](const Operands&) { keep(arange(0., 1., 0.25)); }},
    {"empty_like", [](const Operands& o) { keep(empty_like<double>(o.y)); }},
    {"views",
     [](const Operands& o) {
       keep(o.x.t().unsqueeze(0).expand({2, 5, 7}).select(0, 1));
     }},
    {"permute",
     [](const Operands& o) {
       keep(o.batch.permute({2, 0, 1}).slice(0, 1, None, 2));
     }},
    {"index",
     [](const Operands& o) {
       keep(o.batch.index({0, None, Slice(1, 3)}));
     }},
    {"reshape", [](const Operands& o) { keep(o.y.reshape({35})); }},
    {"clone", [](const Operands& o) { keep(o.y.clone()); }},
    {"contiguous", [](const Operands& o) { keep(o.y.contiguous()); }},
    {"to", [](const Operands& o) { keep(o.x.to<double>()); }},
    {"to_vector", [](const Operands& o) { EXPECT_EQ(o.y.to_vector().size(), 35u); }},
    {"copy_", [](const Operands& o) { o.x.copy_(o.y); }},
    {"fill_", [](const Operands& o) { o.y.fill_(3); }},
    {"+=", [](const Operands& o) { o.x += o.row; }},
    {"/=", [](const Operands& o) { o.y /= 2; }},
    {"+", [](const Operands& o) { keep(o.x + o.y); }},
    {"*, broadcast", [](const Operands& o) { keep(o.whole * o.row.to<std::int64_t>()); }},
    {"2 -", [](const Operands& o) { keep(2 - o.y); }},
    {"<", [](const Operands& o) { keep(o.x < o.row); }},
    {"where", [](const Operands& o) { keep(where(o.x > 0, o.x, 0)); }},
    {"exp", [](const Operands& o) { keep(o.y.exp()); }},
    {"pow", [](const Operands& o) { keep(o.x.pow(3)); }},
    {"sum", [](const Operands& o) { keep(o.y.sum()); }},
    {"sum of columns", [](const Operands& o) { keep(o.y.sum(0)); }},
    {"mean", [](const Operands& o) { keep(o.x.mean(1, true)); }},
    {"std", [](const Operands& o) { keep(o.x.std()); }},
    {"max", [](const Operands& o) { keep(o.x.max(0)); }},
    {"argmax", [](const Operands& o) { keep(o.x.argmax(1)); }},
    {"matmul", [](const Operands& o) { keep(matmul(o.x, o.w)); }},
    {"matmul, batch", [](const Operands& o) { keep(matmul(o.x, o.batch)); }},
    {"matmul, whole numbers", [](const Operands& o) { keep(matmul(o.whole, o.whole.t())); }},
    {"matmul_out", [](const Operands& o) { matmul_out(o.b, o.row, o.w); }},
    {"einsum",
     [](const Operands& o) {
       keep(einsum("ik,kj->ij", {o.x, o.w}));
     }},
    {"einsum, of three",
     [](const Operands& o) {
       keep(einsum("ik,kj,j", {o.x, o.w, o.b}));
     }},
    {"einsum, view", [](const Operands& o) { keep(einsum("ij->ji", {o.x})); }},
    {"lin", [](const Operands& o) { keep(lin(o.x, o.w, o.b)); }},
    {"relu", [](const Operands& o) { keep(relu(o.y, 0.5)); }},
    {"mse", [](const Operands& o) { keep(mse(o.x.slice(1, 0, 1), o.x.select(1, 2))); }},
    {"normalize", [](const Operands& o) { keep(normalize(o.x, o.x.mean(), o.x.std())); }},
    {"mse_grad",
     [](const Operands& o) {
       const Tensor output = o.x.slice(1, 0, 1);
       mse_grad(output, o.y.select(1, 2));
       keep(output.grad());
     }},
    {"lin_grad",
     [](const Operands& o) {
       const Tensor x = o.x.t().t(), w = o.w.t().t(), b = o.b.view({3});  // with grads of their own
       const Tensor out = lin(x, w, b);
       out.grad() = ones({7, 3});
       lin_grad(x, out, w, b);
     }},
    {"randn",
     [](const Operands&) {
       Generator g(1);
       keep(randn({3, 3}, g));
     }},
    {"randperm",
     [](const Operands&) {
       Generator g(1);
       keep(randperm(9, g));
     }},
    {"kaiming_normal_",
     [](const Operands& o) {
       Generator g(1);
       kaiming_normal_(o.w, g);
     }},
    {"overlap", [](const Operands& o) { EXPECT_TRUE(overlap(o.x.layout(), o.x.t().layout())); }},
    {"to_string", [](const Operands& o) { EXPECT_GT(to_string(o.batch).size(), 100u); }},
    {"<<",
     [](const Operands& o) {
       std::ostringstream out;
       out.exceptions(std::ios::badbit);
       out << o.x << o.x.shape() << o.x.strides();
       EXPECT_GT(out.str().size(), 200u);
     }},
    {"a sentence",
     [](const Operands& o) {
       try {
         matmul(o.x, o.x);
       } catch (const ShapeError&) {
       }
     }},
};

// Whether the call went well with one failure after so many allocations.
bool goes_well(const Row& row, const Operands& operands, std::int64_t allocations) {
  try {
    until_failure = allocations;
    row.call(operands);
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
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.name);
    const Operands operands;
    const std::vector<std::string> before = operands.all();
    const std::int64_t memory = memory_allocated();
    std::int64_t allocations = 0;
    for (; !goes_well(row, operands, allocations); ++allocations) {
      ASSERT_EQ(operands.all(), before) << "after " << allocations;
      ASSERT_EQ(memory_allocated(), memory) << "after " << allocations;
    }
  }
}

}  // namespace
}  // namespace foundations
