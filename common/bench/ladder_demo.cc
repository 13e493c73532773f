// A small benchmark program for ladder_flags_test: three ways to multiply, and with --wrong a
// fourth that forgets the last term of every sum. With --out=DIR it writes DIR/more.txt too.
#include <algorithm>
#include <string_view>

#include "common/base/openmp.h"
#include "common/base/whole_file.h"
#include "common/bench/ladder.h"

namespace foundations {
namespace {

// a: [n, k]   b: [k, m]   returns [n, m], the sum over the first `terms` of k
Tensor first_terms(const Tensor& a, const Tensor& b, std::int64_t terms) {
  const Tensor c = zeros({a.size(0), b.size(1)});
  for (std::int64_t i = 0; i < a.size(0); ++i) {
    for (std::int64_t k = 0; k < terms; ++k) {
      for (std::int64_t j = 0; j < b.size(1); ++j) c(i, j) += a(i, k) * b(k, j);
    }
  }
  return c;
}

Tensor right(const Tensor& a, const Tensor& b) { return first_terms(a, b, a.size(1)); }
Tensor the_same(const Tensor& a, const Tensor& b) { return first_terms(a, b, a.size(1)); }
Tensor twice(const Tensor& a, const Tensor& b) { return right(a, b), right(a, b); }
Tensor wrong(const Tensor& a, const Tensor& b) { return first_terms(a, b, a.size(1) - 1); }

constexpr Rung kRungs[] = {
    {"twice", twice, 0.922}, {"right", right}, {"the_same", the_same}, {"wrong", wrong}};

}  // namespace
}  // namespace foundations

int main(int argc, char** argv) {
  using namespace foundations;
  char** const end = std::remove(argv + 1, argv + argc, std::string_view("--wrong"));
  const bool with_wrong = end != argv + argc;
  const std::span<const Rung> rungs(kRungs, with_wrong ? 4 : 3);
  return ladder_main(static_cast<int>(end - argv), argv,
                     {matmul_ladder("demo", rungs, random_matmul(5, 784, 10)),
                      matmul_ladder("demo", rungs, random_matmul(31, 17, 9), {1, 2})},
                     {.bars = true,
                      .own_flags = "  [--wrong]    add a rung that is wrong\n",
                      .write_more = [](const std::vector<Table>&, const std::string& folder) {
                        write_file(folder + "/more.txt", "more\n");
                      }});
}
