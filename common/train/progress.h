// What you see of a training: callbacks for a learner (learner.h), in this order.
//
//   StopOnInterrupt ctrl_c;                      // ends fit() after the batch
//   ProgressLine line;                           // on a terminal, while an epoch runs
//   EpochTable table(std::cout);                 // a row after each
//   learner.fit(5, {&ctrl_c, &line, &table});
#pragma once

#include <csignal>
#include <cstdint>
#include <iosfwd>
#include <string>

#include "common/train/learner.h"

namespace foundations {

// Prints a row for each epoch: its number, both losses, the accuracy and the seconds. The first
// number is done + 1, where `done` counts the epochs of an earlier run. A run that was stopped
// before its end says where, in a last line.
class EpochTable : public Callback {
 public:
  explicit EpochTable(std::ostream& out, int done = 0) : out_(out), done_(done) {}

 private:
  void before_fit(Learner& learner) override;
  void after_epoch(Learner& learner) override;
  void after_fit(Learner& learner) override;

  std::ostream& out_;
  int done_;
};

// Where a training is.
struct Progress {
  int epoch, epochs;  // from 1
  std::int64_t batch, batches;
  double loss, images_a_second, seconds_left;
};
// Returns "epoch 2/5  batch 300/782  loss 0.1532  182000 images/s  0:03 left".
std::string to_string(const Progress& progress);

// Writes a line over itself, ten times a second, and wipes it away after each epoch. Only where
// that works: on standard error, if takes_escapes() (terminal.h) says so, and never into a pipe or
// a file. Uses no colours. A narrow terminal shows as much as fits.
class ProgressLine : public Callback {
 public:
  ProgressLine();
  // Writes to `out`, whatever it is, every `every` seconds.
  explicit ProgressLine(std::ostream& out, double every) : out_(&out), every_(every) {}

 private:
  void before_fit(Learner& learner) override;
  void after_batch(Learner& learner) override;
  void after_epoch(Learner& learner) override;

  std::ostream* out_;  // nullptr: nowhere
  double every_ = 0.1;
  double start_ = 0, shown_ = 0;
};

// Makes Ctrl-C end fit() after the current batch or the current validation. A second Ctrl-C ends
// the program as ever.
class StopOnInterrupt : public Callback {
 public:
  ~StopOnInterrupt() override { restore(); }

 private:
  void before_fit(Learner& learner) override;
  void after_batch(Learner& learner) override;
  void after_epoch(Learner& learner) override { after_batch(learner); }  // pressed in validation
  void after_fit(Learner&) override { restore(); }
  void restore();

  bool installed_ = false;
  struct sigaction old_ = {};
};

}  // namespace foundations
