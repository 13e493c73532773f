// Times the rungs of this chapter: the three evaluations of einsum, for several expressions; then
// matmul, from the notes' size to one that fills the caches. Common's einsum and matmul follow each
// ladder as references.
//
//   bazel run //03_einsum:benchmark
//   bazel run //03_einsum:benchmark -- --benchmark_filter=^einsum
//   bazel run //03_einsum:benchmark -- --benchmark_filter=blocked
#include <span>
#include <string>
#include <vector>

#include "03_einsum/einsum.h"
#include "03_einsum/matmul.h"
#include "common/base/openmp.h"
#include "common/bench/matmul_ladder.h"
#include "common/linalg/einsum.h"
#include "common/reference/reference_einsum.h"
#include "common/tensor/random.h"

namespace foundations::ch03 {
namespace {

constexpr char kReference[] = "reference";  // in place of a chapter

struct Problem {
  std::string subscripts;
  std::vector<Shape> shapes;
  std::string what;
  double multiply_adds;
};

const Problem kProblems[] = {
    {"ik,kj->ij", {{5, 784}, {784, 10}}, "matrices as in the notes", 5 * 784 * 10},
    {"bik,bkj->bij", {{64, 32, 64}, {64, 64, 32}}, "64 matrix products", 64 * 32 * 64 * 32},
    {"bi,bj->ij", {{500, 784}, {500, 50}}, "a weight gradient of 500 images", 500 * 784 * 50},
    {"i,i->", {{784}, {784}}, "an inner product", 784},
    {"ij,jk,kl->il",
     {{200, 20}, {20, 500}, {500, 10}},
     "a chain whose order matters",
     20 * 500 * 10 + 200 * 20 * 10},
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
  const EinsumAnswer answer = reference_einsum(subscripts, operands);
  return {answer.want, answer.tolerance};
}

Tensor of_common(std::string_view subscripts, const std::vector<Tensor>& operands) {
  return foundations::einsum(subscripts, operands);
}

constexpr Rung<Einsum> kOfCommon[] = {{"common_einsum", of_common}};

Ladder einsum_ladder(const std::string& chapter, std::span<const Rung<Einsum>> rungs,
                     const Problem& problem) {
  Ladder ladder = {.chapter = chapter, .problem = heading(problem), .sizes = {}, .memory = true};
  const Subscripts s = parse_subscripts(problem.subscripts, problem.shapes);
  for (const char label : s.output + s.summed) {
    ladder.sizes.emplace_back(std::string(1, label), s.size(label));
  }
  Generator generator(20190328);
  std::vector<Tensor> operands;
  for (const Shape& shape : problem.shapes) operands.push_back(randn(shape, generator));
  const std::string subscripts = problem.subscripts;
  const Check check = held_to([=] { return right_answer(subscripts, operands); });
  for (const Rung<Einsum>& rung : rungs) {
    ladder.add(rung.name, [=, einsum = rung.run] { return einsum(subscripts, operands); }, check,
               {.flops = 2 * problem.multiply_adds});
  }
  return ladder;
}

// The last rung is the one with threads: it is timed on all of them, and the others on one. No row
// has more threads than there is work for.
void add_ladders(const MatmulProblem& problem, std::vector<Ladder>& ladders) {
  const std::span rungs(kRungs);
  const int64_t multiply_adds = problem.a.numel() * problem.b.size(1);
  const int threads = multiply_adds < kWorthThreads ? 1 : max_threads();
  ladders.push_back(matmul_ladder("03_einsum", rungs.first(rungs.size() - 1), problem));
  if (threads > 1) ladders.push_back(matmul_ladder("03_einsum", rungs.last(1), problem, {threads}));
  ladders.push_back(matmul_ladder(kReference, kReferences, problem, {1, threads}));
}

std::vector<Ladder> all_ladders(const MatmulProblem& digits) {
  std::vector<Ladder> ladders;
  for (const Problem& problem : kProblems) {
    ladders.push_back(einsum_ladder("einsum", kEinsumRungs, problem));
    ladders.push_back(einsum_ladder(kReference, kOfCommon, problem));
  }
  add_ladders(digits, ladders);
  add_ladders(random_matmul(64, 784, 50), ladders);
  add_ladders(random_matmul(1024, 1024, 1024), ladders);
  return ladders;
}

}  // namespace
}  // namespace foundations::ch03

int main(int argc, char** argv) {
  using namespace foundations;
  LadderProgram program("Times the rungs of this chapter: einsum, then matmul.");
  const auto& dir = program.mnist_dir();
  return program.run(argc, argv, [&] { return ch03::all_ladders(five_digits(dir)); });
}
