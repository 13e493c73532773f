// Networks of random sizes: the refactors have the gradients of common/nn/nn.h for any sizes and
// layouts, and so do modules put together in any way, against the same steps in double.
//
// A sum may round to the other side of 0, where relu has its kink. So networks with a sum so near
// to 0 that rounding might move it across are left out.
#include "common/testing/properties.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "06_modules/modules.h"
#include "06_modules/nn.h"
#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/testing/rung_names.h"
#include "common/testing/testing.h"

namespace foundations::ch06 {

void PrintTo(const Refactor& refactor, std::ostream* out) { *out << refactor.name; }

namespace {

constexpr double kNearKink = 1e-4;

template <class T>
bool is_near_kink(const TensorOf<T>& sums) {
  return sums.numel() > 0 && sums.abs().min().item() < kNearKink;
}

// Float rounding: sums of terms that are not much larger than the largest result.
template <class T>
void expect_gradient(const std::string& of, const Tensor& got, const TensorOf<T>& want) {
  SCOPED_TRACE("gradient of " + of);
  expect_close(got, want, 1e-5, want.numel() > 0 ? 1e-5 * want.abs().max().item() : 0);
}

Tensor real(const Shape& shape, Generator& generator) {
  return random_view(randn(shape, generator), generator);
}

class RandomRefactor : public testing::TestWithParam<Refactor> {};
INSTANTIATE_TEST_SUITE_P(Refactors, RandomRefactor, testing::ValuesIn(kRefactors), name_of_rung);

TEST_P(RandomRefactor, HasTheLossAndTheGradientsOfCommon) {
  int left_out = 0;
  for_seeds(60, [&](Generator& generator) {
    const std::int64_t n = random_size(9, generator), m = 1 + generator.below(30),
                       nh = 1 + generator.below(20);
    const Tensor x = random_operand({n, m}, generator, randn<float>);
    const Tensor targ = random_operand({n}, generator, randn<float>);
    const Parameters p = {real({m, nh}, generator), real({nh}, generator), real({nh, 1}, generator),
                          real({1}, generator), chance(2, generator) ? 0.f : 0.5f};
    if (is_near_kink(lin(x, p.w1, p.b1))) {
      ++left_out;
      return;
    }
    SCOPED_TRACE(testing::Message() << n << "x" << m << "x" << nh << "x1, shift " << p.shift);
    const Gradients want = common_gradients(p, x, targ);
    const Network network = GetParam().network(p);
    const Tensor loss = common_network(p).forward(x, targ);  // NaN where there are no rows
    expect_close(network.forward(x, targ), loss, 1e-5, 0, /*equal_nan=*/true);
    network.backward();
    const Gradients got = gradients(p, x);
    for (std::size_t i = 0; i < want.size(); ++i) {
      expect_gradient(std::string(kGradientNames[i]), got[i], want[i]);
    }
  });
  EXPECT_LE(left_out, 10);
}

// ---- modules ----

// A layer of a network, and what it computes in double.
struct Layer {
  std::shared_ptr<nn::Linear> linear;
  bool relu;
  DoubleTensor w, b;  // as common/nn/nn.h has them
};

std::vector<Layer> random_layers(std::int64_t inputs, std::int64_t outputs, Generator& generator) {
  std::vector<Layer> layers;
  for (std::int64_t left = generator.below(5); left >= 0; --left) {
    const std::int64_t out = left == 0 ? outputs : 1 + generator.below(9);
    const auto linear = std::make_shared<nn::Linear>(inputs, out, generator);
    layers.push_back({linear, left > 0 && !chance(5, generator), linear->weight().t().to<double>(),
                      linear->bias().to<double>()});
    inputs = out;
  }
  return layers;
}

// The layers one after another, some of them in a Sequential of their own.
nn::Sequential put_together(const std::vector<Layer>& layers, Generator& generator) {
  using Modules = std::vector<std::shared_ptr<nn::Module>>;
  Modules outer, inner;
  for (const Layer& layer : layers) {
    inner.push_back(layer.linear);
    if (layer.relu) inner.push_back(std::make_shared<nn::ReLU>());
    if (chance(2, generator)) {
      outer.push_back(std::make_shared<nn::Sequential>(inner));
    } else {
      outer.insert(outer.end(), inner.begin(), inner.end());
    }
    inner.clear();
  }
  return nn::Sequential(outer);
}

struct Pass {
  std::vector<DoubleTensor> inputs, sums;
  DoubleTensor out;
};

Pass forward(const std::vector<Layer>& layers, const DoubleTensor& x) {
  Pass pass{{}, {}, x};
  for (const Layer& layer : layers) {
    pass.inputs.push_back(pass.out);
    pass.sums.push_back(lin(pass.out, layer.w, layer.b));
    pass.out = layer.relu ? relu(pass.sums.back()) : pass.sums.back();
  }
  return pass;
}

void backward(const std::vector<Layer>& layers, const Pass& pass, const DoubleTensor& targ) {
  mse_grad(pass.out, targ);
  DoubleTensor out = pass.out;
  for (std::size_t i = layers.size(); i-- > 0;) {
    if (layers[i].relu) relu_grad(pass.sums[i], out);
    lin_grad(pass.inputs[i], pass.sums[i], layers[i].w, layers[i].b);
    out = pass.inputs[i];
  }
}

TEST(RandomModules, HaveTheGradientsOfTheSameStepsInDouble) {
  int left_out = 0;
  for_seeds(100, [&](Generator& generator) {
    const std::int64_t n = 1 + generator.below(8), inputs = 1 + generator.below(9);
    const std::int64_t outputs = chance(2, generator) ? 1 : 2 + generator.below(3);
    const std::vector<Layer> layers = random_layers(inputs, outputs, generator);
    const Tensor x = random_operand({n, inputs}, generator, randn<float>);
    const Tensor targ =
        random_operand(outputs == 1 ? Shape{n} : Shape{n, outputs}, generator, randn<float>);
    const DoubleTensor exact = x.to<double>();
    const Pass pass = forward(layers, exact);
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (layers[i].relu && is_near_kink(pass.sums[i])) {
        ++left_out;
        return;
      }
    }
    backward(layers, pass, targ.to<double>());

    nn::Sequential model = put_together(layers, generator);
    nn::Mse loss;
    SCOPED_TRACE(to_string(model));
    const Tensor value = loss(model(x), targ);
    expect_close(value, mse(pass.out, targ.to<double>()), 1e-5, 1e-6);
    loss.backward();
    model.backward();
    expect_gradient("x", x.grad(), exact.grad());
    for (const Layer& layer : layers) {
      expect_gradient("weight", layer.linear->weight().grad(), layer.w.grad().t());
      expect_gradient("bias", layer.linear->bias().grad(), layer.b.grad());
    }
  });
  EXPECT_LE(left_out, 20);
}

}  // namespace
}  // namespace foundations::ch06
