#include "common/testing/testing.h"

#include <cxxabi.h>

#include <cmath>
#include <cstdlib>
#include <exception>
#include <memory>
#include <vector>

namespace foundations {
namespace {

// Returns "foundations::ShapeError" for a type_info named "N11foundations10ShapeErrorE".
std::string name_of(const std::type_info& type) {
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, nullptr), &std::free);
  return name ? name.get() : type.name();
}

std::string error_mismatch(const std::exception& got, const std::type_info& type,
                           const std::string& text) {
  std::string wrong;
  if (typeid(got) != type) {
    wrong = "threw " + name_of(typeid(got)) + ", want " + name_of(type) + "\n";
  }
  if (got.what() != text) wrong += "   got: " + std::string(got.what()) + "\n  want: " + text;
  return wrong;
}

}  // namespace

void expect_thrown(const std::type_info& type, void (*action)(const void*), const void* context,
                   const std::string& text, const char* file, int line) {
  try {
    action(context);
  } catch (const std::exception& error) {
    const std::string wrong = error_mismatch(error, type, text);
    if (!wrong.empty()) ADD_FAILURE_AT(file, line) << wrong;
    return;
  }
  ADD_FAILURE_AT(file, line) << "nothing was thrown; want: " << text;
}

template <class T, class U>
void expect_close(const TensorOf<T>& got, const TensorOf<U>& want, double rtol, double atol,
                  bool equal_nan, const char* file, int line) {
  const DoubleTensor exact = want.template to<double>();
  const DoubleTensor tolerance = exact.clone();
  for (double& value : tolerance.storage()) value = atol + rtol * std::abs(value);
  const std::string text = mismatch(got, exact, tolerance, equal_nan);
  if (!text.empty()) ADD_FAILURE_AT(file, line) << text;
}

template <class T>
void expect_equal(const TensorOf<T>& got, const TensorOf<T>& want, const char* file, int line) {
  if (!(got.shape() == want.shape())) {
    ADD_FAILURE_AT(file, line) << "got shape " << bracketed(got.shape()) << ", want "
                               << bracketed(want.shape());
    return;
  }
  const std::vector<T> ours = got.to_vector(), theirs = want.to_vector();
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    if (ours[i] == theirs[i]) continue;
    ADD_FAILURE_AT(file, line) << "at " << bracketed(index_of(i, want.shape())) << ": got "
                               << testing::PrintToString(static_cast<T>(ours[i])) << ", want "
                               << testing::PrintToString(static_cast<T>(theirs[i]));
    return;
  }
}

template void expect_close(const Tensor&, const Tensor&, double, double, bool, const char*, int);
template void expect_close(const Tensor&, const DoubleTensor&, double, double, bool, const char*,
                           int);
template void expect_close(const DoubleTensor&, const Tensor&, double, double, bool, const char*,
                           int);
template void expect_close(const DoubleTensor&, const DoubleTensor&, double, double, bool,
                           const char*, int);
template void expect_equal(const Tensor&, const Tensor&, const char*, int);
template void expect_equal(const DoubleTensor&, const DoubleTensor&, const char*, int);
template void expect_equal(const LongTensor&, const LongTensor&, const char*, int);
template void expect_equal(const BoolTensor&, const BoolTensor&, const char*, int);

}  // namespace foundations
