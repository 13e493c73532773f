#include "common/matmul.h"

#include <string>

#include "common/overlap.h"

namespace foundations {
namespace {

// A matmul of any rank as a batch of plain matrix products.
struct Problem {
  Shape batch;    // the broadcast leading dimensions
  Layout a, b;    // batch + [n, k], batch + [k, m]
  Shape product;  // batch + [n, m]
  Shape result;   // product without the dimensions that a vector does not have
};

Shape with_matrix(Shape batch, std::int64_t rows, std::int64_t columns) {
  batch.push_back(rows);
  batch.push_back(columns);
  return batch;
}

// "5x784", as PyTorch writes the shape of a matrix.
std::string sizes(const Shape& shape) {
  std::string text;
  for (const std::int64_t size : shape) text += (text.empty() ? "" : "x") + std::to_string(size);
  return text;
}

Problem line_up(const Layout& a, const Layout& b) {
  if (a.dim() == 0 || b.dim() == 0) {
    throw ShapeError("both arguments to matmul need to be at least 1D, but they are " +
                     std::to_string(a.dim()) + "D and " + std::to_string(b.dim()) + "D");
  }
  const Layout left = a.dim() == 1 ? a.unsqueeze(0) : a;
  const Layout right = b.dim() == 1 ? b.unsqueeze(1) : b;
  const std::int64_t n = left.shape[left.dim() - 2], k = left.shape[left.dim() - 1];
  const std::int64_t m = right.shape[right.dim() - 1];
  if (right.shape[right.dim() - 2] != k) {
    throw ShapeError("mat1 and mat2 shapes cannot be multiplied (" + sizes(a.shape) + " and " +
                     sizes(b.shape) + ")");
  }
  Problem problem;
  problem.batch = broadcast_shapes(Shape(left.shape.begin(), left.shape.end() - 2),
                                   Shape(right.shape.begin(), right.shape.end() - 2));
  problem.a = left.expand(with_matrix(problem.batch, n, k));
  problem.b = right.expand(with_matrix(problem.batch, k, m));
  problem.product = problem.result = with_matrix(problem.batch, n, m);
  if (b.dim() == 1) problem.result.erase(problem.result.size() - 1);
  if (a.dim() == 1) problem.result.erase(problem.batch.size());
  return problem;
}

// One matrix of a tensor: element (i, j) is data[i*row + j*column].
template <class T>
struct Matrix {
  T* data;
  std::int64_t row, column;
  T& operator()(std::int64_t i, std::int64_t j) const { return data[i * row + j * column]; }
};

// Row i of c is the sum of b's rows, weighted by row i of a.
template <class T>
void multiply(std::int64_t n, std::int64_t k, std::int64_t m, const Matrix<const T>& a,
              const Matrix<const T>& b, const Matrix<T>& c) {
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t j = 0; j < m; ++j) c(i, j) = 0;
    for (std::int64_t l = 0; l < k; ++l) {
      const T weight = a(i, l);
      if (b.column == 1 && c.column == 1) {
        T* const to = &c(i, 0);
        const T* const from = &b(l, 0);
#pragma omp simd
        for (std::int64_t j = 0; j < m; ++j) to[j] += weight * from[j];
      } else {
        for (std::int64_t j = 0; j < m; ++j) c(i, j) += weight * b(l, j);
      }
    }
  }
}

// Integers multiply as unsigned ones, which wrap around.
template <class T>
using Element = std::conditional_t<std::same_as<T, std::int64_t>, std::uint64_t, T>;

template <class T>
auto elements(const TensorOf<T>& tensor, std::int64_t position) {
  return reinterpret_cast<Element<T>*>(tensor.data() + position);
}

template <class T>
void run(const Problem& problem, const TensorOf<T>& out, const TensorOf<T>& a,
         const TensorOf<T>& b) {
  const std::int64_t batch = problem.batch.size();
  const Layout c = out.layout().view(problem.product);
  const auto leading = [batch](const Strides& strides) {
    return Strides(strides.begin(), strides.begin() + batch);
  };
  walk<3>(problem.batch,
          {leading(c.strides), leading(problem.a.strides), leading(problem.b.strides)},
          [&](auto products, const auto& at, const auto& step) {
            for (std::int64_t p = 0; p < products; ++p) {
              multiply<Element<T>>(
                  problem.a.shape[batch], problem.a.shape[batch + 1], problem.b.shape[batch + 1],
                  {elements(a, at[1] + p * step[1]), problem.a.strides[batch],
                   problem.a.strides[batch + 1]},
                  {elements(b, at[2] + p * step[2]), problem.b.strides[batch],
                   problem.b.strides[batch + 1]},
                  {elements(out, at[0] + p * step[0]), c.strides[batch], c.strides[batch + 1]});
            }
          });
}

template <class T>
void check_shares_nothing(const TensorOf<T>& out, const TensorOf<T>& in) {
  if (out.storage().data() == in.storage().data() && overlap(out.layout(), in.layout())) {
    throw ShapeError(
        "unsupported operation: the output of matmul_out shares memory with an operand. Please "
        "clone() the operand before performing the operation.");
  }
}

}  // namespace

template <Number T>
TensorOf<T> matmul(const TensorOf<T>& a, const TensorOf<T>& b) {
  const Problem problem = line_up(a.layout(), b.layout());
  const TensorOf<T> out = empty<T>(problem.result);
  run(problem, out, a, b);
  return out;
}

template <Number T>
void matmul_out(const TensorOf<T>& out, const TensorOf<T>& a, const TensorOf<T>& b) {
  const Problem problem = line_up(a.layout(), b.layout());
  if (!(out.shape() == problem.result)) {
    throw ShapeError("matmul_out() of " + bracketed(a.shape()) + " and " + bracketed(b.shape()) +
                     " needs an output of shape " + bracketed(problem.result) + ", but got " +
                     bracketed(out.shape()));
  }
  check_written_once(out.layout());
  check_shares_nothing(out, a);
  check_shares_nothing(out, b);
  run(problem, out, a, b);
}

template Tensor matmul(const Tensor&, const Tensor&);
template DoubleTensor matmul(const DoubleTensor&, const DoubleTensor&);
template LongTensor matmul(const LongTensor&, const LongTensor&);
template void matmul_out(const Tensor&, const Tensor&, const Tensor&);
template void matmul_out(const DoubleTensor&, const DoubleTensor&, const DoubleTensor&);
template void matmul_out(const LongTensor&, const LongTensor&, const LongTensor&);

}  // namespace foundations
