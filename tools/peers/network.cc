// The notes' network, forward and backward on 50,000 images' worth of numbers: ours by common/nn,
// and libtorch's.
#include <cmath>

#include "common/nn.h"
#include "common/ops.h"
#include "common/random.h"
#include "tools/peers/race.h"
#include "tools/peers/torch_peer.h"

namespace foundations {
namespace {

void forward_and_backward(const Network& n) {
  const Tensor l1 = lin(n.x, n.w1, n.b1);
  const Tensor l2 = relu(l1);
  const Tensor out = lin(l2, n.w2, n.b2);
  mse(out, n.targ);
  mse_grad(out, n.targ);
  lin_grad(l2, out, n.w2, n.b2);
  relu_grad(l1, l2);
  lin_grad(n.x, l1, n.w1, n.b1);
}

}  // namespace

int race_network(const Settings& settings) {
  constexpr std::int64_t n = 50000, m = 784, nh = 50;
  const std::string name = "forward and backward 50000x784x50x1";
  if (!settings.wants(name)) return 0;
  torch_set_threads(settings.threads);
  Generator generator(1);
  const Network network = {
      .x = randn({n, m}, generator),
      .targ = randint(0, 10, {n}, generator).to<float>(),
      .w1 = randn({m, nh}, generator) * std::sqrt(2.f / m),
      .b1 = zeros({nh}),
      .w2 = randn({nh, 1}, generator) / std::sqrt(float(nh)),
      .b2 = zeros({1}),
  };
  const Pass ours = {"ours", [=] { forward_and_backward(network); },
                     [=] {
                       return std::vector<Tensor>{network.x.grad(), network.w1.grad(),
                                                  network.b1.grad(), network.w2.grad(),
                                                  network.b2.grad()};
                     }};
  std::vector<Pass> passes = {ours};
  for (const Pass& pass : torch_passes(network)) passes.push_back(pass);
  std::vector<Contestant> all;
  std::vector<std::string> names;
  for (const Pass& pass : passes) {
    pass.run();
    for (std::size_t i = 0; i < 5; ++i) {
      const Tensor want = ours.gradients()[i];
      compare(pass.name, "gradient " + std::to_string(i), pass.gradients()[i], want,
              1e-4 * double(want.abs().max().item()));
    }
    all.push_back({pass.name, pass.run});
    names.push_back(pass.name);
  }
  Table table("the notes' network", settings, names);
  const double flops = 2. * n * nh * (3 * m + 3);  // three products of each layer
  race(all, flops, settings);
  table.row(name, flops, all);
  return table.rows();
}

}  // namespace foundations
