// Times the rungs of this chapter: matmul, from the notes' size to one that fills the caches, on
// one thread and on all; then the three evaluations of einsum, with common's as the last, for
// several expressions.
//
//   bazel run //03_einsum:benchmark
//   bazel run //03_einsum:benchmark -- --benchmark_filter=blocked
#include <algorithm>
#include <string>
#include <vector>

#include "03_einsum/einsum.h"
#include "03_einsum/matmul.h"
#include "common/base/openmp.h"
#include "common/bench/matmul_ladder.h"
#include "common/linalg/einsum.h"
#include "common/reference/reference.h"
#include "common/reference/reference_einsum.h"
#include "common/tensor/random.h"

namespace foundations::ch03 {
namespace {

// Where an evaluation would take a gigabyte of temporaries or thousands of millions of steps it is
// left out, and `what` says so.
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
     32 * 64 * 16 + 64 * 32 * 16},
    {"ij,jk,kl->il",
     {{200, 20}, {20, 500}, {500, 10}},
     "a chain whose order matters, too long for definition and broadcast",
     20 * 500 * 10 + 200 * 20 * 10,
     {"definition", "broadcast"}},
};

std::string heading(const Problem& problem) {
  std::string text = problem.subscripts + ", ";
  for (const Shape& shape : problem.shapes) {
    if (text.back() != ' ') text += " x ";
    text += bracketed(shape);
  }
  return text + ", " + problem.what;
}

Answer right_answer(const std::string& subscripts, const std::vector<Tensor>& operands) {
  if (subscripts == "bi,bj->ij") {
    // A matrix product, and the largest here: its reference is the faster one.
    const Tensor a = operands[0].t();
    return {reference_matmul(a, operands[1]), matmul_tolerance(a, operands[1])};
  }
  const EinsumAnswer answer = reference_einsum(subscripts, operands);
  return {answer.want, answer.tolerance};
}

Tensor of_common(std::string_view subscripts, const std::vector<Tensor>& operands) {
  return foundations::einsum(subscripts, operands);
}

Ladder einsum_ladder(const Problem& problem) {
  Ladder ladder = {.chapter = "03_einsum/" + problem.subscripts,
                   .problem = heading(problem),
                   .sizes = {},
                   .memory = true};
  const Subscripts s = parse_subscripts(problem.subscripts, problem.shapes);
  for (const char label : s.output + s.summed) {
    ladder.sizes.emplace_back(std::string(1, label), s.size(label));
  }
  Generator generator(20190328);
  std::vector<Tensor> operands;
  for (const Shape& shape : problem.shapes) operands.push_back(randn(shape, generator));
  const std::string subscripts = problem.subscripts;
  const Check check = held_to([=] { return right_answer(subscripts, operands); });
  std::vector<Rung<Einsum>> rungs(std::begin(kEinsumRungs), std::end(kEinsumRungs));
  rungs.push_back({"common_einsum", of_common});
  for (const Rung<Einsum>& rung : rungs) {
    if (std::ranges::count(problem.left_out, rung.name) > 0) continue;
    ladder.add(rung.name, [=, einsum = rung.run] { return einsum(subscripts, operands); }, check,
               {.flops = 2 * problem.multiply_adds});
  }
  return ladder;
}

std::vector<Ladder> ladders(const MatmulProblem& digits) {
  std::vector<Ladder> all;
  for (const MatmulProblem& problem :
       {digits, random_matmul(64, 784, 50), random_matmul(512, 512, 512),
        random_matmul(1024, 1024, 1024)}) {
    all.push_back(matmul_ladder("03_einsum", kRungs, problem, {1, max_threads()}));
  }
  for (const Problem& problem : kProblems) all.push_back(einsum_ladder(problem));
  return all;
}

}  // namespace
}  // namespace foundations::ch03

int main(int argc, char** argv) {
  using namespace foundations;
  LadderProgram program("Times the rungs of this chapter: matmul, then einsum.");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] { return ch03::ladders(five_digits(dir)); });
}
