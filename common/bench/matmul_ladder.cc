#include "common/bench/matmul_ladder.h"

#include <fmt/format.h>

#include "common/base/error.h"
#include "common/data/mnist.h"
#include "common/reference/reference.h"
#include "common/tensor/random.h"

namespace foundations {

MatmulProblem five_digits(const std::optional<std::string>& mnist_dir) {
  const Mnist digits = load_digits(mnist_dir);
  if (digits.x_train.size(0) < 5) {
    throw DataError(fmt::format("{}: has only {} training images, and five are needed",
                                digits.source, digits.x_train.size(0)));
  }
  Generator generator(42);
  return {"five images of " + digits.source, digits.x_train.slice(0, 0, 5),
          randn({digits.x_train.size(1), 10}, generator)};
}

MatmulProblem random_matmul(std::int64_t m, std::int64_t k, std::int64_t n) {
  Generator generator(20190328);
  const Tensor a = randn({m, k}, generator);
  return {"normal random numbers", a, randn({k, n}, generator)};
}

Ladder matmul_ladder(const std::string& chapter, std::span<const Rung<Matmul>> rungs,
                     const MatmulProblem& problem, const std::vector<int>& threads) {
  const Tensor a = problem.a, b = problem.b;
  const std::int64_t m = a.size(0), k = a.size(1), n = b.size(1);
  const std::string sizes = fmt::format("{}x{}x{}", m, k, n);
  Ladder ladder = {.chapter = chapter,
                   .problem = sizes + ", " + problem.what,
                   .sizes = {{"m", m}, {"k", k}, {"n", n}},
                   .threads = threads};
  const Check check = held_to([=] {
    return Answer{reference_matmul(a, b), matmul_tolerance(a, b)};
  });
  for (const Rung<Matmul>& rung : rungs) {
    ladder.add(rung.name, [=, run = rung.run] { return run(a, b); }, check,
               {.flops = 2.0 * static_cast<double>(m * k * n),
                .notes_seconds = sizes == "5x784x10" ? rung.notes_seconds : 0});
  }
  return ladder;
}

}  // namespace foundations
