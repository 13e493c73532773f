#include "fuzz/print_model.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace foundations {
namespace {

using Numbers = std::vector<std::int64_t>;
using Strings = std::vector<std::string>;

constexpr std::size_t kLine = 80, kIndent = 7;

std::string formatted(const char* format, double value) {
  char text[400];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

// Which indices of a dimension are shown, and -1 for the dots among them.
Numbers shown(std::int64_t size, bool summarize) {
  Numbers indices;
  for (std::int64_t i = 0; i < size; ++i) {
    if (!summarize || size <= 6 || i < 3 || i >= size - 3) {
      indices.push_back(i);
    } else if (indices.back() != -1) {
      indices.push_back(-1);
    }
  }
  return indices;
}

// The row-major numbers of all elements that are shown.
Numbers all_shown(const Numbers& shape, bool summarize) {
  Numbers numbers = {0};
  for (const std::int64_t size : shape) {
    Numbers next;
    for (const std::int64_t number : numbers) {
      for (const std::int64_t i : shown(size, summarize)) {
        if (i >= 0) next.push_back(number * size + i);
      }
    }
    numbers = next;
  }
  return numbers;
}

// Each of the values in the one notation that is chosen for the `kept` ones, and the width.
Strings float_texts(const std::vector<double>& values, const Numbers& kept, std::size_t& width) {
  std::vector<double> deciding;
  for (const std::int64_t number : kept) {
    const double value = std::abs(values[static_cast<std::size_t>(number)]);
    if (std::isfinite(value) && value != 0) deciding.push_back(value);
  }
  std::sort(deciding.begin(), deciding.end());
  bool integral = true, scientific = false;
  for (const double value : deciding) integral &= value == std::ceil(value);
  if (!deciding.empty()) {
    const double least = deciding.front(), most = deciding.back();
    scientific = most / least > 1000.0 || most > 1.0e8 || (!integral && least < 1.0e-4);
  }
  const auto text = [=](double value) {
    if (std::isnan(value)) return std::string("nan");
    if (std::isinf(value)) return std::string(value > 0 ? "inf" : "-inf");
    if (scientific) return formatted("%.4e", value);
    return integral ? formatted("%.0f", value) + "." : formatted("%.4f", value);
  };
  Strings texts(values.size());
  width = 1;
  for (const std::int64_t number : kept) {
    const double value = values[static_cast<std::size_t>(number)];
    std::string& own = texts[static_cast<std::size_t>(number)] = text(value);
    if (std::isfinite(value) && value != 0) width = std::max(width, own.size());
  }
  return texts;
}

Strings whole_texts(const Printed& tensor, const Numbers& kept, std::size_t& width) {
  Strings texts(tensor.whole.size());
  width = 1;
  for (const std::int64_t number : kept) {
    const std::int64_t value = tensor.whole[static_cast<std::size_t>(number)];
    std::string& own = texts[static_cast<std::size_t>(number)];
    own = tensor.dtype == "bool" ? (value != 0 ? "True" : "False") : std::to_string(value);
    width = std::max(width, own.size());
  }
  return texts;
}

std::string spaces(std::size_t n) { return std::string(n, ' '); }

// The elements under one index of the first `depth` dimensions.
std::string brackets(const Numbers& shape, std::size_t depth, std::int64_t number,
                     const Strings& texts, std::size_t width, bool summarize) {
  if (depth == shape.size()) {
    const std::string& text = texts[static_cast<std::size_t>(number)];
    return text.size() < width ? spaces(width - text.size()) + text : text;
  }
  const bool last = depth + 1 == shape.size();
  const std::size_t indent = kIndent + depth;
  const std::size_t per_line = last ? std::max<std::size_t>(1, (kLine - indent) / (width + 2)) : 1;
  const std::string newlines(last ? 1 : shape.size() - depth - 1, '\n');
  std::string result = "[";
  std::size_t item = 0;
  for (const std::int64_t i : shown(shape[depth], summarize)) {
    if (item > 0) {
      result += item % per_line == 0 ? "," + newlines + spaces(indent + 1) : ", ";
    }
    result += i >= 0
                  ? brackets(shape, depth + 1, number * shape[depth] + i, texts, width, summarize)
              : last ? " ..."
                     : "...";
    ++item;
  }
  return result + "]";
}

std::string with_suffixes(std::string text, const Strings& suffixes) {
  for (const std::string& suffix : suffixes) {
    const std::size_t newline = text.rfind('\n');
    const std::size_t last = newline == std::string::npos ? text.size() : text.size() - newline - 1;
    const bool fits = last + 2 + suffix.size() + 2 <= kLine;
    text += fits ? ", " + suffix : ",\n" + spaces(kIndent) + suffix;
  }
  return text + ")";
}

}  // namespace

std::string print_slowly(const Printed& tensor) {
  const bool is_float = tensor.dtype == "float32" || tensor.dtype == "float64";
  const std::size_t elements = is_float ? tensor.values.size() : tensor.whole.size();
  Strings suffixes;
  if (elements == 0) {
    std::string size;
    for (const std::int64_t n : tensor.shape)
      size += (size.empty() ? "" : ", ") + std::to_string(n);
    if (tensor.shape.size() != 1) suffixes.push_back("size=(" + size + ")");
    if (tensor.dtype != "float32") suffixes.push_back("dtype=torch." + tensor.dtype);
    return with_suffixes("tensor([]", suffixes);
  }
  const bool summarize = elements > 1000;
  const Numbers kept = all_shown(tensor.shape, summarize);
  std::size_t width = 0;
  const Strings texts =
      is_float ? float_texts(tensor.values, kept, width) : whole_texts(tensor, kept, width);
  if (tensor.dtype == "float64") suffixes.push_back("dtype=torch.float64");
  return with_suffixes("tensor(" + brackets(tensor.shape, 0, 0, texts, width, summarize), suffixes);
}

}  // namespace foundations
