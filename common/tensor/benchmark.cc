// Tensor arithmetic against loops over raw pointers, written by hand for the one case and with the
// same allocation of the result. A loop that knows strides, shapes and types only at run time has
// to keep up with one that knows them beforehand, on one thread and on all.
//
//   bazel run //common/tensor:benchmark
//   bazel run //common/tensor:benchmark -- --benchmark_filter=sum
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/openmp.h"
#include "common/bench/ladder.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"

namespace foundations {
namespace {

// One operation on a [rows, columns] matrix, written by hand and by the library.
struct Operation {
  std::string name;
  std::function<Tensor()> by_hand, ours;
  double bytes;  // read and written
};

Ladder ladder(const Operation& operation, std::int64_t rows, std::int64_t columns) {
  Ladder ladder = {
      .chapter = operation.name,
      .problem = operation.name + " on " + std::to_string(rows) + "x" + std::to_string(columns),
      .sizes = {{"rows", rows}, {"columns", columns}}};
  if (max_threads() > 1) ladder.threads.push_back(max_threads());
  const Check check = held_to([by_hand = operation.by_hand] {
    const DoubleTensor want = by_hand().to<double>();
    return Answer{want, want.abs() * 1e-4};
  });
  ladder.add("by_hand", operation.by_hand, check, {.bytes = operation.bytes});
  ladder.add("ours", operation.ours, check, {.bytes = operation.bytes});
  return ladder;
}

// ---- By hand. a: rows x columns contiguous floats; n: how many they are

template <class F>
Tensor elementwise(const Tensor& a, F f) {
  const Tensor result = empty(a.shape());
  float* const out = result.data();
  const float* const in = a.data();
  const std::int64_t n = a.numel();
#pragma omp parallel for simd
  for (std::int64_t i = 0; i < n; ++i) out[i] = f(in[i], i);
  return result;
}

// f(x, row, column)
template <class F>
Tensor by_rows(const Tensor& a, F f) {
  const Tensor result = empty(a.shape());
  float* const out = result.data();
  const float* const in = a.data();
  const std::int64_t rows = a.size(0), columns = a.size(1);
#pragma omp parallel for
  for (std::int64_t i = 0; i < rows; ++i) {
#pragma omp simd
    for (std::int64_t j = 0; j < columns; ++j) {
      out[i * columns + j] = f(in[i * columns + j], i, j);
    }
  }
  return result;
}

float sum_of(const float* x, std::int64_t n) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t i = 0; i < n; ++i) sum += x[i];
  return sum;
}

float sum_of_all(const Tensor& a) {
  const float* const x = a.data();
  const std::int64_t n = a.numel();
  float sum = 0;
#pragma omp parallel for simd reduction(+ : sum)
  for (std::int64_t i = 0; i < n; ++i) sum += x[i];
  return sum;
}

Tensor sum_of_rows(const Tensor& a) {
  const Tensor result = empty(a.size(0));
#pragma omp parallel for
  for (std::int64_t i = 0; i < a.size(0); ++i) {
    result(i) = sum_of(a.data() + i * a.size(1), a.size(1));
  }
  return result;
}

Tensor sum_of_columns(const Tensor& a) {
  const Tensor result = zeros(a.size(1));
  float* const out = result.data();
  const float* const in = a.data();
  const std::int64_t rows = a.size(0), columns = a.size(1);
#pragma omp parallel for reduction(+ : out[:columns])
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) out[j] += in[i * columns + j];
  }
  return result;
}

Tensor standard_deviation(const Tensor& a) {
  const float* const x = a.data();
  const std::int64_t n = a.numel();
  double sum = 0, squares = 0;
#pragma omp parallel for simd reduction(+ : sum)
  for (std::int64_t i = 0; i < n; ++i) sum += x[i];
  const double mean = sum / n;
#pragma omp parallel for simd reduction(+ : squares)
  for (std::int64_t i = 0; i < n; ++i) squares += (x[i] - mean) * (x[i] - mean);
  return full({}, static_cast<float>(std::sqrt(squares / (n - 1))));
}

// ---- Beside the library's

std::vector<Operation> operations(std::int64_t rows, std::int64_t columns) {
  Generator generator(42);
  const Tensor a = rand({rows, columns}, generator), b = rand({rows, columns}, generator);
  const Tensor row = rand({columns}, generator), column = rand({rows, 1}, generator);
  const float *const pb = b.data(), *const pr = row.data(), *const pc = column.data();
  const double once = 4.0 * rows * columns;  // bytes in a
  return {
      {"a + b", [=] { return elementwise(a, [=](float x, auto i) { return x + pb[i]; }); },
       [=] { return a + b; }, 3 * once},
      {"a * 2", [=] { return elementwise(a, [](float x, auto) { return x * 2; }); },
       [=] { return a * 2; }, 2 * once},
      {"a.clamp_min(0.5)",
       [=] { return elementwise(a, [](float x, auto) { return x < 0.5f ? 0.5f : x; }); },
       [=] { return a.clamp_min(0.5f); }, 2 * once},
      {"a.exp()", [=] { return elementwise(a, [](float x, auto) { return std::exp(x); }); },
       [=] { return a.exp(); }, 2 * once},
      {"a.log()", [=] { return elementwise(a, [](float x, auto) { return std::log(x); }); },
       [=] { return a.log(); }, 2 * once},
      {"where(a < b, a, 0)",
       [=] { return elementwise(a, [=](float x, auto i) { return x < pb[i] ? x : 0; }); },
       [=] { return where(a < b, a, 0); }, 3 * once},
      {"a.t() + b.t()",
       [=] { return elementwise(a, [=](float x, auto i) { return x + pb[i]; }).t(); },
       [=] { return a.t() + b.t(); }, 3 * once},
      {"a + row", [=] { return by_rows(a, [=](float x, auto, auto j) { return x + pr[j]; }); },
       [=] { return a + row; }, 2 * once},
      {"a + column", [=] { return by_rows(a, [=](float x, auto i, auto) { return x + pc[i]; }); },
       [=] { return a + column; }, 2 * once},
      {"a.sum()", [=] { return full({}, sum_of_all(a)); }, [=] { return a.sum(); }, once},
      {"a.sum(0)", [=] { return sum_of_columns(a); }, [=] { return a.sum(0); }, once},
      {"a.sum(1)", [=] { return sum_of_rows(a); }, [=] { return a.sum(1); }, once},
      {"a.std()", [=] { return standard_deviation(a); }, [=] { return a.std(); }, 2 * once},
  };
}

std::vector<Ladder> ladders() {
  std::vector<Ladder> all;
  const std::pair<std::int64_t, std::int64_t> in_cache = {1000, 1000}, in_memory = {5000, 2000};
  for (const auto& [rows, columns] : {in_cache, in_memory}) {
    for (const Operation& operation : operations(rows, columns)) {
      all.push_back(ladder(operation, rows, columns));
    }
  }
  return all;
}

}  // namespace
}  // namespace foundations

int main(int argc, char** argv) {
  foundations::LadderProgram program("Times tensor arithmetic against loops written by hand.");
  return program.run(argc, argv, foundations::ladders);
}
