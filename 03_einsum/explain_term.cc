#include "03_einsum/explain_term.h"

#include <cstddef>

#include "03_einsum/explain_expression.h"

namespace foundations::ch03 {

bool contains(const std::string& labels, char label) {
  return labels.find(label) != std::string::npos;
}

void Term::take_diagonals() {
  for (std::size_t i = 0; i < labels.size();) {
    const char label = labels[i];
    const std::size_t j = labels.find(label, i + 1);
    if (j == std::string::npos) {
      ++i;
      continue;
    }
    text += i == 0 && j == 1 ? ".diagonal()"
                             : ".diagonal(0, " + std::to_string(i) + ", " + std::to_string(j) + ")";
    labels.erase(j, 1);
    labels.erase(i, 1);
    labels += label;
    i = 0;
  }
}

void Term::squeeze(char label) {
  const std::size_t d = labels.find(label);
  text += ".squeeze(" + std::to_string(d) + ")";
  labels.erase(d, 1);
}

void Term::sum(const std::string& gone) {
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
  labels = kept;
  if (kept.empty()) {
    text += ".sum()";
  } else if (dims.size() == 1) {
    text += ".sum(" + dims[0] + ")";
  } else {
    text += ".sum((" + join(dims, ", ") + "))";
  }
}

void Term::permute(const std::string& order) {
  if (labels == order) return;
  std::vector<std::string> dims;
  for (const char label : order) dims.push_back(std::to_string(labels.find(label)));
  text += dims.size() == 2 ? ".t()" : ".permute(" + join(dims, ", ") + ")";
  labels = order;
}

void Term::line_up(const std::string& order) {
  std::string mine;
  std::vector<std::string> index;
  bool any_none = false;
  for (const char label : order) {
    const bool has_it = contains(labels, label);
    if (has_it) mine += label;
    if (mine.empty()) continue;
    index.push_back(has_it ? ":" : "None");
    any_none |= !has_it;
  }
  permute(mine);
  if (any_none) text.append("[").append(join(index, ",")).append("]");
}

std::string common_order(const std::vector<std::string>& lists) {
  std::string labels;  // the last list's first
  for (auto list = lists.rbegin(); list != lists.rend(); ++list) {
    for (const char label : *list) {
      if (!contains(labels, label)) labels += label;
    }
  }
  // before[i][j]: labels[i] has to come before labels[j], directly or by way of others.
  const std::size_t n = labels.size();
  std::vector<std::vector<bool>> before(n, std::vector<bool>(n));
  for (const std::string& list : lists) {
    for (std::size_t d = 1; d < list.size(); ++d) {
      const std::size_t first = labels.find(list[d - 1]), second = labels.find(list[d]);
      if (before[second][first]) continue;
      for (std::size_t i = 0; i < n; ++i) {
        if (i != first && !before[i][first]) continue;
        for (std::size_t j = 0; j < n; ++j) {
          if (j == second || before[second][j]) before[i][j] = true;
        }
      }
    }
  }
  std::string order;
  const auto may_come_next = [&](std::size_t i) {
    if (contains(order, labels[i])) return false;
    for (std::size_t j = 0; j < n; ++j) {
      if (before[j][i] && !contains(order, labels[j])) return false;
    }
    return true;
  };
  while (order.size() < n) {
    std::size_t i = 0;
    while (!may_come_next(i)) ++i;
    order += labels[i];
  }
  return order;
}

}  // namespace foundations::ch03
