// DataLoader: a data set in batches, for range-for. Each loop over it is an epoch: every row comes
// once. Derived in 07_train_loop.
//
//   Generator generator(1);
//   const DataLoader train(digits, {.batch = 64, .shuffle = &generator});
//   for (const auto& [xb, yb] : train) ...
#pragma once

#include <cstdint>
#include <functional>
#include <iterator>

#include "common/data/dataset.h"
#include "common/tensor/random.h"

namespace foundations {

struct LoaderOptions {
  std::int64_t batch = 64;
  Generator* shuffle = nullptr;  // deals the rows anew for each epoch; without it they keep order
  bool drop_last = false;        // leave out the last batch if it is smaller
  std::function<Tensor(const Tensor& xb)> transform = {};  // of each batch's x, as in augment.h
};

class DataLoader {
 public:
  // Throws ShapeError unless x and y have equally many rows, and std::invalid_argument for a batch
  // size below 1. The generator has to live as long as the loader and its copies.
  DataLoader(const Dataset& dataset, const LoaderOptions& options = {});

  const Dataset& dataset() const { return dataset_; }
  std::int64_t size() const;  // how many batches an epoch has; no rows are no batches
  std::int64_t rows() const;  // how many rows an epoch has: all, but for what drop_last leaves out

  // For range-for. begin() draws the order, * makes the batch: views of the data set, or copies of
  // its rows if they were shuffled.
  class Iterator {
   public:
    Iterator(const DataLoader& loader, const LongTensor& order) : loader_(loader), order_(order) {}
    Dataset operator*() const;
    void operator++() { from_ += loader_.options_.batch; }
    bool operator==(std::default_sentinel_t) const { return from_ >= loader_.rows(); }

   private:
    const DataLoader& loader_;
    LongTensor order_;  // undefined: as they are
    std::int64_t from_ = 0;
  };
  Iterator begin() const;
  std::default_sentinel_t end() const { return {}; }

 private:
  Dataset dataset_;
  LoaderOptions options_;
};

}  // namespace foundations
