// How the loss fell: a callback that keeps it, and a curve of it as text and as a picture.
//
//   LossRecord record;
//   learner.fit(5, {&record});
//   std::cout << loss_curves(record.losses());
//   gnuplot(loss_chart(record.losses()), path);           // common/bench/gnuplot.h
#pragma once

#include <string>
#include <vector>

#include "common/train/learner.h"

namespace foundations {

struct LossPoint {
  double epoch, loss;
};

// The loss of every batch, and that of the validation set after every epoch.
struct Losses {
  double batches_an_epoch;
  std::vector<double> train;
  std::vector<LossPoint> valid;
};

class LossRecord : public Callback {
 public:
  const Losses& losses() const { return losses_; }

 private:
  void before_fit(Learner& learner) override;
  void after_batch(Learner& learner) override;
  void after_epoch(Learner& learner) override;

  Losses losses_{};
};

// Returns both curves over a logarithmic axis, in twelve lines and an axis: each * is the mean of
// the batches in its column. Leaves out losses that are not finite or not above 0; returns "" if
// none are left.
std::string loss_curves(const Losses& losses);

// Returns the same as a script for gnuplot().
std::string loss_chart(const Losses& losses);

}  // namespace foundations
