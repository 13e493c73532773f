// Every expected text is PyTorch's own, or follows from its rules by counting columns by hand.
#include "common/tensor/print.h"

#include <gtest/gtest.h>

#include <limits>
#include <sstream>

#include "common/tensor/shape.h"
#include "common/tensor/storage.h"
#include "common/tensor/tensor.h"

namespace foundations {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// ---- The notes ----------------------------------------------------------------------------------

TEST(PrintTest, PrintsTheTensorsOfTheNotes) {
  EXPECT_EQ(to_string(tensor({10, 6, -4})), "tensor([10.,  6., -4.])");
  EXPECT_EQ(to_string(tensor({2, 8, 7})), "tensor([2., 8., 7.])");
  EXPECT_EQ(to_string(tensor({12, 14, 3})), "tensor([12., 14.,  3.])");
  EXPECT_EQ(to_string(tensor({11, 7, -3})), "tensor([11.,  7., -3.])");
  EXPECT_EQ(to_string(tensor(2.f / 3)), "tensor(0.6667)");
  EXPECT_EQ(to_string(tensor(15.905973f)), "tensor(15.9060)");
  EXPECT_EQ(to_string(bool_tensor({true, true, false})), "tensor([ True,  True, False])");
  EXPECT_EQ(to_string(tensor({{1, 2, 3}, {4, 5, 6}, {7, 7, 8}})),
            "tensor([[1., 2., 3.],\n"
            "        [4., 5., 6.],\n"
            "        [7., 7., 8.]])");
  EXPECT_EQ(to_string(tensor({{2, 4, 6}, {8, 10, 12}, {14, 14, 16}})),
            "tensor([[ 2.,  4.,  6.],\n"
            "        [ 8., 10., 12.],\n"
            "        [14., 14., 16.]])");
  EXPECT_EQ(to_string(tensor({{11, 22, 33}, {14, 25, 36}, {17, 27, 38}})),
            "tensor([[11., 22., 33.],\n"
            "        [14., 25., 36.],\n"
            "        [17., 27., 38.]])");
}

TEST(PrintTest, PrintsTheViewsOfTheNotes) {
  const Tensor c = tensor({10, 20, 30});
  const Tensor m = zeros({3, 3});
  EXPECT_EQ(to_string(c.expand_as(m)),
            "tensor([[10., 20., 30.],\n"
            "        [10., 20., 30.],\n"
            "        [10., 20., 30.]])");
  EXPECT_EQ(to_string(c.unsqueeze(0)), "tensor([[10., 20., 30.]])");
  EXPECT_EQ(to_string(c.unsqueeze(1)),
            "tensor([[10.],\n"
            "        [20.],\n"
            "        [30.]])");
  EXPECT_EQ(to_string(c.index({Slice(), None}).expand_as(m)),
            "tensor([[10., 10., 10.],\n"
            "        [20., 20., 20.],\n"
            "        [30., 30., 30.]])");
}

TEST(PrintTest, PrintsTheStorageOfAnExpandedTensor) {
  const Tensor t = tensor({10, 20, 30}).expand({3, 3});
  EXPECT_EQ(to_string(t.storage()), " 10.0\n 20.0\n 30.0\n[torch.FloatStorage of size 3]");
}

TEST(PrintTest, PrintsTheTuplesOfTheNotes) {
  const Tensor c = tensor({10, 20, 30}), t = c.expand({3, 3});
  EXPECT_EQ(tuple_string(tensor({10, 6, -4}), tensor({2, 8, 7})),
            "(tensor([10.,  6., -4.]), tensor([2., 8., 7.]))");
  EXPECT_EQ(tuple_string(Shape{5, 784}, Shape{784, 10}),
            "(torch.Size([5, 784]), torch.Size([784, 10]))");
  EXPECT_EQ(tuple_string(t.strides(), t.shape()), "((0, 1), torch.Size([3, 3]))");
  EXPECT_EQ(tuple_string(c.shape(), c.unsqueeze(0).shape(), c.unsqueeze(1).shape()),
            "(torch.Size([3]), torch.Size([1, 3]), torch.Size([3, 1]))");
  EXPECT_EQ(tuple_string(50000, std::int64_t{784}, long_tensor(10)), "(50000, 784, tensor(10))");
}

// ---- The notation of floating-point elements ----------------------------------------------------

TEST(PrintTest, WritesWholeNumbersWithADot) {
  EXPECT_EQ(to_string(tensor(253)), "tensor(253.)");
  EXPECT_EQ(to_string(tensor({0, 0})), "tensor([0., 0.])");
  EXPECT_EQ(to_string(tensor(-0.f)), "tensor(-0.)");
  EXPECT_EQ(to_string(tensor(1e8f)), "tensor(100000000.)");
}

TEST(PrintTest, WritesFractionsWithFourDecimals) {
  EXPECT_EQ(to_string(tensor({-0.5, -0.5, 1.5})), "tensor([-0.5000, -0.5000,  1.5000])");
  EXPECT_EQ(to_string(tensor({0, 1.5})), "tensor([0.0000, 1.5000])");
  EXPECT_EQ(to_string(tensor({-0.f, 1.5})), "tensor([-0.0000, 1.5000])");
  EXPECT_EQ(to_string(tensor(0.99999994f)), "tensor(1.0000)");
  EXPECT_EQ(to_string(tensor(123456.789f)), "tensor(123456.7891)");
  EXPECT_EQ(to_string(tensor({0.5, 500})), "tensor([  0.5000, 500.0000])");
  EXPECT_EQ(to_string(tensor({0.15625, 0.09375})), "tensor([0.1562, 0.0938])");  // half to even
}

TEST(PrintTest, ChangesToScientificFormStrictlyBeyondItsLimits) {
  // The largest is more than 1000 times the smallest.
  EXPECT_EQ(to_string(tensor({1, 1000})), "tensor([   1., 1000.])");
  EXPECT_EQ(to_string(tensor({1, 1001})), "tensor([1.0000e+00, 1.0010e+03])");
  EXPECT_EQ(to_string(tensor({0.5, 501})), "tensor([5.0000e-01, 5.0100e+02])");
  EXPECT_EQ(to_string(tensor({-1, 0, 1001})), "tensor([-1.0000e+00,  0.0000e+00,  1.0010e+03])");
  // The largest is above 1e8.
  EXPECT_EQ(to_string(tensor(1.5e8f)), "tensor(1.5000e+08)");
  EXPECT_EQ(to_string(tensor(1e9f)), "tensor(1.0000e+09)");
  // Not whole, and the smallest is below 1e-4. The float nearest to 1e-4 is; the double is not.
  EXPECT_EQ(to_string(tensor(1e-4f)), "tensor(1.0000e-04)");
  EXPECT_EQ(to_string(tensor(9.9e-5f)), "tensor(9.9000e-05)");
  EXPECT_EQ(to_string(double_tensor(1e-4)), "tensor(0.0001, dtype=torch.float64)");
  EXPECT_EQ(to_string(double_tensor(-1e300)), "tensor(-1.0000e+300, dtype=torch.float64)");
  EXPECT_EQ(to_string(double_tensor({5e-324, 1.75e308})),
            "tensor([4.9407e-324, 1.7500e+308], dtype=torch.float64)");
}

TEST(PrintTest, NanAndInfinityHaveNoSayInNotationAndWidth) {
  EXPECT_EQ(to_string(tensor({1.5, kNan})), "tensor([1.5000,    nan])");
  EXPECT_EQ(to_string(tensor({1, kNan})), "tensor([1., nan])");
  EXPECT_EQ(to_string(tensor({1, 100, kInf, -kInf})), "tensor([  1., 100.,  inf, -inf])");
  EXPECT_EQ(to_string(tensor({1, 1001, -kInf, kNan})),
            "tensor([1.0000e+00, 1.0010e+03,       -inf,        nan])");
  EXPECT_EQ(to_string(tensor({kNan, kInf, 0})), "tensor([nan, inf, 0.])");
  EXPECT_EQ(to_string(tensor(kNan)), "tensor(nan)");
}

TEST(PrintTest, NanHasNoSign) {
  EXPECT_EQ(to_string(tensor({-kNan, kNan})), "tensor([nan, nan])");
  EXPECT_EQ(to_string(-double{kNan}), "nan");
}

// ---- Integers and booleans ----------------------------------------------------------------------

TEST(PrintTest, RightAlignsIntegers) {
  EXPECT_EQ(to_string(long_tensor({1, -10, 100, 0})), "tensor([  1, -10, 100,   0])");
  EXPECT_EQ(to_string(long_tensor({{-1}, {10}})), "tensor([[-1],\n        [10]])");
  EXPECT_EQ(to_string(long_tensor({std::numeric_limits<std::int64_t>::min(), 0})),
            "tensor([-9223372036854775808,                    0])");
}

TEST(PrintTest, RightAlignsBooleans) {
  EXPECT_EQ(to_string(bool_tensor(true)), "tensor(True)");
  EXPECT_EQ(to_string(bool_tensor({true, true})), "tensor([True, True])");
  EXPECT_EQ(
      to_string(bool_tensor({{false, true, true}, {false, false, true}, {false, false, false}})),
      "tensor([[False,  True,  True],\n"
      "        [False, False,  True],\n"
      "        [False, False, False]])");
}

// ---- Rows and brackets --------------------------------------------------------------------------

TEST(PrintTest, FillsLinesOfEightyColumns) {
  EXPECT_EQ(to_string(ones({18})),
            "tensor([1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.])");
  EXPECT_EQ(to_string(arange(40)),
            "tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,\n"
            "        18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,\n"
            "        36, 37, 38, 39])");
  EXPECT_EQ(to_string(full({10}, 0.5f)),
            "tensor([0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000,\n"
            "        0.5000])");
  EXPECT_EQ(to_string(full({2, 7}, 1e9f)),
            "tensor([[1.0000e+09, 1.0000e+09, 1.0000e+09, 1.0000e+09, 1.0000e+09, 1.0000e+09,\n"
            "         1.0000e+09],\n"
            "        [1.0000e+09, 1.0000e+09, 1.0000e+09, 1.0000e+09, 1.0000e+09, 1.0000e+09,\n"
            "         1.0000e+09]])");
}

TEST(PrintTest, CountsAZeroAsOneColumnWhenItFillsLines) {
  // As PyTorch does, so that lines of zeros are longer than 80.
  EXPECT_EQ(to_string(zeros({25})),
            "tensor([0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., 0., "
            "0., 0., 0., 0., 0.,\n"
            "        0.])");
}

TEST(PrintTest, PartsMatricesByBlankLines) {
  EXPECT_EQ(to_string(zeros({2, 2, 2})),
            "tensor([[[0., 0.],\n"
            "         [0., 0.]],\n"
            "\n"
            "        [[0., 0.],\n"
            "         [0., 0.]]])");
  EXPECT_EQ(to_string(long_tensor({{{{1}}, {{2}}}, {{{3}}, {{4}}}})),
            "tensor([[[[1]],\n"
            "\n"
            "         [[2]]],\n"
            "\n"
            "\n"
            "        [[[3]],\n"
            "\n"
            "         [[4]]]])");
  EXPECT_EQ(to_string(zeros({1, 1, 1, 1, 1, 1, 1, 1})), "tensor([[[[[[[[0.]]]]]]]])");
}

TEST(PrintTest, PrintsAnyStrides) {
  const Tensor m = tensor({{1, 2, 3}, {4, 5, 6}});
  EXPECT_EQ(to_string(m.t()), "tensor([[1., 4.],\n        [2., 5.],\n        [3., 6.]])");
  EXPECT_EQ(to_string(m[1]), "tensor([4., 5., 6.])");
  EXPECT_EQ(to_string(m.index({Slice(), 1})), "tensor([2., 5.])");
  EXPECT_EQ(to_string(m.slice(1, 0, 3, 2)), "tensor([[1., 3.],\n        [4., 6.]])");
  EXPECT_EQ(to_string(m.at(1, 2)), "6.0");
}

// ---- Large tensors ------------------------------------------------------------------------------

TEST(PrintTest, ShowsAllOfAThousandElementsAndTheEndsOfMore) {
  EXPECT_EQ(to_string(zeros({1000})).find("..."), std::string::npos);
  EXPECT_EQ(to_string(zeros({1001})), "tensor([0., 0., 0.,  ..., 0., 0., 0.])");
  EXPECT_EQ(to_string(arange(5000)), "tensor([   0,    1,    2,  ..., 4997, 4998, 4999])");
  EXPECT_EQ(to_string(full<bool>({1001}, true)),
            "tensor([True, True, True,  ..., True, True, True])");
}

TEST(PrintTest, TakesNotationAndWidthFromTheShownElementsOnly) {
  const Tensor x = ones({1001});
  x.at(3) = 1e-9f;
  x.at(997) = kNan;
  EXPECT_EQ(to_string(x), "tensor([1., 1., 1.,  ..., 1., 1., 1.])");
  x.at(998) = 0.5f;
  EXPECT_EQ(to_string(x), "tensor([1.0000, 1.0000, 1.0000,  ..., 0.5000, 1.0000, 1.0000])");
}

TEST(PrintTest, ShowsTheCornersOfALargeMatrix) {
  EXPECT_EQ(to_string(arange(2500).view({50, 50})),
            "tensor([[   0,    1,    2,  ...,   47,   48,   49],\n"
            "        [  50,   51,   52,  ...,   97,   98,   99],\n"
            "        [ 100,  101,  102,  ...,  147,  148,  149],\n"
            "        ...,\n"
            "        [2350, 2351, 2352,  ..., 2397, 2398, 2399],\n"
            "        [2400, 2401, 2402,  ..., 2447, 2448, 2449],\n"
            "        [2450, 2451, 2452,  ..., 2497, 2498, 2499]])");
  // The transpose shows the same corners, transposed.
  EXPECT_EQ(to_string(arange(2500).view({50, 50}).t()),
            "tensor([[   0,   50,  100,  ..., 2350, 2400, 2450],\n"
            "        [   1,   51,  101,  ..., 2351, 2401, 2451],\n"
            "        [   2,   52,  102,  ..., 2352, 2402, 2452],\n"
            "        ...,\n"
            "        [  47,   97,  147,  ..., 2397, 2447, 2497],\n"
            "        [  48,   98,  148,  ..., 2398, 2448, 2498],\n"
            "        [  49,   99,  149,  ..., 2399, 2449, 2499]])");
}

TEST(PrintTest, ShowsDimensionsOfSixOrLessWhole) {
  EXPECT_EQ(to_string(ones({2, 501})),
            "tensor([[1., 1., 1.,  ..., 1., 1., 1.],\n"
            "        [1., 1., 1.,  ..., 1., 1., 1.]])");
  EXPECT_EQ(to_string(ones({200, 6})),
            "tensor([[1., 1., 1., 1., 1., 1.],\n"
            "        [1., 1., 1., 1., 1., 1.],\n"
            "        [1., 1., 1., 1., 1., 1.],\n"
            "        ...,\n"
            "        [1., 1., 1., 1., 1., 1.],\n"
            "        [1., 1., 1., 1., 1., 1.],\n"
            "        [1., 1., 1., 1., 1., 1.]])");
}

TEST(PrintTest, ShowsTheCornersOfALargeStackOfMatrices) {
  EXPECT_EQ(to_string(arange(7).view({7, 1, 1}).expand({7, 2, 100})),
            "tensor([[[0, 0, 0,  ..., 0, 0, 0],\n"
            "         [0, 0, 0,  ..., 0, 0, 0]],\n"
            "\n"
            "        [[1, 1, 1,  ..., 1, 1, 1],\n"
            "         [1, 1, 1,  ..., 1, 1, 1]],\n"
            "\n"
            "        [[2, 2, 2,  ..., 2, 2, 2],\n"
            "         [2, 2, 2,  ..., 2, 2, 2]],\n"
            "\n"
            "        ...,\n"
            "\n"
            "        [[4, 4, 4,  ..., 4, 4, 4],\n"
            "         [4, 4, 4,  ..., 4, 4, 4]],\n"
            "\n"
            "        [[5, 5, 5,  ..., 5, 5, 5],\n"
            "         [5, 5, 5,  ..., 5, 5, 5]],\n"
            "\n"
            "        [[6, 6, 6,  ..., 6, 6, 6],\n"
            "         [6, 6, 6,  ..., 6, 6, 6]]])");
}

TEST(PrintTest, BreaksARowThatIsTooLongEvenWhenItIsCut) {
  // 20 + 2 columns an element leave room for three in 80 - 7; the "..." counts as the fourth.
  EXPECT_EQ(to_string(full<std::int64_t>({1001}, std::numeric_limits<std::int64_t>::min())),
            "tensor([-9223372036854775808, -9223372036854775808, -9223372036854775808,\n"
            "         ..., -9223372036854775808, -9223372036854775808,\n"
            "        -9223372036854775808])");
}

TEST(PrintTest, ReadsOnlyWhatItShows) {
  // 10^18 elements of one float: reading, or copying, all of them would never end.
  EXPECT_EQ(to_string(tensor(7).expand({1'000'000'000, 1'000'000'000})),
            "tensor([[7., 7., 7.,  ..., 7., 7., 7.],\n"
            "        [7., 7., 7.,  ..., 7., 7., 7.],\n"
            "        [7., 7., 7.,  ..., 7., 7., 7.],\n"
            "        ...,\n"
            "        [7., 7., 7.,  ..., 7., 7., 7.],\n"
            "        [7., 7., 7.,  ..., 7., 7., 7.],\n"
            "        [7., 7., 7.,  ..., 7., 7., 7.]])");
}

TEST(PrintTest, ShowsTheEndsOfAMillion) {
  EXPECT_EQ(to_string(arange(1'000'000)),
            "tensor([     0,      1,      2,  ..., 999997, 999998, 999999])");
  Tensor x = ones({1'000'000});
  x.slice(0, 500'000, 500'001).copy_(tensor(1e30));  // what is left out widens no column
  EXPECT_EQ(to_string(x), "tensor([1., 1., 1.,  ..., 1., 1., 1.])");
}

// ---- Suffixes and empty tensors -----------------------------------------------------------------

TEST(PrintTest, NamesTheDtypeOfDoubles) {
  EXPECT_EQ(to_string(double_tensor(0.1)), "tensor(0.1000, dtype=torch.float64)");
  EXPECT_EQ(to_string(double_tensor({{1, 2}, {3, 4}})),
            "tensor([[1., 2.],\n"
            "        [3., 4.]], dtype=torch.float64)");
}

TEST(PrintTest, MovesTheDtypeToANewLineWhenTheLastOneIsFull) {
  // The last line may have 57 columns before ", dtype=torch.float64)" no longer fits into 80.
  const DoubleTensor x = ones<double>({12});
  x.at(0) = x.at(1) = kNan;
  EXPECT_EQ(to_string(x),
            "tensor([nan, nan, 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.], dtype=torch.float64)");
  x.at(2) = kNan;
  EXPECT_EQ(to_string(x),
            "tensor([nan, nan, nan, 1., 1., 1., 1., 1., 1., 1., 1., 1.],\n"
            "       dtype=torch.float64)");
  // Only the last line counts.
  EXPECT_EQ(to_string(ones<double>({20})),
            "tensor([1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.,\n"
            "        1., 1.], dtype=torch.float64)");
}

TEST(PrintTest, NamesShapeAndDtypeOfEmptyTensorsWhereTheyAreNotTheDefault) {
  EXPECT_EQ(to_string(zeros({0})), "tensor([])");
  EXPECT_EQ(to_string(Tensor()), "tensor([])");
  EXPECT_EQ(to_string(zeros({2, 0})), "tensor([], size=(2, 0))");
  EXPECT_EQ(to_string(zeros({0, 3, 2000})), "tensor([], size=(0, 3, 2000))");
  EXPECT_EQ(to_string(zeros<std::int64_t>({0})), "tensor([], dtype=torch.int64)");
  EXPECT_EQ(to_string(zeros<bool>({0})), "tensor([], dtype=torch.bool)");
  EXPECT_EQ(to_string(zeros<double>({0, 1})), "tensor([], size=(0, 1), dtype=torch.float64)");
  EXPECT_EQ(to_string(zeros<double>({0, 9, 1000, 1000, 1000, 1000, 1000, 1000})),
            "tensor([], size=(0, 9, 1000, 1000, 1000, 1000, 1000, 1000),\n"
            "       dtype=torch.float64)");
}

// ---- Shapes, strides, storages, numbers, tuples -------------------------------------------------

TEST(PrintTest, PrintsShapes) {
  EXPECT_EQ(to_string(Shape{5, 784}), "torch.Size([5, 784])");
  EXPECT_EQ(to_string(Shape{3}), "torch.Size([3])");
  EXPECT_EQ(to_string(Shape{}), "torch.Size([])");
}

TEST(PrintTest, PrintsStridesAsPythonTuples) {
  EXPECT_EQ(to_string(Strides{0, 1}), "(0, 1)");
  EXPECT_EQ(to_string(Strides{1}), "(1,)");
  EXPECT_EQ(to_string(Strides{}), "()");
}

TEST(PrintTest, PrintsStoragesOfEveryType) {
  EXPECT_EQ(to_string(tensor({0.1, -0.f, kInf, kNan}).storage()),
            " 0.10000000149011612\n -0.0\n inf\n nan\n[torch.FloatStorage of size 4]");
  EXPECT_EQ(to_string(double_tensor({0.1, 1e-5}).storage()),
            " 0.1\n 1e-05\n[torch.DoubleStorage of size 2]");
  EXPECT_EQ(to_string(long_tensor({-3, 40}).storage()), " -3\n 40\n[torch.LongStorage of size 2]");
  EXPECT_EQ(to_string(bool_tensor({true, false}).storage()),
            " True\n False\n[torch.BoolStorage of size 2]");
  EXPECT_EQ(to_string(Storage<float>()), " \n[torch.FloatStorage of size 0]");
}

TEST(PrintTest, PrintsNumbersAsPythonDoes) {
  EXPECT_EQ(to_string(10.0), "10.0");
  EXPECT_EQ(to_string(-0.0), "-0.0");
  EXPECT_EQ(to_string(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(to_string(0.1f), "0.10000000149011612");
  EXPECT_EQ(to_string(100000.0), "100000.0");
  EXPECT_EQ(to_string(0.0001), "0.0001");
  EXPECT_EQ(to_string(0.00001), "1e-05");
  EXPECT_EQ(to_string(9999999999999998.0), "9999999999999998.0");
  EXPECT_EQ(to_string(1e16), "1e+16");
  EXPECT_EQ(to_string(-2.2250738585072014e-308), "-2.2250738585072014e-308");
  EXPECT_EQ(to_string(double{kInf}), "inf");
  EXPECT_EQ(to_string(double{-kInf}), "-inf");
  EXPECT_EQ(to_string(784), "784");
  EXPECT_EQ(to_string(false), "False");
}

TEST(PrintTest, BreaksATupleWhereItDoesNotFitOnALine) {
  EXPECT_EQ(tuple_string(1), "(1,)");
  const std::string a37(37, 'a'), a38(38, 'a');
  EXPECT_EQ(notebook_tuple({a37, a38}), "(" + a37 + ", " + a38 + ")");  // 79 columns
  EXPECT_EQ(notebook_tuple({a38, a38}), "(" + a38 + ",\n " + a38 + ")");
  const Tensor v = tensor({1, 2});
  EXPECT_EQ(tuple_string(v.unsqueeze(1), v),
            "(tensor([[1.],\n"
            "         [2.]]),\n"
            " tensor([1., 2.]))");
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

TEST(PrintTest, StreamsWhatToStringSays) {
  std::ostringstream out;
  const Tensor c = tensor({1.5, 2});
  out << c << c.shape() << c.strides() << c.storage();
  EXPECT_EQ(
      out.str(),
      "tensor([1.5000, 2.0000])torch.Size([2])(1,) 1.5\n 2.0\n[torch.FloatStorage of size 2]");
}

}  // namespace
}  // namespace foundations
