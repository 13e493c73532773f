#include "03_einsum/explain_forms.h"

#include <cstddef>
#include <cstdio>

#include "03_einsum/explain_term.h"

namespace foundations::ch03 {
namespace {

std::string parenthesised(const std::string& product, const std::string& after) {
  return after.empty() ? product : "(" + product + ")" + after;
}

// Each is one dimension.
using Groups = std::vector<std::string>;

Groups singles(const std::string& labels) {
  Groups groups;
  for (const char label : labels) groups.emplace_back(1, label);
  return groups;
}

// A factor: a term, and which of its labels have size 1 in it, to be stretched by the other's.
struct Factor {
  Term term;
  std::string stretched;

  double size(const Subscripts& s, const std::string& group) const {
    double size = 1;
    for (const char label : group) {
      if (!contains(stretched, label)) size *= static_cast<double>(s.size(label));
    }
    return size;
  }
};

std::string sizes_text(const Subscripts& s, const Factor& factor, const Groups& groups) {
  std::vector<std::string> sizes;
  for (const std::string& group : groups) {
    char text[32];
    const double size = factor.size(s, group);
    std::snprintf(text, sizeof text, size < 1e15 ? "%.0f" : "%.1e", size);
    sizes.push_back(text);
  }
  return join(sizes, ", ");
}

std::string shape_text(const Subscripts& s, const Factor& factor, const Groups& groups) {
  std::string text = "[";
  return text.append(sizes_text(s, factor, groups)).append("]");
}

// The shape of a factor that is lined up: a group without labels is a dimension of size 1.
Groups lined_up(const std::string& labels, const std::string& order) {
  Groups groups;
  for (const char label : order) {
    const bool has_it = contains(labels, label);
    if (has_it || !groups.empty()) groups.emplace_back(has_it ? 1 : 0, label);
  }
  return groups;
}

// Puts the labels of x and y into the step's groups.
ProductStep grouped(const Factor& x, const Factor& y, const std::string& needed,
                    const std::string& output) {
  ProductStep step{};
  for (const char label : output + x.term.labels + y.term.labels) {
    const bool in_x = contains(x.term.labels, label), in_y = contains(y.term.labels, label);
    if (!in_x && !in_y) continue;
    std::string& group = !in_y                     ? step.left_only
                         : !in_x                   ? step.right_only
                         : contains(needed, label) ? step.batch
                                                   : step.summed;
    if (!contains(group, label)) group += label;
  }
  return step;
}

// The two ways to multiply fill in the step and return the labels of the product, with what
// remains to be done to it as text.
Term elementwise(const Subscripts& s, Factor x, Factor y, const Factor& product,
                 ProductStep& step) {
  step.op = '*';
  std::string kept;  // of the output, what is there by now
  for (const char label : s.output) {
    if (contains(product.term.labels, label)) kept += label;
  }
  const std::string order = common_order({x.term.labels, y.term.labels, kept});
  step.left_shape = shape_text(s, x, lined_up(x.term.labels, order));
  step.right_shape = shape_text(s, y, lined_up(y.term.labels, order));
  step.shape = shape_text(s, product, singles(order));
  x.term.line_up(order);
  y.term.line_up(order);
  step.left = x.term.text;
  step.right = y.term.text;
  Term result{"", order};
  result.sum(step.summed);
  return result;
}

// The factor's text, with a dimension for each group.
std::string as_matrix(const Subscripts& s, Factor factor, const Groups& groups) {
  Term& term = factor.term;
  term.permute(join(groups, ""));
  if (groups != singles(term.labels)) {
    term.text += ".reshape(" + sizes_text(s, factor, groups) + ")";
  }
  return term.text;
}

Term matrix_product(const Subscripts& s, const Factor& x, const Factor& y, const Factor& product,
                    ProductStep& step) {
  step.op = '@';
  Groups left = singles(step.batch), right = left, both = left;
  // A vector stays a vector unless there is a batch: `@` has a meaning for it.
  const bool has_batch = !step.batch.empty();
  if (has_batch || !step.left_only.empty()) {
    left.push_back(step.left_only);
    both.push_back(step.left_only);
  }
  left.push_back(step.summed);
  right.push_back(step.summed);
  if (has_batch || !step.right_only.empty()) {
    right.push_back(step.right_only);
    both.push_back(step.right_only);
  }
  step.left = as_matrix(s, x, left);
  step.right = as_matrix(s, y, right);
  step.left_shape = shape_text(s, x, left);
  step.right_shape = shape_text(s, y, right);
  step.shape = shape_text(s, product, both);
  Term result{"", join(both, "")};
  const Groups apart = singles(result.labels);
  if (both != apart) result.text = ".reshape(" + sizes_text(s, product, apart) + ")";
  return result;
}

// Each operand on its own: its diagonals taken, and summed over what nobody else needs.
std::vector<Factor> prepared_factors(const Expression& e) {
  const Subscripts& s = e.subscripts;
  std::vector<Factor> factors;
  for (std::size_t i = 0; i < s.operands.size(); ++i) {
    Factor factor{{e.names[i], s.operands[i]}, ""};
    factor.term.take_diagonals();
    for (const char label : std::string(factor.term.labels)) {
      if (!e.is_stretched(i, label)) continue;
      if (contains(s.output, label)) {
        factor.stretched += label;
      } else {
        factor.term.squeeze(label);  // `@` does not stretch what it sums
      }
    }
    factors.push_back(factor);
  }
  for (Factor& factor : factors) {
    std::string alone;
    for (const char label : factor.term.labels) {
      bool needed = contains(s.output, label);
      for (const Factor& other : factors) {
        needed |= &other != &factor && contains(other.term.labels, label);
      }
      if (!needed) alone += label;
    }
    factor.term.sum(alone);
  }
  return factors;
}

}  // namespace

double count(const Subscripts& s, const std::string& labels) { return Factor{}.size(s, labels); }

BroadcastForm broadcast_form(const Expression& e) {
  const Subscripts& s = e.subscripts;
  std::vector<Term> terms;
  std::vector<std::string> lists;
  for (std::size_t i = 0; i < s.operands.size(); ++i) {
    terms.push_back({e.names[i], s.operands[i]});
    terms.back().take_diagonals();
    lists.push_back(terms.back().labels);
  }
  lists.push_back(s.output);

  BroadcastForm form;
  form.axes = common_order(lists);
  for (Term& term : terms) {
    term.line_up(form.axes);
    form.factors.push_back(term.text);
  }
  Term product{"", form.axes};
  product.sum(s.summed);
  product.permute(s.output);
  form.after = product.text;
  return form;
}

std::vector<ProductStep> product_steps(const Expression& e) {
  const Subscripts& s = e.subscripts;
  const std::vector<Factor> factors = prepared_factors(e);
  std::vector<ProductStep> steps;
  Factor x = factors[0];
  std::string names = e.names[0];
  for (std::size_t i = 1; i < factors.size(); ++i) {
    const Factor& y = factors[i];
    const bool is_last = i + 1 == factors.size();
    std::string needed = s.output;
    for (std::size_t j = i + 1; j < factors.size(); ++j) needed += factors[j].term.labels;

    ProductStep step = grouped(x, y, needed, s.output);
    Factor product{{"", step.batch + step.left_only + step.right_only}, ""};
    for (const char label : product.term.labels) {
      const bool in_x = contains(x.term.labels, label), in_y = contains(y.term.labels, label);
      if ((!in_x || contains(x.stretched, label)) && (!in_y || contains(y.stretched, label))) {
        product.stretched += label;
      }
    }
    step.multiplications = product.size(s, product.term.labels + step.summed);
    const bool inner = step.left_only.empty() && step.right_only.empty() && !step.batch.empty();
    Term result = step.summed.empty() || inner ? elementwise(s, x, y, product, step)
                                               : matrix_product(s, x, y, product, step);
    if (is_last) result.permute(s.output);
    step.after = result.text;
    names += e.names[i];
    step.result = is_last ? e.result_name() : names;
    x = {{step.result, result.labels}, product.stretched};
    steps.push_back(step);
  }
  return steps;
}

std::string BroadcastForm::text() const {
  const std::string product = join(factors, " * ");
  return factors.size() == 1 ? product + after : parenthesised(product, after);
}

std::string ProductStep::text() const {
  return parenthesised(left + " " + op + " " + right, after);
}

std::string ProductStep::shapes() const {
  return left_shape + " " + op + " " + right_shape + " -> " + shape;
}

}  // namespace foundations::ch03
