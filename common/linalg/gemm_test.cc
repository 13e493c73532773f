// gemm() on every path: sizes around every edge of tiles, vectors and slices, operands and results
// in random layouts, on memory that ends where the operands do, and on several threads.
#include "common/linalg/gemm.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "common/testing/properties.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

// Memory between two pages that must not be touched. An array lies at its end or at its start, so
// that the first element read beyond the array stops the program.
class Guarded {
 public:
  explicit Guarded(std::size_t bytes)
      : page_(sysconf(_SC_PAGESIZE)), inside_((bytes / page_ + 1) * page_) {
    void* const memory =
        mmap(nullptr, inside_ + 2 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT_NE(memory, MAP_FAILED);
    memory_ = static_cast<char*>(memory);
    mprotect(memory_ + page_, inside_, PROT_READ | PROT_WRITE);
  }
  ~Guarded() { munmap(memory_, inside_ + 2 * page_); }
  Guarded(const Guarded&) = delete;

  template <class T>
  T* first() const {
    return reinterpret_cast<T*>(memory_ + page_);
  }
  template <class T>
  T* last(std::size_t count) const {
    return reinterpret_cast<T*>(memory_ + page_ + inside_) - count;
  }

 private:
  std::size_t page_, inside_;
  char* memory_;
};

// The layout of a matrix in memory: by rows, by columns, or with gaps.
struct MatrixLayout {
  const char* name;
  bool columns;
  Size gap, step;  // elements between rows; from element to element
};
constexpr MatrixLayout kLayouts[] = {
    {"rows", false, 0, 1},
    {"columns", true, 0, 1},
    {"rows with gaps", false, 3, 1},
    {"every second element", false, 1, 2},
};

// Returns a [rows, columns] matrix with the strides of a layout, without data.
template <class T>
Matrix<T> laid_out(const MatrixLayout& layout, Size rows, Size columns) {
  const Size row = (layout.columns ? rows : columns) * layout.step + layout.gap;
  return layout.columns ? Matrix<T>{nullptr, layout.step, row}
                        : Matrix<T>{nullptr, row, layout.step};
}
template <class T>
Size span(const Matrix<T>& x, Size rows, Size columns) {
  return rows == 0 || columns == 0 ? 0 : (rows - 1) * x.row + (columns - 1) * x.column + 1;
}

struct Sizes {
  Size m, k, n;
};

// A problem and its answer. Whole numbers, so that every order of adding gives the same sums.
template <class T>
struct Problem {
  explicit Problem(const Sizes& s) : sizes(s), a(s.m * s.k), b(s.k * s.n), c(s.m * s.n) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] = T((i * 7 + i / 11) % 11) - 5;
    for (std::size_t i = 0; i < b.size(); ++i) b[i] = T((i * 3 + i / 13) % 13) - 6;
    for (Size i = 0; i < s.m; ++i) {
      for (Size p = 0; p < s.k; ++p) {
        for (Size j = 0; j < s.n; ++j) c[i * s.n + j] += a[i * s.k + p] * b[p * s.n + j];
      }
    }
  }
  Sizes sizes;
  std::vector<T> a, b, c;
};

// Returns a matrix with these elements, in a layout with NaN in its gaps.
template <class T>
Matrix<T> place(const std::vector<T>& elements, Size rows, Size columns, const MatrixLayout& layout,
                const Guarded& room, bool at_end) {
  Matrix<T> x = laid_out<T>(layout, rows, columns);
  const Size size = span(x, rows, columns);
  x.data = at_end ? room.last<T>(size) : room.first<T>();
  std::fill_n(x.data, size, T{kNan});
  for (Size i = 0; i < rows; ++i) {
    for (Size j = 0; j < columns; ++j) x(i, j) = elements[i * columns + j];
  }
  return x;
}

// The layouts of the three matrices of a product.
struct Places {
  MatrixLayout a, b, c;
  bool at_end;
};

struct Rooms {
  Guarded a{24 << 20}, b{24 << 20}, c{24 << 20};
};

// Checks every element of c, and that nothing is written between the elements.
template <class T>
std::string fault(const Problem<T>& problem, const Places& at, const Rooms& rooms, int threads) {
  const auto [m, k, n] = problem.sizes;
  const Matrix<T> a = place(problem.a, m, k, at.a, rooms.a, at.at_end);
  const Matrix<T> b = place(problem.b, k, n, at.b, rooms.b, at.at_end);
  const Matrix<T> c = place(std::vector<T>(m * n, T{kNan}), m, n, at.c, rooms.c, at.at_end);
  gemm<T>(m, k, n, {a.data, a.row, a.column}, {b.data, b.row, b.column}, c, threads);
  std::string wrong;
  const Size size = span(c, m, n);
  if (size - std::count_if(c.data, c.data + size, [](T x) { return std::isnan(x); }) != m * n) {
    wrong = "NaN left or gaps written";
  }
  for (Size i = 0; i < m; ++i) {
    for (Size j = 0; j < n; ++j) {
      if (c(i, j) != problem.c[i * n + j]) {
        wrong = std::to_string(c(i, j)) + " at " + std::to_string(i) + ", " + std::to_string(j);
      }
    }
  }
  if (wrong.empty()) return "";
  return std::to_string(m) + "x" + std::to_string(k) + "x" + std::to_string(n) + ", a in " +
         at.a.name + ", b in " + at.b.name + ", c in " + at.c.name + ", " +
         std::to_string(threads) + " threads: " + wrong;
}

// Tries each of the sizes row by row, and in some of the 128 other layouts.
template <class T>
void expect_products(const std::vector<Sizes>& all, int places, int threads) {
  const Rooms rooms;
  Generator generator(1);
  const auto any = [&] { return kLayouts[generator.below(std::ssize(kLayouts))]; };
  for (const Sizes& sizes : all) {
    const Problem<T> problem(sizes);
    Places at = {kLayouts[0], kLayouts[0], kLayouts[0], true};
    for (int i = 0; i < places; ++i) {
      ASSERT_EQ(fault(problem, at, rooms, threads), "");
      at = {any(), any(), any(), chance(2, generator)};
    }
  }
}

// Returns every pair of these sizes, with a few k: all numbers of rows and of vectors in a tile.
std::vector<Sizes> small_sizes() {
  std::vector<Sizes> all;
  for (const Size m : {0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 19}) {
    for (const Size n : {0,  1,  2,  3,  4,  5,  7,  8,  9,  10, 12, 13, 15,
                         16, 17, 18, 24, 28, 31, 33, 50, 63, 64, 65, 66}) {
      for (const Size k : {0, 1, 2, 3, 17, 33}) all.push_back({m, k, n});
    }
  }
  return all;
}

// Sizes around the edges of slices, of kFewRows and of dot products. The last are more than one
// slice deep and wide, even for the largest slices.
const std::vector<Sizes> kLarger = {
    {5, 784, 10},    {600, 785, 10},  {520, 1101, 60}, {64, 784, 50},   {784, 64, 50},
    {50, 300, 130},  {128, 257, 129}, {129, 40, 129},  {130, 520, 140}, {150, 700, 50},
    {1, 2500, 1},    {2500, 9, 1},    {1, 9, 2500},    {7, 2100, 1},    {140, 1100, 18},
    {131, 1, 131},   {1000, 20, 17},  {129, 2100, 2},  {41, 4131, 1},   {50, 2500, 1},
    {98, 2050, 1},   {1, 2049, 60},   {26, 1000, 280}, {37, 4132, 18},  {25, 4132, 146},
    {13, 330, 1670}, {20, 3000, 18},  {140, 2100, 20}, {13, 4096, 146},
};

template <class T>
class Gemm : public testing::Test {};
using Reals = testing::Types<float, double>;
TYPED_TEST_SUITE(Gemm, Reals);

TYPED_TEST(Gemm, OfSmallSizes) { expect_products<TypeParam>(small_sizes(), 5, 1); }

TYPED_TEST(Gemm, OfLargerSizes) { expect_products<TypeParam>(kLarger, 12, 1); }

TYPED_TEST(Gemm, OnSeveralThreads) {
  const std::vector<Sizes> sizes = {{64, 2000, 60},  {13, 6000, 90}, {300, 130, 200},
                                    {700, 1001, 10}, {110000, 9, 1}, {3, 150000, 3},
                                    {50, 20100, 1}};
  for (int threads = 2; threads <= 4; ++threads) {
    expect_products<TypeParam>(sizes, 6, threads);
  }
}

// Sizes that no cache and no vector brings to the other side.
TEST(WorthThreads, IsWorkThatSavesMoreThanItCosts) {
  EXPECT_FALSE(worth_threads(5, 784, 10, 1, 4, 2));
  EXPECT_FALSE(worth_threads(64, 64, 64, 1, 4, 2));
  EXPECT_FALSE(worth_threads(64, 784, 50, 1, 4, 2));  // much to move for its work
  EXPECT_TRUE(worth_threads(64, 784, 50, 100, 4, 2));
  EXPECT_TRUE(worth_threads(512, 512, 512, 1, 8, 8));
  EXPECT_FALSE(worth_threads(512, 512, 512, 1, 4, 1));
  EXPECT_TRUE(worth_threads(50'000, 50, 1, 1, 4, 2));  // bound by memory
  EXPECT_FALSE(worth_threads(500, 50, 1, 1, 4, 2));
  EXPECT_FALSE(worth_threads(50'000, 0, 0, 1, 4, 2));
}

// Returns a product of row-major matrices.
std::vector<float> product(const Sizes& s, const std::vector<float>& a, const std::vector<float>& b,
                           int threads) {
  std::vector<float> c(s.m * s.n);
  gemm<float>(s.m, s.k, s.n, {a.data(), s.k, 1}, {b.data(), s.n, 1}, {c.data(), s.n, 1}, threads);
  return c;
}

// One zero of a meets one infinity of b, on every path.
TEST(GemmOfFloats, OfNanAndInfinity) {
  for (const Sizes& s : {Sizes{5, 784, 10},
                         {200, 784, 50},
                         {200, 300, 1},
                         {1, 300, 200},
                         {8, 9, 33},
                         {1, 20000, 50}}) {
    for (const Size j : {Size{0}, s.n - 1}) {
      std::vector<float> a(s.m * s.k, 1), b(s.k * s.n, 1);
      a[(s.m - 1) * s.k + s.k - 1] = 0;
      b[(s.k - 1) * s.n + j] = kInf;
      std::vector<float> want(s.m * s.n, float(s.k));
      std::fill_n(want.end() - s.n, s.n, float(s.k - 1));
      for (Size i = 0; i < s.m; ++i) want[i * s.n + j] = i == s.m - 1 ? kNan : kInf;
      const std::vector<float> got = product(s, a, b, 2);
      for (Size i = 0; i < s.m * s.n; ++i) {
        ASSERT_TRUE(got[i] == want[i] || (std::isnan(got[i]) && std::isnan(want[i])))
            << got[i] << " at " << i << " of " << s.m << "x" << s.k << "x" << s.n;
      }
    }
  }
}

// The step that is left over where steps are taken two at a time or by vectors. Nothing beside it
// may count.
TEST(GemmOfFloats, OfInfinityInTheLastStep) {
  for (const Sizes& s :
       {Sizes{5, 785, 10}, {7, 33, 3}, {13, 301, 20}, {9, 2101, 60}, {8, 9, 33}, {9, 301, 18}}) {
    for (const float last : {kInf, 2.f}) {
      std::vector<float> a(s.m * s.k, 1);
      for (Size i = 0; i < s.m; ++i) a[i * s.k + s.k - 1] = last;
      const std::vector<float> got = product(s, a, std::vector<float>(s.k * s.n, 1), 1);
      ASSERT_EQ(got, std::vector<float>(s.m * s.n, float(s.k - 1) + last)) << s.m << "x" << s.k;
    }
  }
}

// Several stretches of columns of b, rounded up to whole tiles, for as many rows as the workspace
// has room to sum aside.
TEST(GemmOfFloats, ThatAreSummedAsideForManyRows) {
  const Places aside = {kLayouts[0], kLayouts[0], kLayouts[3], true};
  EXPECT_EQ(fault(Problem<float>({128, 131, 3216}), aside, Rooms(), 1), "");
}

// The last vector of a row ends where the row ends: what it holds beside the remainder counts once.
TEST(GemmOfFloats, OfARowWithInfinityAnywhereTimesAVector) {
  constexpr Size m = 35, k = 53;
  for (Size infinite = 0; infinite < k; ++infinite) {
    std::vector<float> a(m * k, 1);
    for (Size i = 0; i < m; ++i) a[i * k + infinite] = kInf;
    ASSERT_EQ(product({m, k, 1}, a, std::vector<float>(k, 2), 1), std::vector<float>(m, kInf))
        << infinite;
  }
}

// Returns a product of numbers that round, to compare bit by bit.
std::vector<float> rounded_product(const Sizes& s, int threads) {
  std::vector<float> a(s.m * s.k), b(s.k * s.n);
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = std::sin(float(i));
  for (std::size_t i = 0; i < b.size(); ++i) b[i] = std::cos(float(i));
  return product(s, a, b, threads);
}

const Sizes kRounding[] = {{64, 784, 50},  {300, 301, 302}, {1000, 600, 1},
                           {1, 600, 1000}, {1, 20000, 50},  {600, 785, 10}};

TEST(GemmOfFloats, GivesTheSameBitsEachTime) {
  for (const Sizes& s : kRounding) {
    for (int threads = 1; threads <= 4; ++threads) {
      const std::vector<float> first = rounded_product(s, threads);
      for (int again = 0; again < 3; ++again) {
        ASSERT_EQ(rounded_product(s, threads), first) << s.m << "x" << s.k << "x" << s.n;
      }
    }
  }
}

TEST(GemmOfFloats, MayBeCalledByManyThreadsAtOnce) {
  for (const Sizes& s : kRounding) {
    const std::vector<float> want = rounded_product(s, 2);
    EXPECT_TRUE(holds_at_once(4, [&](int) { return rounded_product(s, 2) == want; }))
        << s.m << "x" << s.k << "x" << s.n;
  }
}

}  // namespace
}  // namespace foundations
