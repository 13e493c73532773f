#include "common/data/idx.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/data/idx_testing.h"
#include "common/testing/testing.h"

// The largest block of memory that anything has asked for since this was last set to 0.
static std::size_t largest_block = 0;

[[gnu::noinline]] void* operator new(std::size_t size) {
  largest_block = std::max(largest_block, size);
  if (void* const block = std::malloc(size)) return block;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* block) noexcept { std::free(block); }
[[gnu::noinline]] void operator delete(void* block, std::size_t) noexcept { std::free(block); }

namespace foundations {
namespace {

// Returns a path in the tests' folder without a file.
std::string fresh(const std::string& name) {
  const std::string path = testing::TempDir() + "/idx_test-" + name;
  std::filesystem::remove_all(path);
  return path;
}

std::string gzipped(const std::string& bytes) {
  const std::string path = fresh("packed");
  write_gzipped(path, bytes);
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void expect_13_images(const Idx& idx) {
  EXPECT_EQ(idx.sizes, Shape({13, 2, 3}));
  ASSERT_EQ(idx.elements.size(), 78u);
  for (std::size_t i = 0; i < 78; ++i) EXPECT_EQ(idx.elements[i], 7 * i % 256);
}

TEST(ReadIdx, PlainOrGzippedOrInSeveralMembers) {
  const std::string bytes = image_bytes(13, 2, 3);
  std::string path = fresh("plain");
  write_plain(path, bytes);
  expect_13_images(read_idx(path, 3));
  for (const char* const name : {"packed.gz", "packed-in-spite-of-its-name"}) {
    path = fresh(name);
    write_gzipped(path, bytes);
    expect_13_images(read_idx(path, 3));
  }
  path = fresh("members.gz");
  write_gzipped(path, bytes.substr(0, 40));
  write_gzipped(path, bytes.substr(40), "ab");
  expect_13_images(read_idx(path, 3));
}

// Many times the size of the buffers, and gzip cannot make it smaller.
TEST(ReadIdx, LargeFiles) {
  const std::uint32_t n = 1'000'003;
  std::string bytes;
  std::uint32_t state = 1;
  for (std::uint32_t i = 0; i < n; ++i) {
    state = state * 1664525 + 1013904223;
    bytes += static_cast<char>(state >> 24);
  }
  const std::string path = fresh("large.gz");
  write_gzipped(path, idx_bytes({2049, n}, bytes));
  const Idx idx = read_idx(path, 1);
  EXPECT_EQ(std::string(idx.elements.begin(), idx.elements.end()), bytes);
}

// If a size is 0, no elements follow the header.
TEST(ReadIdx, NoElements) {
  const std::string path = fresh("none.gz");
  write_gzipped(path, image_bytes(0, 28, 28));
  EXPECT_EQ(read_idx(path, 3).sizes, Shape({0, 28, 28}));
}

struct Damage {
  const char* file;
  std::string bytes;
  std::string fault;
};

std::vector<Damage> damages() {
  const std::string sound = image_bytes(13, 2, 3), packed = gzipped(sound);
  const std::string promise = idx_bytes({2051, 1u << 31, 28, 28}, "abcd");
  const std::string zeros(4'000'000, 0);
  std::string checksum = packed, middle = packed;
  checksum[packed.size() - 8] ^= 1;
  middle[10] = 0x07;  // gives the first block a type that does not exist
  const std::string cut = "its gzip data are cut short",
                    other = "something else follows its gzip data";
  const std::string only_4 =
      "its header says 2147483648 x 28 x 28 = 1683627180032 bytes, but only 4 follow it";
  const std::string more = "its header says 13 x 2 x 3 = 78 bytes, but more follow it";
  return {
      {"x", "", "is empty"},
      {"x.gz", gzipped(""), "is empty"},
      {"x.gz", sound, "is not gzipped, though its name ends in .gz"},
      {"x.gz", "\x1f", "is not gzipped, though its name ends in .gz"},
      {"x.gz", packed.substr(0, 5), cut},
      {"x.gz", packed.substr(0, 60), cut},
      {"x.gz", packed.substr(0, packed.size() - 1), cut},
      {"x.gz", checksum, "its gzip data are damaged (incorrect data check)"},
      {"x.gz", middle, "its gzip data are damaged (invalid block type)"},
      {"x.gz", packed + "stray", other},
      {"x.gz", packed + "\x1f", other},
      {"x", label_bytes(13), "begins with the magic number 2049 in place of 2051"},
      {"x", idx_bytes({0xffffffff}, ""),
       "begins with the magic number 4294967295 in place of 2051"},
      {"x", "abc", "has 3 bytes, fewer than the 16 of its header"},
      {"x", idx_bytes({2051, 13, 2}, ""), "has 12 bytes, fewer than the 16 of its header"},
      {"x", idx_bytes({2051, 13, 2, 3}, ""),
       "its header says 13 x 2 x 3 = 78 bytes, but only 0 follow it"},
      {"x", sound.substr(0, sound.size() - 1),
       "its header says 13 x 2 x 3 = 78 bytes, but only 77 follow it"},
      {"x", idx_bytes({2051, ~0u, ~0u, ~0u}, "abcd"),
       "its header says 4294967295 x 4294967295 x 4294967295 bytes, more than any memory holds"},
      {"x", idx_bytes({2051, 0, ~0u, ~0u}, ""),
       "its header says 0 x 4294967295 x 4294967295 bytes, more than any memory holds"},
      {"x", promise, only_4},
      {"x.gz", gzipped(promise), only_4},
      {"x", sound + "x", more},
      {"x.gz", gzipped(sound + "x"), more},
      {"x", sound + zeros, more},
      {"x.gz", gzipped(sound + zeros), more},
  };
}

TEST(ReadIdx, NamesTheFileAndTheFault) {
  for (const Damage& damage : damages()) {
    const std::string path = fresh(damage.file);
    write_plain(path, damage.bytes);
    largest_block = 0;
    expect_error<DataError>([&] { read_idx(path, 3); }, path + ": " + damage.fault);
    EXPECT_LT(largest_block, 200'000u) << "bytes asked for at once where " << damage.fault;
  }
}

TEST(ReadIdx, RefusesWhatIsNotThereAFolderAndAPipe) {
  const std::string path = fresh("folder");
  expect_error<DataError>([&] { read_idx(path, 3); },
                          path + ": cannot be opened: No such file or directory");
  std::filesystem::create_directory(path);
  expect_error<DataError>([&] { read_idx(path, 3); }, path + ": is a folder, not a file");
  std::filesystem::remove(path);
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  expect_error<DataError>([&] { read_idx(path, 3); }, path + ": is a device or a pipe, not a file");
}

}  // namespace
}  // namespace foundations
