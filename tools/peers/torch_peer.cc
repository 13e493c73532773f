#include "tools/peers/torch_peer.h"

#if !__has_include(<ATen/ATen.h>)
#error "this needs: apt-get install libtorch-dev"
#endif
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <memory>

namespace foundations {
namespace {

// The same memory, with the same strides.
at::Tensor view_of(const Tensor& tensor) {
  const std::vector<std::int64_t> sizes(tensor.shape().begin(), tensor.shape().end());
  std::vector<std::int64_t> strides;
  for (std::int64_t d = 0; d < tensor.dim(); ++d) strides.push_back(tensor.stride(d));
  return at::from_blob(tensor.data(), sizes, strides, at::kFloat);
}

Tensor copy_of(const at::Tensor& tensor) {
  const at::Tensor rows = tensor.contiguous();
  return from_vector(
      std::vector<float>(rows.data_ptr<float>(), rows.data_ptr<float>() + rows.numel()),
      Shape(rows.sizes().begin(), rows.sizes().end()));
}

std::vector<at::Tensor> views_of(const std::vector<Tensor>& tensors) {
  std::vector<at::Tensor> views;
  for (const Tensor& tensor : tensors) views.push_back(view_of(tensor));
  return views;
}

}  // namespace

void torch_set_threads(int threads) { at::set_num_threads(threads); }

std::function<void()> torch_mm_out(const Tensor& out, const Tensor& a, const Tensor& b) {
  return [out = view_of(out), a = view_of(a), b = view_of(b)]() mutable {
    const c10::InferenceMode no_autograd;
    at::mm_out(out, a, b);
  };
}

std::function<void()> torch_mm(const Tensor& a, const Tensor& b) {
  return [a = view_of(a), b = view_of(b)] {
    const c10::InferenceMode no_autograd;
    at::mm(a, b);
  };
}

std::function<void()> torch_einsum(const std::string& subscripts, const std::vector<Tensor>& in) {
  return [subscripts, views = views_of(in)] {
    const c10::InferenceMode no_autograd;
    at::einsum(subscripts, views);
  };
}

Tensor torch_einsum_result(const std::string& subscripts, const std::vector<Tensor>& in) {
  return copy_of(at::einsum(subscripts, views_of(in)));
}

namespace {

// A tensor and the notes' `.g`.
struct Graded {
  at::Tensor value, g;
};

struct TorchNetwork {
  Graded x, w1, b1, w2, b2;
  at::Tensor targ;

  explicit TorchNetwork(const Network& n)
      : x{view_of(n.x), {}},
        w1{view_of(n.w1), {}},
        b1{view_of(n.b1), {}},
        w2{view_of(n.w2), {}},
        b2{view_of(n.b2), {}},
        targ(view_of(n.targ)) {}

  std::vector<Tensor> gradients() const {
    return {copy_of(x.g), copy_of(w1.g), copy_of(b1.g), copy_of(w2.g), copy_of(b2.g)};
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

void forward_and_backward(TorchNetwork& n, WeightGrad weight_grad) {
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

void autograd(TorchNetwork& n) {
  Graded* const all[] = {&n.x, &n.w1, &n.b1, &n.w2, &n.b2};
  for (Graded* one : all) {
    one->value.requires_grad_(true);
    one->value.mutable_grad() = at::Tensor();  // backward() would add to what is there
  }
  const at::Tensor l2 = (at::matmul(n.x.value, n.w1.value) + n.b1.value).relu();
  mse(at::matmul(l2, n.w2.value) + n.b2.value, n.targ).backward();
  for (Graded* one : all) one->g = one->value.grad();
}

}  // namespace

std::vector<Pass> torch_passes(const Network& network) {
  const auto pass = [&](const std::string& name, const auto& run) {
    const auto n = std::make_shared<TorchNetwork>(network);
    return Pass{name, [=] { run(*n); }, [=] { return n->gradients(); }};
  };
  return {
      pass("torch einsum", [](TorchNetwork& n) { forward_and_backward(n, by_einsum); }),
      pass("torch matmul", [](TorchNetwork& n) { forward_and_backward(n, by_matmul); }),
      pass("torch autograd", autograd),
  };
}

}  // namespace foundations
