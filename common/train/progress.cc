#include "common/train/progress.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cmath>
#include <iostream>

#include "common/base/terminal.h"
#include "common/bench/stopwatch.h"

namespace foundations {
namespace {

constexpr char kWipe[] = "\r\x1b[K";  // to the line's beginning, and away with the line
// A line that went on below could not be wiped.
constexpr char kCutOff[] = "\x1b[?7l", kWrapped[] = "\x1b[?7h";

// Returns so many digits behind the point. A NaN has a sign, which depends on the processor.
std::string fixed(double value, int digits) {
  return fmt::format("{:.{}f}", std::isnan(value) ? NAN : value, digits);
}

volatile std::sig_atomic_t interrupted = 0;

}  // namespace

// ---- Table -------------------------------------------------------------------------------------

void EpochTable::before_fit(Learner&) {
  out_ << "epoch  train loss  valid loss  accuracy  seconds" << std::endl;
}

void EpochTable::after_epoch(Learner& learner) {
  const EpochResult& result = learner.history().back();
  out_ << fmt::format("{:5}  {:>10}  {:>10}  {:>6} %  {:7.2f}", done_ + learner.epoch() + 1,
                      fixed(result.train_loss, 4), fixed(result.valid.loss, 4),
                      fixed(100 * result.valid.accuracy, 2), result.seconds)
       << std::endl;
}

void EpochTable::after_fit(Learner& learner) {
  if (!learner.stopped() || learner.step() == learner.steps()) return;
  out_ << fmt::format("stopped after {} of {} batches", learner.step(), learner.steps())
       << std::endl;
}

// ---- Progress line -----------------------------------------------------------------------------

std::string to_string(const Progress& p) {
  const std::int64_t left = static_cast<std::int64_t>(p.seconds_left + 0.5);
  return fmt::format("epoch {}/{}  batch {}/{}  loss {}  {:.0f} images/s  {}:{:02} left", p.epoch,
                     p.epochs, p.batch, p.batches, fixed(p.loss, 4), p.images_a_second, left / 60,
                     left % 60);
}

ProgressLine::ProgressLine() : out_(takes_escapes(STDERR_FILENO) ? &std::cerr : nullptr) {}

void ProgressLine::before_fit(Learner&) { start_ = shown_ = now(); }

void ProgressLine::after_batch(Learner& learner) {
  const double time = now();
  if (out_ == nullptr || time - shown_ < every_) return;
  shown_ = time;
  const std::int64_t done = learner.step() + 1, batches = learner.train_loader().size();
  const double seconds_a_step = (time - start_) / static_cast<double>(done);
  const double rows_a_step =
      static_cast<double>(learner.train_loader().rows()) / static_cast<double>(batches);
  *out_ << kWipe << kCutOff
        << to_string({.epoch = learner.epoch() + 1,
                      .epochs = learner.epochs(),
                      .batch = learner.step() % batches + 1,
                      .batches = batches,
                      .loss = learner.loss(),
                      .images_a_second = rows_a_step / seconds_a_step,
                      .seconds_left = seconds_a_step * static_cast<double>(learner.steps() - done)})
        << kWrapped << std::flush;
}

void ProgressLine::after_epoch(Learner&) {
  if (out_ != nullptr) *out_ << kWipe << std::flush;
}

// ---- Ctrl-C ------------------------------------------------------------------------------------

void StopOnInterrupt::before_fit(Learner&) {
  restore();  // a fit() before may have ended in an error
  interrupted = 0;
  struct sigaction action = {};
  action.sa_handler = [](int) { interrupted = 1; };
  action.sa_flags = SA_RESETHAND | SA_RESTART;  // for once only
  sigaction(SIGINT, nullptr, &old_);
  if (old_.sa_handler == SIG_IGN) return;  // as it is in the background
  sigaction(SIGINT, &action, nullptr);
  installed_ = true;
}

void StopOnInterrupt::after_batch(Learner& learner) {
  if (interrupted != 0) learner.stop();
}

void StopOnInterrupt::restore() {
  if (installed_) sigaction(SIGINT, &old_, nullptr);
  installed_ = false;
}

}  // namespace foundations
