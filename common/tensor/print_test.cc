// Every expected text is PyTorch's own, or follows from its rules by counting columns by hand.
#include "common/tensor/print.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "common/tensor/shape.h"
#include "common/tensor/storage.h"
#include "common/tensor/tensor.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

template <class T>
void expect_prints(const T& x, const std::string& want, int line = __builtin_LINE()) {
  EXPECT_EQ(to_string(x), want) << "line " << line;
}

// ---- The notes ----------------------------------------------------------------------------------

TEST(Print, PrintsWhatTheNotesShow) {
  expect_prints(tensor({10, 6, -4}), "tensor([10.,  6., -4.])");
  expect_prints(tensor({{1, 2, 3}, {4, 5, 6}, {7, 7, 8}}),
                "tensor([[1., 2., 3.],\n"
                "        [4., 5., 6.],\n"
                "        [7., 7., 8.]])");
  const Tensor c = tensor({10, 20, 30});
  expect_prints(c.expand_as(zeros({3, 3})),
                "tensor([[10., 20., 30.],\n"
                "        [10., 20., 30.],\n"
                "        [10., 20., 30.]])");
  expect_prints(c.unsqueeze(1),
                "tensor([[10.],\n"
                "        [20.],\n"
                "        [30.]])");
  EXPECT_EQ(tuple_string(Shape{5, 784}, Shape{784, 10}),
            "(torch.Size([5, 784]), torch.Size([784, 10]))");
  EXPECT_EQ(tuple_string(Strides{0, 1}, Shape{3, 3}), "((0, 1), torch.Size([3, 3]))");
  EXPECT_EQ(tuple_string(50000, std::int64_t{784}, long_tensor(10)), "(50000, 784, tensor(10))");
}

// ---- The notation of floating-point elements ----------------------------------------------------

TEST(Print, ChoosesTheNotationOfFractions) {
  expect_prints(tensor(253), "tensor(253.)");
  expect_prints(tensor(-0.f), "tensor(-0.)");
  expect_prints(tensor(1e8f), "tensor(100000000.)");
  expect_prints(tensor({0, 1.5}), "tensor([0.0000, 1.5000])");
  expect_prints(tensor(0.99999994f), "tensor(1.0000)");
  expect_prints(tensor(123456.789f), "tensor(123456.7891)");
  expect_prints(tensor({0.5, 500}), "tensor([  0.5000, 500.0000])");
  expect_prints(tensor({0.15625, 0.09375}), "tensor([0.1562, 0.0938])");  // half to even
  // Scientific, if the largest is more than 1000 times the smallest,
  expect_prints(tensor({1, 1000}), "tensor([   1., 1000.])");
  expect_prints(tensor({-1, 0, 1001}), "tensor([-1.0000e+00,  0.0000e+00,  1.0010e+03])");
  // if the largest is above 1e8,
  expect_prints(tensor(1.5e8f), "tensor(1.5000e+08)");
  // or if they are not whole and the smallest is below 1e-4: the float nearest to it is.
  expect_prints(tensor(1e-4f), "tensor(1.0000e-04)");
  expect_prints(double_tensor(1e-4), "tensor(0.0001, dtype=torch.float64)");
  expect_prints(double_tensor(-1e300), "tensor(-1.0000e+300, dtype=torch.float64)");
  // NaN and infinity have no say in notation and width.
  expect_prints(tensor({1, kNan}), "tensor([1., nan])");
  expect_prints(tensor({1, 100, kInf, -kInf}), "tensor([  1., 100.,  inf, -inf])");
  expect_prints(tensor({1, 1001, -kInf, kNan}),
                "tensor([1.0000e+00, 1.0010e+03,       -inf,        nan])");
  expect_prints(tensor({kNan, kInf, 0}), "tensor([nan, inf, 0.])");
}

// ---- Integers and booleans ----------------------------------------------------------------------

TEST(Print, RightAlignsIntegersAndBooleans) {
  expect_prints(long_tensor({1, -10, 100, 0}), "tensor([  1, -10, 100,   0])");
  expect_prints(long_tensor({kMinLong, 0}), "tensor([-9223372036854775808,                    0])");
  expect_prints(bool_tensor({{true}, {false}}), "tensor([[ True],\n        [False]])");
}

// ---- Rows and brackets --------------------------------------------------------------------------

TEST(Print, FillsLinesOfEightyColumns) {
  expect_prints(ones({18}),
                "tensor([1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.])");
  expect_prints(arange(40),
                "tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,\n"
                "        18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,\n"
                "        36, 37, 38, 39])");
  expect_prints(full({1, 7}, 1e9f),
                "tensor([[1.0000e+09, 1.0000e+09, 1.0000e+09, 1.0000e+09, 1.0000e+09, 1.0000e+09,\n"
                "         1.0000e+09]])");
  // A zero counts as one column, as in PyTorch, so that lines of zeros are longer than 80.
  expect_prints(
      zeros({25}),
      "tensor([0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., "
      "0., 0., 0., 0., 0.,\n"
      "        0.])");
}

TEST(Print, PartsMatricesByBlankLinesWhateverTheStrides) {
  expect_prints(long_tensor({{{{1}, {5}}, {{2}, {6}}}, {{{3}, {7}}, {{4}, {8}}}}),
                "tensor([[[[1],\n"
                "          [5]],\n\n"
                "         [[2],\n"
                "          [6]]],\n\n\n"
                "        [[[3],\n"
                "          [7]],\n\n"
                "         [[4],\n"
                "          [8]]]])");
  expect_prints(zeros({1, 1, 1, 1, 1, 1, 1, 1}), "tensor([[[[[[[[0.]]]]]]]])");
  expect_prints(arange(6).view({2, 3}).slice(1, 0, 3, 2).t(), "tensor([[0, 3],\n        [2, 5]])");
}

// ---- Large tensors ------------------------------------------------------------------------------

TEST(Print, ShowsAllOfAThousandElementsAndTheCornersOfMore) {
  EXPECT_EQ(to_string(zeros({1000})).find("..."), std::string::npos);
  expect_prints(zeros({1001}), "tensor([0., 0., 0.,  ..., 0., 0., 0.])");
  expect_prints(full<bool>({1001}, true), "tensor([True, True, True,  ..., True, True, True])");
  // Notation and width come from the shown elements only.
  const Tensor x = ones({1001});
  x.at(3) = 1e-9f;
  x.at(997) = kNan;
  expect_prints(x, "tensor([1., 1., 1.,  ..., 1., 1., 1.])");
  x.at(998) = 0.5f;
  expect_prints(x, "tensor([1.0000, 1.0000, 1.0000,  ..., 0.5000, 1.0000, 1.0000])");
  expect_prints(arange(1200).view({200, 6}),  // rows of six are shown whole
                "tensor([[   0,    1,    2,    3,    4,    5],\n"
                "        [   6,    7,    8,    9,   10,   11],\n"
                "        [  12,   13,   14,   15,   16,   17],\n"
                "        ...,\n"
                "        [1182, 1183, 1184, 1185, 1186, 1187],\n"
                "        [1188, 1189, 1190, 1191, 1192, 1193],\n"
                "        [1194, 1195, 1196, 1197, 1198, 1199]])");
  expect_prints(arange(7).view({7, 1, 1}).expand({7, 1, 200}),
                "tensor([[[0, 0, 0,  ..., 0, 0, 0]],\n\n"
                "        [[1, 1, 1,  ..., 1, 1, 1]],\n\n"
                "        [[2, 2, 2,  ..., 2, 2, 2]],\n\n"
                "        ...,\n\n"
                "        [[4, 4, 4,  ..., 4, 4, 4]],\n\n"
                "        [[5, 5, 5,  ..., 5, 5, 5]],\n\n"
                "        [[6, 6, 6,  ..., 6, 6, 6]]])");
  // 20 + 2 columns an element leave room for three in 80 - 7; the "..." counts as the fourth.
  expect_prints(full<std::int64_t>({1001}, kMinLong),
                "tensor([-9223372036854775808, -9223372036854775808, -9223372036854775808,\n"
                "         ..., -9223372036854775808, -9223372036854775808,\n"
                "        -9223372036854775808])");
  // 10^18 elements of one float: reading, or copying, all of them would never end.
  expect_prints(tensor(7).expand({1'000'000'000'000'000'000}),
                "tensor([7., 7., 7.,  ..., 7., 7., 7.])");
}

// ---- Suffixes and empty tensors -----------------------------------------------------------------

TEST(Print, NamesDtypeAndSizesOnlyWhereTheyAreNotTheDefault) {
  // The last line may have 57 columns before ", dtype=torch.float64)" no longer fits into 80.
  const DoubleTensor x = ones<double>({12});
  x.at(0) = x.at(1) = kNan;
  expect_prints(x,
                "tensor([nan, nan, 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.], dtype=torch.float64)");
  x.at(2) = kNan;
  expect_prints(x,
                "tensor([nan, nan, nan, 1., 1., 1., 1., 1., 1., 1., 1., 1.],\n"
                "       dtype=torch.float64)");
  expect_prints(zeros({0}), "tensor([])");
  expect_prints(Tensor(), "tensor([])");
  expect_prints(zeros({2, 0}), "tensor([], size=(2, 0))");
  expect_prints(zeros<std::int64_t>({0}), "tensor([], dtype=torch.int64)");
  expect_prints(zeros<double>({0, 1}), "tensor([], size=(0, 1), dtype=torch.float64)");
  expect_prints(zeros<double>({0, 9, 1000, 1000, 1000, 1000, 1000, 1000}),
                "tensor([], size=(0, 9, 1000, 1000, 1000, 1000, 1000, 1000),\n"
                "       dtype=torch.float64)");
}

// ---- Shapes, strides, storages, numbers, tuples -------------------------------------------------

TEST(Print, PrintsShapesStridesAndStorages) {
  expect_prints(Shape{5, 784}, "torch.Size([5, 784])");
  expect_prints(Shape{3}, "torch.Size([3])");
  expect_prints(Shape{}, "torch.Size([])");
  expect_prints(Strides{1}, "(1,)");
  expect_prints(Strides{}, "()");
  expect_prints(tensor({0.1, -0.f, kInf, kNan}).storage(),
                " 0.10000000149011612\n -0.0\n inf\n nan\n[torch.FloatStorage of size 4]");
  expect_prints(double_tensor({0.1, 1e-5}).storage(),
                " 0.1\n 1e-05\n[torch.DoubleStorage of size 2]");
  expect_prints(long_tensor({-3, 40}).storage(), " -3\n 40\n[torch.LongStorage of size 2]");
  expect_prints(bool_tensor({true, false}).storage(),
                " True\n False\n[torch.BoolStorage of size 2]");
  expect_prints(Storage<float>(), " \n[torch.FloatStorage of size 0]");
}

TEST(Print, PrintsNumbersAsPythonDoes) {
  expect_prints(10.0, "10.0");
  expect_prints(0.1 + 0.2, "0.30000000000000004");
  expect_prints(0.1f, "0.10000000149011612");
  expect_prints(0.00001, "1e-05");
  expect_prints(1e16, "1e+16");
  expect_prints(-2.2250738585072014e-308, "-2.2250738585072014e-308");
  expect_prints(double{-kInf}, "-inf");
  expect_prints(784, "784");
  expect_prints(false, "False");
}

TEST(Print, BreaksATupleWhereItDoesNotFitOnALine) {
  const std::string a37(37, 'a'), a38(38, 'a');
  EXPECT_EQ(notebook_tuple({a37, a38}), "(" + a37 + ", " + a38 + ")");  // 79 columns
  EXPECT_EQ(notebook_tuple({a38, a38}), "(" + a38 + ",\n " + a38 + ")");
  // MNIST, as the notebook shows it.
  const LongTensor y_train = zeros<std::int64_t>({50000});
  y_train.slice(0, 0, 3).copy_(long_tensor({5, 0, 4}));
  y_train.slice(0, -3).copy_(long_tensor({8, 4, 8}));
  const Tensor x_train = tensor(0).expand({50000, 784});
  EXPECT_EQ(tuple_string(x_train, x_train.shape(), y_train, long_tensor(9)),
            "(tensor([[0., 0., 0.,  ..., 0., 0., 0.],\n"
            "         [0., 0., 0.,  ..., 0., 0., 0.],\n"
            "         [0., 0., 0.,  ..., 0., 0., 0.],\n"
            "         ...,\n"
            "         [0., 0., 0.,  ..., 0., 0., 0.],\n"
            "         [0., 0., 0.,  ..., 0., 0., 0.],\n"
            "         [0., 0., 0.,  ..., 0., 0., 0.]]),\n"
            " torch.Size([50000, 784]),\n"
            " tensor([5, 0, 4,  ..., 8, 4, 8]),\n"
            " tensor(9))");
}

TEST(Print, StreamsWhatToStringSays) {
  std::ostringstream out;
  const Tensor c = tensor({1.5, 2});
  out << c << c.shape() << c.strides() << c.storage();
  EXPECT_EQ(
      out.str(),
      "tensor([1.5000, 2.0000])torch.Size([2])(1,) 1.5\n 2.0\n[torch.FloatStorage of size 2]");
}

}  // namespace
}  // namespace foundations
