// Input: any bytes as a state file; or a sound file, which is then perhaps damaged. Must hold: a
// file is read or refused with a DataError of one line; what was read has all that a sound file
// has, and comes back the same from a file it is written to. No header makes the reader ask for
// much more memory than the file holds.
#include "common/nn/state.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "fuzz/fuzz.h"

namespace foundations {
namespace {

const std::string& folder() {
  static const std::string path = [] {
    const char* const tests = std::getenv("TEST_TMPDIR");
    std::string name = std::string(tests ? tests : "/tmp") + "/fuzz.XXXXXX";
    require(mkdtemp(name.data()) != nullptr, name + ": cannot be made");
    return name;
  }();
  return path;
}

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Files hold names in UTF-8 alone.
std::string draw_name(Input& input, std::int64_t most) {
  std::string name = input.text(input.below(most));
  for (char& c : name) c &= 0x7f;
  return name;
}

State draw_state(Input& input) {
  State state;
  for (std::int64_t i = input.between(0, 3); i > 0; --i) {
    Shape shape;
    for (std::int64_t d = input.between(0, 3); d > 0; --d) shape.push_back(input.between(0, 4));
    const std::string name = draw_name(input, 4) + "t" + std::to_string(i);
    if (input.flag()) {
      state.tensors[name] = full(shape, static_cast<float>(i));
    } else {
      state.tensors[name] = full<std::int64_t>(shape, i);
    }
  }
  if (input.flag()) state.metadata["m"] = draw_name(input, 8);
  return state;
}

void run(Input input) {
  const std::string path = folder() + "/file", again = folder() + "/again";
  if (input.flag()) {
    std::ofstream(path, std::ios::binary) << input.text(input.left());
  } else {
    write_state(path, draw_state(input));
    std::string bytes = contents(path);
    for (std::int64_t changes = input.between(0, 3); changes > 0; --changes) {
      bytes[input.below(256) % bytes.size()] = static_cast<char>(input.byte());
    }
    if (input.one_in(8)) bytes.resize(input.below(256) % (bytes.size() + 1));
    std::ofstream(path, std::ios::binary) << bytes;
  }
  limit_allocations(16 << 20);
  const auto state = accepted([&] { return read_state(path); });
  limit_allocations(SIZE_MAX);
  if (!state) return;
  write_state(again, *state);
  const State same = read_state(again);
  require(same.metadata == state->metadata, "other metadata");
  require(same.tensors.size() == state->tensors.size(), "another number of tensors");
  const std::string written = contents(again);
  write_state(path, same);
  require(contents(path) == written, "other bytes");
}

}  // namespace
}  // namespace foundations

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  foundations::run({data, size});
  return 0;
}
