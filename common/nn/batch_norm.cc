#include "common/nn/batch_norm.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/base/openmp.h"
#include "common/nn/batch_norm_lines.h"
#include "common/nn/channels_last.h"

namespace foundations {
namespace {

// Everything works on a matrix: a row for each pixel of each sample, its channels side by side. So
// images are turned to [n, h, w, c], and results back.
template <class T>
TensorOf<T> channels_innermost(const TensorOf<T>& x) {
  return x.dim() == 4 ? as_pixels(x) : x.contiguous();
}
template <class T>
TensorOf<T> turned_back(const TensorOf<T>& rows) {
  return rows.dim() == 4 ? as_images(rows) : rows;
}

template <class T>
void check_x(const std::string& name, const TensorOf<T>& x, const BatchNormState<T>& state) {
  if (x.dim() != 2 && x.dim() != 4) {
    throw ShapeError(name + "() needs x [n, c] or [n, c, h, w], but got " + bracketed(x.shape()));
  }
  for (const TensorOf<T>& of_channel :
       {state.weight, state.bias, state.running_mean, state.running_var}) {
    if (of_channel.shape() != Shape{x.size(1)}) {
      throw ShapeError(name + "() needs a weight, a bias and running statistics of [" +
                       std::to_string(x.size(1)) + "], one for each channel of " +
                       bracketed(x.shape()) + ", but got one of " + bracketed(of_channel.shape()));
    }
  }
}

template <class T>
void check_like_x(const std::string& name, const std::string& what, const TensorOf<T>& tensor,
                  const TensorOf<T>& x) {
  if (tensor.shape() != x.shape()) {
    throw ShapeError(name + "() needs " + what + " of the shape of x, " + bracketed(x.shape()) +
                     ", but got " + bracketed(tensor.shape()));
  }
}

// ---- Forward ----

// The mean of each channel, and the sum of the squared distances from it.
struct Moments {
  explicit Moments(Size channels) : mean(channels), squares(channels) {}

  // Adds others, as if all values had been seen together. (Chan, Golub and LeVeque, 1979.)
  void merge(const Moments& other) {
    const double all = count + other.count;
    if (all == 0) return;
    for (std::size_t c = 0; c < mean.size(); ++c) {
      const double distance = other.mean[c] - mean[c];
      mean[c] += distance * (other.count / all);
      squares[c] += other.squares[c] + distance * distance * (count * other.count / all);
    }
    count = all;
  }

  double count = 0;
  std::vector<double> mean, squares;
};

// Two passes over a block, which the second finds in the cache.
template <class T>
void block_moments(const T* x, const Lines& lines, Size from, Size to, Moments& moments) {
  std::vector<T> sums(lines.width), mean;
  T* const sum = sums.data();
  lines.walk(from, to, [=](Size at, Size n) {
#pragma omp simd
    for (Size j = 0; j < n; ++j) sum[j] += x[at + j];
  });
  moments.count = static_cast<double>(to - from);
  lines.fold(sums, moments.mean.data());
  for (double& m : moments.mean) m /= moments.count;

  mean = lines.repeated<T>([&](Size c) { return moments.mean[c]; });
  const T* const m = mean.data();
  std::fill(sums.begin(), sums.end(), T(0));
  lines.walk(from, to, [=](Size at, Size n) {
#pragma omp simd
    for (Size j = 0; j < n; ++j) sum[j] += (x[at + j] - m[j]) * (x[at + j] - m[j]);
  });
  lines.fold(sums, moments.squares.data());
}

template <class T>
Moments moments_of(const TensorOf<T>& x, const Lines& lines) {
  const int shares = threads_for(x.numel());
  std::vector<Moments> parts(shares, Moments(lines.channels));
  run_shares(shares, [&](int t) {
    Moments block(lines.channels);
    const Size end = lines.share(t + 1, shares);
    for (Size from = lines.share(t, shares); from < end; from += lines.block) {
      block_moments(x.data(), lines, from, std::min(from + lines.block, end), block);
      parts[t].merge(block);
    }
  });
  for (int t = 1; t < shares; ++t) parts[0].merge(parts[t]);
  return parts[0];
}

// What each channel's numbers are computed with, repeated along a line.
template <class T>
struct Coefficients {
  Coefficients(const Lines& of, const TensorOf<T>& means, const TensorOf<T>& inverse_std,
               const BatchNormState<T>& state)
      : lines(of),
        mean(lines.repeated<T>([&](Size c) { return means(c); })),
        scale(lines.repeated<T>([&](Size c) { return inverse_std(c) * state.weight(c); })),
        bias(lines.repeated<T>([&](Size c) { return state.bias(c); })) {}
  Lines lines;
  std::vector<T> mean, scale, bias;
};

// The same as pointers, for the loops. Both ways compute y here, so that they agree on what a relu
// cuts off.
template <class T>
struct AtLine {
  explicit AtLine(const Coefficients<T>& by)
      : mean(by.mean.data()), scale(by.scale.data()), bias(by.bias.data()) {}
  T centred(T x, Size j) const { return x - mean[j]; }
  T y(T x, Size j) const { return centred(x, j) * scale[j] + bias[j]; }
  // The gradient by y from that by what comes behind y: a relu, or nothing.
  template <bool kRelu>
  T y_grad(T grad, T x, Size j) const {
    return kRelu && y(x, j) <= 0 ? 0 : grad;
  }
  const T *mean, *scale, *bias;
};

template <bool kRelu, bool kSkip, class T>
void write(const TensorOf<T>& x, const TensorOf<T>& skip, const Coefficients<T>& by,
           const TensorOf<T>& out) {
  const T *const from = x.data(), *const add = skip.data();
  T* const to = out.data();
  by.lines.walk_all([=, line = AtLine(by)](Size at, Size n) {
#pragma omp simd
    for (Size j = 0; j < n; ++j) {
      T y = line.y(from[at + j], j);
      if constexpr (kSkip) y += add[at + j];
      to[at + j] = kRelu && 0 > y ? 0 : y;  // NaN stays
    }
  });
}

// Returns the output for rows.
template <class T>
TensorOf<T> output(const TensorOf<T>& rows, const BatchNormState<T>& state, const TensorOf<T>& mean,
                   const TensorOf<T>& inverse_std, bool relu, const TensorOf<T>& skip) {
  const TensorOf<T> out = empty<T>(rows.shape());
  if (rows.numel() > 0) {
    const Coefficients<T> by(lines_of(rows), mean, inverse_std, state);
    if (skip.defined()) {
      const TensorOf<T> add = channels_innermost(skip);
      relu ? write<true, true>(rows, add, by, out) : write<false, true>(rows, add, by, out);
    } else {
      relu ? write<true, false>(rows, skip, by, out) : write<false, false>(rows, skip, by, out);
    }
  }
  return turned_back(out);
}

// ---- Backward ----

// Of each channel: the sums of the gradient, and of the gradient times (x - mean).
struct GradSums {
  explicit GradSums(Size channels) : grad(channels), with_x(channels) {}
  void add(const GradSums& other) {
    for (std::size_t c = 0; c < grad.size(); ++c) {
      grad[c] += other.grad[c];
      with_x[c] += other.with_x[c];
    }
  }
  std::vector<double> grad, with_x;
};

template <bool kRelu, class T>
void block_sums(const T* grad, const T* x, const Coefficients<T>& by, Size from, Size to,
                GradSums& sums) {
  std::vector<T> of_grad(by.lines.width), of_both(by.lines.width);
  T *const sum = of_grad.data(), *const both = of_both.data();
  by.lines.walk(from, to, [=, line = AtLine(by)](Size at, Size n) {
#pragma omp simd
    for (Size j = 0; j < n; ++j) {
      const T g = line.template y_grad<kRelu>(grad[at + j], x[at + j], j);
      sum[j] += g;
      both[j] += g * line.centred(x[at + j], j);
    }
  });
  by.lines.fold(of_grad, sums.grad.data());
  by.lines.fold(of_both, sums.with_x.data());
}

// The gradient by what a relu got that returned `out`, for rows from .. to - 1.
template <class T>
void cut_off(const T* grad, const T* out, const Lines& lines, Size from, Size to, T* result) {
#pragma omp simd
  for (Size i = from * lines.channels; i < to * lines.channels; ++i) {
    result[i] = out[i] <= 0 ? 0 : grad[i];
  }
}

// Where there is `cut`, it is written first, block by block: it is the gradient from then on.
template <bool kRelu, class T>
GradSums grad_sums(const TensorOf<T>& grad, const TensorOf<T>& x, const Coefficients<T>& by,
                   const TensorOf<T>& out, const TensorOf<T>& cut) {
  const Lines& lines = by.lines;
  const int shares = threads_for(x.numel());
  std::vector<GradSums> parts(shares, GradSums(lines.channels));
  run_shares(shares, [&](int t) {
    GradSums block(lines.channels);
    const Size end = lines.share(t + 1, shares);
    for (Size from = lines.share(t, shares); from < end; from += lines.block) {
      const Size to = std::min(from + lines.block, end);
      if (cut.defined()) cut_off(grad.data(), out.data(), lines, from, to, cut.data());
      block_sums<kRelu>(cut.defined() ? cut.data() : grad.data(), x.data(), by, from, to, block);
      parts[t].add(block);
    }
  });
  for (int t = 1; t < shares; ++t) parts[0].add(parts[t]);
  return parts[0];
}

// In one pass: scale * (g - mean of g - (x - mean) / var * mean of g * (x - mean)).
template <bool kRelu, class T>
TensorOf<T> x_grad(const TensorOf<T>& grads, const TensorOf<T>& rows, const Coefficients<T>& by,
                   const GradSums& sums, const TensorOf<T>& inverse_std) {
  const TensorOf<T> result = empty<T>(rows.shape());
  const Lines& lines = by.lines;
  const double count = static_cast<double>(lines.rows);
  const auto offsets = lines.repeated<T>([&](Size c) { return sums.grad[c] / count; });
  const auto slopes = lines.repeated<T>([&](Size c) {
    const double inverse = static_cast<double>(inverse_std(c));
    return sums.with_x[c] / count * inverse * inverse;
  });
  const T *const offset = offsets.data(), *const slope = slopes.data();
  const T *const grad = grads.data(), *const x = rows.data();
  T* const to = result.data();
  lines.walk_all([=, line = AtLine(by)](Size at, Size n) {
#pragma omp simd
    for (Size j = 0; j < n; ++j) {
      const T g = line.template y_grad<kRelu>(grad[at + j], x[at + j], j);
      to[at + j] = line.scale[j] * (g - offset[j] - line.centred(x[at + j], j) * slope[j]);
    }
  });
  return turned_back(result);
}

// Of rows and their gradient; `cut` as in grad_sums().
template <bool kRelu, class T>
BatchNormGrads<T> gradients(const TensorOf<T>& grad, const TensorOf<T>& rows,
                            const BatchNormState<T>& state, const BatchNormed<T>& forward,
                            const TensorOf<T>& out, const TensorOf<T>& cut, bool with_x) {
  const Coefficients<T> by(lines_of(rows), forward.mean, forward.inverse_std, state);
  const GradSums sums = grad_sums<kRelu>(grad, rows, by, out, cut);
  BatchNormGrads<T> grads;
  grads.weight = empty<T>(state.weight.shape());
  grads.bias = empty<T>(state.bias.shape());
  for (Size c = 0; c < by.lines.channels; ++c) {
    grads.weight(c) = static_cast<T>(sums.with_x[c] * static_cast<double>(forward.inverse_std(c)));
    grads.bias(c) = static_cast<T>(sums.grad[c]);
  }
  if (with_x) {
    grads.x = x_grad<kRelu>(cut.defined() ? cut : grad, rows, by, sums, forward.inverse_std);
  }
  return grads;
}

}  // namespace

template <std::floating_point T>
BatchNormed<T> batch_norm_train(const TensorOf<T>& x, const BatchNormState<T>& state,
                                const BatchNormOptions& options, const TensorOf<T>& skip) {
  check_x("batch_norm_train", x, state);
  if (skip.defined()) check_like_x("batch_norm_train", "a skip", skip, x);
  const TensorOf<T> rows = channels_innermost(x), mean = zeros<T>(x.size(1)),
                    inverse_std = zeros<T>(x.size(1));
  if (x.numel() == 0) return {turned_back(rows), mean, inverse_std};
  const Lines lines = lines_of(rows);
  if (lines.rows == 1) {
    throw ShapeError("Expected more than 1 value per channel when training, got input size " +
                     bracketed(x.shape()));
  }
  const Moments moments = moments_of(rows, lines);
  const auto move = [&](T& running, double now) {
    running = static_cast<T>((1 - options.momentum) * static_cast<double>(running) +
                             options.momentum * now);
  };
  for (Size c = 0; c < lines.channels; ++c) {
    const double squares = moments.squares[c], n = moments.count;
    mean(c) = static_cast<T>(moments.mean[c]);
    inverse_std(c) = static_cast<T>(1 / std::sqrt(squares / n + options.eps));
    move(state.running_mean(c), moments.mean[c]);
    move(state.running_var(c), squares / (n - 1));
  }
  return {output(rows, state, mean, inverse_std, options.relu, skip), mean, inverse_std};
}

template <std::floating_point T>
TensorOf<T> batch_norm_eval(const TensorOf<T>& x, const BatchNormState<T>& state,
                            const BatchNormOptions& options, const TensorOf<T>& skip) {
  check_x("batch_norm_eval", x, state);
  if (skip.defined()) check_like_x("batch_norm_eval", "a skip", skip, x);
  const TensorOf<T> inverse_std = empty<T>(x.size(1));
  for (Size c = 0; c < x.size(1); ++c) {
    inverse_std(c) =
        static_cast<T>(1 / std::sqrt(static_cast<double>(state.running_var(c)) + options.eps));
  }
  return output(channels_innermost(x), state, state.running_mean, inverse_std, options.relu, skip);
}

template <std::floating_point T>
BatchNormGrads<T> batch_norm_backward(const TensorOf<T>& out_grad, const TensorOf<T>& x,
                                      const BatchNormState<T>& state, const BatchNormed<T>& forward,
                                      const BatchNormOptions& options, bool with_x,
                                      bool with_skip) {
  check_x("batch_norm_backward", x, state);
  check_like_x("batch_norm_backward", "an out_grad", out_grad, x);
  check_like_x("batch_norm_backward", "the out of a call", forward.out, x);
  for (const TensorOf<T>& t : {forward.mean, forward.inverse_std}) {
    if (!t.defined() || t.shape() != Shape{x.size(1)}) {
      throw ShapeError(
          "batch_norm_backward() needs the mean and the inverse_std that batch_norm_train() gave");
    }
  }
  const TensorOf<T> rows = channels_innermost(x), grad = channels_innermost(out_grad);
  if (x.numel() == 0) {
    const TensorOf<T> none = zeros<T>(x.size(1));
    return {turned_back(rows), none, none.clone(), turned_back(grad)};
  }
  if (options.relu && with_skip) {
    const TensorOf<T> out = channels_innermost(forward.out), cut = empty<T>(rows.shape());
    BatchNormGrads<T> grads = gradients<false>(grad, rows, state, forward, out, cut, with_x);
    grads.skip = turned_back(cut);
    return grads;
  }
  const TensorOf<T> none;
  BatchNormGrads<T> grads = options.relu
                                ? gradients<true>(grad, rows, state, forward, none, none, with_x)
                                : gradients<false>(grad, rows, state, forward, none, none, with_x);
  if (with_skip) grads.skip = out_grad;
  return grads;
}

template BatchNormed<float> batch_norm_train(const Tensor&, const BatchNormState<float>&,
                                             const BatchNormOptions&, const Tensor&);
template BatchNormed<double> batch_norm_train(const DoubleTensor&, const BatchNormState<double>&,
                                              const BatchNormOptions&, const DoubleTensor&);
template Tensor batch_norm_eval(const Tensor&, const BatchNormState<float>&,
                                const BatchNormOptions&, const Tensor&);
template DoubleTensor batch_norm_eval(const DoubleTensor&, const BatchNormState<double>&,
                                      const BatchNormOptions&, const DoubleTensor&);
template BatchNormGrads<float> batch_norm_backward(const Tensor&, const Tensor&,
                                                   const BatchNormState<float>&,
                                                   const BatchNormed<float>&,
                                                   const BatchNormOptions&, bool, bool);
template BatchNormGrads<double> batch_norm_backward(const DoubleTensor&, const DoubleTensor&,
                                                    const BatchNormState<double>&,
                                                    const BatchNormed<double>&,
                                                    const BatchNormOptions&, bool, bool);

}  // namespace foundations
