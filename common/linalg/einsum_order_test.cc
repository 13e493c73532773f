#include "common/linalg/einsum_order.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace foundations {
namespace {

// What an operand's dimensions are called, without those of size 1.
std::vector<std::string> labels_of(const Subscripts& s, const std::vector<Shape>& shapes) {
  std::vector<std::string> labels = s.operands;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (std::int64_t d = shapes[i].size() - 1; d >= 0; --d) {
      const std::size_t at = static_cast<std::size_t>(d);
      if (shapes[i][d] == 1 || labels[i].find(labels[i][at]) < at) labels[i].erase(at, 1);
    }
  }
  return labels;
}

using Order = std::vector<Contraction>;

Order order_of(const std::string& subscripts, const std::vector<Shape>& shapes) {
  const Subscripts s = parse_subscripts(subscripts, shapes);
  return contraction_order(s, labels_of(s, shapes));
}

struct Row {
  std::string subscripts;
  std::vector<Shape> shapes;
  Order order;
};

const Order kLeft = {{0, 1}, {0, 1}}, kRight = {{1, 2}, {0, 1}}, kEnds = {{0, 2}, {0, 1}};

const Row kRows[] = {
    {"i", {{3}}, {}},
    {"ij,jk->ik", {{2, 3}, {3, 4}}, {{0, 1}}},
    // Chains: the smaller tensor in between ...
    {"ij,jk,kl->il", {{10, 1000}, {1000, 20}, {20, 500}}, kLeft},
    {"ij,jk,kl->il", {{500, 20}, {20, 1000}, {1000, 10}}, kRight},
    {"ij,jk,kl->il", {{2, 1000}, {1000, 1000}, {1000, 600}}, kLeft},
    // ... even where it takes more multiply-adds: x.t() @ x, and not x @ v, first,
    {"ia,ib,b->a", {{200, 10}, {200, 10}, {10}}, kLeft},
    // ... of two equal ones that of fewer multiply-adds, and if these are equal too the left one.
    {"ij,jk,kl->il", {{30, 900}, {900, 30}, {30, 1}}, kRight},
    {"ij,jk,kl->il", {{32, 64}, {64, 32}, {32, 16}}, kRight},
    {"ij,jk,kl->il", {{7, 7}, {7, 7}, {7, 7}}, kLeft},
    {"i,i,i->i", {{7}, {7}, {7}}, kLeft},
    {"ij,jk,k->i", {{100, 100}, {100, 100}, {100}}, kRight},
    // No outer product where another pair has a sum.
    {"i,j,ij->", {{9}, {9}, {9, 9}}, kEnds},
    {"ij,kl,jk->il", {{5, 6}, {7, 8}, {6, 7}}, kEnds},
    // A size of 1 stretches: the label is not there. One that nobody else has is summed first.
    {"ij,jk,kl->il", {{9, 1}, {9, 9}, {9, 2}}, kRight},
    {"ai,ij,jk->k", {{9999, 6}, {6, 7}, {7, 8}}, kLeft},
    // Sizes of 0.
    {"ij,jk,kl->il", {{2, 3}, {3, 0}, {0, 5}}, kLeft},
    // Scalars.
    {",i,->i", {{}, {3}, {}}, kEnds},
    // At most eight dimensions, if there is a way: from the left it would be nine.
    {"abc,def,ghi,adg,beh,cf,i->",
     {{2, 2, 2}, {2, 2, 2}, {2, 2, 2}, {2, 2, 2}, {2, 2, 2}, {2, 2}, {2}},
     {{2, 6}, {0, 5}, {2, 3}, {0, 1}, {0, 1}, {0, 1}}},
};

TEST(ContractionOrder, TakesTheSmallestProductFirst) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.subscripts);
    const Order got = order_of(row.subscripts, row.shapes);
    std::string text;
    for (const auto& [left, right] : got) {
      text += "{" + std::to_string(left) + ", " + std::to_string(right) + "} ";
    }
    EXPECT_EQ(got, row.order) << text;
  }
}

}  // namespace
}  // namespace foundations
