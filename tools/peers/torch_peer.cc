#include "tools/peers/torch_peer.h"

#if !__has_include(<ATen/ATen.h>)
#error "this needs: apt-get install libtorch-dev"
#endif
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <cmath>
#include <map>
#include <memory>

namespace foundations {
namespace {

at::Tensor tensor_of(const TorchView& view) {
  return at::from_blob(view.data, view.sizes, view.strides, at::kFloat);
}

std::vector<at::Tensor> tensors_of(const std::vector<TorchView>& views) {
  std::vector<at::Tensor> tensors;
  for (const TorchView& view : views) tensors.push_back(tensor_of(view));
  return tensors;
}

void copy(const at::Tensor& from, const TorchView& to) {
  TORCH_CHECK(from.sizes() == at::IntArrayRef(to.sizes), "libtorch's result is of shape ",
              from.sizes());
  tensor_of(to).copy_(from);
}

}  // namespace

void torch_set_threads(int threads) { at::set_num_threads(threads); }

std::function<void()> torch_mm_out(const TorchView& out, const TorchView& a, const TorchView& b) {
  return [out = tensor_of(out), a = tensor_of(a), b = tensor_of(b)]() mutable {
    const c10::InferenceMode no_autograd;
    at::mm_out(out, a, b);
  };
}

std::function<void()> torch_mm(const TorchView& a, const TorchView& b) {
  return [a = tensor_of(a), b = tensor_of(b)] {
    const c10::InferenceMode no_autograd;
    at::mm(a, b);
  };
}

std::function<void()> torch_einsum(const std::string& subscripts,
                                   const std::vector<TorchView>& in) {
  return [subscripts, tensors = tensors_of(in)] {
    const c10::InferenceMode no_autograd;
    at::einsum(subscripts, tensors);
  };
}

void torch_einsum_out(const TorchView& out, const std::string& subscripts,
                      const std::vector<TorchView>& in) {
  copy(at::einsum(subscripts, tensors_of(in)), out);
}

namespace {

using Operation = at::Tensor (*)(const at::Tensor& a, const at::Tensor& b);

Operation operation(const std::string& name) {
  using T = const at::Tensor&;
  static const std::map<std::string, Operation> operations = {
      {"a + b", [](T a, T b) { return a + b; }},
      {"a + row", [](T a, T b) { return a + b; }},
      {"a + column", [](T a, T b) { return a + b; }},
      {"a * 2", [](T a, T) { return a * 2; }},
      {"a.clamp_min(0)", [](T a, T) { return a.clamp_min(0); }},
      {"where(a > 0, b, 0)", [](T a, T b) { return at::where(a > 0, b, at::zeros({})); }},
      {"a.exp()", [](T a, T) { return a.exp(); }},
      {"a.sum()", [](T a, T) { return a.sum(); }},
      {"a.sum(0)", [](T a, T) { return a.sum(0); }},
      {"a.sum(1)", [](T a, T) { return a.sum(1); }},
      {"a.std()", [](T a, T) { return a.std(); }},
      {"(a * a).sum().sqrt()", [](T a, T) { return (a * a).sum().sqrt(); }},
  };
  return operations.at(name);
}

}  // namespace

std::function<void()> torch_operation(const std::string& name, const TorchView& a,
                                      const TorchView& b) {
  return [run = operation(name), a = tensor_of(a), b = tensor_of(b)] {
    const c10::InferenceMode no_autograd;
    run(a, b);
  };
}

void torch_operation_out(const TorchView& out, const std::string& name, const TorchView& a,
                         const TorchView& b) {
  copy(operation(name)(tensor_of(a), tensor_of(b)), out);
}

namespace {

// A tensor and the notes' `.g`.
struct Graded {
  at::Tensor value, g;
};

struct Network {
  Graded x, w1, b1, w2, b2;
  at::Tensor targ;

  explicit Network(const TorchNetwork& n)
      : x{tensor_of(n.x), {}},
        w1{tensor_of(n.w1), {}},
        b1{tensor_of(n.b1), {}},
        w2{tensor_of(n.w2), {}},
        b2{tensor_of(n.b2), {}},
        targ(tensor_of(n.targ)) {}

  void copy_gradients(const std::vector<TorchView>& out) const {
    const at::Tensor all[] = {x.g, w1.g, b1.g, w2.g, b2.g};
    for (std::size_t i = 0; i < out.size(); ++i) copy(all[i], out[i]);
  }
};

at::Tensor mse(const at::Tensor& output, const at::Tensor& targ) {
  return (output.squeeze(-1) - targ).pow(2).mean();
}

using WeightGrad = at::Tensor (*)(const at::Tensor& inp, const at::Tensor& out_g);

at::Tensor by_einsum(const at::Tensor& inp, const at::Tensor& out_g) {
  return at::einsum("bi,bj->ij", {inp, out_g});
}
at::Tensor by_matmul(const at::Tensor& inp, const at::Tensor& out_g) {
  return at::matmul(inp.t(), out_g);
}

void lin_grad(Graded& inp, const Graded& out, Graded& w, Graded& b, WeightGrad weight_grad) {
  inp.g = at::matmul(out.g, w.value.t());
  w.g = weight_grad(inp.value, out.g);
  b.g = out.g.sum(0);
}

void forward_and_backward(Network& n, WeightGrad weight_grad) {
  const c10::InferenceMode no_autograd;
  Graded l1{at::matmul(n.x.value, n.w1.value) + n.b1.value, {}};
  Graded l2{l1.value.clamp_min(0), {}};
  Graded out{at::matmul(l2.value, n.w2.value) + n.b2.value, {}};
  mse(out.value, n.targ);
  out.g = 2. * (out.value.squeeze(-1) - n.targ).unsqueeze(-1) / out.value.size(0);
  lin_grad(l2, out, n.w2, n.b2, weight_grad);
  l1.g = (l1.value > 0).to(at::kFloat) * l2.g;
  lin_grad(n.x, l1, n.w1, n.b1, weight_grad);
}

void autograd(Network& n) {
  Graded* const all[] = {&n.x, &n.w1, &n.b1, &n.w2, &n.b2};
  for (Graded* one : all) {
    one->value.requires_grad_(true);
    one->value.mutable_grad() = at::Tensor();  // backward() would add to an old gradient
  }
  const at::Tensor l2 = (at::matmul(n.x.value, n.w1.value) + n.b1.value).relu();
  mse(at::matmul(l2, n.w2.value) + n.b2.value, n.targ).backward();
  for (Graded* one : all) one->g = one->value.grad();
}

}  // namespace

std::vector<TorchPass> torch_passes(const TorchNetwork& network) {
  const auto pass = [&](const std::string& name, const auto& run) {
    const auto n = std::make_shared<Network>(network);
    return TorchPass{name, [=] { run(*n); },
                     [=](const std::vector<TorchView>& out) { n->copy_gradients(out); }};
  };
  return {
      pass("torch einsum", [](Network& n) { forward_and_backward(n, by_einsum); }),
      pass("torch matmul", [](Network& n) { forward_and_backward(n, by_matmul); }),
      pass("torch autograd", autograd),
  };
}

namespace {

// A parameter and what Adam remembers of it.
struct Trained {
  at::Tensor value, m, v;
};

void step_sgd(Trained& p, double lr) { p.value.add_(p.value.grad(), -lr); }

void step_adam(Trained& p, double lr, double steps) {
  constexpr double kBeta1 = 0.9, kBeta2 = 0.999;
  const at::Tensor& g = p.value.grad();
  p.m.mul_(kBeta1).add_(g, 1 - kBeta1);
  p.v.mul_(kBeta2).addcmul_(g, g, 1 - kBeta2);
  const at::Tensor denominator = p.v.sqrt().div_(std::sqrt(1 - std::pow(kBeta2, steps))).add_(1e-8);
  p.value.addcdiv_(p.m, denominator, -lr / (1 - std::pow(kBeta1, steps)));
}

struct Epoch {
  TorchTraining training;
  at::Tensor x, y;
  std::vector<Trained> p;
  double steps = 0;

  Epoch(const TorchTraining& t, const std::vector<TorchView>& parameters)
      : training(t),
        x(tensor_of(t.images)),
        y(at::from_blob(const_cast<std::int64_t*>(t.digits), {x.size(0)}, at::kLong)) {
    for (const TorchView& view : parameters) {
      const at::Tensor value = tensor_of(view);
      p.push_back({value, at::zeros_like(value), at::zeros_like(value)});
      p.back().value.requires_grad_(true);
    }
  }

  void step() {
    const at::NoGradGuard no_autograd;
    ++steps;
    for (Trained& one : p) {
      training.adam ? step_adam(one, training.lr, steps) : step_sgd(one, training.lr);
      one.value.mutable_grad() = at::Tensor();
    }
  }

  void run() {
    const std::int64_t n = x.size(0);
    const at::Tensor order =
        training.shuffle ? at::randperm(n, at::kLong) : at::arange(n, at::kLong);
    for (std::int64_t i = 0; i < n; i += training.batch) {
      const at::Tensor rows = order.slice(0, i, i + training.batch);
      const at::Tensor xb = x.index_select(0, rows), yb = y.index_select(0, rows);
      const at::Tensor hidden = at::linear(xb, p[0].value, p[1].value).relu();
      const at::Tensor out = at::linear(hidden, p[2].value, p[3].value);
      const at::Tensor loss = at::cross_entropy_loss(out, yb);
      loss.item<float>();
      loss.backward();
      step();
    }
  }
};

}  // namespace

std::function<void()> torch_epoch(const TorchTraining& training,
                                  const std::vector<TorchView>& parameters) {
  return [epoch = std::make_shared<Epoch>(training, parameters)] { epoch->run(); };
}

}  // namespace foundations
