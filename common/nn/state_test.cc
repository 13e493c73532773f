#include "common/nn/state.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>

#include "common/nn/nn.h"
#include "common/testing/testing.h"

namespace foundations {
namespace {

std::string temporary(const std::string& name) {
  return testing::TempDir() + "/state_test-" + name;
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A file with this header, its length before it, and `data` zeros behind it.
std::string file_of(const std::string& header, std::size_t data = 0) {
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + std::string(data, '\0');
}

State read_bytes(const std::string& bytes) {
  const std::string path = temporary("read");
  std::ofstream(path, std::ios::binary) << bytes;
  return read_state(path);
}

TEST(StateTest, IsReadAsItWasWritten) {
  const std::string path = temporary("all");
  const Tensor m = tensor({{1, 2, 3}, {4, kNan, -kInf}});
  write_state(path, {.tensors = {{"transposed", m.t()},
                                 {"expanded", tensor({7}).expand(3)},
                                 {"scalar", tensor(2.5)},
                                 {"none", zeros(0, 3)},
                                 {"steps", long_tensor({kMinLong, 0, kMaxLong})}},
                     .metadata = {{"model", "mlp"}, {"quoted", "\"\n\xc3\xa4"}}});
  const State state = read_state(path);
  const auto floats = [&](const char* name) { return std::get<Tensor>(state.tensors.at(name)); };
  EXPECT_EQ(state.tensors.size(), 5u);
  expect_close(floats("transposed"), m.t(), 0, 0, /*equal_nan=*/true);
  expect_equal(floats("expanded"), tensor({7, 7, 7}));
  expect_equal(floats("scalar"), tensor(2.5));
  EXPECT_EQ(floats("none").shape(), Shape({0, 3}));
  expect_equal(std::get<LongTensor>(state.tensors.at("steps")),
               long_tensor({kMinLong, 0, kMaxLong}));
  EXPECT_EQ(state.metadata.at("model"), "mlp");
  EXPECT_EQ(state.metadata.at("quoted"), "\"\n\xc3\xa4");

  write_state(path, {});
  EXPECT_TRUE(read_state(path).tensors.empty());
}

// What the format's own library writes for {"w": [[1., -2.]]} and a metadata entry.
TEST(StateTest, HasTheBytesOfTheFormat) {
  const std::string header =
      R"({"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}} )";
  const std::string bytes = file_of(header) + std::string("\0\0\x80\x3f\0\0\0\xc0", 8);
  const State state = read_bytes(bytes);
  expect_equal(std::get<Tensor>(state.tensors.at("w")), tensor({{1, -2}}));

  const std::string path = temporary("bytes");
  write_state(path, state);
  EXPECT_EQ(bytes_of(path), bytes);
}

// The header of one tensor of four bytes, with a part of it changed.
std::string one(const std::string& fields) { return "{\"w\":{" + fields + "}}"; }

TEST(StateTest, RefusesWhatIsMalformed) {
  const std::string good = R"("dtype":"F32","shape":[1],"data_offsets":[0,4])";
  EXPECT_NO_THROW(read_bytes(file_of(one(good), 4)));
  const struct {
    std::string bytes, sentence;
  } cases[] = {
      {"", "not a safetensors file: it has 0 bytes, and the first 8 are the length of its header"},
      {file_of(one(good)).substr(0, 30),
       "not a safetensors file, or cut off: its header should have 54 bytes, and 22 follow"},
      {std::string(8, '\xff') + "{}",
       "not a safetensors file, or cut off: its header should have 18446744073709551615 bytes, and "
       "2 follow"},
      {file_of("{"), "its header is not a JSON object"},
      {file_of("[]"), "its header is not a JSON object"},
      {file_of("{\"a\":1,\"a\":2}"), "its header has the name 'a' twice"},
      {file_of("{\"__metadata__\":{\"a\":1}}"), "its __metadata__ is not an object of strings"},
      {file_of("{\"__metadata__\":7}"), "its __metadata__ is not an object of strings"},
      {file_of("{\"w\":7}"), "tensor 'w' has no dtype"},
      {file_of("{\"w\\n\":7}"), "tensor 'w?' has no dtype"},
      {file_of(one(R"("dtype":"F16","shape":[1],"data_offsets":[0,2])"), 2),
       "tensor 'w' is of type F16; F32 and I64 can be read"},
      {file_of(one(R"("dtype":"F32","data_offsets":[0,4])"), 4),
       "tensor 'w' has no shape of whole numbers"},
      {file_of(one(R"("dtype":"F32","shape":[-1],"data_offsets":[0,4])"), 4),
       "tensor 'w' has no shape of whole numbers"},
      {file_of(one(R"("dtype":"F32","shape":[1],"data_offsets":[0])"), 4),
       "tensor 'w' needs at most 8 sizes and two data_offsets, but has 1 and 1"},
      {file_of(one(R"("dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4])"), 4),
       "tensor 'w' needs at most 8 sizes and two data_offsets, but has 9 and 2"},
      {file_of(one(R"("dtype":"F32","shape":[2],"data_offsets":[0,4])"), 4),
       "tensor 'w' should lie in bytes 0 to 4 of 4, which do not fit its shape"},
      {file_of(one(R"("dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0])")),
       "tensor 'w' should lie in bytes 0 to 0 of 0, which do not fit its shape"},
      {file_of(one(R"("dtype":"F32","shape":[1],"data_offsets":[4,8])"), 4),
       "tensor 'w' should lie in bytes 4 to 8 of 4, which do not fit its shape"},
      {file_of(one(R"("dtype":"F32","shape":[1],"data_offsets":[4,8])"), 8),
       "tensor 'w' begins at byte 4, where the one before it ends at 0"},
      {file_of("{\"a\":{" + good + "},\"w\":{" + good + "}}", 4),
       "tensor 'w' begins at byte 0, where the one before it ends at 4"},
      {file_of(one(good), 5), "its tensors take 4 bytes, but it has 5"},
  };
  for (const auto& c : cases) {
    expect_error<DataError>([&] { read_bytes(c.bytes); }, temporary("read") + ": " + c.sentence);
  }
}

TEST(StateTest, SaysWhichFileCannotBeReadOrWritten) {
  const std::string missing = temporary("missing/file");
  expect_error<DataError>([&] { read_state(missing); },
                          missing + ": cannot be read: No such file or directory");
  expect_error<DataError>([&] { write_state(missing, {}); },
                          missing + ": cannot be written: No such file or directory");
  expect_error<DataError>(
      [&] {
        write_state(temporary("m"), {.tensors = {{"__metadata__", zeros(1)}}});
      },
      temporary("m") + ": no tensor may have the name __metadata__");
  for (const State& state : {State{.tensors = {{"\xff", zeros(1)}, {"\xfe", zeros(1)}}},
                             State{.metadata = {{"author", "\xe4"}}}}) {
    expect_error<DataError>([&] { write_state(temporary("m"), state); },
                            temporary("m") + ": a name or a text of the metadata is not UTF-8");
  }
}

// ---- Modules ----

// A weight, and a buffer under the same roof.
class Counter : public nn::Module {
 public:
  Tensor weight = register_parameter("weight", tensor({1, 2}));
  Tensor seen = register_buffer("seen", tensor(0));

 private:
  Tensor forward(const Tensor& x) override { return x; }
  Tensor bwd(const Tensor& out_grad) override { return out_grad; }
};

TEST(SaveStateTest, KeepsParametersBuffersAndWhatIsGivenWithThem) {
  const std::string path = temporary("module");
  const Counter model;
  model.seen.fill_(7);
  nn::save_state(path, model, {{"model", "counter"}},
                 {{"momentum.0", tensor({5, 6})}, {"steps.0", long_tensor({3})}});
  EXPECT_TRUE(read_state(path).tensors.contains("optimizer.momentum.0"));

  const Counter other;
  other.weight.fill_(-1);
  const nn::Rest rest = nn::load_state(path, other);
  expect_equal(other.weight, tensor({1, 2}));
  expect_equal(other.seen, tensor(7));
  EXPECT_EQ(rest.metadata, (Metadata{{"model", "counter"}}));
  ASSERT_EQ(rest.optimizer.size(), 2u);
  expect_equal(std::get<Tensor>(rest.optimizer.at("momentum.0")), tensor({5, 6}));
  expect_equal(std::get<LongTensor>(rest.optimizer.at("steps.0")), long_tensor({3}));

  nn::save_state(path, model);
  EXPECT_TRUE(nn::load_state(path, other).optimizer.empty());
}

TEST(LoadStateTest, LoadsAllOrNothing) {
  const std::string path = temporary("module");
  const Tensor seen = tensor(9), weight = tensor({8, 8});
  const struct {
    StateTensors tensors;
    std::string sentence;
  } cases[] = {
      {{{"seen", seen}}, "has no tensor 'weight', which the model has"},
      {{{"weight", weight}}, "has no tensor 'seen', which the model has"},
      {{{"seen", seen}, {"weight", weight}, {"bias", seen}},
       "has a tensor 'bias', which the model does not have"},
      {{{"seen", seen}, {"weight", tensor({8})}},
       "tensor 'weight' is float [1], but the model's is float [2]"},
      {{{"seen", seen}, {"weight", long_tensor({8, 8})}},
       "tensor 'weight' is int64 [2], but the model's is float [2]"},
  };
  for (const auto& c : cases) {
    const Counter model;
    write_state(path, {.tensors = c.tensors});
    expect_error<DataError>([&] { nn::load_state(path, model); }, path + ": " + c.sentence);
    expect_equal(model.weight, tensor({1, 2}));
    expect_equal(model.seen, tensor(0));
  }
}

}  // namespace
}  // namespace foundations
