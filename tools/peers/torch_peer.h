// libtorch, behind our own types: its headers take long to read, and only torch_peer.cc reads them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/tensor.h"
#include "tools/peers/peers.h"

namespace foundations {

void torch_set_threads(int threads);

// c = a b, as at::mm_out.
void torch_multiply(const Problem& problem, const float* a, const float* b, float* c);
// a b in a tensor of its own, as at::mm; it is freed again.
void torch_multiply_fresh(const Problem& problem, const float* a, const float* b);

// at::einsum. The result is freed again; the second returns a copy of it.
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
