#include "common/data/idx.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <new>

#include "common/base/error.h"

namespace foundations {
namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& fault) {
  throw DataError(path + ": " + fault);
}

std::string reason() { return std::strerror(errno); }

// Reads `size` bytes, or fewer at the end of the file.
std::size_t read_into(std::uint8_t* out, std::size_t size, std::ifstream& file,
                      const std::string& path) {
  file.read(reinterpret_cast<char*>(out), static_cast<std::streamsize>(size));
  if (file.bad()) refuse(path, "cannot be read: " + reason());
  return static_cast<std::size_t>(file.gcount());
}

std::string message(const z_stream& stream) {
  return stream.msg ? stream.msg : "zlib gives no reason";
}

// Returns the first `limit` bytes that a gzip file unpacks to. Returns fewer only if the file ends
// there as it should, with the right checksum.
Bytes gunzip(std::ifstream& file, std::size_t limit, const std::string& path) {
  const std::string stray = "something else follows its gzip data";
  z_stream stream{};
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) throw std::bad_alloc();  // 16: gzip only
  const std::unique_ptr<z_stream, int (*)(z_stream*)> closer(&stream, inflateEnd);
  std::array<std::uint8_t, 1 << 16> packed;
  Bytes bytes;
  std::size_t size = 0;
  int members = 0;  // a gzip file has one member, or several in a row
  for (bool in_member = true; size < limit;) {
    if (stream.avail_in == 0) {
      stream.next_in = packed.data();
      stream.avail_in = static_cast<uInt>(read_into(packed.data(), packed.size(), file, path));
      if (stream.avail_in == 0 && !in_member) break;
      if (stream.avail_in == 0) refuse(path, members > 0 ? stray : "its gzip data are cut short");
    }
    if (!in_member) inflateReset(&stream);
    if (size == bytes.size()) bytes.resize(std::min(limit, size + std::max(size, packed.size())));
    stream.next_out = bytes.data() + size;
    stream.avail_out = static_cast<uInt>(std::min<std::size_t>(bytes.size() - size, 1 << 30));
    const int status = inflate(&stream, Z_NO_FLUSH);
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status != Z_OK && status != Z_STREAM_END) {
      refuse(path, members > 0 ? stray : "its gzip data are damaged (" + message(stream) + ")");
    }
    size = static_cast<std::size_t>(stream.next_out - bytes.data());
    in_member = status != Z_STREAM_END;
    members += !in_member;
  }
  bytes.resize(size);
  return bytes;
}

// Returns the first `limit` bytes of a file's contents, gzipped or not.
Bytes read_start(const std::string& path, std::size_t limit) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (std::filesystem::is_directory(status)) refuse(path, "is a folder, not a file");
  if (std::filesystem::is_other(status)) refuse(path, "is a device or a pipe, not a file");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse(path, "cannot be opened: " + reason());
  std::array<std::uint8_t, 2> start{};
  const std::size_t started = read_into(start.data(), start.size(), file, path);
  file.clear();
  file.seekg(0);
  if (start == std::array<std::uint8_t, 2>{0x1f, 0x8b}) return gunzip(file, limit, path);
  if (started > 0 && path.ends_with(".gz")) {
    refuse(path, "is not gzipped, though its name ends in .gz");
  }
  const std::uintmax_t on_disk = std::filesystem::file_size(path, error);
  if (error) refuse(path, "cannot be read: " + error.message());
  Bytes bytes(static_cast<std::size_t>(std::min<std::uintmax_t>(limit, on_disk)));
  bytes.resize(read_into(bytes.data(), bytes.size(), file, path));
  return bytes;
}

std::int64_t big_endian(const std::uint8_t* bytes) {
  return std::int64_t{bytes[0]} << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

// Returns "60000 x 28 x 28".
std::string times(const Shape& sizes) {
  std::string text;
  for (const std::int64_t size : sizes) {
    text += (text.empty() ? "" : " x ") + std::to_string(size);
  }
  return text;
}

}  // namespace

Idx read_idx(const std::string& path, std::int64_t rank) {
  const std::int64_t header_size = 4 + 4 * rank, magic = 2048 + rank;
  const Bytes header = read_start(path, static_cast<std::size_t>(header_size));
  const std::int64_t got = static_cast<std::int64_t>(header.size());
  if (got == 0) refuse(path, "is empty");
  if (got >= 4 && big_endian(header.data()) != magic) {
    refuse(path, "begins with the magic number " + std::to_string(big_endian(header.data())) +
                     " in place of " + std::to_string(magic));
  }
  if (got < header_size) {
    refuse(path, "has " + std::to_string(got) + " bytes, fewer than the " +
                     std::to_string(header_size) + " of its header");
  }
  Idx idx{path, {}, {}};
  std::int64_t most = 1;  // without sizes of 0: the images of an empty set also have a size
  bool fits = true;
  for (std::int64_t d = 0; d < rank; ++d) {
    idx.sizes.push_back(big_endian(header.data() + 4 + 4 * d));
    fits &= !__builtin_mul_overflow(most, std::max<std::int64_t>(idx.sizes[d], 1), &most);
  }
  if (!fits || most > PTRDIFF_MAX / 8) {
    refuse(path, "its header says " + times(idx.sizes) + " bytes, more than any memory holds");
  }
  const std::int64_t count = idx.sizes.numel();
  idx.elements = read_start(path, static_cast<std::size_t>(header_size + count + 1));
  const std::int64_t held = static_cast<std::int64_t>(idx.elements.size()) - header_size;
  if (held != count) {
    refuse(path, "its header says " + times(idx.sizes) + " = " + std::to_string(count) +
                     " bytes, but " + (held < count ? "only " + std::to_string(held) : "more") +
                     " follow it");
  }
  idx.elements.erase(idx.elements.begin(), idx.elements.begin() + header_size);
  return idx;
}

}  // namespace foundations
