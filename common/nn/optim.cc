#include "common/nn/optim.h"

#include <array>
#include <cmath>
#include <concepts>
#include <sstream>
#include <stdexcept>

#include "common/base/error.h"
#include "common/tensor/overlap.h"
#include "common/tensor/walk.h"

namespace foundations::optim {
namespace {

// Throws for an option that is not from 0 to below `end`; a NaN is not. `what` is PyTorch's.
void check_option(const std::string& what, double value, double end = HUGE_VAL) {
  if (value >= 0 && value < end) return;
  std::ostringstream text;
  text << "Invalid " << what << ": " << value << ": it has to be at least 0";
  if (std::isfinite(end)) text << " and below " << end;
  throw std::invalid_argument(text.str());
}

// ---- A pass over memory ------------------------------------------------------------------------

template <class F, std::size_t... V>
void update_row(std::int64_t n, const std::array<float*, sizeof...(V)>& p,
                const PerView<sizeof...(V)>& step, std::index_sequence<V...>, F f) {
  if (((step[V] == 1) && ...)) {
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) f(p[V][i]...);
  } else {
    for (std::int64_t i = 0; i < n; ++i) f(p[V][i * step[V]]...);
  }
}

// Calls f(a, b, ...) with the elements of tensors of one shape, index by index. f writes through
// references.
template <class F, std::same_as<Tensor>... Tensors>
void update_elements(F f, const Tensor& first, const Tensors&... others) {
  constexpr std::size_t kTensors = 1 + sizeof...(others);
  const std::array<float*, kTensors> data{first.data(), others.data()...};
  parallel_walk<kTensors>(first.shape(), {first.strides(), others.strides()...},
                          [&](std::int64_t n, const auto& at, const auto& step) {
                            std::array<float*, kTensors> p = data;
                            for (std::size_t v = 0; v < kTensors; ++v) p[v] += at[v];
                            update_row(n, p, step, std::make_index_sequence<kTensors>(), f);
                          });
}

// Returns the gradient with L2's part in it. Without decay no parameter is looked at: 0 * inf would
// be NaN.
float with_decay(float grad, float decay, float p) { return decay == 0 ? grad : grad + decay * p; }

// ---- State -------------------------------------------------------------------------------------

// Takes a tensor out of a state.
template <class T>
TensorOf<T> take(StateTensors& state, const std::string& name, const Shape& shape) {
  const auto found = state.find(name);
  if (found == state.end()) throw std::invalid_argument("load_state() found no " + name);
  const auto* tensor = std::get_if<TensorOf<T>>(&found->second);
  if (!tensor) {
    throw std::invalid_argument("load_state() needs " + name + " as " +
                                (std::same_as<T, float> ? "float" : "int64") +
                                ", but got the other type");
  }
  if (tensor->shape() != shape) {
    throw ShapeError("load_state() needs " + name + " in the shape " + bracketed(shape) +
                     ", but got " + bracketed(tensor->shape()));
  }
  const TensorOf<T> taken = *tensor;
  state.erase(found);
  return taken;
}

}  // namespace

// ---- Optimizer ---------------------------------------------------------------------------------

Optimizer::Optimizer(const std::vector<Tensor>& parameters, double lr,
                     const std::vector<std::string>& buffer_names)
    : buffer_names_(buffer_names) {
  set_lr(lr);
  if (parameters.empty()) throw std::invalid_argument("optimizer got an empty parameter list");
  for (const Tensor& p : parameters) {
    const std::string name = "optimizer got parameter " + std::to_string(slots_.size());
    if (!p.defined()) throw std::invalid_argument(name + ", which is undefined");
    for (const Slot& slot : slots_) {
      if (&slot.parameter.grad() == &p.grad()) {
        throw std::invalid_argument(name + " a second time: each step would move it twice");
      }
    }
    check_written_once(p.layout());
    slots_.push_back({p, 0, {}});
  }
}

void Optimizer::set_lr(double lr) {
  check_option("learning rate", lr);
  lr_ = lr;
}

void Optimizer::zero_grad() const {
  for (const Slot& slot : slots_) slot.parameter.grad() = Tensor();
}

void Optimizer::step() {
  for (Slot& slot : slots_) {
    if (slot.parameter.has_grad()) prepare(slot);
  }
  for (Slot& slot : slots_) {
    if (!slot.parameter.has_grad()) continue;
    ++slot.steps;
    update(slot);
  }
}

// Checks the gradient and allocates the buffers: all that can go wrong in a step.
void Optimizer::prepare(Slot& slot) const {
  const Tensor &p = slot.parameter, &grad = p.grad();
  if (grad.shape() != p.shape()) {
    throw ShapeError("step() needs a gradient of the shape of its parameter, " +
                     bracketed(p.shape()) + ", but got " + bracketed(grad.shape()));
  }
  if (grad.storage().data() == p.storage().data()) {
    check_no_partial_overlap(p.layout(), grad.layout());
  }
  while (slot.buffers.size() < buffer_names_.size()) {
    slot.buffers.push_back(empty_like<float>(p).zero_());
  }
}

StateTensors Optimizer::state() const {
  StateTensors state;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const Slot& slot = slots_[i];
    if (slot.steps == 0) continue;
    const std::string path = std::to_string(i) + ".";
    state[path + "step"] = full<std::int64_t>({}, slot.steps);
    for (std::size_t b = 0; b < buffer_names_.size(); ++b) {
      state[path + buffer_names_[b]] = slot.buffers[b].clone();
    }
  }
  return state;
}

void Optimizer::load_state(const StateTensors& state) {
  StateTensors left = state;
  std::vector<Slot> slots;
  for (const auto& [p, steps, buffers] : slots_) {
    const std::string path = std::to_string(slots.size()) + ".";
    Slot slot{p, 0, {}};
    if (left.contains(path + "step")) {
      slot.steps = take<std::int64_t>(left, path + "step", {}).item();
      for (const std::string& name : buffer_names_) {
        const Tensor source = take<float>(left, path + name, p.shape());
        slot.buffers.push_back(empty_like<float>(p).copy_(source));
      }
    }
    if (slot.steps < 0) throw std::invalid_argument("load_state() got a negative " + path + "step");
    slots.push_back(slot);
  }
  if (!left.empty()) {
    throw std::invalid_argument("load_state() has no use for " + left.begin()->first +
                                ": it belongs to another optimizer or another model");
  }
  slots_ = slots;
}

// ---- SGD ---------------------------------------------------------------------------------------

SGD::SGD(const std::vector<Tensor>& parameters, const SGDOptions& options)
    : Optimizer(parameters, options.lr,
                options.momentum == 0 ? std::vector<std::string>{}
                                      : std::vector<std::string>{"momentum_buffer"}),
      options_(options) {
  check_option("momentum value", options.momentum);
  check_option("weight_decay value", options.weight_decay);
  if (options.nesterov && options.momentum == 0) {
    throw std::invalid_argument("Nesterov momentum requires a momentum");
  }
}

void SGD::update(const Slot& slot) const {
  const Tensor &parameter = slot.parameter, &gradient = parameter.grad();
  const float rate = static_cast<float>(lr()), mu = static_cast<float>(options_.momentum),
              decay = static_cast<float>(options_.weight_decay);
  if (options_.momentum == 0) {
    const auto move = [=](float& p, float grad) { p -= rate * with_decay(grad, decay, p); };
    return update_elements(move, parameter, gradient);
  }
  const auto move = [=, nesterov = options_.nesterov](float& p, float grad, float& b) {
    const float g = with_decay(grad, decay, p);
    b = mu * b + g;
    p -= rate * (nesterov ? g + mu * b : b);
  };
  update_elements(move, parameter, gradient, slot.buffers[0]);
}

// ---- Adam and AdamW ----------------------------------------------------------------------------

Adam::Adam(const std::vector<Tensor>& parameters, const AdamOptions& options)
    : Adam(parameters, options, Decay::kAddedToGradient) {}

Adam::Adam(const std::vector<Tensor>& parameters, const AdamOptions& options, Decay decay)
    : Optimizer(parameters, options.lr, {"exp_avg", "exp_avg_sq"}),
      options_(options),
      decay_(decay) {
  check_option("beta parameter at index 0", options.betas.first, 1);
  check_option("beta parameter at index 1", options.betas.second, 1);
  check_option("epsilon value", options.eps);
  check_option("weight_decay value", options.weight_decay);
}

void Adam::update(const Slot& slot) const {
  const auto [beta1, beta2] = options_.betas;
  const double steps = static_cast<double>(slot.steps), wd = options_.weight_decay;
  const bool decoupled = decay_ == Decay::kDecoupled;
  // Constants of this step, so that an element costs one root and one division.
  const auto rate = static_cast<float>(lr() / (1 - std::pow(beta1, steps)));
  const auto root = static_cast<float>(1 / std::sqrt(1 - std::pow(beta2, steps)));
  const auto decay = static_cast<float>(decoupled ? 0 : wd);
  const auto keep = static_cast<float>(decoupled ? 1 - lr() * wd : 1);
  const auto b1 = static_cast<float>(beta1), new1 = static_cast<float>(1 - beta1);
  const auto b2 = static_cast<float>(beta2), new2 = static_cast<float>(1 - beta2);
  const auto eps = static_cast<float>(options_.eps);
  const auto move = [=](float& p, float grad, float& m, float& v) {
    const float g = with_decay(grad, decay, p);
    m = b1 * m + new1 * g;
    v = b2 * v + new2 * (g * g);
    const float from = keep == 1 ? p : keep * p;  // spares Adam a product
    p = from - rate * m / (std::sqrt(v) * root + eps);
  };
  update_elements(move, slot.parameter, slot.parameter.grad(), slot.buffers[0], slot.buffers[1]);
}

AdamW::AdamW(const std::vector<Tensor>& parameters, const AdamWOptions& options)
    : Adam(parameters,
           {.lr = options.lr,
            .betas = options.betas,
            .eps = options.eps,
            .weight_decay = options.weight_decay},
           Decay::kDecoupled) {}

}  // namespace foundations::optim
