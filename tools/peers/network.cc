// The notes' network, forward and backward on as many numbers as 50,000 images: ours with
// common/nn, and libtorch's.
#include <cmath>

#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "tools/peers/race.h"
#include "tools/peers/torch_peer.h"

namespace foundations {
namespace {

// The notes' network: x [n, m], targ [n], w1 [m, nh], b1 [nh], w2 [nh, 1], b2 [1].
struct Network {
  Tensor x, targ, w1, b1, w2, b2;

  std::vector<Tensor> gradients() const {
    return {x.grad(), w1.grad(), b1.grad(), w2.grad(), b2.grad()};
  }
  TorchNetwork views() const {
    return {torch_view(x),  torch_view(targ), torch_view(w1),
            torch_view(b1), torch_view(w2),   torch_view(b2)};
  }
};

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

// Throws unless the gradients of a libtorch pass are equal to ours.
void check(const TorchPass& pass, const std::vector<Tensor>& ours) {
  std::vector<Tensor> theirs;
  std::vector<TorchView> views;
  for (const Tensor& gradient : ours) {
    theirs.push_back(zeros(gradient.shape()));
    views.push_back(torch_view(theirs.back()));
  }
  pass.copy_gradients(views);
  for (std::size_t i = 0; i < ours.size(); ++i) {
    compare(pass.name, "gradient " + std::to_string(i), theirs[i], ours[i],
            1e-4 * double(ours[i].abs().max().item()));
  }
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
      .b1 = zeros(nh),
      .w2 = randn({nh, 1}, generator) / std::sqrt(float(nh)),
      .b2 = zeros(1),
  };
  std::vector<Contestant> all = {{"ours", [=] { forward_and_backward(network); }}};
  std::vector<std::string> names = {"ours"};
  all[0].run();
  for (const TorchPass& pass : torch_passes(network.views())) {
    pass.run();
    check(pass, network.gradients());
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
