#include "03_einsum/explain_forms.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <utility>

namespace foundations::ch03 {
namespace {

bool contains(const std::string& labels, char label) {
  return labels.find(label) != std::string::npos;
}

// A tensor on its way: what has been written so far, and the labels that its dimensions have now.
struct Term {
  std::string text, labels;

  // Repeated labels become one. diagonal() puts the dimension it leaves last.
  void take_diagonals() {
    for (std::size_t i = 0; i < labels.size();) {
      const char label = labels[i];
      const std::size_t j = labels.find(label, i + 1);
      if (j == std::string::npos) {
        ++i;
        continue;
      }
      text += i == 0 && j == 1
                  ? ".diagonal()"
                  : ".diagonal(0, " + std::to_string(i) + ", " + std::to_string(j) + ")";
      labels.erase(j, 1);
      labels.erase(i, 1);
      labels += label;
      i = 0;
    }
  }

  void squeeze(char label) {
    const std::size_t d = labels.find(label);
    text += ".squeeze(" + std::to_string(d) + ")";
    labels.erase(d, 1);
  }

  void sum(const std::string& gone) {
    std::vector<std::string> dims;
    std::string kept;
    for (std::size_t d = 0; d < labels.size(); ++d) {
      if (contains(gone, labels[d])) {
        dims.push_back(std::to_string(d));
      } else {
        kept += labels[d];
      }
    }
    if (dims.empty()) return;
    const std::string list = join(dims, ", ");
    text += kept.empty() ? ".sum()" : ".sum(" + (dims.size() > 1 ? "(" + list + ")" : list) + ")";
    labels = kept;
  }

  void permute(const std::string& order) {
    if (labels == order) return;
    std::vector<std::string> dims;
    for (const char label : order) dims.push_back(std::to_string(labels.find(label)));
    text += dims.size() == 2 ? ".t()" : ".permute(" + join(dims, ", ") + ")";
    labels = order;
  }

  // Its dimensions in this order, with None for the labels it has not. Leading ones need no None:
  // shapes line up at their trailing dimensions.
  void line_up(const std::string& order) {
    std::string mine, index;
    for (const char label : order) {
      const bool has_it = contains(labels, label);
      if (has_it) mine += label;
      if (!mine.empty()) index += has_it ? ",:" : ",None";
    }
    permute(mine);
    if (contains(index, 'N')) text += "[" + index.substr(1) + "]";
  }
};

// All labels, in an order that agrees with every list's own where the lists agree with one another;
// where they do not, the earlier list is right. Among what may come next, the last list decides.
std::string common_order(const std::vector<std::string>& lists) {
  std::string labels;
  for (auto list = lists.rbegin(); list != lists.rend(); ++list) {
    for (const char label : *list) {
      if (!contains(labels, label)) labels += label;
    }
  }
  const std::size_t n = labels.size();
  std::vector<std::vector<bool>> before(n, std::vector<bool>(n));
  for (const std::string& list : lists) {
    for (std::size_t d = 1; d < list.size(); ++d) {
      const std::size_t first = labels.find(list[d - 1]), second = labels.find(list[d]);
      if (first == second || before[second][first]) continue;
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
          if ((i == first || before[i][first]) && (j == second || before[second][j])) {
            before[i][j] = true;
          }
        }
      }
    }
  }
  std::string order;
  while (order.size() < n) {
    for (std::size_t i = 0; i < n; ++i) {
      bool next = !contains(order, labels[i]);
      for (std::size_t j = 0; j < n; ++j) next &= !before[j][i] || contains(order, labels[j]);
      if (!next) continue;
      order += labels[i];
      break;
    }
  }
  return order;
}

std::string parenthesised(const std::string& product, const std::string& after) {
  return after.empty() ? product : "(" + product + ")" + after;
}

// What ProductStep is made of: groups of labels, and the text of sizes.
class Pairing {
 public:
  Pairing(const Expression& e, const Term& x, const Term& y, const std::string& needed)
      : s_(e.subscripts), x_(x), y_(y) {
    const std::string& output = s_.output;
    for (const char label : output + x.labels + y.labels) {
      const bool in_x = contains(x.labels, label), in_y = contains(y.labels, label);
      std::string& group = in_x && in_y ? (contains(needed, label) ? step_.batch : step_.summed)
                           : in_x       ? step_.left_only
                                        : step_.right_only;
      if ((in_x || in_y) && !contains(group, label)) group += label;
    }
    step_.multiply_adds =
        count(s_, step_.batch + step_.left_only + step_.summed + step_.right_only);
  }

  // Leaves the step's result in `x`, under its name.
  ProductStep step(const std::string& name, bool is_last, Term& x) {
    step_.result = name;
    Term product = step_.summed.empty() ? elementwise() : matrix_product();
    if (is_last) product.permute(s_.output);
    step_.after = product.text;
    x = {name, product.labels};
    return step_;
  }

 private:
  using Groups = std::vector<std::string>;  // each is one dimension

  // The product in a term whose text is what remains to be done.
  Term elementwise() {
    step_.op = '*';
    std::string kept;  // without what only later operands have
    for (const char label : s_.output) {
      if (contains(x_.labels + y_.labels, label)) kept += label;
    }
    const std::string order = common_order({x_.labels, y_.labels, kept});
    step_.left_shape = lined_up_shape(x_.labels, order);
    step_.right_shape = lined_up_shape(y_.labels, order);
    step_.product = lined_up_shape(order, order);
    x_.line_up(order);
    y_.line_up(order);
    step_.left = x_.text;
    step_.right = y_.text;
    return {"", order};
  }

  Term matrix_product() {
    step_.op = '@';
    Groups left = singles(step_.batch), right = left, product = left;
    // Vectors stay vectors unless there is a batch: @ has a meaning for them.
    const auto add = [&](Groups& groups, const std::string& labels, bool may_be_absent) {
      if (!labels.empty() || !may_be_absent) groups.push_back(labels);
    };
    const bool no_batch = step_.batch.empty();
    add(left, step_.left_only, no_batch);
    left.push_back(step_.summed);
    right.push_back(step_.summed);
    add(right, step_.right_only, no_batch);
    add(product, step_.left_only, no_batch);
    add(product, step_.right_only, no_batch);
    step_.left = as_matrix(x_, left);
    step_.right = as_matrix(y_, right);
    step_.left_shape = shape_text(left);
    step_.right_shape = shape_text(right);
    step_.product = shape_text(product);
    const std::string labels = join(product, "");
    Term result{"", labels};
    if (product != singles(labels)) result.text = ".reshape(" + sizes_text(singles(labels)) + ")";
    return result;
  }

  std::string as_matrix(Term term, const Groups& groups) const {
    term.permute(join(groups, ""));
    if (groups != singles(term.labels)) term.text += ".reshape(" + sizes_text(groups) + ")";
    return term.text;
  }

  static Groups singles(const std::string& labels) {
    Groups groups;
    for (const char label : labels) groups.emplace_back(1, label);
    return groups;
  }

  std::string size_text(const std::string& group) const {
    if (group.size() == 1) return std::to_string(s_.size(group[0]));
    const double size = count(s_, group);
    char text[32];
    std::snprintf(text, sizeof text, size < 1e15 ? "%.0f" : "%.1e", size);
    return text;
  }

  std::string sizes_text(const Groups& groups) const {
    std::vector<std::string> sizes;
    for (const std::string& group : groups) sizes.push_back(size_text(group));
    return join(sizes, ", ");
  }

  std::string shape_text(const Groups& groups) const { return "[" + sizes_text(groups) + "]"; }

  std::string lined_up_shape(const std::string& labels, const std::string& order) const {
    Groups groups;
    for (const char label : order) {
      const bool has_it = contains(labels, label);
      if (has_it || !groups.empty()) groups.emplace_back(has_it, label);
    }
    return shape_text(groups);
  }

  const Subscripts& s_;
  Term x_, y_;
  ProductStep step_;
};

}  // namespace

double count(const Subscripts& s, const std::string& labels) {
  double product = 1;
  for (const char label : labels) product *= static_cast<double>(s.size(label));
  return product;
}

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
  const std::string factors = join(form.factors, " * ");
  form.text = terms.size() == 1 ? factors + form.after : parenthesised(factors, form.after);
  return form;
}

std::vector<ProductStep> product_steps(const Expression& e) {
  const Subscripts& s = e.subscripts;
  std::vector<Term> terms;
  for (std::size_t i = 0; i < s.operands.size(); ++i) {
    terms.push_back({e.names[i], s.operands[i]});
    terms.back().take_diagonals();
    for (const char label : std::string(terms.back().labels)) {
      if (e.is_stretched(i, label)) terms.back().squeeze(label);
    }
  }
  // What another operand or the output needs.
  const auto needed_after = [&](std::size_t first, std::size_t except) {
    std::string labels = s.output;
    for (std::size_t i = first; i < terms.size(); ++i) {
      if (i != except) labels += terms[i].labels;
    }
    return labels;
  };
  for (std::size_t i = 0; i < terms.size(); ++i) {
    std::string alone;
    const std::string needed = needed_after(0, i);
    for (const char label : terms[i].labels) {
      if (!contains(needed, label)) alone += label;
    }
    terms[i].sum(alone);
  }

  std::vector<ProductStep> steps;
  Term x = terms[0];
  std::string names = e.names[0];
  for (std::size_t i = 1; i < terms.size(); ++i) {
    names += e.names[i];
    const bool is_last = i + 1 == terms.size();
    Pairing pairing(e, x, terms[i], needed_after(i + 1, terms.size()));
    steps.push_back(pairing.step(is_last ? e.result_name() : names, is_last, x));
  }
  return steps;
}

std::string ProductStep::text() const {
  return parenthesised(left + " " + op + " " + right, after);
}

std::string ProductStep::shapes() const {
  return left_shape + " " + op + " " + right_shape + " -> " + product;
}

}  // namespace foundations::ch03
