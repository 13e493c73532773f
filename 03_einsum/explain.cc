#include "03_einsum/explain.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "03_einsum/explain_forms.h"
#include "03_einsum/explain_loops.h"

namespace foundations::ch03 {
namespace {

bool contains(const std::string& labels, char label) {
  return labels.find(label) != std::string::npos;
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, text.size()), ' ');
}

std::string call(const Expression& e) {
  const std::vector<std::string> operands(e.names.begin(), e.names.end() - 1);
  return e.result_name() + " = einsum(\"" + e.text + "\", " + join(operands, ", ") + ")";
}

std::string shapes_line(const Expression& e) {
  std::vector<std::string> operands;
  for (std::size_t i = 0; i < e.shapes.size(); ++i) {
    operands.push_back(e.names[i] + " " + bracketed(e.shapes[i]));
  }
  return join(operands, ", ") + "  ->  " + e.result_name() + " " +
         bracketed(e.subscripts.output_shape());
}

std::string counted(double number, const std::string& noun) {
  return number_text(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string names_text(const std::string& labels, std::string_view separator) {
  std::vector<std::string> names;
  for (const char label : labels) names.push_back(loop_variable(label));
  return join(names, separator);
}

// ---- Labels
// --------------------------------------------------------------------------------------

// A row of the table of labels: one reason, and then what else there is to say.
struct LabelRow {
  std::string name, size, role;
  std::vector<std::string> reasons;
};

LabelRow label_row(const Expression& e, char label) {
  const Subscripts& s = e.subscripts;
  const std::string name = loop_variable(label);
  const bool kept = contains(s.output, label);
  std::vector<std::string> owners, more;
  if (name.size() > 1) more.push_back("it is dimension -" + name.substr(1) + " of the ellipsis");
  for (std::size_t i = 0; i < s.operands.size(); ++i) {
    if (e.is_stretched(i, label)) {
      more.push_back("size 1 in " + e.names[i] + ", which stretches: " + e.names[i] +
                     " is used again for each " + name);
    } else if (contains(s.operands[i], label)) {
      owners.push_back(e.names[i]);
    }
    if (std::count(s.operands[i].begin(), s.operands[i].end(), label) > 1) {
      more.push_back("more than once in " + e.names[i] + ": only its diagonal is read");
    }
  }
  if (s.size(label) == 0) {
    more.push_back(kept ? "no steps: the output has no elements"
                        : "no steps: a sum over nothing is 0");
  }

  const bool one_operand = s.operands.size() == 1, one_owner = owners.size() == 1;
  std::string role, reason;
  if (!kept) {
    role = "summed";
    reason = "in " + join(owners, ", ", " and ") + ", not in the output: the " +
             (one_operand ? "elements" : "products") + " for all " + name + " are added up";
  } else if (one_operand) {
    role = "kept";
    reason = "in " + owners[0] + " and in the output";
  } else if (one_owner) {
    role = "kept from " + owners[0];
    const std::string others = s.operands.size() > 2     ? "the others are"
                               : owners[0] == e.names[0] ? e.names[1] + " is"
                                                         : e.names[0] + " is";
    reason = "in " + owners[0] + " and in the output: " + others + " used again for each " + name;
  } else {
    role = "batch";
    owners.push_back("in the output");
    reason = "in " + join(owners, ", ", " and ") + ": only elements of the same " + name + " meet";
  }
  more.insert(more.begin(), reason);
  return {name, std::to_string(s.size(label)), role, more};
}

std::string labels_section(const Expression& e) {
  const std::string labels = e.loops();
  std::string text = "What each label is\n";
  if (labels.empty()) text += "  there are none: all operands are scalars\n";
  if (e.text.find("->") == std::string::npos) {
    text += "  without -> the output is what occurs once, in alphabetical order: " +
            (e.subscripts.output.empty() ? "nothing" : names_text(e.subscripts.output, "")) + "\n";
  }
  std::vector<LabelRow> rows;
  std::size_t size_width = 0, role_width = 0;
  for (const char label : labels) {
    rows.push_back(label_row(e, label));
    size_width = std::max(size_width, rows.back().size.size());
    role_width = std::max(role_width, rows.back().role.size());
  }
  for (const LabelRow& row : rows) {
    std::string begin = "  " + padded(row.name, 2) + " size " + padded(row.size, size_width) +
                        "  " + padded(row.role, role_width) + "  ";
    for (const std::string& reason : row.reasons) {
      text += begin + reason + "\n";
      begin = std::string(begin.size(), ' ');
    }
  }
  return text;
}

// ---- Costs
// ---------------------------------------------------------------------------------------

// "2 * 3 * 4": the sizes of these labels.
std::string sizes_text(const Subscripts& s, const std::string& labels, std::string_view separator) {
  std::vector<std::string> sizes;
  for (const char label : labels) sizes.push_back(std::to_string(s.size(label)));
  return join(sizes, separator);
}

// The elements of the operand that the loops come to: all, or those of a diagonal.
double elements_read(const Expression& e, std::size_t operand) {
  double elements = 1;
  std::string seen;
  for (const char label : e.subscripts.operands[operand]) {
    if (contains(seen, label) || e.is_stretched(operand, label)) continue;
    seen += label;
    elements *= static_cast<double>(e.subscripts.size(label));
  }
  return elements;
}

std::string arithmetic(const Expression& e) {
  const std::size_t operands = e.shapes.size();
  const bool sums = !e.subscripts.summed.empty();
  if (operands == 1) return sums ? "addition" : "";
  if (operands == 2) return sums ? "multiply-add" : "multiplication";
  return "step";
}

std::string costs_section(const Expression& e) {
  const Subscripts& s = e.subscripts;
  const double steps = count(s, e.loops());
  const std::string noun = arithmetic(e);
  std::string text = "What the loops cost\n";
  if (noun.empty()) {
    text += "  no arithmetic\n";
  } else {
    text += "  " + counted(steps, noun);
    if (e.loops().size() > 1) text += " = " + sizes_text(s, e.loops(), " * ");
    if (noun == "step") {
      text += ", each of " + counted(static_cast<double>(e.shapes.size() - 1), "multiplication") +
              (s.summed.empty() ? "" : " and an addition");
    }
    text += "\n";
  }
  constexpr double kBytes = sizeof(float);
  double bytes = kBytes * count(s, s.output);
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < e.shapes.size(); ++i) {
    const double read = steps == 0 ? 0 : kBytes * elements_read(e, i);
    parts.push_back(number_text(read) + " of " + e.names[i]);
    bytes += read;
  }
  text += "  " + counted(bytes, "byte") + " in float32: " + join(parts, ", ", " and ") + " read, " +
          number_text(kBytes * count(s, s.output)) + " of " + e.result_name() + " written\n";
  if (!noun.empty() && bytes > 0) {
    char ratio[32];
    std::snprintf(ratio, sizeof ratio, "%.3g", steps / bytes);
    text += "  " + std::string(ratio) + " " + noun + "s for each byte\n";
  }
  return text;
}

// ---- Other forms
// ---------------------------------------------------------------------------------

std::string broadcast_section(const Expression& e) {
  const BroadcastForm form = broadcast_form(e);
  const std::string assigned = "  " + e.result_name() + " = ";
  if (e.shapes.size() == 1) {
    return "The same without a loop\n" + assigned + form.text + "\n" +
           (e.subscripts.summed.empty()
                ? "  a view: other strides, the same memory, no element copied\n"
                : "");
  }
  const bool wrapped = !form.after.empty();
  std::string text = "The same by broadcasting\n" +
                     product_lines(assigned + (wrapped ? "(" : ""), form.factors) +
                     (wrapped ? ")" : "") + form.after + "\n";
  if (form.axes.size() > kMaxDim) {
    return text + "  its product has " + std::to_string(form.axes.size()) +
           " dimensions, and a tensor has at most " + std::to_string(kMaxDim) + "\n";
  }
  if (!e.subscripts.summed.empty()) {
    text += "  the product to be summed is [" + sizes_text(e.subscripts, form.axes, ", ") +
            "], for " + names_text(form.axes, ", ") + ": " +
            counted(sizeof(float) * count(e.subscripts, form.axes), "byte") + "\n";
  }
  return text;
}

std::string groups_text(const ProductStep& step) {
  std::vector<std::string> groups;
  const auto add = [&](const char* role, const std::string& labels) {
    if (!labels.empty()) groups.push_back(role + names_text(labels, " "));
  };
  add("batch ", step.batch);
  add("left ", step.left_only);
  add("summed ", step.summed);
  add("right ", step.right_only);
  return join(groups, ", ");
}

std::string products_section(const Expression& e) {
  const std::vector<ProductStep> steps = product_steps(e);
  if (steps.empty()) return "";
  std::string text = steps.size() > 1     ? "The same two by two, from the left\n"
                     : steps[0].op == '@' ? "The same as a matrix product\n"
                                          : "No matrix product: no label of both is summed\n";
  double multiply_adds = 0;
  for (const ProductStep& step : steps) {
    text += "  " + step.result + " = " + step.text() + "\n    " + step.shapes() + "  " +
            groups_text(step) + "\n";
    multiply_adds += step.multiply_adds;
  }
  if (steps.size() > 1) {
    text += "  " + counted(multiply_adds, "multiply-add") + ", where the loops take " +
            counted(count(e.subscripts, e.loops()), "step") + "\n";
  }
  return text;
}

std::string indented(const std::string& lines) {
  std::string text;
  bool at_start = true;
  for (const char c : lines) {
    if (at_start) text += "  ";
    text += c;
    at_start = c == '\n';
  }
  return text;
}

}  // namespace

std::string explain(const Expression& e) {
  const std::string products = products_section(e);
  return call(e) + "\n" + shapes_line(e) + "\n\n" + labels_section(e) + "\nThe loop nest\n" +
         indented(loop_nest(e)) + "\n" + costs_section(e) + "\n" + broadcast_section(e) +
         (products.empty() ? "" : "\n" + products);
}

std::string pointed_out(std::string_view subscripts, const SubscriptError& error) {
  return error.reason + "\n  " + std::string(subscripts) + "\n  " +
         std::string(error.position, ' ') + "^\n";
}

std::string number_text(double number) {
  char digits[32];
  if (number >= 1e15) {
    std::snprintf(digits, sizeof digits, "%.1e", number);
    return digits;
  }
  std::snprintf(digits, sizeof digits, "%.0f", number);
  std::string text = digits;
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

}  // namespace foundations::ch03
