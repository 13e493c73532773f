#include "common/linalg/matmul.h"

#include <string>

#include "common/base/openmp.h"
#include "common/linalg/gemm.h"
#include "common/tensor/overlap.h"

namespace foundations {
namespace {

// A matmul of any rank as a batch of plain matrix products.
struct Problem {
  Shape batch;    // the broadcast leading dimensions
  Layout a, b;    // batch + [m, k], batch + [k, n]
  Shape product;  // batch + [m, n]
  Shape result;   // product without the dimensions that a vector does not have
};

Shape with_matrix(const Shape& batch, std::int64_t rows, std::int64_t columns) {
  Shape shape = batch;
  shape.push_back(rows);
  shape.push_back(columns);
  return shape;
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
  const std::int64_t m = left.shape[left.dim() - 2], k = left.shape[left.dim() - 1];
  const std::int64_t n = right.shape[right.dim() - 1];
  if (right.shape[right.dim() - 2] != k) {
    throw ShapeError("mat1 and mat2 shapes cannot be multiplied (" + sizes(a.shape) + " and " +
                     sizes(b.shape) + ")");
  }
  const Shape batch = broadcast_shapes(Shape(left.shape.begin(), left.shape.end() - 2),
                                       Shape(right.shape.begin(), right.shape.end() - 2));
  const Shape product = with_matrix(batch, m, n);
  Problem problem{batch, left.expand(with_matrix(batch, m, k)),
                  right.expand(with_matrix(batch, k, n)), product, product};
  if (b.dim() == 1) problem.result.erase(problem.result.size() - 1);
  if (a.dim() == 1) problem.result.erase(batch.size());
  return problem;
}

// Integers, plainly: row i of c is the sum of b's rows, weighted by row i of a.
void multiply(std::int64_t m, std::int64_t k, std::int64_t n, const Matrix<const std::uint64_t>& a,
              const Matrix<const std::uint64_t>& b, const Matrix<std::uint64_t>& c, int) {
  for (std::int64_t i = 0; i < m; ++i) {
    for (std::int64_t j = 0; j < n; ++j) c(i, j) = 0;
    for (std::int64_t p = 0; p < k; ++p) {
      for (std::int64_t j = 0; j < n; ++j) c(i, j) += a(i, p) * b(p, j);
    }
  }
}

template <std::floating_point T>
void multiply(std::int64_t m, std::int64_t k, std::int64_t n, const Matrix<const T>& a,
              const Matrix<const T>& b, const Matrix<T>& c, int threads) {
  gemm(m, k, n, a, b, c, threads);
}

// Integers multiply as unsigned ones, which wrap around.
template <class T>
using Element = std::conditional_t<std::same_as<T, std::int64_t>, std::uint64_t, T>;

// The matrix of the last two dimensions, for the leading indices that `data` stands for.
template <class E, class T>
Matrix<E> matrix(const Layout& layout, T* data) {
  const std::int64_t d = layout.dim();
  return {reinterpret_cast<E*>(data), layout.strides[d - 2], layout.strides[d - 1]};
}

// The products of a batch: one matrix of each operand and of the output for every leading index.
template <class E>
struct Batch {
  Shape leading;
  Strides a_strides, b_strides, c_strides;  // of the leading dimensions
  Matrix<const E> a, b;                     // of the first product
  Matrix<E> c;
  std::int64_t m, k, n;

  // Product number i of them, in row-major order.
  void multiply_one(std::int64_t i, int threads) const {
    std::int64_t at_a = 0, at_b = 0, at_c = 0;
    for (std::int64_t d = leading.size() - 1; d >= 0; --d) {
      const std::int64_t index = i % leading[d];
      i /= leading[d];
      at_a += index * a_strides[d];
      at_b += index * b_strides[d];
      at_c += index * c_strides[d];
    }
    multiply(m, k, n, Matrix<const E>{a.data + at_a, a.row, a.column},
             Matrix<const E>{b.data + at_b, b.row, b.column},
             Matrix<E>{c.data + at_c, c.row, c.column}, threads);
  }

  // As one taller product, where the last leading dimension does no more than add rows to a and c.
  bool join_rows() {
    const std::int64_t last = leading.size() - 1;
    if (last < 0 || b_strides[last] != 0 || a_strides[last] != m * a.row ||
        c_strides[last] != m * c.row) {
      return false;
    }
    m *= leading[last];
    leading.erase(last);
    return true;
  }
};

template <class T>
Batch<Element<T>> batch_of(const Problem& problem, const TensorOf<T>& out, const TensorOf<T>& a,
                           const TensorOf<T>& b) {
  const std::int64_t d = problem.batch.size();
  const bool matrices = problem.result == problem.product;
  const Layout c = matrices ? out.layout() : out.layout().view(problem.product);
  using E = Element<T>;
  return {problem.batch,
          problem.a.strides,
          problem.b.strides,
          c.strides,
          matrix<const E>(problem.a, a.data()),
          matrix<const E>(problem.b, b.data()),
          matrix<E>(c, out.data()),
          problem.a.shape[d],
          problem.a.shape[d + 1],
          problem.b.shape[d + 1]};
}

// One product after another, each on all threads if they pay; or each thread some of them.
template <class T>
void run(const Problem& problem, const TensorOf<T>& out, const TensorOf<T>& a,
         const TensorOf<T>& b) {
  auto batch = batch_of(problem, out, a, b);
  while (batch.join_rows()) {
  }
  const std::int64_t products = batch.leading.numel();
  const int threads = threads_available();
  const bool shared =
      worth_threads(batch.m, batch.k, batch.n, products, sizeof(Element<T>), threads);
  if (!shared || products < threads) {
    for (std::int64_t i = 0; i < products; ++i) batch.multiply_one(i, threads);
    return;
  }
  CaughtInParallel caught;
#pragma omp parallel for num_threads(threads) schedule(static)
  for (std::int64_t i = 0; i < products; ++i) caught.run([&] { batch.multiply_one(i, 1); });
  caught.rethrow();
}

// Two matrices that fit, as in most products. To line them up as a batch of one would take 50 ns,
// a twentieth of the notes' product.
template <class T>
bool are_fitting_matrices(const TensorOf<T>& a, const TensorOf<T>& b) {
  return a.dim() == 2 && b.dim() == 2 && a.shape()[1] == b.shape()[0];
}

template <class T>
void multiply_matrices(const TensorOf<T>& out, const TensorOf<T>& a, const TensorOf<T>& b) {
  using E = Element<T>;
  multiply(a.shape()[0], a.shape()[1], b.shape()[1], matrix<const E>(a.layout(), a.data()),
           matrix<const E>(b.layout(), b.data()), matrix<E>(out.layout(), out.data()),
           threads_available());
}

template <class T>
void check_shares_nothing(const TensorOf<T>& out, const TensorOf<T>& in) {
  if (out.storage().data() == in.storage().data() && overlap(out.layout(), in.layout())) {
    throw ShapeError(
        "unsupported operation: the output of matmul_out shares memory with an operand. Please "
        "clone() the operand before performing the operation.");
  }
}

template <class T>
void check_output(const TensorOf<T>& out, const Shape& result, const TensorOf<T>& a,
                  const TensorOf<T>& b) {
  if (!(out.shape() == result)) {
    throw ShapeError("matmul_out() of " + bracketed(a.shape()) + " and " + bracketed(b.shape()) +
                     " needs an output of shape " + bracketed(result) + ", but got " +
                     bracketed(out.shape()));
  }
  check_written_once(out.layout());
  check_shares_nothing(out, a);
  check_shares_nothing(out, b);
}

}  // namespace

template <Number T>
TensorOf<T> matmul(const TensorOf<T>& a, const TensorOf<T>& b) {
  if (are_fitting_matrices(a, b)) {
    const TensorOf<T> out = empty<T>({a.shape()[0], b.shape()[1]});
    multiply_matrices(out, a, b);
    return out;
  }
  const Problem problem = line_up(a.layout(), b.layout());
  const TensorOf<T> out = empty<T>(problem.result);
  run(problem, out, a, b);
  return out;
}

template <Number T>
void matmul_out(const TensorOf<T>& out, const TensorOf<T>& a, const TensorOf<T>& b) {
  if (are_fitting_matrices(a, b)) {
    check_output(out, {a.shape()[0], b.shape()[1]}, a, b);
    return multiply_matrices(out, a, b);
  }
  const Problem problem = line_up(a.layout(), b.layout());
  check_output(out, problem.result, a, b);
  run(problem, out, a, b);
}

template Tensor matmul(const Tensor&, const Tensor&);
template DoubleTensor matmul(const DoubleTensor&, const DoubleTensor&);
template LongTensor matmul(const LongTensor&, const LongTensor&);
template void matmul_out(const Tensor&, const Tensor&, const Tensor&);
template void matmul_out(const DoubleTensor&, const DoubleTensor&, const DoubleTensor&);
template void matmul_out(const LongTensor&, const LongTensor&, const LongTensor&);

}  // namespace foundations
