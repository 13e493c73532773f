#include "common/linalg/einsum_order.h"

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <utility>

namespace foundations {
namespace {

// A set of labels: bit i is the i-th of all, of which there are 52 letters and 8 digits at most.
using Labels = std::uint64_t;

class Order {
 public:
  Order(const Subscripts& s, const std::vector<std::string>& operands) {
    all_ = s.output + s.summed;
    for (std::size_t i = 0; i < all_.size(); ++i) sizes_[i] = static_cast<double>(s.size(all_[i]));
    output_ = set_of(s.output);
    for (const std::string& labels : operands) tensors_.push_back(set_of(labels));
    // What one operand alone has, and the output does not, is summed before any product.
    std::vector<Labels> needed;
    for (std::size_t i = 0; i < tensors_.size(); ++i) needed.push_back(needed_beside(i, i));
    for (std::size_t i = 0; i < tensors_.size(); ++i) tensors_[i] &= needed[i];
  }

  std::vector<Contraction> run() {
    std::vector<Contraction> order;
    while (tensors_.size() > 1) {
      const Contraction next = cheapest();
      tensors_[next.left] = product(next);
      tensors_.erase(tensors_.begin() + static_cast<std::ptrdiff_t>(next.right));
      order.push_back(next);
    }
    return order;
  }

 private:
  Labels set_of(const std::string& labels) const {
    Labels set = 0;
    for (const char label : labels) set |= Labels{1} << all_.find(label);
    return set;
  }

  // The labels of the output and of all tensors but these two.
  Labels needed_beside(std::size_t left, std::size_t right) const {
    Labels needed = output_;
    for (std::size_t i = 0; i < tensors_.size(); ++i) {
      if (i != left && i != right) needed |= tensors_[i];
    }
    return needed;
  }

  Labels product(const Contraction& c) const {
    return (tensors_[c.left] | tensors_[c.right]) & needed_beside(c.left, c.right);
  }

  double count(Labels labels) const {
    double product = 1;
    for (; labels != 0; labels &= labels - 1) product *= sizes_[std::countr_zero(labels)];
    return product;
  }

  // Elements of the product, then multiply-adds.
  std::pair<double, double> cost(const Contraction& c) const {
    const Labels kept = product(c);
    const bool fits = std::popcount(kept) <= kMaxDim;
    return {fits ? count(kept) : std::numeric_limits<double>::infinity(),
            count(tensors_[c.left] | tensors_[c.right])};
  }

  Contraction cheapest() const {
    Contraction best{0, 1};
    if (tensors_.size() == 2) return best;
    auto least = cost(best);
    for (std::size_t left = 0; left < tensors_.size(); ++left) {
      for (std::size_t right = left + 1; right < tensors_.size(); ++right) {
        const auto found = cost({left, right});
        if (found < least) best = {left, right}, least = found;
      }
    }
    return best;
  }

  std::string all_;
  std::array<double, 64> sizes_;
  Labels output_;
  std::vector<Labels> tensors_;
};

}  // namespace

std::vector<Contraction> contraction_order(const Subscripts& s,
                                           const std::vector<std::string>& labels) {
  return Order(s, labels).run();
}

}  // namespace foundations
