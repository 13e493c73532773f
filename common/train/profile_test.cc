#include "common/train/profile.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "common/nn/nn.h"
#include "common/tensor/ops.h"

namespace foundations {
namespace {

// Rows by name: how many words each has. Numbers differ from run to run.
TEST(Profile, HasARowForEachKindOfLayerAndForTheRest) {
  Generator generator(1);
  nn::Sequential model{nn::Linear(4, 8, generator), nn::ReLU(),
                       nn::Sequential{nn::Linear(8, 3, generator)}};
  nn::CrossEntropyLoss loss;
  optim::SGD opt(model.parameters(), {.lr = 0.1});
  const Dataset data{randn({40, 4}, generator), zeros<std::int64_t>(40)};
  Learner learner(model, loss, opt, DataLoader(data, {.batch = 10}),
                  DataLoader(data, {.batch = 40}));
  Profile profile;
  learner.fit(2, {&profile});
  EXPECT_EQ(nn::watch(nullptr), nullptr);  // it looks on no longer

  const std::string table = profile.table();
  EXPECT_EQ(table.find("where the time goes   forward  backward  seconds\n"), 0u) << table;
  for (const std::string name :
       {"Linear", "ReLU", "Sequential", "loss, optimizer", "making batches", "validation"}) {
    const auto row = table.find("\n" + name + " ");
    EXPECT_NE(row, std::string::npos) << name << " in\n" << table;
    EXPECT_EQ(table.find("\n" + name + " ", row + 1), std::string::npos) << table;
  }
  double sum = 0;
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with("%")) sum += std::stod(line.substr(line.size() - 6));
  }
  EXPECT_NEAR(sum, 100, 3.5) << table;  // rounded, each
}

}  // namespace
}  // namespace foundations
