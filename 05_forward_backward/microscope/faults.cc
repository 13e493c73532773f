#include "05_forward_backward/microscope/faults.h"

#include "common/tensor/ops.h"

namespace foundations::ch05 {
namespace {

// The elements of the gradient [in, out] in the order of its transpose [out, in].
void lin_grad_transposed(const DoubleTensor& inp, const DoubleTensor& out, const DoubleTensor& w,
                         const DoubleTensor& b) {
  foundations::lin_grad(inp, out, w, b);
  w.grad() = w.grad().t().reshape(w.shape());
}

void mse_grad_without_mean(const DoubleTensor& inp, const DoubleTensor& targ) {
  inp.grad() = 2. * (inp.squeeze(-1) - targ).unsqueeze(-1);
}

void relu_grad_of_output(const DoubleTensor& inp, const DoubleTensor& out) {
  inp.grad() = (out > 0).to<double>() * out.grad();
}

void lin_grad_without_sum(const DoubleTensor& inp, const DoubleTensor& out, const DoubleTensor& w,
                          const DoubleTensor& b) {
  foundations::lin_grad(inp, out, w, b);
  b.grad() = out.grad()[0].clone();
}

}  // namespace

const Fault kFaults[kFaultCount] = {
    {"transpose",
     "w.g is out.g.t() @ inp, reshaped to fit",
     "ratios all over the place, in w1 alone: a column such as w2 is its own transpose, reshaped",
     0,
     {kSound.mse, kSound.relu, lin_grad_transposed}},
    {"missing_mean",
     "mse_grad does not divide by n",
     "one ratio everywhere, the number of rows: a factor is missing at the end of the network",
     0,
     {mse_grad_without_mean, kSound.relu, kSound.lin}},
    {"relu_of_output",
     "relu_grad asks whether out > 0, in place of inp > 0",
     "wrong before relu (w1, b1, x) and right behind it (w2, b2): suspect what lies between",
     0.5,
     {kSound.mse, relu_grad_of_output, kSound.lin}},
    {"no_sum",
     "b.g is out.g of the first row, in place of the sum over rows",
     "wrong in the biases alone: what they share is a sum over rows",
     0,
     {kSound.mse, kSound.relu, lin_grad_without_sum}},
};

}  // namespace foundations::ch05
