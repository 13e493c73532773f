#include "03_einsum/explain_labels.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <vector>

#include "03_einsum/explain_term.h"

namespace foundations::ch03 {
namespace {

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, text.size()), ' ');
}

// A row of the table: why, and then what else there is to say.
struct LabelRow {
  std::string name, size, role;
  std::vector<std::string> remarks;
};

// Why a label is what it is.
std::string reason(const Expression& e, char label, std::vector<std::string> owners,
                   std::size_t stretched) {
  const std::string name = loop_variable(label);
  if (!contains(e.subscripts.output, label)) {
    return "in " + join(owners, ", ", " and ") + ", not in the output: the " +
           (e.shapes.size() == 1 ? "elements" : "products") + " for all " + name + " are added up";
  }
  const std::string owner = owners[0];
  const std::size_t count = owners.size();
  owners.push_back("the output");
  const std::string where = "in " + join(owners, ", ", " and ");
  if (e.shapes.size() == 1) return where;
  if (count - stretched > 1) return where + ": only elements of the same " + name + " meet";
  if (count > 1) return where;
  const std::string others = e.shapes.size() > 2   ? "the others are"
                             : owner == e.names[0] ? e.names[1] + " is"
                                                   : e.names[0] + " is";
  return where + ": " + others + " used again for each " + name;
}

LabelRow label_row(const Expression& e, char label) {
  const Subscripts& s = e.subscripts;
  const std::string name = loop_variable(label);
  const bool kept = contains(s.output, label);
  std::vector<std::string> owners, more;
  std::size_t stretched = 0;
  if (name.size() > 1) more.push_back("it is dimension -" + name.substr(1) + " of the ellipsis");
  for (std::size_t i = 0; i < s.operands.size(); ++i) {
    const auto times = std::count(s.operands[i].begin(), s.operands[i].end(), label);
    if (times == 0) continue;
    const std::string& owner = e.names[i];
    owners.push_back(owner);
    if (e.is_stretched(i, label)) {
      ++stretched;
      more.push_back("size 1 in " + owner + ", which stretches: " + owner +
                     " is used again for each " + name);
    }
    if (times > 1) {
      more.push_back((times == 2 ? "twice" : std::to_string(times) + " times") + " in " + owner +
                     ": only the diagonal is read, where the indices are equal");
    }
  }
  if (s.size(label) == 0) {
    more.push_back(kept ? "no steps: the output has no elements"
                        : "no steps: a sum over nothing is 0");
  }
  const std::string role = !kept                  ? "summed"
                           : e.shapes.size() == 1 ? "kept"
                           : owners.size() == 1   ? "kept from " + owners[0]
                                                  : "batch";
  more.insert(more.begin(), reason(e, label, owners, stretched));
  return {name, std::to_string(s.size(label)), role, more};
}

// Where the output comes from when no `->` says it.
std::string implied_output(const Subscripts& s) {
  const bool ellipsis = !s.output.empty() && !std::isalpha(static_cast<unsigned char>(s.output[0]));
  std::string text = "no ->, so the output is ";
  if (ellipsis) text += "the ellipsis, then ";
  text += "what occurs once, in alphabetical order: ";
  return text + (s.output.empty() ? "nothing" : loop_variables(s.output, " "));
}

}  // namespace

std::string label_table(const Expression& e) {
  const std::string labels = e.loops();
  std::string text = "What each label is\n";
  if (labels.empty()) text += "  there is none: all operands are scalars\n";
  if (e.text.find("->") == std::string::npos) text += "  " + implied_output(e.subscripts) + "\n";
  std::vector<LabelRow> rows;
  std::size_t name_width = 0, size_width = 0, role_width = 0;
  for (const char label : labels) {
    rows.push_back(label_row(e, label));
    name_width = std::max(name_width, rows.back().name.size());
    size_width = std::max(size_width, rows.back().size.size());
    role_width = std::max(role_width, rows.back().role.size());
  }
  for (const LabelRow& row : rows) {
    std::string begin = "  " + padded(row.name, name_width) + "  size " +
                        padded(row.size, size_width) + "  " + padded(row.role, role_width) + "  ";
    for (const std::string& remark : row.remarks) {
      text += begin + remark + "\n";
      begin = std::string(begin.size(), ' ');
    }
  }
  return text;
}

}  // namespace foundations::ch03
