#include "07_train_loop/mistakes/mistakes.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "common/nn/functional.h"
#include "common/tensor/ops.h"

namespace foundations::ch07 {
namespace {

constexpr std::int64_t kSize = 28, kGap = 2, kBeside = 3;

}  // namespace

LongTensor confusion(const Tensor& logits, const LongTensor& targ) {
  const LongTensor said = logits.argmax(1);
  LongTensor counts = zeros<std::int64_t>({logits.size(1), logits.size(1)});
  for (std::int64_t i = 0; i < targ.numel(); ++i) ++counts(targ(i), said(i));
  return counts;
}

std::string confusion_table(const LongTensor& counts) {
  const std::int64_t classes = counts.size(0);
  std::string text = "right    said";
  for (std::int64_t j = 0; j < classes; ++j) text += fmt::format("{:{}}", j, j == 0 ? 2 : 6);
  for (std::int64_t i = 0; i < classes; ++i) {
    text += fmt::format("\n{:5}   ", i);
    for (std::int64_t j = 0; j < classes; ++j) {
      text += counts(i, j) > 0 ? fmt::format("{:6}", counts(i, j)) : "     .";
    }
    const double all = static_cast<double>(counts[i].sum().item());
    if (all > 0) text += fmt::format("  {:5.1f} %", 100 * static_cast<double>(counts(i, i)) / all);
  }
  return text + "\n";
}

std::vector<Mistake> worst_mistakes(const Tensor& logits, const LongTensor& targ,
                                    std::size_t count) {
  const Tensor log_p = log_softmax(logits, 1);
  const LongTensor said = logits.argmax(1);
  std::vector<Mistake> all;
  for (std::int64_t i = 0; i < targ.numel(); ++i) {
    if (said(i) != targ(i)) {
      all.push_back({i, targ(i), said(i), std::exp(double(log_p(i, said(i))))});
    }
  }
  std::ranges::stable_sort(all, {}, [&](const Mistake& m) { return log_p(m.row, m.right); });
  all.resize(std::min(count, all.size()));
  return all;
}

Tensor sheet(const Tensor& images, const std::vector<Mistake>& mistakes, std::int64_t columns) {
  const auto n = static_cast<std::int64_t>(mistakes.size());
  const std::int64_t each = kSize + kGap, rows = (n + columns - 1) / columns;
  Tensor result = zeros(rows * each, columns * each);
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t top = i / columns * each, left = i % columns * each;
    result(Slice(top, top + kSize), Slice(left, left + kSize)) =
        images[mistakes[i].row].view(kSize, kSize);
  }
  return result;
}

std::string pictures(const Tensor& images, const std::vector<Mistake>& mistakes, Style style) {
  const std::int64_t width = (kSize + kGap) * (style == Style::kAscii ? 2 : 1);
  std::string text;
  for (std::size_t i = 0; i < mistakes.size(); i += kBeside) {
    const std::vector<Mistake> beside(mistakes.begin() + i,
                                      mistakes.begin() + std::min(i + kBeside, mistakes.size()));
    std::string line;
    for (const Mistake& m : beside) {
      line += fmt::format(
          "{:<{}}", fmt::format("{}? It is {}. ({:.0f} %)", m.said, m.right, 100 * m.probability),
          width);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n" +
            picture(sheet(images, beside, kBeside), style);
  }
  return text;
}

}  // namespace foundations::ch07
