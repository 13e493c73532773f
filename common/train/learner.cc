#include "common/train/learner.h"

#include "common/bench/stopwatch.h"
#include "common/nn/functional.h"

namespace foundations {
namespace {

// A mean over rows that come in batches.
struct Mean {
  double sum = 0, rows = 0;

  void add(double batch_mean, std::int64_t n) {
    sum += batch_mean * static_cast<double>(n);
    rows += static_cast<double>(n);
  }
  double value() const { return sum / rows; }
};

// Puts the model into eval mode, and back at the end of its scope, also when something throws.
class EvalMode {
 public:
  explicit EvalMode(nn::Module& model) : model_(model), was_training_(model.is_training()) {
    model_.eval();
  }
  ~EvalMode() { model_.train(was_training_); }
  EvalMode(const EvalMode&) = delete;
  EvalMode& operator=(const EvalMode&) = delete;

 private:
  nn::Module& model_;
  bool was_training_;
};

}  // namespace

Score evaluate(nn::Module& model, nn::Loss<LongTensor>& loss, const DataLoader& loader) {
  const EvalMode eval(model);
  Mean losses, accuracies;
  for (const auto& [xb, yb] : loader) {
    const Tensor out = model(xb);
    losses.add(loss(out, yb).item(), yb.numel());
    accuracies.add(accuracy(out, yb).item(), yb.numel());
  }
  return {losses.value(), accuracies.value()};
}

Learner::Learner(nn::Module& model, nn::Loss<LongTensor>& loss, optim::Optimizer& opt,
                 const DataLoader& train, const DataLoader& valid)
    : model_(model), loss_(loss), opt_(opt), train_(train), valid_(valid) {}

void Learner::fit(int epochs, const std::vector<Callback*>& callbacks) {
  const auto call = [&](void (Callback::*at)(Learner&)) {
    for (Callback* callback : callbacks) (callback->*at)(*this);
  };
  epochs_ = epochs;
  step_ = 0;
  stopped_ = false;
  call(&Callback::before_fit);
  for (epoch_ = 0; epoch_ < epochs_ && !stopped_; ++epoch_) {
    const double start = now();
    Mean losses;
    model_.train();
    for (const auto& [xb, yb] : train_) {
      call(&Callback::before_batch);
      loss_value_ = loss_(model_(xb), yb).item();
      model_.backward(loss_.backward());
      opt_.step();
      opt_.zero_grad();
      losses.add(loss_value_, yb.numel());
      call(&Callback::after_batch);
      ++step_;
      if (stopped_) break;
    }
    history_.push_back({losses.value(), evaluate(model_, loss_, valid_), now() - start});
    call(&Callback::after_epoch);
  }
  call(&Callback::after_fit);
}

}  // namespace foundations
