// libtorch, behind plain types: its headers take long to read, and Clang 14 reads them as C++17
// only. So torch_peer.cc alone includes them, and it and this file are C++17.
//
// Debian's libtorch multiplies by the system's BLAS. This program is linked with OpenBLAS before
// any other, so here that is OpenBLAS, with the threads that peers() gave it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace foundations {

// A tensor whose memory is someone else's and outlives its use here.
struct TorchView {
  float* data;
  std::vector<std::int64_t> sizes, strides;
};

template <class Tensor>
TorchView torch_view(const Tensor& tensor) {
  TorchView view = {tensor.data(), {tensor.shape().begin(), tensor.shape().end()}, {}};
  for (std::int64_t d = 0; d < tensor.dim(); ++d) view.strides.push_back(tensor.stride(d));
  return view;
}

// For all that libtorch does.
void torch_set_threads(int threads);

// What these return computes in place on the memory of the operands and without autograd, and may
// be called again and again.

// at::mm_out, and at::mm, whose result libtorch allocates and frees.
std::function<void()> torch_mm_out(const TorchView& out, const TorchView& a, const TorchView& b);
std::function<void()> torch_mm(const TorchView& a, const TorchView& b);

// at::einsum, whose result is freed too; the second copies it into `out`, of the same shape.
std::function<void()> torch_einsum(const std::string& subscripts, const std::vector<TorchView>& in);
void torch_einsum_out(const TorchView& out, const std::string& subscripts,
                      const std::vector<TorchView>& in);

// The notes' network: x [n, m], targ [n], w1 [m, nh], b1 [nh], w2 [nh, 1], b2 [1].
struct TorchNetwork {
  TorchView x, targ, w1, b1, w2, b2;
};

// A forward and a backward pass, and what copies the gradients of x, w1, b1, w2 and b2 that it
// left, each into a tensor of its shape.
struct TorchPass {
  std::string name;
  std::function<void()> run;
  std::function<void(const std::vector<TorchView>& out)> copy_gradients;
};

// In libtorch: the notes' functions line by line, with the weight gradient as an einsum and as a
// matrix product; and the forward pass with autograd's backward(), which is asked for the gradient
// of x too.
std::vector<TorchPass> torch_passes(const TorchNetwork& network);

}  // namespace foundations
