// Where a network is wrong: which digit it takes for which, and what the worst cases look like.
//
//   const Tensor logits = trained.logits(images);
//   std::cout << confusion_table(confusion(logits, targ));
//   std::cout << pictures(images, worst_mistakes(logits, targ, 20), style_of_stdout());
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/data/picture.h"
#include "common/tensor/tensor.h"

namespace foundations::ch07 {

// Returns how many rows of each class were given each answer, [classes, classes]: row the right
// one, column the answer.
//   logits: [n, classes]   targ: [n]
LongTensor confusion(const Tensor& logits, const LongTensor& targ);

// Returns it as lines of text, with a dot for 0 and the part that is right behind each row.
std::string confusion_table(const LongTensor& counts);

struct Mistake {
  std::int64_t row, right, said;
  double probability;  // of what was said
};

// Returns at most `count` rows that were answered wrongly, those of the largest loss first.
std::vector<Mistake> worst_mistakes(const Tensor& logits, const LongTensor& targ,
                                    std::size_t count);

// Returns the images of the mistakes, three beside each other, with what was said of them above.
//   images: [n, 784]
std::string pictures(const Tensor& images, const std::vector<Mistake>& mistakes, Style style);

// Returns them as one image, `columns` beside each other on paper.
Tensor sheet(const Tensor& images, const std::vector<Mistake>& mistakes, std::int64_t columns);

}  // namespace foundations::ch07
