// An epoch of 784-50-10 on 50,000 images in batches of 64, shuffled: ours with common/train, and
// libtorch's with autograd.
#include <memory>

#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "common/train/learner.h"
#include "tools/peers/race.h"
#include "tools/peers/torch_peer.h"

namespace foundations {
namespace {

constexpr std::int64_t kRows = 50'000, kInputs = 784, kHidden = 50, kDigits = 10, kBatch = 64;

// Two networks that begin alike.
struct Training {
  Training(const Dataset& data, bool shuffle, bool adam) {
    const LoaderOptions options{.batch = kBatch, .shuffle = shuffle ? &generator : nullptr};
    if (adam) {
      opt = std::make_unique<optim::Adam>(model.parameters(), optim::AdamOptions{.lr = 1e-3});
    } else {
      opt = std::make_unique<optim::SGD>(model.parameters(), optim::SGDOptions{.lr = 0.1});
    }
    model.input_grad(false);
    const Dataset none{data.x(Slice(0, 0)), data.y(Slice(0, 0))};
    learner =
        std::make_unique<Learner>(model, loss, *opt, DataLoader(data, options), DataLoader(none));
    std::vector<TorchView> views;
    for (const Tensor& p : model.parameters()) {
      theirs.push_back(p.clone());
      views.push_back(torch_view(theirs.back()));
    }
    torch = torch_epoch({.images = torch_view(data.x),
                         .digits = data.y.data(),
                         .batch = kBatch,
                         .shuffle = shuffle,
                         .adam = adam,
                         .lr = opt->lr()},
                        views);
  }

  Generator generator{1};
  nn::Sequential model = nn::mlp({kInputs, kHidden, kDigits}, generator);
  nn::CrossEntropyLoss loss;
  std::unique_ptr<optim::Optimizer> opt;
  std::unique_ptr<Learner> learner;
  std::vector<Tensor> theirs;
  std::function<void()> torch;
};

// Throws unless five batches in the order of the rows, the last one smaller, leave both networks
// with the same parameters.
void check(const std::string& name, const Dataset& data, bool adam) {
  const Dataset few = data[Slice(0, 4 * kBatch + 10)];
  Training training(few, false, adam);
  training.learner->fit(1);
  training.torch();
  const std::vector<Tensor> ours = training.model.parameters();
  for (std::size_t i = 0; i < ours.size(); ++i) {
    compare("torch", name + ", parameter " + std::to_string(i), training.theirs[i], ours[i], 1e-4);
  }
}

}  // namespace

int race_epochs(const Settings& settings) {
  torch_set_threads(settings.threads);
  Generator generator(1);
  Dataset data;
  Table table("an epoch of training", settings, {"ours", "torch autograd"});
  for (const bool adam : {false, true}) {
    const std::string name = std::string("epoch 784-50-10, batch 64, ") + (adam ? "Adam" : "SGD");
    if (!settings.wants(name)) continue;
    if (!data.x.defined()) {
      data = {randn({kRows, kInputs}, generator), randint(0, kDigits, {kRows}, generator)};
    }
    check(name, data, adam);
    Training training(data, true, adam);
    std::vector<Contestant> all = {{"ours", [&] { training.learner->fit(1); }},
                                   {"torch autograd", training.torch}};
    // Two products of the first layer, three of the second.
    const double flops = 2. * kRows * kHidden * (2 * kInputs + 3 * kDigits);
    race(all, flops, settings);
    table.row(name, flops, all);
  }
  return table.rows();
}

}  // namespace foundations
