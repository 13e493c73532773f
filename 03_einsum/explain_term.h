// A tensor in a line of Python: what has been written so far, and what its dimensions are by now.
//
//   Term a{"a", "iij"};
//   a.take_diagonals();  // a.text is "a.diagonal()", a.labels "ji"
//   a.sum("i");          // "a.diagonal().sum(1)", "j"
#pragma once

#include <string>
#include <vector>

namespace foundations::ch03 {

bool contains(const std::string& labels, char label);

struct Term {
  std::string text, labels;

  // Repeated labels become one. diagonal() puts the dimension that it leaves last.
  void take_diagonals();
  void squeeze(char label);
  // Over those of its labels that are among these.
  void sum(const std::string& gone);
  void permute(const std::string& order);
  // Its dimensions in this order, with None for the labels it has not. Leading ones need no None:
  // shapes line up at their trailing dimensions.
  void line_up(const std::string& order);
};

// All labels, in an order that agrees with every list's own where the lists agree with one another;
// where they do not, the earlier list is right. Where it is still open which comes first, the last
// list decides.
std::string common_order(const std::vector<std::string>& lists);

}  // namespace foundations::ch03
