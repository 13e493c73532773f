#include "06_modules/modules.h"

#include <cmath>
#include <string>

#include "06_modules/backward.h"
#include "common/base/error.h"
#include "common/nn/init.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"

namespace foundations::ch06 {

Parameters make_parameters(std::int64_t m, std::int64_t nh, Generator& generator, float shift) {
  const Tensor w1 = kaiming_normal_(empty({m, nh}), generator, {.mode = Fan::kOut});
  const Tensor w2 = randn({nh, 1}, generator) / std::sqrt(nh);
  return {w1, zeros({nh}), w2, zeros({1}), shift};
}

void check_shapes(const Parameters& p, const Tensor& x) {
  const std::int64_t m = x.dim() == 2 ? x.size(1) : -1, nh = p.b1.numel();
  if (x.dim() != 2 || p.w1.shape() != Shape({m, nh}) || p.b1.dim() != 1 ||
      p.w2.shape() != Shape({nh, 1}) || p.b2.shape() != Shape({1})) {
    std::string shapes;
    for (const Tensor& t : {x, p.w1, p.b1, p.w2, p.b2}) {
      shapes += (shapes.empty() ? "" : ", ") + bracketed(t.shape());
    }
    throw ShapeError("the network needs x [n, m], w1 [m, nh], b1 [nh], w2 [nh, 1] and b2 [1], " +
                     ("but got " + shapes));
  }
}

Network common_network(const Parameters& p) {
  struct Pass {
    Tensor x, targ, l1, l2, out, loss;
  };
  const auto last = std::make_shared<Pass>();
  const auto forward = [=](const Tensor& x, const Tensor& targ) {
    const Tensor l1 = lin(x, p.w1, p.b1), l2 = relu(l1, p.shift), out = lin(l2, p.w2, p.b2);
    *last = {x, targ, l1, l2, out, mse(out, targ)};
    return last->loss;
  };
  const auto backward = [=] {
    check_backward(last->loss);
    mse_grad(last->out, last->targ);
    lin_grad(last->l2, last->out, p.w2, p.b2);
    relu_grad(last->l1, last->l2);
    lin_grad(last->x, last->l1, p.w1, p.b1);
  };
  return {forward, backward};
}

Gradients gradients(const Parameters& p, const Tensor& x) {
  return {x.grad(), p.w1.grad(), p.b1.grad(), p.w2.grad(), p.b2.grad()};
}

Gradients common_gradients(const Parameters& p, const Tensor& x, const Tensor& targ) {
  // Views of everything, which have slots of their own.
  const Tensor inp = x.slice(0);
  const Parameters same = {p.w1.slice(0), p.b1.slice(0), p.w2.slice(0), p.b2.slice(0), p.shift};
  const Network network = common_network(same);
  network.forward(inp, targ);
  network.backward();
  return gradients(same, inp);
}

}  // namespace foundations::ch06
