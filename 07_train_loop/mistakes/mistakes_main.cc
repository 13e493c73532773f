// Shows where a network is wrong: which digit it takes for which, and its worst mistakes.
//
//   bazel run //07_train_loop:mistakes -- --mnist_dir=DIR                  # of the net in the tree
//   bazel run //07_train_loop:mistakes -- --mnist_dir=DIR my.safetensors   # of your own
//   bazel run //07_train_loop:mistakes -- --mnist_dir=DIR --out=DIR        # and a picture
#include <fmt/core.h>

#include <iostream>
#include <string>
#include <vector>

#include "07_train_loop/mistakes/mistakes.h"
#include "common/base/error.h"
#include "common/base/program.h"
#include "common/base/user_path.h"
#include "common/bench/gnuplot.h"
#include "common/data/mnist.h"
#include "common/nn/nn.h"

namespace foundations::ch07 {
namespace {

constexpr char kNet[] = "07_train_loop/mlp.safetensors";

void show(nn::TrainedModel& trained, const Mnist& digits, int count, const std::string& file) {
  if (digits.x_test.size(0) == 0) throw DataError(digits.source + ": has no test images");
  const Tensor logits = trained.logits(digits.x_test);
  const LongTensor counts = confusion(logits, digits.y_test);
  std::cout << fmt::format("{} on the {} test images of {}: {:.2f} % are right\n\n", trained.spec,
                           digits.y_test.numel(), digits.source,
                           100 * accuracy(logits, digits.y_test).item())
            << confusion_table(counts) << "\n";
  const std::vector<Mistake> worst = worst_mistakes(logits, digits.y_test, count);
  std::cout << "the worst mistakes: what it said, and how sure it was\n\n"
            << pictures(digits.x_test, worst, style_of_stdout());
  if (file.empty() || worst.empty()) return;
  imsave(file, sheet(digits.x_test, worst, 5));
  std::cout << "picture: " << file << "\n";
}

}  // namespace
}  // namespace foundations::ch07

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("Shows which digits a network takes for which, and its worst mistakes.");
  int count = 20;
  std::vector<std::string> files;
  program.option("--count", count, 0, 10'000, "mistakes to show");
  program.arguments("FILE", files, "the network, a .safetensors; without it that of chapter 07");
  const auto& dir = program.mnist_dir();
  const auto& out = program.out("and a picture, DIR/mistakes.png");
  return program.run(argc, argv, [&] {
    if (files.size() > 1) throw DataError(files[1] + ": one network at a time");
    nn::TrainedModel trained =
        nn::load_model(files.empty() ? ch07::kNet : user_path(files.front()));
    const std::string file = out ? picture_path(*out, "mistakes.png") : "";
    ch07::show(trained, load_digits(dir), count, file);
  });
}
