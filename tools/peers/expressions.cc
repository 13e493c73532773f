// einsum, ours and libtorch's. Each returns a new tensor.
#include "common/linalg/einsum.h"
#include "common/tensor/ops.h"
#include "common/tensor/random.h"
#include "tools/peers/race.h"
#include "tools/peers/torch_peer.h"

namespace foundations {
namespace {

struct Expression {
  std::string subscripts;
  std::vector<Shape> shapes;
  double multiply_adds;

  std::string name() const {
    std::string text = subscripts;
    for (const Shape& shape : shapes) (text += ' ') += bracketed(shape);
    return text;
  }
};

const Expression kExpressions[] = {
    {"ik,kj->ij", {{5, 784}, {784, 10}}, 5. * 784 * 10},
    {"i,i->", {{784}, {784}}, 784},
    {"bik,bkj->bij", {{64, 32, 64}, {64, 64, 32}}, 64. * 32 * 64 * 32},
    {"bhqd,bhkd->bhqk", {{8, 4, 128, 32}, {8, 4, 128, 32}}, 8. * 4 * 128 * 128 * 32},
    {"bi,bj->ij", {{50000, 784}, {50000, 50}}, 50000. * 784 * 50},
};

}  // namespace

int race_expressions(const Settings& settings) {
  torch_set_threads(settings.threads);
  Table table("einsum", settings, {"ours", "libtorch"});
  for (const Expression& x : kExpressions) {
    if (!settings.wants(x.name())) continue;
    Generator generator(1);
    std::vector<Tensor> in;
    for (const Shape& shape : x.shapes) in.push_back(rand(shape, generator) - 0.5f);
    const Tensor ours = einsum(x.subscripts, in);
    const double terms = x.multiply_adds / double(ours.numel());
    const std::vector<TorchView> views = {torch_view(in[0]), torch_view(in[1])};
    const Tensor theirs = zeros(ours.shape());
    torch_einsum_out(torch_view(theirs), x.subscripts, views);
    compare("libtorch", x.name(), theirs, ours, 1e-6 * terms + 1e-5);
    std::vector<Contestant> all = {{"ours", [&] { einsum(x.subscripts, in); }},
                                   {"libtorch", torch_einsum(x.subscripts, views)}};
    race(all, 2 * x.multiply_adds, settings);
    table.row(x.name(), 2 * x.multiply_adds, all);
  }
  return table.rows();
}

}  // namespace foundations
