#include "common/nn/optim.h"

#include <array>
#include <cmath>
#include <concepts>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "common/base/error.h"
#include "common/tensor/overlap.h"
#include "common/tensor/walk.h"

namespace foundations::optim {
namespace {

std::string text(double number) {
  std::ostringstream out;
  out << number;
  return out.str();
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

// Calls f(a, b, ...) for the elements of tensors of one shape that are at the same index. f writes
// through references.
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

}  // namespace

// ---- Optimizer ---------------------------------------------------------------------------------

Optimizer::Optimizer(const std::vector<Tensor>& parameters, double lr,
                     const std::vector<std::string>& buffer_names)
    : buffer_names_(buffer_names) {
  set_lr(lr);
  if (parameters.empty()) throw std::invalid_argument("optimizer got an empty parameter list");
  for (const Tensor& p : parameters) {
    const std::string name = "parameter " + std::to_string(slots_.size());
    if (!p.defined()) throw std::invalid_argument("optimizer got no tensor as " + name);
    for (const Slot& slot : slots_) {
      if (&slot.parameter.grad() != &p.grad()) continue;
      throw std::invalid_argument("optimizer got " + name + " twice, and would move it twice");
    }
    check_written_once(p.layout());
    slots_.push_back({p, 0, {}});
  }
}

void Optimizer::set_lr(double lr) {
  if (!(lr >= 0 && std::isfinite(lr))) {
    throw std::invalid_argument("Invalid learning rate: " + text(lr) + ", it has to be at least 0");
  }
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

// ---- SGD ---------------------------------------------------------------------------------------

SGD::SGD(const std::vector<Tensor>& parameters, const SGDOptions& options)
    : Optimizer(parameters, options.lr, {}) {}

void SGD::update(const Slot& slot) const {
  const float rate = static_cast<float>(lr());
  update_elements([=](float& p, float grad) { p -= rate * grad; }, slot.parameter,
                  slot.parameter.grad());
}

}  // namespace foundations::optim
