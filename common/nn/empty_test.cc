// Every public operation on tensors without elements: a table of what each gives, as PyTorch has
// it, and one of what is refused.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "common/data/picture.h"
#include "common/linalg/einsum.h"
#include "common/linalg/matmul.h"
#include "common/nn/init.h"
#include "common/nn/nn.h"
#include "common/reference/reference.h"
#include "common/reference/reference_einsum.h"
#include "common/tensor/ops.h"
#include "common/tensor/overlap.h"
#include "common/tensor/print.h"
#include "common/tensor/random.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

Tensor none() { return zeros({0}); }
Tensor no_rows() { return zeros({0, 3}); }
Tensor no_columns() { return zeros({3, 0}); }

struct Row {
  const char* name;
  std::function<std::string()> result;
  const char* want;
};

// Elements, and where there are none, the shape: the printer leaves out that of [0].
template <class T>
std::string text(const TensorOf<T>& tensor) {
  return tensor.numel() > 0 ? to_string(tensor) : bracketed(tensor.shape());
}

void expect_rows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    try {
      EXPECT_EQ(row.result(), row.want) << row.name;
    } catch (const std::exception& error) {
      ADD_FAILURE() << row.name << " throws: " << error.what();
    }
  }
}

TEST(Empty, IsMadeAndPrinted) {
  expect_rows({
      {"empty",
       [] {
         return text(empty({2, 0}));
       },
       "[2, 0]"},
      {"full", [] { return text(full({0}, 7)); }, "[0]"},
      {"ones",
       [] {
         return text(ones<bool>({0, 1}));
       },
       "[0, 1]"},
      {"eight dimensions",
       [] {
         return text(zeros({1, 1, 1, 0, 1, 1, 1, 1}));
       },
       "[1, 1, 1, 0, 1, 1, 1, 1]"},
      {"empty_like", [] { return text(empty_like<double>(no_rows().t())); }, "[3, 0]"},
      {"from_vector",
       [] {
         return text(from_vector(std::vector<float>(), {0, 4}));
       },
       "[0, 4]"},
      {"arange", [] { return text(arange(0)); }, "[0]"},
      {"arange from 1 to 1", [] { return text(arange(1., 1.)); }, "[0]"},
      {"tensor({})", [] { return text(tensor({})); }, "[0]"},
      {"tensor({{}, {}})",
       [] {
         return text(tensor({{}, {}}));
       },
       "[2, 0]"},
      {"undefined", [] { return text(Tensor()); }, "[0]"},
      {"print", [] { return to_string(none()); }, "tensor([])"},
      {"print a matrix", [] { return to_string(no_rows()); }, "tensor([], size=(0, 3))"},
      {"print int64", [] { return to_string(arange(0)); }, "tensor([], dtype=torch.int64)"},
      {"storage", [] { return to_string(none().storage()); }, " \n[torch.FloatStorage of size 0]"},
  });
}

TEST(Empty, HasViews) {
  expect_rows({
      {"a row of no columns", [] { return text(no_columns()[-1]); }, "[0]"},
      {"select", [] { return text(no_rows().select(1, 2)); }, "[0]"},
      {"index",
       [] {
         return text(no_rows().index({Slice(), None, 1}));
       },
       "[0, 1]"},
      {"index ...",
       [] {
         return text(no_rows().index({Ellipsis, None}));
       },
       "[0, 3, 1]"},
      {"slice", [] { return text(no_columns().slice(0, 1, None, 2)); }, "[1, 0]"},
      {"slice of nothing", [] { return text(none().slice(0, -5, 5, 3)); }, "[0]"},
      {"unsqueeze", [] { return text(none().unsqueeze(-1)); }, "[0, 1]"},
      {"squeeze",
       [] {
         return text(zeros({1, 0, 1}).squeeze());
       },
       "[0]"},
      {"squeeze(dim)", [] { return text(none().squeeze(0)); }, "[0]"},
      {"expand",
       [] {
         return text(zeros({1, 0}).expand({4, 0}));
       },
       "[4, 0]"},
      {"expand 1 to 0",
       [] {
         return text(ones({1}).expand({2, 0}));
       },
       "[2, 0]"},
      {"expand_as", [] { return text(none().expand_as(no_columns())); }, "[3, 0]"},
      {"view",
       [] {
         return text(no_rows().view({3, 0, 5}));
       },
       "[3, 0, 5]"},
      {"view with -1",
       [] {
         return text(no_rows().view({-1, 3}));
       },
       "[0, 3]"},
      {"transpose", [] { return text(no_rows().transpose(0, -1)); }, "[3, 0]"},
      {"t", [] { return text(no_columns().t()); }, "[0, 3]"},
      {"permute",
       [] {
         return text(no_rows().permute({1, 0}));
       },
       "[3, 0]"},
      {"diagonal", [] { return text(no_rows().diagonal(-7)); }, "[0]"},
      {"as_strided",
       [] {
         return text(none().as_strided({0, 9}, {1, 1}));
       },
       "[0, 9]"},
      {"rows", [] { return std::to_string(std::distance(no_rows().begin(), no_rows().end())); },
       "0"},
      {"contiguous", [] { return text(no_rows().t().contiguous()); }, "[3, 0]"},
      {"clone", [] { return text(no_rows().t().clone()); }, "[3, 0]"},
      {"reshape", [] { return text(no_rows().t().reshape({0})); }, "[0]"},
      {"to", [] { return text(no_rows().to<std::int64_t>()); }, "[0, 3]"},
      {"to_vector", [] { return std::to_string(no_rows().to_vector().size()); }, "0"},
      {"overlaps_itself", [] { return to_string(overlaps_itself(none().layout())); }, "False"},
      {"is_dense", [] { return to_string(is_dense(no_rows().layout())); }, "True"},
  });
}

TEST(Empty, IsWritten) {
  expect_rows({
      {"copy_", [] { return text(no_rows().copy_(ones({3}))); }, "[0, 3]"},
      {"view = tensor", [] { return no_rows().slice(0) = none().unsqueeze(1), ""; }, ""},
      {"view = number", [] { return no_columns()[0] = 7, ""; }, ""},
      {"fill_", [] { return text(ones({1}).expand({0}).fill_(7)); }, "[0]"},
      {"zero_", [] { return text(no_columns().zero_()); }, "[3, 0]"},
      {"+=", [] { return text(no_rows() += ones({3})); }, "[0, 3]"},
      {"-=", [] { return text(no_rows() -= 1); }, "[0, 3]"},
      {"*=", [] { return text(arange(0) *= 2); }, "[0]"},
      {"/=", [] { return text(no_rows() /= 0); }, "[0, 3]"},
      {"grad", [] { return text(none().grad()); }, "[0]"},
  });
}

TEST(Empty, HasArithmetic) {
  expect_rows({
      {"+", [] { return text(no_rows() + ones({3})); }, "[0, 3]"},
      {"-",
       [] {
         return text(no_columns() - ones({3, 1}));
       },
       "[3, 0]"},
      {"*", [] { return text(none() * no_columns()); }, "[3, 0]"},
      {"/", [] { return text(1 / none()); }, "[0]"},
      {"negative", [] { return text(-no_rows()); }, "[0, 3]"},
      {"==", [] { return text(none() == none()); }, "[0]"},
      {"<", [] { return text(none() < no_columns()); }, "[3, 0]"},
      {">=", [] { return text(arange(0) >= 1); }, "[0]"},
      {"where", [] { return text(where(none() == 0, 1.f, none())); }, "[0]"},
      {"abs", [] { return text(no_rows().abs()); }, "[0, 3]"},
      {"pow", [] { return text(no_rows().pow(-1)); }, "[0, 3]"},
      {"clamp_min", [] { return text(no_rows().clamp_min(0)); }, "[0, 3]"},
      {"clamp_max", [] { return text(no_rows().clamp_max(0)); }, "[0, 3]"},
      {"sqrt", [] { return text(no_rows().t().sqrt()); }, "[3, 0]"},
      {"exp", [] { return text(none().exp()); }, "[0]"},
      {"log", [] { return text(none().log()); }, "[0]"},
  });
}

TEST(Empty, IsReduced) {
  expect_rows({
      {"sum", [] { return text(no_rows().sum()); }, "tensor(0.)"},
      {"sum of int64", [] { return text(arange(0).sum()); }, "tensor(0)"},
      {"count", [] { return text((none() == 0).sum()); }, "tensor(0)"},
      {"sum of no rows", [] { return text(no_rows().sum(0)); }, "tensor([0., 0., 0.])"},
      {"sum of each of none", [] { return text(no_rows().sum(1, true)); }, "[0, 1]"},
      {"mean", [] { return text(none().mean()); }, "tensor(nan)"},
      {"mean of no rows", [] { return text(no_rows().mean(0)); }, "tensor([nan, nan, nan])"},
      {"mean of each of none", [] { return text(no_rows().mean(-1)); }, "[0]"},
      {"var", [] { return text(none().var()); }, "tensor(nan)"},
      {"var of no rows", [] { return text(no_rows().var(0)); }, "tensor([nan, nan, nan])"},
      {"std", [] { return text(none().std()); }, "tensor(nan)"},
      {"std of each of none", [] { return text(no_rows().std(1)); }, "[0]"},
      {"max of each of none", [] { return text(no_rows().max(1)); }, "[0]"},
      {"min of each of none", [] { return text(no_rows().min(1, true)); }, "[0, 1]"},
      {"argmax of each of none", [] { return text(no_rows().argmax(1)); }, "[0]"},
  });
}

TEST(Empty, IsMultiplied) {
  const char* const zero = "tensor([[0., 0.],\n        [0., 0.]])";
  expect_rows({
      {"no rows",
       [] {
         return text(matmul(no_rows(), ones({3, 4})));
       },
       "[0, 4]"},
      {"no columns",
       [] {
         return text(matmul(ones({4, 3}), no_columns()));
       },
       "[4, 0]"},
      {"nothing to sum",
       [] {
         return text(matmul(zeros({2, 0}), zeros({0, 2})));
       },
       zero},
      {"of int64",
       [] {
         return text(matmul(zeros<std::int64_t>({1, 0}), arange(0)));
       },
       "tensor([0])"},
      {"dot", [] { return text(matmul(none(), none())); }, "tensor(0.)"},
      {"no matrices",
       [] {
         return text(matmul(zeros({0, 2, 3}), ones({3, 4})));
       },
       "[0, 2, 4]"},
      {"matmul_out",
       [] {
         const Tensor out = ones({2, 2});
         matmul_out(out, zeros({2, 0}), zeros({0, 2}));
         return text(out);
       },
       zero},
      {"reference_matmul",
       [] {
         return text(reference_matmul(zeros({2, 0}), zeros({0, 2})).to<float>());
       },
       zero},
      {"matmul_mismatch",
       [] {
         return matmul_mismatch(zeros({0, 4}), no_rows(), ones({3, 4}));
       },
       ""},
      {"ij->ji", [] { return text(einsum("ij->ji", {no_rows()})); }, "[3, 0]"},
      {"ii->i",
       [] {
         return text(einsum("ii->i", {zeros({0, 0})}));
       },
       "[0]"},
      {"ij->", [] { return text(einsum("ij->", {no_rows()})); }, "tensor(0.)"},
      {"ij->j", [] { return text(einsum("ij->j", {no_rows()})); }, "tensor([0., 0., 0.])"},
      {"ik,kj->ij",
       [] {
         return text(einsum("ik,kj->ij", {zeros({2, 0}), zeros({0, 2})}));
       },
       zero},
      {"i,j->ij",
       [] {
         return text(einsum("i,j->ij", {none(), ones({3})}));
       },
       "[0, 3]"},
      {"...i,...i->...",
       [] {
         return text(einsum("...i,...i->...", {no_rows(), ones({3})}));
       },
       "[0]"},
      {"reference_einsum",
       [] { return text(reference_einsum<float>("ij->j", {no_rows()}).want.to<float>()); },
       "tensor([0., 0., 0.])"},
      {"numerical_gradient",
       [] { return text(numerical_gradient([](const auto&) { return 1.; }, zeros<double>({0}))); },
       "[0]"},
  });
}

// What is drawn for no element: nothing. The generator is where it was.
TEST(Empty, IsFilledWithRandomNumbers) {
  static Generator generator(1);
  const Tensor weight = zeros({0, 3});
  expect_rows({
      {"rand",
       [] {
         return text(rand({0, 2}, generator));
       },
       "[0, 2]"},
      {"randn", [] { return text(randn({0}, generator)); }, "[0]"},
      {"randint", [] { return text(randint(0, 5, {0}, generator)); }, "[0]"},
      {"randperm", [] { return text(randperm(0, generator)); }, "[0]"},
      {"normal_", [&] { return text(normal_(weight, 0, 1, generator)); }, "[0, 3]"},
      {"uniform_", [&] { return text(uniform_(weight, 0, 1, generator)); }, "[0, 3]"},
      {"kaiming_normal_", [&] { return text(kaiming_normal_(weight, generator)); }, "[0, 3]"},
      {"kaiming_uniform_", [&] { return text(kaiming_uniform_(weight.t(), generator)); }, "[3, 0]"},
      {"glorot_normal_",
       [&] {
         return text(glorot_normal_(zeros({0, 0}), generator));
       },
       "[0, 0]"},
      {"glorot_uniform_", [&] { return text(glorot_uniform_(weight, generator)); }, "[0, 3]"},
  });
  EXPECT_EQ(generator.bits(), Generator(1).bits());
}

TEST(Empty, GoesThroughANetwork) {
  const Tensor w = ones({3, 2}), b = ones({2});
  expect_rows({
      {"normalize", [] { return text(normalize(no_rows(), ones({3}), ones({}))); }, "[0, 3]"},
      {"lin", [&] { return text(lin(no_rows(), w, b)); }, "[0, 2]"},
      {"lin of no inputs",
       [&] {
         return text(lin(zeros({1, 0}), zeros({0, 2}), b));
       },
       "tensor([[1., 1.]])"},
      {"relu", [] { return text(relu(no_rows(), 0.5)); }, "[0, 3]"},
      {"mse",
       [] {
         return text(mse(zeros({0, 1}), none()));
       },
       "tensor(nan)"},
      {"mse_grad",
       [] {
         const Tensor out = zeros({0, 1});
         mse_grad(out, none());
         return text(out.grad());
       },
       "[0, 1]"},
      {"relu_grad",
       [] {
         const Tensor x = no_rows(), out = relu(x);
         out.grad() = no_rows();
         relu_grad(x, out);
         return text(x.grad());
       },
       "[0, 3]"},
      {"lin_grad",
       [&] {
         const Tensor x = no_rows(), out = lin(x, w, b);
         out.grad() = zeros({0, 2});
         lin_grad(x, out, w, b);
         return text(x.grad()) + " " + text(w.grad().sum()) + " " + text(b.grad());
       },
       "[0, 3] tensor(0.) tensor([0., 0.])"},
      {"picture", [] { return picture(no_rows(), Style::kAscii); }, ""},
      {"picture of no columns", [] { return picture(no_columns(), Style::kHalfBlocks); }, "\n\n"},
  });
}

TEST(Empty, IsRefusedWhereAnElementIsNeeded) {
  expect_error<ShapeError>([] { none().item(); },
                           "a Tensor with 0 elements cannot be converted to Scalar");
  expect_error<IndexError>([] { none()[0]; },
                           "index 0 is out of bounds for dimension 0 with size 0");
  expect_error<IndexError>([] { no_rows().at(-1, 0); },
                           "index -1 is out of bounds for dimension 0 with size 0");
  for (const auto& of_none :
       {+[] { none().max(); }, +[] { none().min(); }, +[] { none().argmax(); },
        +[] { no_rows().max(0); }, +[] { no_rows().argmax(0); }}) {
    EXPECT_THROW(of_none(), IndexError);
  }
  expect_error<ShapeError>([] { ones({2}) += none(); },
                           "The size of tensor a (2) must match the size of tensor b (0) at "
                           "non-singleton dimension 0");
  expect_error<ShapeError>([] { ones({2}) * none(); },
                           "The size of tensor a (2) must match the size of tensor b (0) at "
                           "non-singleton dimension 0");
}

}  // namespace
}  // namespace foundations
