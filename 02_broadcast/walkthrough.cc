// The notes' cells of "Broadcasting", in C++ and in their order. Each prints what the notes print
// for it, to the letter; 50 and 51 print nothing there, and shapes here. Cells marked [ ] are not
// in the notes.
//
//   bazel run //02_broadcast:walkthrough
#include "02_broadcast/broadcast.h"
#include "02_broadcast/matmul.h"
#include "common/base/cell.h"
#include "common/base/program.h"
#include "common/tensor/ops.h"
#include "common/tensor/print.h"
#include "common/tensor/random.h"

namespace foundations::ch02 {
namespace {

void scalars() {
  const Tensor a = tensor({10, 6, -4});
  const Tensor m = tensor({{1, 2, 3}, {4, 5, 6}, {7, 7, 8}});
  cell("22", "a", a);
  cell("23", "a > 0", a > 0);
  cell("24", "a + 1", a + 1);
  cell(" ", "tensor(1.).shape, a + tensor(1.)    # a number is a tensor of shape []",
       tuple_string(tensor(1).shape(), a + tensor(1)));
  cell("25", "m", m);
  cell("26", "m*2", m * 2);
}

void a_row_as_a_matrix() {
  const Tensor m = tensor({{1, 2, 3}, {4, 5, 6}, {7, 7, 8}});
  const Tensor c = tensor({10, 20, 30});
  cell("28", "c = tensor([10.,20,30]); c", c);
  const Tensor t = c.expand_as(m);
  cell("29", "t = c.expand_as(m)");
  cell("30", "t", t);
  cell("31", "t.storage()", t.storage());
  cell("32", "t.stride(), t.shape", tuple_string(t.strides(), t.shape()));
}

// c[None,:] in Python is c(None, _) here.
void rows_and_columns() {
  const Tensor m = tensor({{1, 2, 3}, {4, 5, 6}, {7, 7, 8}});
  const Tensor c = tensor({10, 20, 30});
  const Tensor row = c(None, _), column = c(_, None);
  cell("36", "c # rank 1 tensor", c);
  cell("37", "c.unsqueeze(0) # rank 2 tensor", c.unsqueeze(0));
  cell("38", "c.unsqueeze(1) # rank 2 tensor that looks like a column", c.unsqueeze(1));
  cell("39", "c.shape, c.unsqueeze(0).shape, c.unsqueeze(1).shape",
       tuple_string(c.shape(), c.unsqueeze(0).shape(), c.unsqueeze(1).shape()));
  cell("41", "c[None,:].shape, c[:None].shape",
       tuple_string(row.shape(), c(Slice(None, None)).shape()));
  cell(" ", "c[None,:].shape, c[:,None].shape    # with its comma",
       tuple_string(row.shape(), column.shape()));
  cell("43", "c[None,:] # same as c.unsqueeze(0)", row);
  cell("45", "c[:,None] # same as c.unsqueeze(1)", column);
  cell("46", "c[:,None].expand_as(m) # Broadcast as columns", column.expand_as(m));
  cell(" ", "c[:,None].expand_as(m).stride()", column.expand_as(m).strides());
  cell("49", "m", m);
  cell("47", "m + c[:, None]", m + column);
  cell("48", "m + c[None,:]", m + row);
  cell(" ", "m + c    # the same: [3] counts as [1, 3]", m + c);
  cell(" ", "m + 1", m + 1);
  cell(" ", "c[None,:] * c[:,None]", row * column);
  cell(" ", "c[None] > c[:,None]", c(None) > column);
}

void matmul_by_broadcasting() {
  Generator generator(42);
  const Tensor a = rand({5, 784}, generator), b = rand({784, 10}, generator);
  const std::int64_t i = 0;
  cell("50", "matmul(m1, m2).shape    # c[i] = (a[i].unsqueeze(-1) * b).sum(dim=0)",
       broadcast(a, b).shape());
  cell(" ", "a[i].unsqueeze(-1).shape, a[i,:,None].shape, a[i,None].shape",
       tuple_string(a[i].unsqueeze(-1).shape(), a(i, _, None).shape(), a(i, None).shape()));
  refused(" ", "a[i,None] * b", [&] { a(i, None) * b; });
}

void dots() {
  const Tensor c = tensor({10, 20, 30});
  const Tensor batch = zeros(2, 3, 4, 5);
  cell("51", "c[None].shape, c[...,None].shape",
       tuple_string(c(None).shape(), c(Ellipsis, None).shape()));
  cell(" ", "zeros(2,3,4,5)[...,None].shape, zeros(2,3,4,5)[...,0].shape",
       tuple_string(batch(Ellipsis, None).shape(), batch(Ellipsis, 0).shape()));
  cell("52", "%timeit t = matmul(m1, m2)    # //02_broadcast:benchmark runs it");
}

void rules() {
  const Tensor scale = tensor({0.5, 1, 2});
  const Tensor img = ones(256, 256, 3), planes = ones(3, 256, 256);
  cell(" ", "img.shape, scale.shape", tuple_string(img.shape(), scale.shape()));
  cell(" ", "(img * scale).shape    # same as input!!!", (img * scale).shape());
  cell(" ", "(img * scale)[0,0]", (img * scale)[0][0]);
  cell(" ", "broadcast_shapes(img.shape, scale.shape)    # the one of this chapter",
       ch02::broadcast_shapes(img.shape(), scale.shape()));
  refused(" ", "planes * scale    # planes.shape: [3, 256, 256]", [&] { planes* scale; });
  const Tensor scaled = planes * scale(_, None, None);
  cell(" ", "(planes * scale[:,None,None])[:,0,0]", scaled(_, 0, 0));
  refused(" ", "ones(2,3) + ones(2)", [] { ones(2, 3) + ones(2); });
  refused(" ", "ones(3,4).expand(2,4)", [] { ones(3, 4).expand(2, 4); });
  cell(" ", "(ones(64,1) - ones(64)).shape    # fits, and is hardly what was meant",
       (ones(64, 1) - ones(64)).shape());
}

void writing_into_a_view() {
  const Tensor c = tensor({10, 20, 30});
  Tensor t = c.expand(3, 3);
  t[0][0] = 99;
  cell(" ", "t = c.expand(3,3); t[0,0] = 99; t", t);
  cell(" ", "c", c);
  refused(" ", "t += 1", [&] { t += 1; });
  refused(" ", "t[1:] += 1", [&] { t.slice(0, 1) += 1; });
  Tensor own = t.clone();
  own += 1;
  cell(" ", "own = t.clone(); own += 1; own", own);
  cell(" ", "own.stride(), c", tuple_string(own.strides(), c));
  t[0] += 1;
  cell(" ", "t[0] += 1; c", c);
}

}  // namespace
}  // namespace foundations::ch02

int main(int argc, char** argv) {
  using namespace foundations::ch02;
  foundations::Program program("The notes' cells of \"Broadcasting\", in C++ and in their order.");
  return program.run(argc, argv, [] {
    scalars();
    a_row_as_a_matrix();
    rows_and_columns();
    matmul_by_broadcasting();
    dots();
    rules();
    writing_into_a_view();
  });
}
