// Optimizers against their papers in double; what they pass over, remember, hand on and refuse.
#include "common/nn/optim.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/nn/state.h"
#include "common/tensor/ops.h"
#include "common/testing/properties.h"
#include "common/testing/testing.h"

namespace foundations::optim {
namespace {

using Parameters = std::vector<Tensor>;

// ---- Against the papers ----

// One number, and what an optimizer remembers of it.
struct Element {
  double p, b = 0, m = 0, v = 0;
  int steps = 0;
};

void adam_step(Element& e, double g, double lr, double beta1, double beta2, double eps) {
  ++e.steps;
  e.m = beta1 * e.m + (1 - beta1) * g;
  e.v = beta2 * e.v + (1 - beta2) * g * g;
  const double m = e.m / (1 - std::pow(beta1, e.steps)), v = e.v / (1 - std::pow(beta2, e.steps));
  e.p -= lr * m / (std::sqrt(v) + eps);
}

using Make = std::function<std::unique_ptr<Optimizer>(const Parameters&)>;

Make sgd(const SGDOptions& options) {
  return [=](const Parameters& parameters) { return std::make_unique<SGD>(parameters, options); };
}
Make adam(const AdamOptions& options) {
  return [=](const Parameters& parameters) { return std::make_unique<Adam>(parameters, options); };
}
Make adam_w(const AdamWOptions& options) {
  return [=](const Parameters& parameters) { return std::make_unique<AdamW>(parameters, options); };
}

struct Row {
  std::string name;
  Make make;
  std::function<void(Element&, double grad)> step;
};

const Row kRows[] = {
    {"SGD", sgd({.lr = 0.1}), [](Element& e, double g) { e.p -= 0.1 * g; }},
    {"SGD, decay", sgd({.lr = 0.1, .weight_decay = 0.5}),
     [](Element& e, double g) { e.p -= 0.1 * (g + 0.5 * e.p); }},
    {"momentum", sgd({.lr = 0.1, .momentum = 0.9}),
     [](Element& e, double g) {
       e.b = 0.9 * e.b + g;
       e.p -= 0.1 * e.b;
     }},
    {"nesterov, decay", sgd({.lr = 0.1, .momentum = 0.9, .weight_decay = 0.5, .nesterov = true}),
     [](Element& e, double grad) {
       const double g = grad + 0.5 * e.p;
       e.b = 0.9 * e.b + g;
       e.p -= 0.1 * (g + 0.9 * e.b);
     }},
    {"Adam", adam({}), [](Element& e, double g) { adam_step(e, g, 1e-3, 0.9, 0.999, 1e-8); }},
    {"Adam, L2", adam({.lr = 0.1, .betas = {0.8, 0.9}, .weight_decay = 0.5}),
     [](Element& e, double g) { adam_step(e, g + 0.5 * e.p, 0.1, 0.8, 0.9, 1e-8); }},
    {"Adam, large eps", adam({.lr = 0.1, .betas = {0, 0.9}, .eps = 0.5}),
     [](Element& e, double g) { adam_step(e, g, 0.1, 0, 0.9, 0.5); }},
    {"AdamW", adam_w({.lr = 0.1, .weight_decay = 0.5}),
     [](Element& e, double g) {
       e.p *= 1 - 0.1 * 0.5;
       adam_step(e, g, 0.1, 0.9, 0.999, 1e-8);
     }},
};

// Parameters and gradients in any layout; now and then one has no gradient.
TEST(Optimizer, TakesTenStepsAsInThePaper) {
  const Shape shapes[] = {{}, {0}, {1}, {3, 0, 2}, {33}, {7, 13}, {2, 3, 5}};
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.name);
    for_seeds(3, [&](Generator& generator) {
      Parameters parameters;
      std::vector<std::vector<Element>> elements;
      for (const Shape& shape : shapes) {
        parameters.push_back(random_view(randn(shape, generator), generator));
        elements.emplace_back();
        for (const float p : parameters.back().to_vector()) elements.back().push_back({p});
      }
      const auto opt = row.make(parameters);
      for (int step = 0; step < 10; ++step) {
        opt->zero_grad();
        for (std::size_t i = 0; i < parameters.size(); ++i) {
          if (chance(4, generator)) continue;
          const Tensor grad = random_operand(shapes[i], generator, randn<float>);
          parameters[i].grad() = grad;
          std::size_t at = 0;
          for (const float g : grad.to_vector()) row.step(elements[i][at++], g);
        }
        opt->step();
      }
      for (std::size_t i = 0; i < parameters.size(); ++i) {
        std::vector<double> want;
        for (const Element& e : elements[i]) want.push_back(e.p);
        expect_close(parameters[i], from_vector(want, shapes[i]), 1e-5, 2e-6);
      }
    });
  }
}

TEST(Optimizer, SharesALargeParameterOut) {
  const Threads threads(3);
  const Tensor p = zeros(400, 501), g = full({400, 501}, 2);
  p.grad() = g;
  Adam opt({p}, {.lr = 0.5});
  opt.step();
  expect_close(p, full({400, 501}, -0.5));  // Adam's first step is the rate, against the sign
}

// Decay by L2 against p *= 1 - lr * decay before each step.
TEST(Optimizer, LeavesAParameterWhoseGradientsAreAllZero) {
  const Tensor p = tensor({1, 2});
  p.grad() = zeros(2);
  Adam({p}, {}).step();
  expect_equal(p, tensor({1, 2}));
}

TEST(Optimizer, L2IsDecayOnlyWithoutMemory) {
  const struct {
    Make l2, plain;
    bool equal;
  } rows[] = {
      {sgd({.lr = 0.1, .weight_decay = 0.5}), sgd({.lr = 0.1}), true},
      {sgd({.lr = 0.1, .momentum = 0.9, .weight_decay = 0.5}), sgd({.lr = 0.1, .momentum = 0.9}),
       false},
      {adam({.lr = 0.1, .weight_decay = 0.5}), adam({.lr = 0.1}), false},
  };
  for (const auto& row : rows) {
    Generator generator(3);
    const Tensor a = randn({50}, generator), b = a.clone();
    const auto l2 = row.l2({a}), plain = row.plain({b});
    for (int step = 0; step < 10; ++step) {
      a.grad() = b.grad() = randn({50}, generator);
      l2->step();
      b *= 1 - 0.1 * 0.5;
      plain->step();
    }
    const float distance = (a - b).abs().max().item();
    EXPECT_EQ(distance <= 1e-6, row.equal) << distance;
    EXPECT_EQ(distance > 0.1, !row.equal) << distance;
  }
}

TEST(Optimizer, KeepsWhatIsNotANumberWhereItIs) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.name);
    const Tensor p = tensor({1, kInf, 1, 1}), without = tensor({1, 1});
    p.grad() = tensor({kNan, 1, 1, kInf});
    without.grad() = tensor({1, 1});
    const auto opt = row.make({p, without});
    opt->step();
    EXPECT_TRUE(std::isnan(p(0)));
    EXPECT_EQ(p(2), without(0));
    EXPECT_FALSE(std::isfinite(p(3)));
    const bool l2 = row.name.find("decay") != row.name.npos || row.name == "Adam, L2";
    EXPECT_EQ(p(1) == kInf, !l2);
  }
}

// ---- What a step does not do ----

TEST(Optimizer, AllocatesOnlyInTheFirstStep) {
  for (const Row& row : kRows) {
    const Tensor p = ones(100, 3);
    p.grad() = ones(100, 3);
    const auto opt = row.make({p.t().t()});  // this handle has no gradient: nothing to remember
    opt->step();
    const auto moved = row.make({p});
    moved->step();
    const std::int64_t before = memory_allocated();
    reset_peak_memory_stats();
    moved->step();
    EXPECT_EQ(max_memory_allocated(), before) << row.name;
    EXPECT_TRUE(opt->state().empty()) << row.name;
  }
}

TEST(Optimizer, MovesNothingIfOneGradientIsWrong) {
  for (const Row& row : kRows) {
    const Tensor p = ones(2), q = ones(2, 3);
    p.grad() = ones(2);
    q.grad() = ones(3, 2);
    const auto opt = row.make({p, q});
    expect_error<ShapeError>([&] { opt->step(); },
                             "step() needs a gradient of the shape of its parameter, [2, 3], but "
                             "got [3, 2]");
    expect_equal(p, ones(2));
    EXPECT_TRUE(opt->state().empty());
  }
  const Tensor square = tensor({{1, 2}, {3, 4}});
  square.grad() = square.t();
  SGD opt({square}, {.lr = 1});
  expect_error<ShapeError>([&] { opt.step(); }, kPartialOverlap);
  expect_equal(square, tensor({{1, 2}, {3, 4}}));
}

TEST(Optimizer, ClearsGradients) {
  const Tensor p = ones(2), q = ones(3);
  p.grad() = ones(2);
  SGD({p, q}, {}).zero_grad();
  EXPECT_FALSE(p.has_grad());
}

TEST(Optimizer, StepsAtTheRateThatIsSet) {
  const Tensor p = zeros(2);
  p.grad() = ones(2);
  SGD opt({p}, {.lr = 1});
  opt.set_lr(0.25);
  EXPECT_EQ(opt.lr(), 0.25);
  opt.step();
  expect_equal(p, tensor({-0.25, -0.25}));
  expect_error<std::invalid_argument>([&] { opt.set_lr(-0.5); },
                                      "Invalid learning rate: -0.5: it has to be at least 0");
  EXPECT_EQ(opt.lr(), 0.25);
}

// As in the comment of optim.h, with a buffer.
class Averaged : public Optimizer {
 public:
  Averaged(const Parameters& parameters, double lr) : Optimizer(parameters, lr, {"sum"}) {}

 private:
  void update(const Slot& slot) const override {
    slot.buffers[0] += slot.parameter.grad();
    slot.parameter -= lr() / static_cast<double>(slot.steps) * slot.buffers[0];
  }
};

TEST(Optimizer, CanBeYourOwn) {
  const Tensor p = zeros(1);
  Averaged opt({p}, 0.5);
  for (const float grad : {4.0f, 2.0f}) {
    p.grad() = full({1}, grad);
    opt.step();
  }
  expect_equal(p, tensor({-0.5 * 4 - 0.5 * 3}));
  expect_equal(std::get<Tensor>(opt.state().at("0.sum")), tensor({6}));
}

// ---- State ----

TEST(State, GoesOnToTheBitFromAFile) {
  const std::string path = testing::TempDir() + "/optim_test.safetensors";
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.name);
    Generator generator(5);
    const Tensor p = randn({3, 4}, generator).t(), q = ones(2), never = ones(1);
    const auto opt = row.make({p, q, never});
    const auto steps = [](Optimizer& optimizer, const Tensor& a, const Tensor& b) {
      Generator same(8);
      for (int step = 0; step < 3; ++step) {
        a.grad() = randn({4, 3}, same);
        b.grad() = step == 1 ? randn({2}, same) : Tensor();
        optimizer.step();
      }
    };
    steps(*opt, p, q);
    write_state(path, {.tensors = opt->state(), .metadata = {}});
    const Tensor p2 = p.clone(), q2 = q.clone();
    const auto other = row.make({p2, q2, never});
    other->load_state(read_state(path).tensors);
    steps(*opt, p, q);
    steps(*other, p2, q2);
    expect_equal(p2, p);
    expect_equal(q2, q);
    EXPECT_EQ(std::get<LongTensor>(other->state().at("0.step")).item(), 6);
    EXPECT_EQ(std::get<LongTensor>(other->state().at("1.step")).item(), 2);
    EXPECT_FALSE(other->state().contains("2.step"));
  }
}

TEST(State, IsRefusedWhole) {
  const Tensor p = zeros(2), q = zeros(3);
  p.grad() = ones(2);
  q.grad() = ones(3);
  Adam opt({p, q}, {.lr = 1});
  opt.step();
  const StateTensors good = opt.state();
  EXPECT_EQ(good.size(), 6u);
  using Entry = StateTensors::mapped_type;
  const struct {
    const char* name;
    std::optional<Entry> entry;  // none: it is missing
    std::string text;
  } rows[] = {
      {"1.exp_avg", std::nullopt, "load_state() found no 1.exp_avg"},
      {"1.step", std::nullopt,
       "load_state() has no use for 1.exp_avg: it belongs to another optimizer or another model"},
      {"2.step", long_tensor(1),
       "load_state() has no use for 2.step: it belongs to another optimizer or another model"},
      {"1.momentum_buffer", zeros(3),
       "load_state() has no use for 1.momentum_buffer: it belongs to another optimizer or another "
       "model"},
      {"1.step", tensor(1), "load_state() needs 1.step as int64, but got the other type"},
      {"1.exp_avg", long_tensor({1, 2, 3}),
       "load_state() needs 1.exp_avg as float, but got the other type"},
      {"1.step", long_tensor(-1), "load_state() got a negative 1.step"},
  };
  const auto unchanged = [&] {
    expect_equal(std::get<LongTensor>(opt.state().at("0.step")), long_tensor(1));
    expect_equal(std::get<Tensor>(opt.state().at("0.exp_avg")),
                 std::get<Tensor>(good.at("0.exp_avg")));
  };
  for (const auto& row : rows) {
    StateTensors bad = good;
    bad["0.step"] = long_tensor(7);
    bad.erase(row.name);
    if (row.entry) bad.insert_or_assign(row.name, *row.entry);
    expect_error<std::invalid_argument>([&] { opt.load_state(bad); }, row.text);
    unchanged();
  }
  StateTensors bad = good;
  bad.insert_or_assign("1.exp_avg_sq", zeros(1, 3));
  expect_error<ShapeError>([&] { opt.load_state(bad); },
                           "load_state() needs 1.exp_avg_sq in the shape [3], but got [1, 3]");
  unchanged();
}

// ---- Options and parameters ----

TEST(Optimizer, RefusesWhatCannotBeMeant) {
  const Tensor p = ones(2);
  const struct {
    std::function<void()> make;
    std::string text;
  } rows[] = {
      {[&] { SGD({p}, {.lr = -1}); }, "Invalid learning rate: -1: it has to be at least 0"},
      {[&] { SGD({p}, {.lr = kNan}); }, "Invalid learning rate: nan: it has to be at least 0"},
      {[&] { AdamW({p}, {.lr = kInf}); }, "Invalid learning rate: inf: it has to be at least 0"},
      {[&] { SGD({p}, {.momentum = -0.1}); },
       "Invalid momentum value: -0.1: it has to be at least 0"},
      {[&] { SGD({p}, {.weight_decay = kNan}); },
       "Invalid weight_decay value: nan: it has to be at least 0"},
      {[&] { SGD({p}, {.nesterov = true}); }, "Nesterov momentum requires a momentum"},
      {[&] {
         Adam({p}, {.betas = {1, 0.9}});
       },
       "Invalid beta parameter at index 0: 1: it has to be at least 0 and below 1"},
      {[&] {
         AdamW({p}, {.betas = {0, -0.9}});
       },
       "Invalid beta parameter at index 1: -0.9: it has to be at least 0 and below 1"},
      {[&] { Adam({p}, {.eps = -1}); }, "Invalid epsilon value: -1: it has to be at least 0"},
      {[&] { AdamW({p}, {.weight_decay = -1}); },
       "Invalid weight_decay value: -1: it has to be at least 0"},
      {[&] { SGD({}, {}); }, "optimizer got an empty parameter list"},
      {[&] {
         SGD({p, Tensor()}, {});
       },
       "optimizer got parameter 1, which is undefined"},
      {[&] {
         SGD({p, ones(1), p}, {});
       },
       "optimizer got parameter 2 a second time: each step would move it twice"},
  };
  for (const auto& row : rows) expect_error<std::invalid_argument>(row.make, row.text);
  expect_error<ShapeError>([&] { SGD({ones(1).expand(3)}, {}); }, kWrittenTwice);
}

}  // namespace
}  // namespace foundations::optim
