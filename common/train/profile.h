// Where the time of a training goes: a callback, and a table for the end.
//
//   Profile profile;
//   learner.fit(1, {&profile});
//   std::cout << profile.table();
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/nn/module.h"
#include "common/train/learner.h"

namespace foundations {

// Put it first among the callbacks, or the time of those before it counts as that of the batches.
class Profile : public Callback, private nn::Watcher {
 public:
  ~Profile() override;

  // Returns a row for each kind of layer, the seconds of all its calls forward and back without
  // those of the layers below it, and rows for what else a training does. The longest comes first.
  std::string table() const;

 private:
  struct Seconds {
    double forward = 0, backward = 0;
  };

  void before_fit(Learner&) override;
  void before_batch(Learner&) override;
  void after_batch(Learner&) override;
  void after_epoch(Learner&) override;
  void after_fit(Learner&) override;
  void begin(const nn::Module& module, bool backward) override;
  void end(const nn::Module& module, bool backward) override;

  // Counts the time since the last call for what goes on.
  void charge();

  std::map<std::string, Seconds> layers_;
  double batches_ = 0, step_ = 0, validation_ = 0;
  double* outside_ = &batches_;   // what goes on where no layer does
  std::vector<double*> working_;  // the layers at work, each inside the one before
  double last_ = 0;
  nn::Watcher* before_ = nullptr;
  bool watching_ = false;
};

}  // namespace foundations
