#include "common/data/data_loader.h"

#include <stdexcept>
#include <string>

#include "common/base/error.h"

namespace foundations {

DataLoader::DataLoader(const Dataset& dataset, const LoaderOptions& options)
    : dataset_(dataset), options_(options) {
  const auto& [x, y] = dataset_;
  if (x.dim() < 1 || y.shape() != Shape({x.size(0)})) {
    throw ShapeError("DataLoader needs x [n, ...] and y [n], but got " + bracketed(x.shape()) +
                     " and " + bracketed(y.shape()));
  }
  if (options_.batch < 1) {
    throw std::invalid_argument("DataLoader needs a batch of at least 1 row, but got " +
                                std::to_string(options_.batch));
  }
}

std::int64_t DataLoader::rows() const {
  const std::int64_t n = dataset_.size();
  return options_.drop_last ? n - n % options_.batch : n;
}

std::int64_t DataLoader::size() const {
  return rows() / options_.batch + (rows() % options_.batch > 0 ? 1 : 0);
}

DataLoader::Iterator DataLoader::begin() const {
  return {*this, options_.shuffle ? randperm(dataset_.size(), *options_.shuffle) : LongTensor()};
}

Dataset DataLoader::Iterator::operator*() const {
  const Slice rows(from_, from_ + loader_.options_.batch);
  const Dataset& dataset = loader_.dataset_;
  Dataset batch = order_.defined() ? dataset[order_(rows)] : dataset[rows];
  if (loader_.options_.transform) batch.x = loader_.options_.transform(batch.x);
  return batch;
}

}  // namespace foundations
