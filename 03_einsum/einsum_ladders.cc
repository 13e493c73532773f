#include "03_einsum/einsum_ladders.h"

#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <utility>

#include "03_einsum/einsum.h"
#include "common/linalg/einsum.h"
#include "common/linalg/subscripts.h"
#include "common/reference/reference.h"
#include "common/reference/reference_einsum.h"
#include "common/tensor/random.h"

namespace foundations::ch03 {
namespace {

struct Problem {
  std::string subscripts;
  std::vector<Shape> shapes;
  std::string what;
  double multiply_adds;
  std::vector<std::string_view> left_out = {};  // rungs
};

const Problem kProblems[] = {
    {"ik,kj->ij", {{5, 784}, {784, 10}}, "matrices as in the notes", 5 * 784 * 10},
    {"bik,bkj->bij", {{64, 32, 64}, {64, 64, 32}}, "64 matrix products", 64 * 32 * 64 * 32},
    {"bi,bj->ij", {{500, 784}, {500, 50}}, "a weight gradient of 500 images", 500 * 784 * 50},
    {"bi,bj->ij",
     {{50000, 784}, {50000, 50}},
     "of 50,000 images, too many for definition and broadcast",
     50000.0 * 784 * 50,
     {"definition", "broadcast"}},
    {"i,i->", {{784}, {784}}, "an inner product", 784},
    {"ij->ji", {{784, 784}}, "a transpose", 0},
    {"bhqd,bhkd->bhqk", {{8, 4, 128, 32}, {8, 4, 128, 32}}, "attention", 8 * 4 * 128 * 128 * 32},
    {"ij,jk,kl->il",
     {{32, 64}, {64, 32}, {32, 16}},
     "a chain of three",
     32 * 64 * 32 + 32 * 32 * 16},
};

std::string heading(const Problem& problem) {
  std::string text = problem.subscripts + ", ";
  for (const Shape& shape : problem.shapes) {
    if (text.back() != ' ') text += " x ";
    text += bracketed(shape);
  }
  return text + ", " + problem.what;
}

// The operands and, once a rung has asked for it, the right answer.
struct Judged {
  std::string subscripts;
  std::vector<Tensor> operands;
  EinsumAnswer answer;

  std::string fault_of(const Tensor& got) {
    if (!answer.want.defined()) answer = right_answer();
    return mismatch(got, answer.want, answer.tolerance);
  }

  EinsumAnswer right_answer() const {
    if (subscripts != "bi,bj->ij") return reference_einsum(subscripts, operands);
    // A matrix product, and the largest here: its reference is the faster one.
    const Tensor a = operands[0].t();
    return {reference_matmul(a, operands[1]), matmul_tolerance(a, operands[1])};
  }
};

Tensor of_common(std::string_view subscripts, const std::vector<Tensor>& operands) {
  return einsum(subscripts, operands);
}

LadderRung timed(const EinsumRung& rung, const std::shared_ptr<Judged>& judged) {
  const auto evaluate = [judged, einsum = rung.einsum] {
    return einsum(judged->subscripts, judged->operands);
  };
  LadderRung result;
  result.name = rung.name;
  result.setup = [judged, evaluate] {
    return Trial{[evaluate] { benchmark::DoNotOptimize(evaluate().data()); },
                 [judged, evaluate] { return judged->fault_of(evaluate()); }};
  };
  return result;
}

Ladder einsum_ladder(const Problem& problem) {
  Generator generator(20190328);
  const auto judged = std::make_shared<Judged>();
  judged->subscripts = problem.subscripts;
  Ladder ladder;
  ladder.chapter = "03_einsum/" + problem.subscripts;
  ladder.problem = heading(problem);
  ladder.memory = true;
  for (const Shape& shape : problem.shapes) judged->operands.push_back(randn(shape, generator));
  const Subscripts s = parse_subscripts(problem.subscripts, problem.shapes);
  for (const char label : s.output + s.summed) {
    ladder.sizes.emplace_back(std::string(1, label), s.size(label));
  }
  std::vector<EinsumRung> rungs(std::begin(kEinsumRungs), std::end(kEinsumRungs));
  rungs.push_back({"common_einsum", of_common});
  for (const EinsumRung& rung : rungs) {
    bool out = false;
    for (const std::string_view name : problem.left_out) out |= name == rung.name;
    if (out) continue;
    ladder.rungs.push_back(timed(rung, judged));
    ladder.rungs.back().flops = 2 * problem.multiply_adds;
  }
  return ladder;
}

}  // namespace

std::vector<Ladder> einsum_ladders() {
  std::vector<Ladder> ladders;
  for (const Problem& problem : kProblems) ladders.push_back(einsum_ladder(problem));
  return ladders;
}

}  // namespace foundations::ch03
