// Learner: the loop that trains a network, with places where others may look in. 07_train_loop
// derives the loop, and 09_optim what looks in.
//
//   Learner learner(model, loss, opt, train, valid);       // loaders: common/data/data_loader.h
//   learner.fit(5);
//   learner.history().back().accuracy;                     // on valid, after the last epoch
//
// What looks in is a callback. A schedule of the learning rate is four lines:
//
//   struct Falling : Callback {
//     void before_batch(Learner& l) override { l.optimizer().set_lr(rate(l.position())); }
//     std::function<double(double)> rate = sched_cos(0.1, 0);
//   } falling;
//   learner.fit(5, {&falling});
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "common/data/data_loader.h"
#include "common/nn/loss.h"
#include "common/nn/module.h"
#include "common/nn/optim.h"

namespace foundations {

class Learner;

// fit() calls these, in the order of its callbacks.
class Callback {
 public:
  virtual ~Callback() = default;
  virtual void before_fit(Learner&) {}
  virtual void before_batch(Learner&) {}  // the rate that is set here is this step's
  virtual void after_batch(Learner&) {}   // after the step: loss() is this batch's
  virtual void after_epoch(Learner&) {}   // after validation: history().back() is this epoch's
  virtual void after_fit(Learner&) {}
};

// How well a model does on a data set: means over its rows, NaN if there are none.
struct Score {
  double loss = 0, accuracy = 0;
};

// Returns the model's score, in eval mode; the model is then again in the mode that it was in, also
// if the model or the loss throws.
// Batches count by their rows: a plain mean of their means would give the rows of a smaller last
// one more weight. Cost: a forward pass.
Score evaluate(nn::Module& model, nn::Loss<LongTensor>& loss, const DataLoader& loader);

// An epoch as it went.
struct EpochResult {
  double train_loss;  // the mean over the rows of all batches, each before its step
  Score valid;
  double seconds;  // with the validation
};

class Learner {
 public:
  // Keeps references to the first three, and copies of the loaders, which share their data.
  Learner(nn::Module& model, nn::Loss<LongTensor>& loss, optim::Optimizer& opt,
          const DataLoader& train, const DataLoader& valid);

  // Trains for `epochs` epochs. After each it validates and adds to the history. Throws what the
  // model, the loss and the optimizer throw.
  void fit(int epochs, const std::vector<Callback*>& callbacks = {});

  // Ends fit() after the current batch. What the epoch has learned by then is validated and in the
  // history. From before_fit() it ends fit() before the first batch.
  void stop() { stopped_ = true; }

  nn::Module& model() const { return model_; }
  optim::Optimizer& optimizer() const { return opt_; }
  const DataLoader& train_loader() const { return train_; }
  const std::vector<EpochResult>& history() const { return history_; }  // of all calls of fit()

  // Where fit() is: epoch and step count from 0, step on through all epochs.
  int epoch() const { return epoch_; }
  int epochs() const { return epochs_; }
  std::int64_t step() const { return step_; }
  std::int64_t steps() const { return epochs_ * train_.size(); }
  double position() const {  // from 0, before the first batch, to 1
    return static_cast<double>(step_) / static_cast<double>(std::max<std::int64_t>(steps(), 1));
  }
  double loss() const { return loss_value_; }  // of the last batch
  bool stopped() const { return stopped_; }

 private:
  nn::Module& model_;
  nn::Loss<LongTensor>& loss_;
  optim::Optimizer& opt_;
  DataLoader train_, valid_;
  std::vector<EpochResult> history_;
  int epoch_ = 0, epochs_ = 0;
  std::int64_t step_ = 0;
  double loss_value_ = 0;
  bool stopped_ = false;
};

}  // namespace foundations
