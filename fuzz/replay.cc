// Runs a fuzz target without a fuzzer, with any compiler, as an ordinary test: on every file of a
// corpus, then on random bytes, the same each time.
//
//   replay CORPUS
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

std::vector<std::uint8_t> random_bytes(std::mt19937_64& engine) {
  std::vector<std::uint8_t> bytes(engine() % kMostBytes);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(engine());
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || !std::filesystem::is_directory(argv[1])) {
    std::cerr << "replay: name the folder of a corpus\n";
    return 2;
  }
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    std::cout << entry.path().string() << std::endl;  // the last line of a crash names its input
    std::ifstream file(entry.path(), std::ios::binary);
    const std::vector<char> bytes(std::istreambuf_iterator<char>(file), {});
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  }
  std::mt19937_64 engine(1);
  for (int i = 0; i < kRandomInputs; ++i) {
    if (i % 100 == 0) std::cout << "random inputs from " << i << " on" << std::endl;
    const std::vector<std::uint8_t> bytes = random_bytes(engine);
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
}
