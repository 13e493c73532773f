// Products of matrices: the notes' shapes, and squares.
#include <cmath>
#include <memory>
#include <stdexcept>

#include "common/linalg/matmul.h"
#include "common/reference/reference.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "tools/peers/peers.h"
#include "tools/peers/race.h"
#include "tools/peers/torch_peer.h"

namespace foundations {
namespace {

const Problem kProblems[] = {
    {5, 784, 10},
    {64, 784, 50},
    {50000, 784, 50},
    {.m = 784, .k = 50000, .n = 50, .a_transposed = true},
    {.m = 50000, .k = 50, .n = 784, .b_transposed = true},
    {50000, 50, 1},
    {50, 50000, 1},
    {.m = 50, .k = 50000, .n = 1, .a_transposed = true},
    {200704, 72, 8},
    {50176, 144, 16},
    {12544, 288, 32},
    {64, 64, 64},
    {128, 128, 128},
    {256, 256, 256},
    {127, 331, 509},
    {512, 512, 512},
    {1000, 1000, 1000},
    {1024, 1024, 1024},
    {2048, 2048, 2048},
    {4096, 4096, 4096},
};

std::string name_of(const Problem& x) {
  return std::to_string(x.m) + "x" + std::to_string(x.k) + "x" + std::to_string(x.n) +
         (x.a_transposed ? " a.t()" : "") + (x.b_transposed ? " b.t()" : "");
}

double flops_of(const Problem& x) { return 2.0 * double(x.m) * double(x.k) * double(x.n); }

// Returns each library's product of a and b, into existing memory or into a new result.
std::vector<Contestant> contestants(const Problem& x, const Tensor& a, const Tensor& b,
                                    const Tensor& c, bool allocate) {
  const Tensor left = x.a_transposed ? a.t() : a, right = x.b_transposed ? b.t() : b;
  std::vector<Contestant> all;
  if (allocate) {
    all.push_back({"ours", [=] { matmul(left, right); }});
  } else {
    all.push_back({"ours", [=] { matmul_out(c, left, right); }});
  }
  for (const Peer& peer : peers()) {
    all.push_back({peer.name, [=, &peer] {
                     if (!allocate) return peer.multiply(x, a.data(), b.data(), c.data());
                     const std::unique_ptr<float[]> fresh(new float[x.m * x.n]);
                     peer.multiply(x, a.data(), b.data(), fresh.get());
                   }});
  }
  all.push_back(
      {"libtorch", allocate ? torch_mm(torch_view(left), torch_view(right))
                            : torch_mm_out(torch_view(c), torch_view(left), torch_view(right))});
  return all;
}

// Compares our product with the definition, and the others' with ours.
void check(const Problem& x, const Tensor& a, const Tensor& b, const Tensor& c) {
  const Tensor ours = zeros(x.m, x.n);
  contestants(x, a, b, ours, false)[0].run();
  if (flops_of(x) < 2e8) {
    const std::string wrong =
        matmul_mismatch(ours, x.a_transposed ? a.t() : a, x.b_transposed ? b.t() : b);
    if (!wrong.empty()) throw std::runtime_error("ours of " + name_of(x) + ": " + wrong);
  }
  for (const Contestant& one : contestants(x, a, b, c, false)) {
    c.fill_(std::nanf(""));
    one.run();
    compare(one.name, name_of(x), c, ours, 1e-6 * double(x.k) + 1e-5);  // elements below 1/2
  }
}

}  // namespace

int race_products(const Settings& settings, bool allocate) {
  std::vector<std::string> names = {"ours"};
  for (const Peer& peer : peers()) {
    peer.set_threads(settings.threads);
    names.push_back(peer.name);
  }
  torch_set_threads(settings.threads);
  names.push_back("libtorch");
  Table table(allocate ? "m x k x n, each allocates its result" : "m x k x n, into existing memory",
              settings, names);
  for (const Problem& x : kProblems) {
    if (!settings.wants(name_of(x))) continue;
    Generator generator(1);
    const Tensor a = rand(x.a_transposed ? Shape{x.k, x.m} : Shape{x.m, x.k}, generator) - 0.5f;
    const Tensor b = rand(x.b_transposed ? Shape{x.n, x.k} : Shape{x.k, x.n}, generator) - 0.5f;
    const Tensor c = zeros(x.m, x.n);
    check(x, a, b, c);
    std::vector<Contestant> all = contestants(x, a, b, c, allocate);
    race(all, flops_of(x), settings);
    table.row(name_of(x), flops_of(x), all);
  }
  return table.rows();
}

}  // namespace foundations
