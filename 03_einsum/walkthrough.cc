// The notes' cells of "Einstein Summation" and "Pytorch Operation", in C++ and in their order. Each
// prints what PyTorch prints for it, to the letter, but for the sentences on what is refused, which
// are ours. Cells marked [ ] are not in the notes.
//
//   bazel run //03_einsum:walkthrough
#include <string>

#include "03_einsum/einsum.h"
#include "common/base/cell.h"
#include "common/base/program.h"
#include "common/linalg/einsum.h"
#include "common/linalg/matmul.h"
#include "common/tensor/ops.h"
#include "common/tensor/print.h"
#include "common/tensor/random.h"

namespace foundations::ch03 {
namespace {

std::string python_bool(bool value) { return value ? "True" : "False"; }

// torch.allclose: |x - y| <= atol + rtol * |y| everywhere, and no NaN.
std::string allclose(const Tensor& x, const Tensor& y) {
  const Tensor tolerance = 1e-5f + 1e-5f * y.abs();
  const auto close = ((x - y).abs() <= tolerance).sum().item();
  return python_bool(x.shape() == y.shape() && close == y.numel());
}

void quoted_from_numpy() {
  const Tensor a = tensor({10, 6, -4}), b = tensor({2, 8, 7});
  cell(" ", "torch.einsum('i,i', a, b)", einsum("i,i", a, b));
  const Tensor v = einsum("i", a);
  cell(" ", "v = torch.einsum('i', a); v", v);
  cell(" ", "v.data_ptr() == a.data_ptr()    # a view: the same memory",
       python_bool(v.data() == a.data()));
  v[0] = 11;
  cell(" ", "v[0] = 11; a", a);
}

// "Whenever a label is repeated it is summed": without an arrow. With one, what it says is done.
void with_and_without_an_arrow() {
  const Tensor a = tensor({10, 6, -4}), b = tensor({2, 8, 7});
  cell(" ", "torch.einsum('i,i->i', a, b)    # repeated, not summed", einsum("i,i->i", a, b));
  cell(" ", "torch.einsum('i->', a)          # once, and summed", einsum("i->", a));
  const Tensor m = tensor({{1, 2, 3}, {4, 5, 6}, {7, 7, 8}});
  cell(" ", "torch.einsum('ii', m)           # the trace", einsum("ii", m));
  cell(" ", "torch.einsum('ii->i', m)        # the diagonal", einsum("ii->i", m));
  cell(" ", "torch.einsum('ij->j', m)        # the sum of each column", einsum("ij->j", m));
  cell(" ", "torch.einsum('ba', m)           # in alphabetical order: transposed", einsum("ba", m));
  cell(" ", "torch.einsum('i,j->ij', a, b)   # every product of two", einsum("i,j->ij", a, b));
}

Tensor matmul_of_the_notes(const Tensor& a, const Tensor& b) { return einsum("ik,kj -> ij", a, b); }

Tensor batch_matmul(const Tensor& a, const Tensor& b) { return einsum("bik,bkj -> bij", a, b); }

void einstein_summation(const Tensor& m1, const Tensor& m2) {
  cell("61", "def matmul(a,b): return torch.einsum('ik,kj -> ij', a, b)");
  cell("57",
       "# c[i,j] += a[i,k] * b[k,j]\n"
       "#   ik, kj -> ij\n"
       "# c[i,j] = (a[i,:] * b[:,j]).sum()");
  cell("58",
       "# any place where something is repeated, and take the dot product over them\n"
       "# 'ik, kj -> ij'");
  const Tensor t = matmul_of_the_notes(m1, m2);
  cell("59", "%timeit t = matmul(m1, m2)    # //03_einsum:benchmark times it");
  cell(" ", "t.shape", t.shape());
  cell(" ", "torch.allclose(t, loops(m1, m2), atol=1e-5)",
       allclose(t, definition("ik,kj->ij", {m1, m2})));
}

void batches() {
  Generator generator(43);
  const Tensor a = rand({2, 3, 4}, generator), b = rand({2, 4, 5}, generator);
  const Tensor c = batch_matmul(a, b);
  cell("60",
       "# say we needed batchwise matrix multiplication??\n"
       "def matmul(a,b): return torch.einsum('bik,bkj -> bij', a, b)");
  cell(" ", "matmul(a, b).shape", c.shape());
  cell(" ", "torch.allclose(matmul(a, b)[1], a[1] @ b[1], atol=1e-5)",
       allclose(c[1], matmul(a[1], b[1])));

  const Tensor inp = rand({64, 784}, generator), g = rand({64, 50}, generator);
  const Tensor w_g = einsum("bi,bj->ij", inp, g);
  cell(" ", "torch.einsum('bi,bj->ij', inp, g).shape", w_g.shape());
  cell(" ", "torch.allclose(torch.einsum('bi,bj->ij', inp, g), inp.t() @ g, atol=1e-5)",
       allclose(w_g, matmul(inp.t(), g)));
}

// "use pytorch's function or operator directly for matrix multiplication!"
void pytorch_operation(const Tensor& m1, const Tensor& m2) {
  const Tensor t = matmul(m1, m2);
  cell("62", "%timeit t = m1.matmul(m2)    # //03_einsum:benchmark times it");
  cell(" ", "torch.allclose(t, loops(m1, m2), atol=1e-5)",
       allclose(t, definition("ik,kj->ij", {m1, m2})));
}

void wrong_subscripts() {
  const Tensor m1 = ones(5, 784), m2 = ones(784, 10);
  for (const char* const subscripts : {"ik,kj->iz", "ik,kj->iji", "ki,kj->ij", "ik,kj>ij"}) {
    try {
      einsum(subscripts, {m1, m2});
    } catch (const SubscriptError& error) {
      const std::string code = "torch.einsum('" + std::string(subscripts) + "', m1, m2)";
      cell(" ", code + "    # refused", error.what());
    }
  }
}

}  // namespace
}  // namespace foundations::ch03

int main(int argc, char** argv) {
  using namespace foundations::ch03;
  foundations::Program program(
      "The notes' cells of \"Einstein Summation\" and \"Pytorch Operation\", in C++.");
  return program.run(argc, argv, [] {
    quoted_from_numpy();
    with_and_without_an_arrow();
    foundations::Generator generator(42);
    const auto m1 = foundations::rand({5, 784}, generator);
    const auto m2 = foundations::rand({784, 10}, generator);
    einstein_summation(m1, m2);
    batches();
    pytorch_operation(m1, m2);
    wrong_subscripts();
  });
}
