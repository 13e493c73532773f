#include "03_einsum/explained/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "03_einsum/explained/expression.h"
#include "03_einsum/explained/forms.h"

namespace foundations::ch03 {
namespace {

using Words = std::vector<std::string>;

// "a, b and c"
std::string listed(const Words& words) {
  if (words.size() == 1) return words[0];
  return joined({words.begin(), words.end() - 1}, ", ") + " and " + words.back();
}

// "1,234", or "1.2e+30" from 1e15 on.
std::string number_text(double number) {
  if (number >= 1e15) return fmt::format("{:.1e}", number);
  return fmt::format("{}", fmt::group_digits(static_cast<long long>(number)));
}

std::string counted(double number, const std::string& noun) {
  return number_text(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string sizes_text(const Expression& e, const std::string& labels, const char* separator) {
  Words sizes;
  for (const char label : labels) sizes.push_back(std::to_string(e.size(label)));
  return joined(sizes, separator);
}

std::string head(const Expression& e) {
  const Words operands(e.names.begin(), e.names.end() - 1);
  Words shapes;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    shapes.push_back(operands[i] + " " + bracketed(e.shapes[i]));
  }
  return fmt::format("{} = einsum(\"{}\", {})\n{}  ->  {} {}\n", e.result(), e.text,
                     joined(operands, ", "), joined(shapes, ", "), e.result(),
                     bracketed(e.output_shape()));
}

// ---- What each label is

// A row of the table: why, and then what else there is to say.
struct LabelRow {
  std::string name, size, role;
  Words remarks;
};

// Returns the role of a label that these operands have, `unstretched` of them with its full size,
// and the reason.
std::pair<std::string, std::string> role_of(const Expression& e, char label, const Words& owners,
                                            int unstretched) {
  const std::string name = loop_variable(label);
  const bool single = e.shapes.size() == 1;
  if (!contains(e.output, label)) {
    return {"summed", fmt::format("in {}, not in the output: the {} for all {} are added up",
                                  listed(owners), single ? "elements" : "products", name)};
  }
  Words places = owners;
  places.push_back("the output");
  const std::string where = "in " + listed(places);
  if (single) return {"kept", where};
  if (owners.size() > 1) {
    const bool meet = unstretched > 1;
    return {"batch", where + (meet ? ": only elements of the same " + name + " meet" : "")};
  }
  const std::string other = e.names[owners[0] == e.names[0] ? 1 : 0] + " is";
  const std::string others = e.shapes.size() > 2 ? "the others are" : other;
  return {"kept from " + owners[0], where + ": " + others + " used again for each " + name};
}

LabelRow label_row(const Expression& e, char label) {
  const std::string name = loop_variable(label);
  Words owners, remarks;
  int unstretched = 0;
  if (name.size() > 1) remarks.push_back("it is dimension -" + name.substr(1) + " of the ellipsis");
  for (std::size_t i = 0; i < e.operands.size(); ++i) {
    const auto times = std::count(e.operands[i].begin(), e.operands[i].end(), label);
    if (times == 0) continue;
    owners.push_back(e.names[i]);
    unstretched += !e.is_stretched(i, label);
    if (e.is_stretched(i, label)) {
      remarks.push_back(fmt::format(
          "size 1 in {0}, which stretches: {0} is used again for each {1}", e.names[i], name));
    }
    if (times > 1) {
      remarks.push_back(
          fmt::format("{} in {}: only the diagonal is read, where the indices are equal",
                      times == 2 ? "twice" : std::to_string(times) + " times", e.names[i]));
    }
  }
  if (e.size(label) == 0) {
    remarks.push_back(contains(e.output, label) ? "no steps: the output has no elements"
                                                : "no steps: a sum over nothing is 0");
  }
  const auto [role, why] = role_of(e, label, owners, unstretched);
  remarks.insert(remarks.begin(), why);
  return {name, std::to_string(e.size(label)), role, remarks};
}

// Where the output comes from when no `->` says it.
std::string implied_output(const Expression& e) {
  const bool ellipsis = contains(e.output, '0');
  return fmt::format("  no ->, so the output is {}what occurs once, in alphabetical order: {}\n",
                     ellipsis ? "the ellipsis, then " : "",
                     e.output.empty() ? "nothing" : loop_variables(e.output, " "));
}

std::string label_table(const Expression& e) {
  std::string text = "What each label is\n";
  if (e.loops().empty()) text += "  there is none: all operands are scalars\n";
  if (e.text.find("->") == std::string::npos) text += implied_output(e);
  std::vector<LabelRow> rows;
  std::size_t name_width = 0, size_width = 0, role_width = 0;
  for (const char label : e.loops()) {
    const LabelRow& row = rows.emplace_back(label_row(e, label));
    name_width = std::max(name_width, row.name.size());
    size_width = std::max(size_width, row.size.size());
    role_width = std::max(role_width, row.role.size());
  }
  for (const LabelRow& row : rows) {
    std::string begin = fmt::format("  {:{}}  size {:{}}  {:{}}  ", row.name, name_width, row.size,
                                    size_width, row.role, role_width);
    for (const std::string& remark : row.remarks) {
      text += begin + remark + "\n";
      begin.assign(begin.size(), ' ');
    }
  }
  return text;
}

// ---- The loops

// "a[i * 3 + k]": the element of a row-major tensor. A dimension of size 1 has the index 0.
std::string element(const std::string& name, const std::string& labels, const Shape& shape) {
  std::string index;
  for (std::size_t d = 0; d < labels.size(); ++d) {
    const std::int64_t size = shape[static_cast<std::int64_t>(d)];
    if (size == 1) continue;
    if (contains(index, ' ')) index = "(" + index + ")";
    if (!index.empty()) index += fmt::format(" * {} + ", size);
    index += loop_variable(labels[d]);
  }
  return name + "[" + (index.empty() ? "0" : index) + "]";
}

std::string loop_nest(const Expression& e) {
  std::string text = e.loops().empty() ? "No loop" : "einsum is these loops, one for each label";
  if (!e.output.empty() && !e.summed.empty()) text += ", the summed ones inside";
  text += "\n";
  std::string indent = "  ";
  const auto open_loops = [&](const std::string& labels) {
    for (const char label : labels) {
      text += fmt::format("{0}for (int64_t {1} = 0; {1} < {2}; ++{1})\n", indent,
                          loop_variable(label), e.size(label));
      indent += "  ";
    }
  };
  Words factors;
  for (std::size_t i = 0; i < e.operands.size(); ++i) {
    factors.push_back(element(e.names[i], e.operands[i], e.shapes[i]));
  }
  const std::string product = joined(factors, " * ") + ";\n";
  const std::string target = element(e.result(), e.output, e.output_shape()) + " = ";
  open_loops(e.output);
  if (e.summed.empty()) return text + indent + target + product;

  const std::string kept = indent;
  if (!e.output.empty()) text.insert(text.size() - 1, " {");
  text += indent + "float sum = 0;\n";
  open_loops(e.summed);
  text += indent + "sum += " + product + kept + target + "sum;\n";
  return text + (e.output.empty() ? "" : kept.substr(2) + "}\n");
}

// ---- What they cost

// The bytes of the operand that the loops come to: all, or those of a diagonal.
double bytes_read(const Expression& e, std::size_t operand) {
  if (e.count(e.loops()) == 0) return 0;
  std::string read;
  for (const char label : e.operands[operand]) {
    if (!contains(read, label) && !e.is_stretched(operand, label)) read += label;
  }
  return sizeof(float) * e.count(read);
}

std::string costs(const Expression& e) {
  // By the number of operands, without and with a sum.
  constexpr const char* kNouns[3][2] = {
      {"", "addition"}, {"multiplication", "multiply-add"}, {"step", "step"}};
  const std::size_t operands = e.shapes.size();
  const std::string noun = kNouns[std::min<std::size_t>(operands, 3) - 1][!e.summed.empty()];
  const double steps = e.count(e.loops()), written = sizeof(float) * e.count(e.output);

  std::string text = "What the loops cost\n  ";
  text += noun.empty() ? "no arithmetic" : counted(steps, noun);
  if (!noun.empty() && e.loops().size() > 1) text += " = " + sizes_text(e, e.loops(), " * ");
  if (operands > 2) text += fmt::format(", each of {} multiplications", operands - 1);
  if (operands > 2 && !e.summed.empty()) text += " and an addition";

  double bytes = written;
  Words reads;
  for (std::size_t i = 0; i < operands; ++i) {
    reads.push_back(number_text(bytes_read(e, i)) + " of " + e.names[i]);
    bytes += bytes_read(e, i);
  }
  text += fmt::format("\n  {} in float32: {} read, {} of {} written\n", counted(bytes, "byte"),
                      listed(reads), number_text(written), e.result());
  if (noun.empty() || steps == 0) return text;
  return text + fmt::format("  {:.3g} {}s for each byte\n", steps / bytes, noun);
}

// ---- The other forms

std::string broadcasting(const Expression& e) {
  const Step form = broadcast_form(e);
  const bool single = e.shapes.size() == 1;
  std::string text = single ? "The same without a loop\n" : "The same by broadcasting\n";
  text += fmt::format("  {} = {}\n", form.result, form.python());
  if (single && e.summed.empty()) text += "  a view: the same memory, no element copied\n";
  if (single) return text;
  if (form.axes.size() > kMaxDim) {
    return text + fmt::format("  its product has {} dimensions, and a tensor has at most {}\n",
                              form.axes.size(), kMaxDim);
  }
  if (e.summed.empty()) return text;
  return text + fmt::format("  the product to be summed is [{}], for {}: {}\n",
                            sizes_text(e, form.axes, ", "), loop_variables(form.axes, ", "),
                            counted(sizeof(float) * e.count(form.axes), "byte"));
}

std::string step_lines(const Step& step) {
  Words groups;
  const auto add = [&](const char* role, const std::string& labels) {
    if (!labels.empty()) groups.push_back(role + loop_variables(labels, " "));
  };
  add("batch ", step.batch);
  add("left ", step.left);
  add("summed ", step.summed);
  add("right ", step.right);
  return fmt::format("  {} = {}\n    [{}] {} [{}] -> [{}]{}{}\n", step.result, step.python(),
                     step.shapes[0], step.op, step.shapes[1], step.shapes[2],
                     groups.empty() ? "" : "  ", joined(groups, ", "));
}

std::string no_matrix_product(const Expression& e, const Step& step) {
  const bool outer = step.batch.empty() && !step.left.empty() && !step.right.empty();
  const std::string why = !step.summed.empty()
                              ? "inner products, for every label that is kept is in both operands"
                          : outer ? "an outer product, for no sum runs over both operands"
                                  : "element by element, for no sum runs over both operands";
  const bool shown_already = step.python() == broadcast_form(e).python();
  return "\nNo matrix product: " + why + "\n" + (shown_already ? "" : step_lines(step));
}

std::string products(const Expression& e) {
  const std::vector<Step> steps = product_steps(e);
  if (steps.empty()) return "";
  if (steps.size() == 1 && steps[0].op == '*') return no_matrix_product(e, steps[0]);
  if (steps.size() == 1) return "\nThe same as a matrix product\n" + step_lines(steps[0]);
  std::string text = "\nThe same two by two, the smallest product first\n";
  double multiplications = 0;
  for (const Step& step : steps) {
    text += step_lines(step);
    multiplications += step.multiplications;
  }
  const double in_loops = e.count(e.loops()) * static_cast<double>(steps.size());
  return text + fmt::format("  {} in all, where the loops take {}\n",
                            counted(multiplications, "multiplication"), number_text(in_loops));
}

}  // namespace

std::string explain(const std::vector<std::string>& arguments) try {
  if (arguments.empty()) {
    throw ShapeError("give it subscripts and shapes, such as 'ik,kj->ij' 5x784 784x10");
  }
  std::vector<Shape> shapes;
  for (std::size_t i = 1; i < arguments.size(); ++i) shapes.push_back(parse_shape(arguments[i]));
  const bool made_up = shapes.empty();
  const Expression e(arguments[0], made_up ? small_shapes(arguments[0]) : shapes);
  return (made_up ? "No shapes were given; these are made up.\n\n" : "") + head(e) + "\n" +
         label_table(e) + "\n" + loop_nest(e) + "\n" + costs(e) + "\n" + broadcasting(e) +
         products(e);
} catch (const SubscriptError& error) {
  const std::string before(error.position, ' ');
  throw ShapeError(error.reason + "\n  " + arguments[0] + "\n  " + before + "^");
}

}  // namespace foundations::ch03
