// The gradients of random networks: any number of layers of any width, relu behind some of them,
// against central differences.
//
// Where no relu switches an element on or off, each layer's output is linear in any one number of
// the input, the weights or the biases, and so the loss is a parabola in it, whose slope a central
// difference gives exactly for any step h. What is left is round-off. A number is compared only
// where the same elements of every layer are on at -h, 0 and h. Then they are all the way between:
// what goes into the first relu is linear in the number, so a sign that is equal at three points
// does not change between them; so what goes into the second is linear as well, and so on.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "common/nn/nn.h"
#include "common/reference/reference.h"
#include "common/tensor/ops.h"
#include "common/testing/properties.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

constexpr double kStep = 1e-3;

struct Layer {
  DoubleTensor w, b;
  bool relu;
};

struct Net {
  std::vector<Layer> layers;
  double shift;
};

// The weights so large that the numbers stay about as large from layer to layer.
Net random_net(std::int64_t inputs, std::int64_t outputs, Generator& generator) {
  Net net{{}, chance(2, generator) ? 0 : 0.5};
  const std::int64_t depth = 1 + generator.below(5);
  for (std::int64_t i = 0, in = inputs; i < depth; ++i) {
    const bool last = i + 1 == depth;
    const std::int64_t out = last ? outputs : 1 + generator.below(7);
    const DoubleTensor w = random_view(
        randn<double>({in, out}, generator) * std::sqrt(2.0 / static_cast<double>(in)), generator);
    net.layers.push_back({w, random_view(randn<double>({out}, generator), generator),
                          !last && !chance(5, generator)});
    in = out;
  }
  return net;
}

// What goes into each layer, and its result before relu.
struct Pass {
  std::vector<DoubleTensor> inputs, sums;
  DoubleTensor out;
};

Pass forward(const Net& net, const DoubleTensor& x) {
  Pass pass{{}, {}, x};
  for (const Layer& layer : net.layers) {
    pass.inputs.push_back(pass.out);
    pass.sums.push_back(lin(pass.out, layer.w, layer.b));
    pass.out = layer.relu ? relu(pass.sums.back(), net.shift) : pass.sums.back();
  }
  return pass;
}

void backward(const Net& net, const Pass& pass, const DoubleTensor& targ) {
  mse_grad(pass.out, targ);
  DoubleTensor out = pass.out;
  for (std::size_t i = net.layers.size(); i-- > 0;) {
    const Layer& layer = net.layers[i];
    if (layer.relu) relu_grad(pass.sums[i], out);
    lin_grad(pass.inputs[i], pass.sums[i], layer.w, layer.b);
    out = pass.inputs[i];
  }
}

// Which elements every relu lets through.
std::vector<bool> switches(const Net& net, const Pass& pass) {
  std::vector<bool> on;
  for (std::size_t i = 0; i < net.layers.size(); ++i) {
    if (!net.layers[i].relu) continue;
    const std::vector<bool> of_layer = (pass.sums[i] > 0).to_vector();
    on.insert(on.end(), of_layer.begin(), of_layer.end());
  }
  return on;
}

// Element number i in row-major order.
double& element_of(const DoubleTensor& x, std::int64_t i) {
  const IntList index = index_of(i, x.shape());
  double* element = x.data();
  for (std::int64_t d = 0; d < x.dim(); ++d) element += index[d] * x.stride(d);
  return *element;
}

// How many numbers were compared, and how many had a kink too near.
struct Count {
  int compared = 0, kinks = 0;
};

// Compares x.grad() with central differences of the loss of net on inp, element by element. x is
// inp or one of the parameters.
void expect_derivative(const DoubleTensor& x, const Net& net, const DoubleTensor& inp,
                       const DoubleTensor& targ, Count& count) {
  const std::vector<bool> on = switches(net, forward(net, inp));
  const double scale = 1 + mse(forward(net, inp).out, targ).item();
  const std::vector<double> grad = x.grad().to_vector();
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    double& element = element_of(x, i);
    const double before = element;
    element = before + kStep;
    const Pass up = forward(net, inp);
    element = before - kStep;
    const Pass down = forward(net, inp);
    element = before;
    if (switches(net, up) != on || switches(net, down) != on) {
      ++count.kinks;
      continue;
    }
    ++count.compared;
    const double slope = (mse(up.out, targ).item() - mse(down.out, targ).item()) / (2 * kStep);
    // Losses of about `scale` are right to some hundred units in the last place, of 2e-16.
    EXPECT_NEAR(grad[static_cast<std::size_t>(i)], slope, 1e-13 * scale / kStep)
        << "element " << i << " of " << bracketed(x.shape());
  }
}

TEST(RandomNets, HaveTheGradientsOfCentralDifferences) {
  Count count;
  for_seeds(60, [&](Generator& generator) {
    const std::int64_t rows = 1 + generator.below(6), inputs = 1 + generator.below(7);
    const std::int64_t outputs = chance(2, generator) ? 1 : 2 + generator.below(3);
    const Net net = random_net(inputs, outputs, generator);
    const DoubleTensor x = random_view(randn<double>({rows, inputs}, generator), generator);
    const DoubleTensor targ =
        random_operand(outputs == 1 ? Shape{rows} : Shape{rows, outputs}, generator, randn<double>);
    SCOPED_TRACE(std::to_string(net.layers.size()) + " layers");
    backward(net, forward(net, x), targ);
    expect_derivative(x, net, x, targ, count);
    for (const Layer& layer : net.layers) {
      expect_derivative(layer.w, net, x, targ, count);
      expect_derivative(layer.b, net, x, targ, count);
    }
  });
  EXPECT_GT(count.compared, 50 * count.kinks) << count.kinks << " of them near a kink";
}

// By linearity: the loss is a mean over rows, so its gradient is a mean of theirs.
TEST(RandomNets, HaveTheMeanOfTheGradientsOfTheirRows) {
  for_seeds(60, [](Generator& generator) {
    const std::int64_t rows = 1 + generator.below(6), inputs = 1 + generator.below(7);
    const Net net = random_net(inputs, 1, generator);
    const DoubleTensor x = random_operand({rows, inputs}, generator, randn<double>);
    const DoubleTensor targ = random_operand({rows}, generator, randn<double>);
    std::vector<DoubleTensor> sums;
    for (std::int64_t row = 0; row < rows; ++row) {
      const DoubleTensor alone = x.slice(0, row, row + 1);
      backward(net, forward(net, alone), targ.slice(0, row, row + 1));
      for (std::size_t i = 0; i < net.layers.size(); ++i) {
        if (row == 0) sums.push_back(zeros<double>(net.layers[i].w.shape()));
        sums[i] += net.layers[i].w.grad();
      }
    }
    backward(net, forward(net, x), targ);
    for (std::size_t i = 0; i < net.layers.size(); ++i) {
      const double scale = sums[i].abs().max().item();
      expect_close(net.layers[i].w.grad() * rows, sums[i], 1e-12, 1e-12 * scale);
    }
  });
}

}  // namespace
}  // namespace foundations
