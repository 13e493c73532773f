// What this chapter needs to know of a product before anybody writes a loop, and that none of its
// rungs changes what the product is. The notes have one cell of it; cells marked [ ] are ours.
//
//   bazel run //13_gemm:walkthrough
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>

#include "13_gemm/matmul.h"
#include "common/base/cell.h"
#include "common/base/program.h"
#include "common/tensor/ops.h"
#include "common/tensor/print.h"

namespace foundations::ch13 {
namespace {

std::string python_bool(bool value) { return value ? "True" : "False"; }

bool equal(const Tensor& x, const Tensor& y) {
  return x.shape() == y.shape() && (x == y).sum().item() == static_cast<float>(y.numel());
}

// Returns a matrix of whole numbers from -3 to 3, whose sums of products are exact in any order.
Tensor whole_numbers(int64_t rows, int64_t columns) {
  Tensor m = zeros(rows, columns);
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < columns; ++j) m(i, j) = static_cast<float>((5 * i + 3 * j) % 7 - 3);
  }
  return m;
}

// Operations, and the bytes that have to move if each float is read or written once.
std::string work() {
  constexpr int64_t kSizes[][3] = {{50000, 50, 1}, {5, 784, 10},     {64, 64, 64},
                                   {64, 784, 50},  {50000, 784, 50}, {512, 512, 512}};
  std::string lines = "m x k x n           operations        bytes  operations per byte";
  for (const auto& [m, k, n] : kSizes) {
    const int64_t operations = 2 * m * k * n, bytes = 4 * (m * k + k * n + m * n);
    const double each = static_cast<double>(operations) / static_cast<double>(bytes);
    lines += fmt::format("\n{:<15} {:>14} {:>12} {:>20.2f}", fmt::format("{}x{}x{}", m, k, n),
                         operations, bytes, each);
  }
  return lines;
}

// The heights of tiles of at most six rows, from the top.
std::string heights(int64_t rows) {
  std::string text;
  for (int64_t height; rows > 0; rows -= height) {
    const int64_t tiles = (rows + 5) / 6;
    height = (rows + tiles - 1) / tiles;
    text += (text.empty() ? "" : " + ") + std::to_string(height);
  }
  return text;
}

void the_same_from_every_rung() {
  const Tensor a = whole_numbers(13, 300), b = whole_numbers(300, 50);
  const Tensor first = blocked(a, b);
  std::string lines;
  for (const Rung<Matmul>& rung : kRungs) {
    const bool same = equal(rung.run(a, b), first);
    lines += fmt::format("{}{:<13} {}", lines.empty() ? "" : "\n", rung.name, python_bool(same));
  }
  cell(" ", "torch.equal(rung(a, b), blocked(a, b))    # for each rung, on whole numbers", lines);
}

// The zeros that fill the last panel must not meet an infinity of a.
void infinity_stays_in_its_row() {
  const Tensor a = whole_numbers(3, 4) + 5, b = whole_numbers(4, 3) + 5;
  a(1, 2) = std::numeric_limits<float>::infinity();
  cell(" ", "a[1,2] = inf; a @ b", threaded(a, b));
}

}  // namespace
}  // namespace foundations::ch13

int main(int argc, char** argv) {
  using namespace foundations;
  using namespace foundations::ch13;
  Program program("What a product costs at least, and that every rung computes the same.");
  return program.run(argc, argv, [] {
    const Tensor m1 = whole_numbers(5, 784), m2 = whole_numbers(784, 10);
    cell("62", "%timeit -n 10 t = m1.matmul(m2)    # //13_gemm:benchmark times it");
    cell(" ", "t.shape", ch13::matmul(m1, m2).shape());
    cell(" ", "# what a product costs at least", work());
    cell(" ", "# 13 rows, and 64, in tiles of at most 6", heights(13) + "\n" + heights(64));
    the_same_from_every_rung();
    const Tensor x = whole_numbers(500, 78), d = whole_numbers(500, 50);
    cell(" ", "torch.equal(x.t() @ d, (d.t() @ x).t())",
         python_bool(equal(turned(x.t(), d), blocked(d.t(), x).t())));
    infinity_stays_in_its_row();
    refused(" ", "torch.ones(5, 784) @ torch.ones(5, 784)", [] {
      ch13::matmul(ones({5, 784}), ones({5, 784}));
    });
  });
}
