// The lesson's code in its order, and what it prints.
//
//   bazel run //08_conv:walkthrough
#include <fmt/core.h>

#include <algorithm>
#include <iostream>
#include <string>

#include "08_conv/conv.h"
#include "08_conv/grads.h"
#include "08_conv/net.h"
#include "common/base/program.h"
#include "common/data/mnist.h"
#include "common/data/picture.h"
#include "common/tensor/join.h"
#include "common/tensor/ops.h"
#include "common/tensor/print.h"

namespace foundations::ch08 {
namespace {

void edges() {
  std::cout << "---- A kernel on a digit\n\n";
  const Mnist digits = built_in_digits(1, 0);
  const Tensor x = digits.x_train.view(1, 1, 28, 28);
  const Tensor kernel = tensor({{-1, -1, -1}, {0, 0, 0}, {1, 1, 1}}).view(1, 1, 3, 3);
  const Tensor edges = loops(x, kernel, {.padding = 1}).clamp_min(0);
  imshow(cat({x[0][0], edges[0][0] / edges.max()}, 1), Style::kHalfBlocks);
}

void patches_as_rows() {
  std::cout << "\n---- im2col\n\n";
  const Tensor image = arange(9).to<float>().view(3, 3);
  const Tensor patches = image.as_strided({2, 2, 2, 2}, {3, 1, 3, 1});
  std::cout << image << "\n" << patches.reshape(4, 4) << "\n";
}

// The cells of memory that each row of a view reads, a line a row.
std::string rows_drawn(const Tensor& view, std::int64_t cells) {
  std::string text = "  cell of memory   ";
  for (std::int64_t cell = 0; cell < cells; ++cell) text += fmt::format("{:3}", cell);
  text += "\n";
  for (std::int64_t row = 0; row < view.size(0); ++row) {
    std::string line(3 * cells, ' ');
    for (std::int64_t column = 0; column < view.size(1); ++column) {
      const std::int64_t cell =
          view.storage_offset() + row * view.stride(0) + column * view.stride(1);
      line.replace(3 * cell, 3, fmt::format("{:3}", cell));
    }
    text += fmt::format("  patch {}          ", row) +
            line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

void overlapping_rows() {
  std::cout << "\n---- Overlapping rows: 2 channels, 6 pixels wide, kernel 3\n\n";
  const Tensor weight = zeros(1, 2, 3, 3), x = zeros(1, 2, 4, 6);
  for (const std::int64_t stride : {1, 2}) {
    const Tensor view = strips(padded_channels_last(x, 0), sizes(x, weight, {.stride = stride}));
    const Tensor rows = view(0, 0, _, 0);
    std::cout << fmt::format("stride {}: shape {}, strides ({}, {})\n", stride,
                             bracketed(rows.shape()), rows.stride(0), rows.stride(1))
              << rows_drawn(rows, 12) << "\n";
  }
}

// How many patches a pixel is in: the gradient by x, where all weights and gradients are 1.
void how_often_met() {
  std::cout << "---- How many patches of 3 x 3 meet each pixel of 6 x 6\n\n";
  for (const std::int64_t stride : {1, 2}) {
    const Tensor x = zeros(1, 1, 6, 6), weight = ones(1, 1, 3, 3);
    const Conv2dOptions options{.stride = stride, .padding = 1};
    const Tensor g = ones(loops(x, weight, options).shape());
    std::cout << "stride " << stride << "\n" << col2im(g, x, weight, options).x[0][0] << "\n";
  }
}

void the_net() {
  std::cout << "\n---- The net\n\n";
  Generator generator(1);
  nn::Sequential model = net(kStarts[1], generator);
  std::cout << "layer                       output            parameters  pixels seen\n";
  std::int64_t seen = 1, step = 1;
  std::string pixels = "1 x 1";
  for (const auto& [name, layer] : model.named_children()) {
    std::int64_t parameters = 0;
    for (const Tensor& p : layer->parameters()) parameters += p.numel();
    if (const auto conv = std::dynamic_pointer_cast<nn::Conv2d>(layer)) {
      seen += (conv->weight().size(2) - 1) * step;
      step *= 2;
      pixels = fmt::format("{} x {}", seen, seen);
    }
    if (std::dynamic_pointer_cast<nn::AdaptiveAvgPool2d>(layer)) pixels = "all";
    layer->on_forward([=](const nn::Module& m, const Tensor& out) {
      std::cout << fmt::format("{:<27} {:<17} {:>10}  {}\n", m.name(), bracketed(out.shape()),
                               parameters, pixels);
    });
  }
  model.eval();
  model(zeros(64, 784));
}

void pooling() {
  std::cout << "\n---- Pooling 3 pixels by 2\n\n";
  const Tensor row = tensor({1, 2, 9}).view(1, 1, 1, 3).expand(1, 1, 2, 3);
  std::cout << "ceil_mode  " << avg_pool2d(row, 2, {.ceil_mode = true}).view(2) << "\n"
            << "without    " << avg_pool2d(row, 2).view(1) << "\n"
            << "maximum    " << max_pool2d(row, 2).view(1) << "\n";
}

}  // namespace
}  // namespace foundations::ch08

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("The lesson's code in its order, and what it prints.");
  return program.run(argc, argv, [] {
    ch08::edges();
    ch08::patches_as_rows();
    ch08::overlapping_rows();
    ch08::how_often_met();
    ch08::the_net();
    ch08::pooling();
  });
}
