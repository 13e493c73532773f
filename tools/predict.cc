// Which digit is it? Reads pictures of a digit each, a PNG or PGM of any size, and says.
//
//   bazel run //tools:predict                                # our own four pictures
//   bazel run //tools:predict -- picture.png                 # yours
//   bazel run //tools:predict -- my.safetensors picture.png  # asks another network
//   bazel run //tools:predict -- --verbose picture.png       # shows what becomes of the picture
#include <fmt/core.h>

#include <iostream>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/base/program.h"
#include "common/base/user_path.h"
#include "common/data/imread.h"
#include "common/data/picture.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"

namespace foundations {
namespace {

constexpr char kFolder[] = "07_train_loop/";
constexpr const char* kPictures[] = {"three.png", "seven.png", "zero.png", "four.png"};
constexpr int kBar = 40;

std::string size_of(const Tensor& picture) {
  return fmt::format("{} x {}", picture.size(0), picture.size(1));
}

void show_steps(const DigitSteps& steps) {
  const struct {
    const char* name;
    const Tensor& picture;
  } all[] = {{"the smallest part with all the ink", steps.cropped},
             {"its longer side made 20", steps.scaled},
             {"its centre of mass in the middle", steps.centred}};
  for (const auto& step : all) {
    std::cout << step.name << ": " << size_of(step.picture) << "\n";
    if (step.picture.size(1) <= 80) imshow(step.picture);
  }
}

void show_bars(const Tensor& probabilities) {
  for (std::int64_t digit = 0; digit < probabilities.numel(); ++digit) {
    const double p = probabilities(digit);
    const std::string bar(static_cast<std::size_t>(p * kBar + 0.5), '#');
    std::cout << fmt::format("{:2} {:6.1f} %", digit, 100 * p) << (bar.empty() ? "" : "  ") << bar
              << "\n";
  }
}

void predict(nn::TrainedModel& trained, const std::string& path, bool verbose) {
  const Tensor grey = imread(path);
  const DigitSteps steps = [&] {
    try {
      return like_mnist(grey);
    } catch (const DataError& error) {
      throw DataError(path + ": " + error.what());
    }
  }();
  const Tensor probabilities =
      log_softmax(trained.logits(steps.centred.reshape(1, -1)), 1).exp()[0];
  const std::int64_t digit = probabilities.argmax().item();
  std::cout << fmt::format("{}: {}, {}\n", path, size_of(grey),
                           steps.dark_on_light ? "dark on light" : "light on dark");
  if (verbose) show_steps(steps);
  show_bars(probabilities);
  std::cout << fmt::format("It is a {}, says {}.\n\n", digit, trained.spec);
}

// The first argument may be a network.
void predict_all(std::vector<std::string> files, bool verbose) {
  std::string net = "11_resnet/resnet.safetensors";
  if (!files.empty() && files.front().ends_with(".safetensors")) {
    net = user_path(files.front());
    files.erase(files.begin());
  }
  for (std::string& file : files) file = user_path(file);
  if (files.empty()) {
    for (const char* name : kPictures) files.push_back(std::string(kFolder) + "pictures/" + name);
  }
  nn::TrainedModel trained = nn::load_model(net);
  for (const std::string& file : files) predict(trained, file, verbose);
}

}  // namespace
}  // namespace foundations

int main(int argc, char** argv) {
  using namespace foundations;
  Program program("Says which digit a picture shows: a PNG or PGM of any size.");
  bool verbose = false;
  std::vector<std::string> files;
  program.flag("--verbose", verbose, "show each step from the picture to 28 x 28 pixels");
  program.arguments("FILES", files,
                    "pictures; before them, if not chapter 11's, a network in a .safetensors");
  return program.run(argc, argv, [&] { predict_all(files, verbose); });
}
