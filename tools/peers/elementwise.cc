// Elementwise operations and reductions, ours and libtorch's. Each returns a new tensor.
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "tools/peers/race.h"
#include "tools/peers/torch_peer.h"

namespace foundations {
namespace {

struct Operation {
  std::string name;  // torch_operation() has the same
  Tensor (*ours)(const Tensor& a, const Tensor& b);
};

const Operation kOperations[] = {
    {"a + b", [](const Tensor& a, const Tensor& b) { return a + b; }},
    {"a + row", [](const Tensor& a, const Tensor& b) { return a + b; }},
    {"a + column", [](const Tensor& a, const Tensor& b) { return a + b; }},
    {"a * 2", [](const Tensor& a, const Tensor&) { return a * 2; }},
    {"a.clamp_min(0)", [](const Tensor& a, const Tensor&) { return a.clamp_min(0); }},
    {"where(a > 0, b, 0)", [](const Tensor& a, const Tensor& b) { return where(a > 0, b, 0); }},
    {"a.exp()", [](const Tensor& a, const Tensor&) { return a.exp(); }},
    {"a.sum()", [](const Tensor& a, const Tensor&) { return a.sum(); }},
    {"a.sum(0)", [](const Tensor& a, const Tensor&) { return a.sum(0); }},
    {"a.sum(1)", [](const Tensor& a, const Tensor&) { return a.sum(1); }},
    {"a.std()", [](const Tensor& a, const Tensor&) { return a.std(); }},
    {"(a * a).sum().sqrt()", [](const Tensor& a, const Tensor&) { return (a * a).sum().sqrt(); }},
};

}  // namespace

int race_elementwise(const Settings& settings) {
  torch_set_threads(settings.threads);
  Table table("1000x1000", settings, {"ours", "libtorch"});
  Generator generator(1);
  const Tensor a = rand({1000, 1000}, generator) - 0.4f, b = rand({1000, 1000}, generator);
  for (const auto& [name, ours] : kOperations) {
    if (!settings.wants(name)) continue;
    const Tensor other = name == "a + row" ? b[0] : name == "a + column" ? b(_, Slice(0, 1)) : b;
    const Tensor want = ours(a, other), got = zeros(want.shape());
    torch_operation_out(torch_view(got), name, torch_view(a), torch_view(other));
    compare("libtorch", name, got, want, 1e-6 + 1e-4 * want.abs().max().item());
    std::vector<Contestant> all = {
        {"ours", [&, run = ours] { run(a, other); }},
        {"libtorch", torch_operation(name, torch_view(a), torch_view(other))}};
    const double flops = static_cast<double>(a.numel());
    race(all, flops, settings);
    table.row(name, flops, all);
  }
  return table.rows();
}

}  // namespace foundations
