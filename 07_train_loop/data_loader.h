// DataLoader: the batches of a data set, in the order that a sampler decides.
//
//   const DataLoader loader(train, Sampler(train.size(), 64, &generator));
//   for (const auto& [xb, yb] : loader) ...                          // an epoch
#pragma once

#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include "07_train_loop/dataset.h"
#include "common/tensor/random.h"

namespace foundations::ch07 {

// Deals out the numbers 0 to n - 1 in batches; the last one has what is left. In order, or shuffled
// anew for each epoch.   batch: at least 1
class Sampler {
 public:
  Sampler(std::int64_t n, std::int64_t batch, Generator* shuffle = nullptr)
      : n_(n), batch_(batch), shuffle_(shuffle) {}

  std::vector<LongTensor> batches() const {
    const LongTensor order = shuffle_ ? randperm(n_, *shuffle_) : arange(n_);
    std::vector<LongTensor> result;
    for (std::int64_t i = 0; i < n_; i += batch_) result.push_back(order(Slice(i, i + batch_)));
    return result;
  }

 private:
  std::int64_t n_, batch_;
  Generator* shuffle_;
};

class DataLoader {
 public:
  DataLoader(Dataset dataset, const Sampler& sampler)
      : dataset_(std::move(dataset)), sampler_(sampler) {}

  // For range-for: asks the sampler once, and makes a batch when its turn comes.
  struct Iterator {
    const Dataset& dataset;
    std::vector<LongTensor> rows;
    std::size_t next = 0;

    Dataset operator*() const { return dataset[rows[next]]; }
    void operator++() { ++next; }
    bool operator==(std::default_sentinel_t) const { return next == rows.size(); }
  };
  Iterator begin() const { return {dataset_, sampler_.batches()}; }
  std::default_sentinel_t end() const { return {}; }

 private:
  Dataset dataset_;
  Sampler sampler_;
};

}  // namespace foundations::ch07
