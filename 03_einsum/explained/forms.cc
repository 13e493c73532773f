#include "03_einsum/explained/forms.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/linalg/einsum_order.h"

namespace foundations::ch03 {
namespace {

std::string without(std::string labels, const std::string& gone) {
  std::erase_if(labels, [&](char label) { return contains(gone, label); });
  return labels;
}

std::string shared(const std::string& labels, const std::string& others) {
  return without(labels, without(labels, others));
}

// A tensor in a line of Python: what has been written so far, and what its dimensions are by now.
//
//   Term a{"a", "iij"};
//   a.take_diagonals();  // text is "a.diagonal()", labels "ji"
//   a.sum("i");          // "a.diagonal().sum(1)", "j"
struct Term {
  std::string text, labels;
  std::string ones = "";  // labels of size 1 here, to be stretched by another term's size

  // "0, 2": the dimensions with these labels.
  std::string places(const std::string& some) const {
    std::vector<std::string> dims;
    for (const char label : some) dims.push_back(std::to_string(labels.find(label)));
    return joined(dims, ", ");
  }

  // Makes one of each repeated label. diagonal() puts the dimension that it leaves last.
  void take_diagonals() {
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const char label = labels[i];
      const std::size_t j = labels.find(label, i + 1);
      if (j == std::string::npos) continue;
      text += i == 0 && j == 1 ? ".diagonal()" : fmt::format(".diagonal(0, {}, {})", i, j);
      labels = labels.erase(j, 1).erase(i, 1) + label;
      return take_diagonals();
    }
  }

  // Sums over those of its labels that are among these.
  void sum(const std::string& gone) {
    const std::string summed = shared(labels, gone), dims = places(summed);
    if (summed.empty()) return;
    text += summed == labels     ? ".sum()"
            : summed.size() == 1 ? ".sum(" + dims + ")"
                                 : ".sum((" + dims + "))";
    labels = without(labels, gone);
  }

  void permute(const std::string& order) {
    if (labels == order) return;
    text += order.size() == 2 ? ".t()" : ".permute(" + places(order) + ")";
    labels = order;
  }

  // Puts its dimensions in this order, with None, and ' ' for a label, where it lacks one. Leading
  // ones need no None: shapes line up at their trailing dimensions.
  void line_up(const std::string& order) {
    permute(shared(order, labels));
    std::string lined_up = order.substr(labels.empty() ? order.size() : order.find(labels[0]));
    std::vector<std::string> index;
    for (char& label : lined_up) {
      if (!contains(labels, label)) label = ' ';
      index.push_back(label == ' ' ? "None" : ":");
    }
    if (lined_up != labels) text += fmt::format("[{}]", joined(index, ","));
    labels = lined_up;
  }
};

// Each group of labels is one dimension.
using Groups = std::vector<std::string>;

// The sizes of a term with these dimensions.
std::string sizes_text(const Expression& e, const Term& term, const Groups& groups) {
  std::vector<std::string> sizes;
  for (const std::string& group : groups) {
    sizes.push_back(fmt::format("{:.15g}", e.count(without(group, term.ones))));
  }
  return joined(sizes, ", ");
}

// All labels, in an order that is every list's own. Where lists disagree, the earlier is right;
// where they leave open which label comes next, the last list decides.
std::string common_order(const std::vector<std::string>& lists) {
  std::string rest, order;
  for (const std::string& list : lists) rest = list + without(rest, list);
  while (!rest.empty()) {
    // How many lists, from the first, have the label next or not at all.
    const auto agreeing = [&](char label) {
      return std::find_if(lists.begin(), lists.end(), [&](const std::string& list) {
        return contains(list, label) && shared(list, rest)[0] != label;
      });
    };
    const auto less = [&](char a, char b) { return agreeing(a) < agreeing(b); };
    const auto next = std::max_element(rest.begin(), rest.end(), less);
    order += *next;
    rest.erase(next);
  }
  return order;
}

// Lines the terms up and multiplies them. Returns the product, summed; its text is what is done to
// it.
Term multiply_elements(const Expression& e, std::vector<Term> terms, Term product, Step& step) {
  std::vector<std::string> lists;
  for (const Term& term : terms) lists.push_back(term.labels);
  lists.push_back(shared(e.output, product.labels));
  step.axes = product.labels = common_order(lists);
  for (Term& term : terms) {
    term.line_up(step.axes);
    step.factors.push_back(term.text);
    step.shapes.push_back(sizes_text(e, term, each_alone(term.labels)));
  }
  step.shapes.push_back(sizes_text(e, product, each_alone(step.axes)));
  product.sum(step.summed);
  return product;
}

// The same by '@', with a dimension for each of the step's groups.
Term multiply_matrices(const Expression& e, const Term& x, const Term& y, Term product,
                       Step& step) {
  step.op = '@';
  Groups left = each_alone(step.batch), right = left, both = left;
  // A vector stays a vector unless there is a batch: `@` has a meaning for it.
  const auto keep = [&](Groups& side, const std::string& labels) {
    if (step.batch.empty() && labels.empty()) return;
    side.push_back(labels);
    both.push_back(labels);
  };
  keep(left, step.left);
  left.push_back(step.summed);
  right.push_back(step.summed);
  keep(right, step.right);
  const auto add = [&](Term term, const Groups& groups) {
    term.permute(joined(groups, ""));
    step.shapes.push_back(sizes_text(e, term, groups));
    if (groups != each_alone(term.labels)) term.text += ".reshape(" + step.shapes.back() + ")";
    step.factors.push_back(term.text);
  };
  add(x, left);
  add(y, right);
  step.shapes.push_back(sizes_text(e, product, both));
  const Groups apart = each_alone(product.labels);
  if (both != apart) product.text = ".reshape(" + sizes_text(e, product, apart) + ")";
  return product;
}

// Puts the labels of x and y into the step's groups, and multiplies.
Term multiply(const Expression& e, const Term& x, const Term& y, const std::string& needed,
              Step& step) {
  const std::string all = shared(e.output, x.labels + y.labels) + without(x.labels, e.output) +
                          without(y.labels, e.output + x.labels);
  const std::string in_both = shared(shared(all, x.labels), y.labels);
  step.batch = shared(in_both, needed);
  step.left = without(all, y.labels);
  step.summed = without(in_both, needed);
  step.right = without(all, x.labels);
  const std::string kept = step.batch + step.left + step.right;
  const std::string full = without(x.labels, x.ones) + without(y.labels, y.ones);
  const Term product{"", kept, without(kept, full)};
  step.multiplications = e.count(without(kept + step.summed, product.ones));
  const bool inner_products = !step.batch.empty() && kept == step.batch;
  return step.summed.empty() || inner_products ? multiply_elements(e, {x, y}, product, step)
                                               : multiply_matrices(e, x, y, product, step);
}

// The operands, their diagonals taken.
std::vector<Term> terms_of(const Expression& e) {
  std::vector<Term> terms;
  for (std::size_t i = 0; i < e.operands.size(); ++i) {
    Term& term = terms.emplace_back(Term{e.names[i], e.operands[i]});
    term.take_diagonals();
    for (const char label : term.labels) {
      if (e.is_stretched(i, label)) term.ones += label;
    }
  }
  return terms;
}

// Sums over the labels that neither another operand nor the output needs. A size of 1 that another
// operand would stretch is such a label too: `@` does not stretch what it sums.
void sum_alone(const Expression& e, std::vector<Term>& terms) {
  for (Term& term : terms) term.sum(without(term.ones, e.output));
  for (Term& term : terms) {
    std::string needed = e.output;
    for (const Term& other : terms) needed += &other == &term ? "" : other.labels;
    term.sum(without(term.labels, needed));
  }
}

}  // namespace

std::string Step::python() const {
  const std::string text = joined(factors, {' ', op, ' '});
  return (factors.size() == 1 || after.empty() ? text : "(" + text + ")") + after;
}

Step broadcast_form(const Expression& e) {
  Step form;
  form.result = e.result();
  form.summed = e.summed;
  Term product = multiply_elements(e, terms_of(e), {"", e.output}, form);
  product.permute(e.output);
  form.after = product.text;
  return form;
}

std::vector<Step> product_steps(const Expression& e) {
  std::vector<Term> terms = terms_of(e);
  sum_alone(e, terms);
  std::vector<std::string> names = e.names, labels;
  for (const Term& term : terms) labels.push_back(without(term.labels, term.ones));
  std::vector<Step> steps;
  for (const auto& [left, right] : contraction_order(e, labels)) {
    const bool is_last = terms.size() == 2;
    std::string needed = e.output;
    for (std::size_t i = 0; i < terms.size(); ++i) {
      if (i != left && i != right) needed += terms[i].labels;
    }
    Step& step = steps.emplace_back();
    Term product = multiply(e, terms[left], terms[right], needed, step);
    if (is_last) product.permute(e.output);
    names[left] += names[right];
    step.result = is_last ? e.result() : names[left];
    step.after = product.text;
    terms[left] = {step.result, product.labels, product.ones};
    terms.erase(terms.begin() + static_cast<std::ptrdiff_t>(right));
    names.erase(names.begin() + static_cast<std::ptrdiff_t>(right));
  }
  return steps;
}

}  // namespace foundations::ch03
