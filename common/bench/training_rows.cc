#include "common/bench/training_rows.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include "common/base/error.h"
#include "common/tensor/ops.h"

namespace foundations {

TrainingRows training_rows(const Mnist& digits, std::int64_t n) {
  const Tensor& images = digits.x_train;
  if (images.numel() == 0) throw DataError(digits.source + " has no training images");
  const Tensor x_train = (images - images.mean()) / images.std();
  const Tensor y_train = digits.y_train.to<float>();
  const TrainingRows rows = {empty({n, images.size(1)}), empty({n})};
  for (std::int64_t row = 0, next = 0; row < n; row = next) {
    next = std::min(row + images.size(0), n);
    rows.x.slice(0, row, next).copy_(x_train.slice(0, 0, next - row));
    rows.y.slice(0, row, next).copy_(y_train.slice(0, 0, next - row));
  }
  return rows;
}

std::int64_t rows_flag(int& argc, char** argv) {
  constexpr std::string_view kFlag = "--rows=";
  std::int64_t rows = kNotesRows;
  const auto is_flag = [&](const char* argument) {
    const std::string_view text = argument;
    if (!text.starts_with(kFlag)) return false;
    const std::string_view number = text.substr(kFlag.size());
    const auto [end, error] = std::from_chars(number.begin(), number.end(), rows);
    if (error != std::errc() || end != number.end() || rows < 1 || rows > 1'000'000) {
      throw std::invalid_argument(std::string(text) + ": a number from 1 to 1000000 is needed");
    }
    return true;
  };
  argc = static_cast<int>(std::remove_if(argv + 1, argv + argc, is_flag) - argv);
  argv[argc] = nullptr;
  return rows;
}

}  // namespace foundations
