#include "common/nn/pool.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "common/base/error.h"
#include "common/base/openmp.h"
#include "common/nn/channels_last.h"
#include "common/tensor/walk.h"

namespace foundations {
namespace {

using Size = std::int64_t;

// How windows lie along one side of an image.
struct Side {
  Size size, kernel, stride, padding;
  bool ceil_mode;

  // Returns how many windows there are; less than 1 if none fits.
  Size windows() const {
    const Size room = size + 2 * padding - kernel + (ceil_mode ? stride - 1 : 0);
    if (room < 0) return 0;
    const Size count = room / stride + 1;
    return ceil_mode && (count - 1) * stride >= size + padding ? count - 1 : count;
  }
  // The pixels of window i, begin(i) to end(i) - 1, that are in the image.
  Size begin(Size i) const { return std::max<Size>(i * stride - padding, 0); }
  Size end(Size i) const { return std::min(i * stride - padding + kernel, size); }
};

struct Windows {
  Size n, channels;
  Side down, across;

  Shape x_shape() const { return {n, channels, down.size, across.size}; }
  Shape out_shape() const { return {n, channels, down.windows(), across.windows()}; }
  Size x_numel() const { return channels * down.size * across.size; }  // of one image
  Size out_numel() const { return channels * down.windows() * across.windows(); }

  // Calls body(i) for each image i, on all threads where that pays.
  template <class Body>
  void for_images(const Body& body) const {
    const int shares =
        static_cast<int>(std::clamp<Size>(threads_for(n * x_numel()), 1, std::max<Size>(n, 1)));
    run_shares(shares, [&](int t) {
      for (Size i = n * t / shares; i < n * (t + 1) / shares; ++i) body(i);
    });
  }
};

void check_images(const std::string& name, const Shape& x) {
  if (x.size() != 4) {
    throw ShapeError(name + "() needs x [n, channels, height, width], but got " + bracketed(x));
  }
  if (x[1] == 0 || x[2] == 0 || x[3] == 0) {
    throw ShapeError(name + "() needs images with channels and pixels, but got " + bracketed(x));
  }
}

Windows checked(const std::string& name, const Shape& x, Size kernel, std::optional<Size> step,
                Size padding, bool ceil_mode) {
  const Size stride = step.value_or(kernel);
  if (kernel < 1 || stride < 1) {
    throw std::invalid_argument(name + "() needs a kernel and a stride of at least 1, but got " +
                                std::to_string(kernel) + " and " + std::to_string(stride));
  }
  if (padding < 0 || padding > kernel / 2) {
    throw std::invalid_argument(name + "() needs a padding from 0 to half of the kernel, " +
                                std::to_string(kernel / 2) + ", but got " +
                                std::to_string(padding));
  }
  check_images(name, x);
  const Windows windows{x[0],
                        x[1],
                        {x[2], kernel, stride, padding, ceil_mode},
                        {x[3], kernel, stride, padding, ceil_mode}};
  if (windows.down.windows() < 1 || windows.across.windows() < 1) {
    throw ShapeError(name + "() needs images as large as its kernel of " + std::to_string(kernel) +
                     ", but got " + bracketed(x));
  }
  return windows;
}

Windows averaged(const std::string& name, const Shape& x, Size kernel,
                 const AvgPool2dOptions& options) {
  return checked(name, x, kernel, options.stride, 0, options.ceil_mode);
}

// One window a side: the whole image.
Windows whole(const std::string& name, const Shape& x) {
  check_images(name, x);
  return {x[0], x[1], {x[2], x[2], 1, 0, false}, {x[3], x[3], 1, 0, false}};
}

template <class T>
void check_out_grad(const std::string& name, const TensorOf<T>& out_grad, const Windows& windows) {
  if (out_grad.shape() != windows.out_shape()) {
    throw ShapeError(name + "() needs an out_grad of " + bracketed(windows.out_shape()) +
                     ", but got " + bracketed(out_grad.shape()));
  }
}

// ---- One image, [h, w, c] ----------------------------------------------------------------------

// The pixels of one window that are in the image.
struct Window {
  Size top, bottom, left, right;  // from top to bottom - 1, from left to right - 1
  Size numel() const { return (bottom - top) * (right - left); }
};

// Calls visit(out, window) for each window of an image; `out` is where its first channel lies.
template <class Visit>
void for_windows(const Windows& windows, const Visit& visit) {
  const auto& [n, channels, down, across] = windows;
  Size out = 0;
  for (Size i = 0; i < down.windows(); ++i) {
    for (Size j = 0; j < across.windows(); ++j, out += channels) {
      visit(out, Window{down.begin(i), down.end(i), across.begin(j), across.end(j)});
    }
  }
}

// Calls visit(pixel) for each pixel of a window; `pixel` is where its first channel lies.
template <class Visit>
void for_pixels(const Windows& windows, const Window& window, const Visit& visit) {
  for (Size y = window.top; y < window.bottom; ++y) {
    for (Size x = window.left; x < window.right; ++x) {
      visit((y * windows.across.size + x) * windows.channels);
    }
  }
}

// ---- Averages --------------------------------------------------------------------------------

template <class T>
TensorOf<T> average(const TensorOf<T>& x, const Windows& windows) {
  const Size channels = windows.channels;
  const TensorOf<T> pixels = as_pixels(x);
  const TensorOf<T> means = empty_images<T>(windows.out_shape());
  windows.for_images([&](Size i) {
    const T* const image = pixels.data() + i * windows.x_numel();
    T* const image_means = means.data() + i * windows.out_numel();
    for_windows(windows, [&](Size out, const Window& window) {
      T* const to = image_means + out;
      std::fill_n(to, channels, T(0));
      for_pixels(windows, window, [&](Size pixel) {
        for (Size c = 0; c < channels; ++c) to[c] += image[pixel + c];
      });
      const T scale = 1 / static_cast<T>(window.numel());
      for (Size c = 0; c < channels; ++c) to[c] *= scale;
    });
  });
  return means;
}

template <class T>
TensorOf<T> average_backward(const TensorOf<T>& out_grad, const Windows& windows) {
  const Size channels = windows.channels;
  const TensorOf<T> out_grads = as_pixels(out_grad);
  const TensorOf<T> grads = empty_images<T>(windows.x_shape());
  windows.for_images([&](Size i) {
    T* const grad = grads.data() + i * windows.x_numel();
    const T* const image_out_grad = out_grads.data() + i * windows.out_numel();
    std::fill_n(grad, windows.x_numel(), T(0));
    for_windows(windows, [&](Size out, const Window& window) {
      const T scale = 1 / static_cast<T>(window.numel());
      const T* const from = image_out_grad + out;
      for_pixels(windows, window, [&](Size pixel) {
        for (Size c = 0; c < channels; ++c) grad[pixel + c] += scale * from[c];
      });
    });
  });
  return grads;
}

// ---- Maxima ----------------------------------------------------------------------------------

// Returns where channel c of a window is largest. A NaN is larger than anything else.
template <class T>
Size largest(const T* image, const Windows& windows, const Window& window, Size c) {
  Size best = (window.top * windows.across.size + window.left) * windows.channels + c;
  for_pixels(windows, window, [&](Size pixel) {
    const T value = image[pixel + c], most = image[best];
    if (value > most || (std::isnan(value) && !std::isnan(most))) best = pixel + c;
  });
  return best;
}

Windows maximised(const std::string& name, const Shape& x, Size kernel,
                  const MaxPool2dOptions& options) {
  return checked(name, x, kernel, options.stride, options.padding, false);
}

}  // namespace

template <std::floating_point T>
TensorOf<T> avg_pool2d(const TensorOf<T>& x, std::int64_t kernel, const AvgPool2dOptions& options) {
  return average(x, averaged("avg_pool2d", x.shape(), kernel, options));
}

template <std::floating_point T>
TensorOf<T> avg_pool2d_backward(const TensorOf<T>& out_grad, const Shape& x_shape,
                                std::int64_t kernel, const AvgPool2dOptions& options) {
  const Windows windows = averaged("avg_pool2d_backward", x_shape, kernel, options);
  check_out_grad("avg_pool2d_backward", out_grad, windows);
  return average_backward(out_grad, windows);
}

template <std::floating_point T>
TensorOf<T> adaptive_avg_pool2d(const TensorOf<T>& x) {
  return average(x, whole("adaptive_avg_pool2d", x.shape()));
}

template <std::floating_point T>
TensorOf<T> adaptive_avg_pool2d_backward(const TensorOf<T>& out_grad, const Shape& x_shape) {
  const Windows windows = whole("adaptive_avg_pool2d_backward", x_shape);
  check_out_grad("adaptive_avg_pool2d_backward", out_grad, windows);
  return average_backward(out_grad, windows);
}

template <std::floating_point T>
TensorOf<T> max_pool2d(const TensorOf<T>& x, std::int64_t kernel, const MaxPool2dOptions& options) {
  const Windows windows = maximised("max_pool2d", x.shape(), kernel, options);
  const TensorOf<T> pixels = as_pixels(x);
  const TensorOf<T> maxima = empty_images<T>(windows.out_shape());
  windows.for_images([&](Size i) {
    const T* const image = pixels.data() + i * windows.x_numel();
    T* const to = maxima.data() + i * windows.out_numel();
    for_windows(windows, [&](Size out, const Window& window) {
      for (Size c = 0; c < windows.channels; ++c) {
        to[out + c] = image[largest(image, windows, window, c)];
      }
    });
  });
  return maxima;
}

template <std::floating_point T>
TensorOf<T> max_pool2d_backward(const TensorOf<T>& out_grad, const TensorOf<T>& x,
                                std::int64_t kernel, const MaxPool2dOptions& options) {
  const Windows windows = maximised("max_pool2d_backward", x.shape(), kernel, options);
  check_out_grad("max_pool2d_backward", out_grad, windows);
  const TensorOf<T> pixels = as_pixels(x), out_grads = as_pixels(out_grad);
  const TensorOf<T> grads = empty_images<T>(x.shape());
  windows.for_images([&](Size i) {
    const T* const image = pixels.data() + i * windows.x_numel();
    const T* const from = out_grads.data() + i * windows.out_numel();
    T* const grad = grads.data() + i * windows.x_numel();
    std::fill_n(grad, windows.x_numel(), T(0));
    for_windows(windows, [&](Size out, const Window& window) {
      for (Size c = 0; c < windows.channels; ++c) {
        grad[largest(image, windows, window, c)] += from[out + c];
      }
    });
  });
  return grads;
}

template Tensor avg_pool2d(const Tensor&, std::int64_t, const AvgPool2dOptions&);
template Tensor avg_pool2d_backward(const Tensor&, const Shape&, std::int64_t,
                                    const AvgPool2dOptions&);
template Tensor max_pool2d(const Tensor&, std::int64_t, const MaxPool2dOptions&);
template Tensor max_pool2d_backward(const Tensor&, const Tensor&, std::int64_t,
                                    const MaxPool2dOptions&);
template Tensor adaptive_avg_pool2d(const Tensor&);
template Tensor adaptive_avg_pool2d_backward(const Tensor&, const Shape&);
template DoubleTensor avg_pool2d(const DoubleTensor&, std::int64_t, const AvgPool2dOptions&);
template DoubleTensor avg_pool2d_backward(const DoubleTensor&, const Shape&, std::int64_t,
                                          const AvgPool2dOptions&);
template DoubleTensor max_pool2d(const DoubleTensor&, std::int64_t, const MaxPool2dOptions&);
template DoubleTensor max_pool2d_backward(const DoubleTensor&, const DoubleTensor&, std::int64_t,
                                          const MaxPool2dOptions&);
template DoubleTensor adaptive_avg_pool2d(const DoubleTensor&);
template DoubleTensor adaptive_avg_pool2d_backward(const DoubleTensor&, const Shape&);

}  // namespace foundations
