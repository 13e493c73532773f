// libtorch, behind our own types: its headers take long to read, and only torch_peer.cc reads them.
//
// Debian's libtorch multiplies by the system's BLAS. This program is linked with OpenBLAS before
// any other, so here that is OpenBLAS, with the threads that peers() gave it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/tensor.h"

namespace foundations {

// For all that libtorch does.
void torch_set_threads(int threads);

// What these return computes in place on the memory of the operands and without autograd, and may
// be called again and again.

// at::mm_out, and at::mm, whose result libtorch allocates and frees.
std::function<void()> torch_mm_out(const Tensor& out, const Tensor& a, const Tensor& b);
std::function<void()> torch_mm(const Tensor& a, const Tensor& b);

// at::einsum, whose result is freed too; and a copy of its result.
std::function<void()> torch_einsum(const std::string& subscripts, const std::vector<Tensor>& in);
Tensor torch_einsum_result(const std::string& subscripts, const std::vector<Tensor>& in);

// The notes' network: x [n, m], targ [n], w1 [m, nh], b1 [nh], w2 [nh, 1], b2 [1].
struct Network {
  Tensor x, targ, w1, b1, w2, b2;
};

// A forward and a backward pass, which leaves the gradients of x, w1, b1, w2 and b2.
struct Pass {
  std::string name;
  std::function<void()> run;
  std::function<std::vector<Tensor>()> gradients;
};

// In libtorch: the notes' functions line by line, with the weight gradient as an einsum and as a
// matrix product; and the forward pass with autograd's backward(), which is asked for the gradient
// of x too.
std::vector<Pass> torch_passes(const Network& network);

}  // namespace foundations
