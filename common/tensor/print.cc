// A tensor becomes text in three steps: `collect` reads the elements to show, `as_texts` writes
// them in one notation chosen for all of them, and `Page` sets them in rows and brackets.
#include "common/tensor/print.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>

#include "common/tensor/layout.h"

namespace foundations {
namespace {

// PyTorch's print options. A tensor of more than kThreshold elements shows kEdgeItems at either end
// of each dimension longer than twice kEdgeItems.
constexpr int kPrecision = 4;  // digits after the point
constexpr std::int64_t kThreshold = 1000;
constexpr std::int64_t kEdgeItems = 3;
constexpr std::int64_t kLineWidth = 80;
constexpr std::int64_t kIndent = 7;  // the width of "tensor("

constexpr std::size_t kNotebookWidth = 79;  // as in IPython

struct TypeNames {
  const char *dtype, *storage;
};
constexpr TypeNames type_names(float) { return {"torch.float32", "torch.FloatStorage"}; }
constexpr TypeNames type_names(double) { return {"torch.float64", "torch.DoubleStorage"}; }
constexpr TypeNames type_names(std::int64_t) { return {"torch.int64", "torch.LongStorage"}; }
constexpr TypeNames type_names(bool) { return {"torch.bool", "torch.BoolStorage"}; }

bool is_cut(std::int64_t size, bool summarize) { return summarize && size > 2 * kEdgeItems; }

// Step 1. Appends to `shown` the elements to show, in row-major order, from dimension d inwards.
template <class T, class Value>
void collect(const T* data, const Layout& layout, std::int64_t d, bool summarize,
             std::vector<Value>& shown) {
  if (d == layout.dim()) {
    shown.push_back(*data);
    return;
  }
  const std::int64_t size = layout.shape[d];
  for (std::int64_t i = 0; i < size; ++i) {
    if (i == kEdgeItems && is_cut(size, summarize)) i = size - kEdgeItems;
    collect(data + i * layout.strides[d], layout, d + 1, summarize, shown);
  }
}

// Step 2. The collected elements, each as text.
struct Texts {
  std::vector<std::string> elements;
  std::size_t width = 1;  // of a column: shorter elements are padded to it on the left
};

// Returns false for zero, infinity and NaN: they have no say in the notation or the width of a
// column.
bool counts(double value) { return value != 0 && std::isfinite(value); }

struct Notation {
  std::chars_format format;
  int precision;
};

Notation choose_notation(const std::vector<double>& values) {
  bool whole = true;
  double smallest = std::numeric_limits<double>::infinity(), largest = 0;
  for (const double value : values) {
    if (!counts(value)) continue;
    whole = whole && value == std::trunc(value);
    smallest = std::min(smallest, std::abs(value));
    largest = std::max(largest, std::abs(value));
  }
  if (largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4) {
    return {std::chars_format::scientific, kPrecision};
  }
  return {std::chars_format::fixed, whole ? 0 : kPrecision};
}

std::string as_text(double value, Notation notation) {
  if (std::isnan(value)) return "nan";  // without the sign that 0 * inf has
  char text[32];  // enough: choose_notation writes nothing above 1e8 in fixed notation
  char* end = std::to_chars(text, std::end(text), value, notation.format, notation.precision).ptr;
  if (notation.precision == 0 && std::isfinite(value)) *end++ = '.';
  return {text, end};
}

template <class Value>
Texts as_texts(const std::vector<Value>& values) {
  Texts texts;
  if constexpr (std::same_as<Value, double>) {
    const Notation notation = choose_notation(values);
    for (const double value : values) {
      texts.elements.push_back(as_text(value, notation));
      if (counts(value)) texts.width = std::max(texts.width, texts.elements.back().size());
    }
  } else {
    for (const Value value : values) {
      texts.elements.push_back(to_string(value));
      texts.width = std::max(texts.width, texts.elements.back().size());
    }
  }
  for (std::string& text : texts.elements) {
    if (text.size() < texts.width) text.insert(0, texts.width - text.size(), ' ');
  }
  return texts;
}

// Step 3. Brackets, commas and new lines around the texts.
class Page {
 public:
  Page(const Shape& shape, bool summarize, const Texts& texts)
      : shape_(shape), summarize_(summarize), texts_(texts) {}

  // Returns everything from dimension d inwards.
  std::string body(std::int64_t d) {
    if (d == shape_.size()) return texts_.elements[next_++];
    const bool cut = is_cut(shape_[d], summarize_), row = d == shape_.size() - 1;
    const std::int64_t items = cut ? 2 * kEdgeItems + 1 : shape_[d];
    std::string text = "[";
    for (std::int64_t item = 0; item < items; ++item) {
      if (item > 0) text += separator(d, item);
      if (cut && item == kEdgeItems) {
        text += row ? " ..." : "...";
      } else {
        text += body(d + 1);
      }
    }
    return text + "]";
  }

 private:
  // Returns what comes before item number `item` of dimension d. A full row continues on the next
  // line; between rows there is one line break, between matrices two, and so on.
  std::string separator(std::int64_t d, std::int64_t item) const {
    const std::int64_t deeper = shape_.size() - 1 - d, indent = kIndent + d;
    const std::int64_t column = texts_.width + 2;
    const std::int64_t per_line = std::max<std::int64_t>(1, (kLineWidth - indent) / column);
    if (deeper == 0 && item % per_line != 0) return ", ";
    std::string text = ",";
    return text.append(std::max<std::int64_t>(1, deeper), '\n').append(indent + 1, ' ');
  }

  const Shape& shape_;
  const bool summarize_;
  const Texts& texts_;
  std::size_t next_ = 0;
};

// Adds ", suffix", on a new line if the last line is too full.
void add_suffix(std::string& text, const std::string& suffix) {
  const std::size_t last_line = text.size() - (text.rfind('\n') + 1);  // npos + 1 is 0
  const bool fits = last_line + 2 + suffix.size() + 2 <= kLineWidth;
  text += fits ? ", " : ",\n";
  text.append(fits ? 0 : kIndent, ' ') += suffix;
}

std::string in_parentheses(const std::vector<std::string>& items, const std::string& separator) {
  std::string text = "(";
  for (const std::string& item : items) {
    if (&item != &items.front()) text += separator;
    text += item;
  }
  return text + (items.size() == 1 ? ",)" : ")");  // (x,) is Python's tuple of one
}

std::string python_tuple(const IntList& values) {
  std::vector<std::string> items;
  for (const std::int64_t value : values) items.push_back(std::to_string(value));
  return in_parentheses(items, ", ");
}

}  // namespace

template <class T>
std::string to_string(const TensorOf<T>& tensor) {
  using Value = std::conditional_t<std::floating_point<T>, double, T>;
  const bool empty = tensor.numel() == 0, summarize = tensor.numel() > kThreshold;
  std::string text = "tensor(";
  if (empty) {
    text += "[]";
    if (tensor.dim() != 1) add_suffix(text, "size=" + python_tuple(tensor.shape()));
  } else {
    std::vector<Value> shown;
    collect(tensor.data(), tensor.layout(), 0, summarize, shown);
    text += Page(tensor.shape(), summarize, as_texts(shown)).body(0);
  }
  // The dtype is named unless the elements tell it, as 1. (float32), 1 and True do.
  if (std::same_as<T, double> || (empty && !std::same_as<T, float>)) {
    add_suffix(text, std::string("dtype=") + type_names(T{}).dtype);
  }
  return text + ")";
}

std::string to_string(const Shape& shape) { return "torch.Size(" + bracketed(shape) + ")"; }

std::string to_string(const Strides& strides) { return python_tuple(strides); }

template <class T>
std::string to_string(const Storage<T>& storage) {
  std::string text;
  for (const T value : storage) {
    text += (text.empty() ? " " : "\n ") + to_string(value);
  }
  if (text.empty()) text = " ";
  return text + "\n[" + type_names(T{}).storage + " of size " + std::to_string(storage.size()) +
         "]";
}

std::string python_repr(double value) {
  if (std::isnan(value)) return "nan";
  const double size = std::abs(value);
  const bool fixed = !counts(value) || (size >= 1e-4 && size < 1e16);
  char text[32];  // the longest is 24: -2.2250738585072014e-308
  const auto format = fixed ? std::chars_format::fixed : std::chars_format::scientific;
  const std::string digits(text, std::to_chars(text, std::end(text), value, format).ptr);
  const bool whole = std::isfinite(value) && value == std::trunc(value);
  return fixed && whole ? digits + ".0" : digits;
}

std::string notebook_tuple(const std::vector<std::string>& items) {
  const std::string line = in_parentheses(items, ", ");
  if (line.size() <= kNotebookWidth && line.find('\n') == std::string::npos) return line;
  std::string text;
  for (const char c : in_parentheses(items, ",\n")) {
    text += c;
    if (c == '\n') text += ' ';  // every line is inside the parenthesis
  }
  return text;
}

template std::string to_string(const TensorOf<float>&);
template std::string to_string(const TensorOf<double>&);
template std::string to_string(const TensorOf<std::int64_t>&);
template std::string to_string(const TensorOf<bool>&);
template std::string to_string(const Storage<float>&);
template std::string to_string(const Storage<double>&);
template std::string to_string(const Storage<std::int64_t>&);
template std::string to_string(const Storage<bool>&);

}  // namespace foundations
