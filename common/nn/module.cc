#include "common/nn/module.h"

#include <cxxabi.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <typeinfo>
#include <utility>

#include "common/base/error.h"
#include "common/tensor/ops.h"

namespace foundations::nn {
namespace {

bool has_name(const auto& entries, const std::string& name) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const auto& entry) { return entry.first == name; });
}

// All handles of a tensor share one slot for its gradient, and no two tensors do.
bool has_tensor(const NamedTensors& entries, const Tensor& tensor) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const auto& entry) { return &entry.second.grad() == &tensor.grad(); });
}

std::string indented(const std::string& text) {
  std::string result;
  for (const char c : text) {
    result += c;
    if (c == '\n') result += "  ";
  }
  return result;
}

thread_local Watcher* watching = nullptr;

// Tells the watcher of a module's work, which lasts as long as this object.
class Work {
 public:
  Work(const Module& module, bool backward) : module_(module), backward_(backward) {
    if (watching) watching->begin(module_, backward_);
  }
  ~Work() {
    if (watching) watching->end(module_, backward_);
  }
  Work(const Work&) = delete;

 private:
  const Module& module_;
  bool backward_;
};

}  // namespace

Watcher* watch(Watcher* watcher) { return std::exchange(watching, watcher); }

// ---- Both ways ----

Tensor Module::operator()(const Tensor& x) {
  const Work work(*this, false);
  out_shape_.reset();  // there is no way back through a call that was refused
  const Tensor out = forward(x);
  if (hook_) hook_(*this, out);
  if (training_) out_shape_ = out.shape();
  return out;
}

Tensor Module::backward(const Tensor& out_grad) {
  if (!out_shape_) {
    throw std::logic_error(name() +
                           " cannot go back: call it first, in training mode, and without an "
                           "error");
  }
  if (out_grad.shape() != *out_shape_) {
    throw ShapeError(name() + " needs a gradient of the shape of its output, " +
                     bracketed(*out_shape_) + ", to go back, but got " +
                     bracketed(out_grad.shape()));
  }
  const Work work(*this, true);
  const Tensor grad = bwd(out_grad);
  return input_grad_ ? grad : Tensor();
}

void Module::train(bool on) {
  training_ = on;
  for (const auto& [name, module] : modules_) module->train(on);
}

// The sum is a new tensor: someone else may hold the old one.
void Module::add_grad(const Tensor& parameter, const Tensor& grad) {
  if (grad.shape() != parameter.shape()) {
    throw ShapeError("add_grad() needs a gradient of the shape of the parameter, " +
                     bracketed(parameter.shape()) + ", but got " + bracketed(grad.shape()));
  }
  parameter.grad() = parameter.has_grad() ? parameter.grad() + grad : grad;
}

// ---- What is registered ----

bool Module::contains(const Module& other) const {
  return this == &other || std::any_of(modules_.begin(), modules_.end(), [&](const auto& child) {
           return child.second->contains(other);
         });
}

bool Module::overlaps(const Module& other) const {
  return other.contains(*this) ||
         std::any_of(modules_.begin(), modules_.end(),
                     [&](const auto& child) { return child.second->overlaps(other); });
}

void Module::list(Own own, const std::string& path, NamedTensors& all) const {
  for (const auto& [name, tensor] : this->*own) {
    if (!has_tensor(all, tensor)) all.emplace_back(path + name, tensor);
  }
  for (const auto& [name, module] : modules_) module->list(own, path + name + ".", all);
}

NamedTensors Module::listed(Own own) const {
  NamedTensors all;
  list(own, "", all);
  return all;
}

NamedTensors Module::named_parameters() const { return listed(&Module::parameters_); }
NamedTensors Module::named_buffers() const { return listed(&Module::buffers_); }

std::vector<Tensor> Module::parameters() const {
  std::vector<Tensor> all;
  for (const auto& [name, parameter] : named_parameters()) all.push_back(parameter);
  return all;
}

void Module::zero_grad() const {
  for (const Tensor& parameter : parameters()) parameter.grad() = Tensor();
}

Tensor Module::register_parameter(const std::string& name, const Tensor& parameter) {
  check_name(name, parameter.defined());
  parameters_.emplace_back(name, parameter);
  return parameter;
}

Tensor Module::register_buffer(const std::string& name, const Tensor& buffer) {
  check_name(name, buffer.defined());
  buffers_.emplace_back(name, buffer);
  return buffer;
}

void Module::add_module(const std::string& name, const std::shared_ptr<Module>& module) {
  check_name(name, module != nullptr);
  if (module->contains(*this)) {
    throw std::invalid_argument(this->name() + " cannot register \"" + name +
                                "\": it would contain itself");
  }
  modules_.emplace_back(name, module);
}

void Module::check_name(const std::string& name, bool defined) const {
  const std::string what = this->name() + " cannot register \"" + name + "\": ";
  if (!defined) throw std::invalid_argument(what + "there is nothing in it");
  if (name.empty()) throw std::invalid_argument(what + "a name is needed");
  if (name.find('.') != std::string::npos) {
    throw std::invalid_argument(what + "a name has no dot, which joins the names of a path");
  }
  if (has_name(parameters_, name) || has_name(buffers_, name) || has_name(modules_, name)) {
    throw std::invalid_argument(what + "the name is taken");
  }
}

// ---- Print ----

std::string Module::name() const {
  const std::unique_ptr<char, decltype(&std::free)> demangled(
      abi::__cxa_demangle(typeid(*this).name(), nullptr, nullptr, nullptr), &std::free);
  std::string path = demangled ? demangled.get() : "Module";
  path = path.substr(0, path.find('<'));  // without template arguments
  return path.substr(path.rfind(':') + 1);
}

std::string to_string(const Module& module) {
  const std::string extra = module.extra_repr();
  if (module.modules_.empty() && extra.find('\n') == std::string::npos) {
    return module.name() + "(" + extra + ")";
  }
  std::string lines = extra.empty() ? "" : "\n" + extra;
  for (const auto& [name, child] : module.modules_) {
    lines += "\n(" + name + "): " + to_string(*child);
  }
  return module.name() + "(" + indented(lines) + "\n)";
}

std::ostream& operator<<(std::ostream& out, const Module& module) {
  return out << to_string(module);
}

}  // namespace foundations::nn
