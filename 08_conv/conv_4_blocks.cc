#include <algorithm>

#include "08_conv/conv.h"
#include "common/linalg/matmul.h"

namespace foundations::ch08 {

Tensor blocks(const Tensor& x, const Tensor& weight, const Conv2dOptions& options) {
  const Sizes s = sizes(x, weight, options);
  const Tensor patches = strips(padded_channels_last(x, s.padding), s);
  const Tensor w = weight.permute(2, 3, 1, 0).reshape(s.depth(), s.out);
  const Tensor result = empty(s.n, s.oh, s.ow, s.out);
  // A block is some lines of one image, or some whole images.
  const std::int64_t lines = std::clamp<std::int64_t>(kBlock / (s.ow * s.depth()), 1, s.oh);
  const std::int64_t images = std::max<std::int64_t>(kBlock / (s.oh * s.ow * s.depth()), 1);
  for (std::int64_t i = 0; i < s.n; i += images) {
    for (std::int64_t y = 0; y < s.oh; y += lines) {
      const Slice some_images(i, i + images), some_lines(y, y + lines);
      const Tensor block = result(some_images, some_lines);
      const std::int64_t rows = block.size(0) * block.size(1) * s.ow;
      const Tensor columns = patches(some_images, some_lines).reshape(rows, s.depth());
      matmul_out(block.view(rows, s.out), columns, w);
    }
  }
  return result.permute(0, 3, 1, 2);
}

}  // namespace foundations::ch08
