// Chapter 08: convolution, first as seven loops, then as a matrix product.
//
// All rungs keep one contract. Each is written by copying the one before it and changing what its
// idea needs, as `diff conv_4_blocks.cc conv_5_views.cc` shows.
//
//   x: [n, in, h, w]   weight: [out, in, kh, kw]   returns [n, out, oh, ow], where
//
//   result[i, j, y, x] = sum over c, ky, kx of
//                          image[i, c, y * stride + ky, x * stride + kx] * weight[j, c, ky, kx]
//
// and image is x with a border of zeros. Any strides. Throws what sizes() throws, before anything
// is computed. A bias is one broadcast more: `result + bias(_, None, None)`.
// Cost: n * oh * ow * out * in * kh * kw multiply-adds.
// Source: the course's notebook 06_cuda_cnn_hooks_init.
#pragma once

#include <cstdint>

#include "common/bench/rung.h"
#include "common/nn/conv.h"

namespace foundations::ch08 {

using Convolution = Tensor(const Tensor& x, const Tensor& weight, const Conv2dOptions& options);

Convolution loops;          // the definition
Convolution im2col;         // every patch copied into a row, then one product
Convolution channels_last;  // the channels of a pixel lie together, so a patch is a few long strips
Convolution blocks;         // as many patches at a time as stay in the cache
Convolution views;          // no copy: the strips are rows of a view, and overlap
Convolution common;         // conv2d of common/nn, where the ladder leads

// In the order of the lesson.
inline constexpr Rung<Convolution> kConvolutions[] = {
    {"loops", loops},   {"im2col", im2col}, {"channels_last", channels_last},
    {"blocks", blocks}, {"views", views},   {"common", common},
};

// A block holds at most so many numbers, where it can: 256 kB, a part of the second-level cache.
inline constexpr std::int64_t kBlock = 64'000;

// All sizes of one convolution.
struct Sizes {
  std::int64_t n, in, h, w, out, kh, kw, stride, padding;
  std::int64_t oh, ow;  // of the result

  std::int64_t depth() const { return kh * kw * in; }  // the numbers of a patch
};

// Returns how many places a kernel has along a side of an image. Throws ShapeError if it has none.
std::int64_t places(std::int64_t side, std::int64_t kernel, const Conv2dOptions& options);

// Throws ShapeError unless x and weight have four dimensions and their channels agree, and for no
// channels at all; what places() throws; and std::invalid_argument for a stride below 1 and a
// negative padding.
Sizes sizes(const Tensor& x, const Tensor& weight, const Conv2dOptions& options);

// Returns x with a border of zeros, and each pixel's channels side by side.
//   x: [n, in, h, w]   returns [n, h + 2 padding, w + 2 padding, in], contiguous
Tensor padded_channels_last(const Tensor& x, std::int64_t padding);

// Returns all patches of such an image as a view: nothing is copied. A patch is kh strips, one for
// each row of the kernel, and the numbers of a strip lie side by side.
//   image: padded_channels_last()   returns [n, oh, ow, kh, kw * in]
// From patch to patch, a strip moves on by stride * in numbers. It has kw * in: neighbours overlap.
Tensor strips(const Tensor& image, const Sizes& s);

}  // namespace foundations::ch08
