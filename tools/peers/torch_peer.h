// libtorch, behind plain types. Its headers take long to compile, and Clang 14 compiles them only
// as C++17. So only torch_peer.cc includes them, and it and this file are C++17.
//
// Debian's libtorch multiplies with the system's BLAS. This program is linked with OpenBLAS first,
// so the BLAS is OpenBLAS, with the threads that peers() gave it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace foundations {

// A tensor in memory that belongs to someone else and outlives the view.
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

// Sets the threads of everything in libtorch.
void torch_set_threads(int threads);

// The functions returned below compute on the operands' memory, without autograd. You may call them
// again and again.

// Return at::mm_out, and at::mm, whose result libtorch allocates and frees.
std::function<void()> torch_mm_out(const TorchView& out, const TorchView& a, const TorchView& b);
std::function<void()> torch_mm(const TorchView& a, const TorchView& b);

// Returns at::einsum, whose result is freed too. The second function copies the result into `out`,
// of the same shape.
std::function<void()> torch_einsum(const std::string& subscripts, const std::vector<TorchView>& in);
void torch_einsum_out(const TorchView& out, const std::string& subscripts,
                      const std::vector<TorchView>& in);

// Returns at's operation of this name on a and b, "a + b" or "a.sum(0)", of those that
// elementwise.cc has. The second function copies the result into `out`, of the same shape.
std::function<void()> torch_operation(const std::string& name, const TorchView& a,
                                      const TorchView& b);
void torch_operation_out(const TorchView& out, const std::string& name, const TorchView& a,
                         const TorchView& b);

// The notes' network: x [n, m], targ [n], w1 [m, nh], b1 [nh], w2 [nh, 1], b2 [1].
struct TorchNetwork {
  TorchView x, targ, w1, b1, w2, b2;
};

// A forward and a backward pass. copy_gradients copies the gradients of x, w1, b1, w2 and b2 that
// it left, each into a tensor of the same shape.
struct TorchPass {
  std::string name;
  std::function<void()> run;
  std::function<void(const std::vector<TorchView>& out)> copy_gradients;
};

// Returns libtorch's passes: the notes' functions line by line, with the weight gradient as an
// einsum and as a matrix product; and the forward pass with autograd's backward(), which also
// computes the gradient of x.
std::vector<TorchPass> torch_passes(const TorchNetwork& network);

// What a network of two linear layers and a relu is trained on, and how.
struct TorchTraining {
  TorchView images;            // [n, inputs]
  const std::int64_t* digits;  // [n]
  std::int64_t batch;
  bool shuffle, adam;  // adam: else plain gradient descent
  double lr;
};

// Returns an epoch with autograd, in place: each call goes on with these parameters, w1 [hidden,
// inputs], b1, w2 and b2.
std::function<void()> torch_epoch(const TorchTraining& training,
                                  const std::vector<TorchView>& parameters);

}  // namespace foundations
