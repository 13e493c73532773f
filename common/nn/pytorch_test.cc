// PyTorch on the right, and here on the left, with what both give: the page of common/README.md.
#include <gtest/gtest.h>

#include "common/linalg/einsum.h"
#include "common/linalg/matmul.h"
#include "common/nn/nn.h"
#include "common/tensor/join.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

const Tensor m = tensor({{1, 2, 3}, {4, 5, 6}});
const Tensor v = tensor({10, 20, 30});

TEST(PyTorchAndHere, Make) {
  expect_equal(zeros(2), tensor({0, 0}));                             // torch.zeros(2)
  expect_equal(ones(1, 2), tensor({{1, 1}}));                         // torch.ones(1, 2)
  expect_equal(full({2}, 7), tensor({7, 7}));                         // torch.full((2,), 7.)
  expect_equal(arange(3), long_tensor({0, 1, 2}));                    // torch.arange(3)
  expect_equal(arange(0, 1, 0.5), tensor({0, 0.5}));                  // torch.arange(0, 1, .5)
  expect_equal((m > 4).to<float>(), tensor({{0, 0, 0}, {0, 1, 1}}));  // (m > 4).float()
  Generator generator(42);                                            // torch.manual_seed(42)
  EXPECT_EQ(randn({2, 3}, generator).shape(), Shape({2, 3}));         // torch.randn(2, 3).shape
}

TEST(PyTorchAndHere, Look) {
  EXPECT_EQ(m.shape(), Shape({2, 3}));          // m.shape
  EXPECT_EQ(m.t().strides(), Strides({1, 3}));  // m.t().stride()
  EXPECT_EQ(m.numel(), 6);                      // m.numel()
  EXPECT_EQ(m.size(-1), 3);                     // m.size(-1)
  EXPECT_EQ(m(1, 2), 6);                        // m[1, 2].item()
  EXPECT_EQ(m.sum().item(), 21);                // m.sum().item()
  EXPECT_FALSE(m.t().is_contiguous());          // m.t().is_contiguous()
}

TEST(PyTorchAndHere, View) {
  expect_equal(m[1], tensor({4, 5, 6}));                               // m[1]
  expect_equal(m(_, 1), tensor({2, 5}));                               // m[:, 1]
  expect_equal(m(-1, Slice(1)), tensor({5, 6}));                       // m[-1, 1:]
  expect_equal(m(_, Slice(None, None, 2)), tensor({{1, 3}, {4, 6}}));  // m[:, ::2]
  expect_equal(v(None), tensor({{10, 20, 30}}));                       // v[None]
  expect_equal(v(_, None), tensor({{10}, {20}, {30}}));                // v[:, None]
  EXPECT_EQ(m(Ellipsis, None).shape(), Shape({2, 3, 1}));              // m[..., None].shape
  EXPECT_EQ(m.view(3, -1).shape(), Shape({3, 2}));                     // m.view(3, -1).shape
  expect_equal(m.t().reshape(-1), tensor({1, 4, 2, 5, 3, 6}));         // m.t().reshape(-1)
  expect_equal(m.permute(1, 0), m.t());                                // m.permute(1, 0)
  expect_equal(v.expand_as(m), tensor({{10, 20, 30}, {10, 20, 30}}));  // v.expand_as(m)
  expect_equal(v.unsqueeze(-1).squeeze(), v);                          // v.unsqueeze(-1).squeeze()
}

TEST(PyTorchAndHere, JoinAndPick) {
  const LongTensor rows = long_tensor({1, 1, 0});                 // rows = torch.tensor([1, 1, 0])
  expect_equal(v.index_select(0, rows), tensor({20, 20, 10}));    // v[rows]
  const LongTensor i = long_tensor({{2}, {0}});                   // i = torch.tensor([[2], [0]])
  expect_equal(m.gather(1, i), tensor({{3}, {4}}));               // m.gather(1, i)
  expect_equal(cat({v, v(Slice(2))}), tensor({10, 20, 30, 30}));  // torch.cat([v, v[2:]])
  expect_equal(stack({m[0], v}), tensor({{1, 2, 3}, {10, 20, 30}}));  // torch.stack([m[0], v])
  expect_equal(pad(v, {1, 0}), tensor({0, 10, 20, 30}));              // F.pad(v, (1, 0))
}

TEST(PyTorchAndHere, Write) {
  Tensor a = m.clone();  // a = m.clone()
  a[0] = v;              // a[0] = v
  a(_, 1) = 0;           // a[:, 1] = 0
  a(1, 2) = -1;          // a[1, 2] = -1
  a *= 2;                // a *= 2
  expect_equal(a, tensor({{20, 0, 60}, {8, 0, -2}}));
}

TEST(PyTorchAndHere, Calculate) {
  expect_equal(m + v, tensor({{11, 22, 33}, {14, 25, 36}}));           // m + v
  expect_equal(1 - m[0] / 2, tensor({0.5, 0, -0.5}));                  // 1 - m[0] / 2
  expect_equal(m[0].pow(2), tensor({1, 4, 9}));                        // m[0].pow(2)
  expect_equal((m - 2).clamp_min(0), tensor({{0, 0, 1}, {2, 3, 4}}));  // (m - 2).clamp_min(0.)
  expect_equal(where(m > 3, m, 0), tensor({{0, 0, 0}, {4, 5, 6}}));    // torch.where(m > 3, m, 0.)
  expect_equal(m.sum(), tensor(21));                                   // m.sum()
  expect_equal(m.sum(0), tensor({5, 7, 9}));                           // m.sum(0)
  expect_equal(m.sum({0, 1}), tensor(21));                             // m.sum((0, 1))
  expect_equal(m.mean(1, true), tensor({{2}, {5}}));                   // m.mean(1, keepdim=True)
  expect_equal(v.std(), tensor(10));                                   // v.std()
  expect_equal(m.max(1), tensor({3, 6}));                              // m.max(1).values
  expect_equal(m.argmax(0), long_tensor({1, 1, 1}));                   // m.argmax(0)
  expect_equal(matmul(m, v), tensor({140, 320}));                      // m @ v
  expect_equal(einsum("ij,j->i", m, v), tensor({140, 320}));  // torch.einsum('ij,j->i', m, v)
  expect_equal(einsum("ij->ji", m), m.t());                   // torch.einsum('ij->ji', m)
}

TEST(PyTorchAndHere, Learn) {
  Generator generator(42);  // torch.manual_seed(42)
  nn::Sequential model{nn::Linear(3, 4, generator), nn::ReLU(), nn::Linear(4, 2, generator)};
  nn::CrossEntropyLoss loss;                                       // loss = nn.CrossEntropyLoss()
  const LongTensor y = long_tensor({0, 1});                        // y = torch.tensor([0, 1])
  const float before = loss(model(m), y).item();                   // before = loss(model(m), y)
  model.backward(loss.backward());                                 // before.backward()
  for (const Tensor& p : model.parameters()) p -= 0.1 * p.grad();  // ... p -= 0.1 * p.grad
  model.zero_grad();                                               // model.zero_grad()
  model.eval();                                                    // model.eval()
  EXPECT_LT(loss(model(m), y).item(), before);             // assert loss(model(m), y) < before
  expect_equal(relu(m - 2)[0], tensor({0, 0, 1}));         // F.relu(m - 2)[0]
  expect_close(log_softmax(v, 0)[2], tensor(0), 0, 1e-4);  // F.log_softmax(v, 0)[2]
}

TEST(PyTorchAndHere, SeeImages) {
  Generator generator(42);
  nn::Sequential net{nn::Conv2d(1, 8, 5, {.stride = 2, .padding = 2}, generator),
                     nn::BatchNorm2d(8),  // nn.Conv2d(1, 8, 5, stride=2, padding=2), ...
                     nn::ReLU(),
                     nn::AdaptiveAvgPool2d(),  // nn.AdaptiveAvgPool2d(1)
                     nn::Flatten(),
                     nn::Linear(8, 10, generator)};
  EXPECT_EQ(net(zeros(2, 1, 28, 28)).shape(), Shape({2, 10}));  // net(...).shape == (2, 10)
}

}  // namespace
}  // namespace foundations
