// Runs a fuzz target without a fuzzer, with any compiler, as an ordinary test: on every file of a
// corpus, then on random bytes and on damaged files of the corpus, the same each time.
//
//   replay CORPUS
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kRandomInputs = 1000;
constexpr std::size_t kMostBytes = 300;

using Bytes = std::vector<std::uint8_t>;

Bytes random_bytes(std::mt19937_64& engine) {
  Bytes bytes(engine() % kMostBytes);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(engine());
  return bytes;
}

// Changes a byte, or cuts off what follows it.
Bytes damaged(Bytes bytes, std::mt19937_64& engine) {
  if (bytes.empty()) return bytes;
  const std::size_t at = engine() % bytes.size();
  bytes[at] = static_cast<std::uint8_t>(engine());
  if (engine() % 4 == 0) bytes.resize(at);
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || !std::filesystem::is_directory(argv[1])) {
    std::cerr << "replay: name the folder of a corpus\n";
    return 2;
  }
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) paths.push_back(entry);
  std::sort(paths.begin(), paths.end());
  std::vector<Bytes> corpus;
  for (const auto& path : paths) {
    std::cout << path.string() << std::endl;  // the last line of a crash names its input
    std::ifstream file(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    LLVMFuzzerTestOneInput(corpus.back().data(), corpus.back().size());
  }
  std::mt19937_64 engine(1);
  for (int i = 0; i < kRandomInputs; ++i) {
    if (i % 100 == 0) std::cout << "random inputs from " << i << " on" << std::endl;
    const Bytes bytes =
        i % 2 == 0 ? random_bytes(engine) : damaged(corpus[engine() % corpus.size()], engine);
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
}
