#include "03_einsum/explain.h"

#include <cstdio>
#include <vector>

#include "03_einsum/explain_forms.h"
#include "03_einsum/explain_labels.h"
#include "03_einsum/explain_loops.h"
#include "03_einsum/explain_term.h"

namespace foundations::ch03 {
namespace {

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

// ---- Costs

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
  if (!noun.empty() && steps > 0) {
    char ratio[32];
    std::snprintf(ratio, sizeof ratio, "%.3g", steps / bytes);
    text += "  " + std::string(ratio) + " " + noun + "s for each byte\n";
  }
  return text;
}

// ---- Other forms

std::string broadcast_section(const Expression& e) {
  const BroadcastForm form = broadcast_form(e);
  const std::string assigned = "  " + e.result_name() + " = ";
  if (e.shapes.size() == 1) {
    return "The same without a loop\n" + assigned + form.text() + "\n" +
           (e.subscripts.summed.empty() ? "  a view: the same memory, no element copied\n" : "");
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
            "], for " + loop_variables(form.axes, ", ") + ": " +
            counted(sizeof(float) * count(e.subscripts, form.axes), "byte") + "\n";
  }
  return text;
}

std::string groups_text(const ProductStep& step) {
  std::vector<std::string> groups;
  const auto add = [&](const char* role, const std::string& labels) {
    if (!labels.empty()) groups.push_back(role + loop_variables(labels, " "));
  };
  add("batch ", step.batch);
  add("left ", step.left_only);
  add("summed ", step.summed);
  add("right ", step.right_only);
  return groups.empty() ? "" : "  " + join(groups, ", ");
}

std::string step_lines(const ProductStep& step) {
  const bool wrapped = !step.after.empty();
  const std::string begin = "  " + step.result + " = " + (wrapped ? "(" : "");
  return product_lines(begin, {step.left, step.right}, step.op) + (wrapped ? ")" : "") +
         step.after + "\n    " + step.shapes() + groups_text(step) + "\n";
}

std::string no_matrix_product(const ProductStep& step) {
  if (!step.summed.empty()) {
    return "No matrix product: inner products, for every label that is kept is in both operands";
  }
  const bool outer = step.batch.empty() && !step.left_only.empty() && !step.right_only.empty();
  return std::string("No matrix product: ") + (outer ? "an outer product" : "element by element") +
         ", for no sum runs over both operands";
}

std::string products_section(const Expression& e) {
  const std::vector<ProductStep> steps = product_steps(e);
  if (steps.empty()) return "";
  if (steps.size() == 1 && steps[0].op == '@') {
    return "\nThe same as a matrix product\n" + step_lines(steps[0]);
  }
  if (steps.size() == 1) {
    const bool shown_above = steps[0].text() == broadcast_form(e).text();
    std::string text = "\n";
    text.append(no_matrix_product(steps[0])).append("\n");
    return shown_above ? text : text + step_lines(steps[0]);
  }
  std::string text = "\nThe same two by two, from the left\n";
  double multiplications = 0;
  for (const ProductStep& step : steps) {
    text += step_lines(step);
    multiplications += step.multiplications;
  }
  const double in_loops = count(e.subscripts, e.loops()) * static_cast<double>(steps.size());
  return text + "  " + counted(multiplications, "multiplication") +
         " in all, where the loops take " + number_text(in_loops) + "\n";
}

std::string loops_title(const Expression& e) {
  if (e.loops().empty()) return "No loop";
  return std::string("einsum is these loops, one for each label") +
         (e.subscripts.summed.empty() || e.subscripts.output.empty() ? ""
                                                                     : ", the summed ones inside");
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

// Lines too long for a page go on in the next, at a space.
std::string folded(const std::string& lines) {
  constexpr std::size_t kColumns = 100;
  std::string text, rest = lines;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    std::size_t cut = end <= kColumns ? end : rest.rfind(' ', kColumns);
    const std::size_t indent = rest.find_first_not_of(' ');
    if (cut != end && (cut == std::string::npos || cut <= indent)) cut = end;
    text.append(rest, 0, cut).append("\n");
    rest.erase(0, cut + 1);
    if (cut != end) rest.insert(0, indent + 4, ' ');
  }
  return text;
}

}  // namespace

std::string explain(const Expression& e) {
  return folded(call(e) + "\n" + shapes_line(e) + "\n\n" + label_table(e)) + "\n" + loops_title(e) +
         "\n" + indented(loop_nest(e)) + "\n" +
         folded(costs_section(e) + "\n" + broadcast_section(e) + products_section(e));
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
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, 1, ',');
  return text;
}

}  // namespace foundations::ch03
