#include "fuzz/mnist_model.h"

#include <zlib.h>

#include <algorithm>
#include <cstddef>

namespace foundations {
namespace {

constexpr int kGzip = 16 + MAX_WBITS;

Bytef* as_bytes(const std::string& text) {  // zlib does not take const
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

std::optional<std::string> gunzip(const std::string& packed) {
  std::string unpacked, block(1 << 16, '\0');
  std::size_t at = 0;
  while (at < packed.size()) {
    z_stream stream{};
    inflateInit2(&stream, kGzip);
    stream.next_in = as_bytes(packed) + at;
    stream.avail_in = static_cast<uInt>(packed.size() - at);
    int status = Z_OK;
    while (status == Z_OK) {
      stream.next_out = as_bytes(block);
      stream.avail_out = static_cast<uInt>(block.size());
      status = inflate(&stream, Z_NO_FLUSH);
      unpacked.append(block, 0, block.size() - stream.avail_out);
    }
    at = packed.size() - stream.avail_in;
    inflateEnd(&stream);
    if (status != Z_STREAM_END) return std::nullopt;
  }
  return unpacked;
}

std::string gzip(const std::string& text, int level) {
  z_stream stream{};
  deflateInit2(&stream, level, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = as_bytes(text);
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = as_bytes(packed);
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::int64_t number_at(const std::string& text, std::size_t at) {
  std::int64_t number = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    number = number * 256 + static_cast<unsigned char>(text[i]);
  }
  return number;
}

std::string as_number(std::int64_t number) {
  std::string text;
  for (const int shift : {24, 16, 8, 0}) text += static_cast<char>(number >> shift);
  return text;
}

// Changes, removes or adds bytes in one place, or cuts the rest off.
void damage(Input& input, std::string& bytes) {
  if (bytes.empty()) return;
  const std::size_t high = input.byte(), at = (high * 256 + input.byte()) % bytes.size();
  switch (input.between(0, 3)) {
    case 0:
      bytes[at] = static_cast<char>(input.byte());
      break;
    case 1:
      bytes.erase(at, 1);
      break;
    case 2:
      bytes += input.text(1 + input.below(8));
      break;
    default:
      bytes.resize(at);
  }
}

}  // namespace

std::optional<IdxContents> read_plainly(const std::string& bytes, bool named_gz,
                                        std::int64_t rank) {
  const bool is_gzip = bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
  if (named_gz && !is_gzip) return std::nullopt;
  const auto text = is_gzip ? gunzip(bytes) : bytes;
  const std::size_t header = 4 + 4 * static_cast<std::size_t>(rank);
  if (!text || text->size() < header || number_at(*text, 0) != 0x800 + rank) return std::nullopt;
  IdxContents contents = {{}, text->substr(header)};
  unsigned __int128 product = 1;  // of at most four numbers of 32 bits, without zeros
  for (std::size_t at = 4; at < header; at += 4) {
    contents.sizes.push_back(number_at(*text, at));
    product *= static_cast<std::uint64_t>(std::max<std::int64_t>(contents.sizes.back(), 1));
  }
  if (product > PTRDIFF_MAX / 8) return std::nullopt;
  if (std::count(contents.sizes.begin(), contents.sizes.end(), 0) > 0) product = 0;
  if (product != contents.elements.size()) return std::nullopt;
  return contents;
}

std::string draw_idx(Input& input, const Numbers& sizes) {
  enum { kLies, kDamaged, kDamagedGzip };  // and from 3 on, sound
  const std::int64_t fault = input.between(0, 15);
  const int seed = input.byte();
  std::int64_t elements = 1;
  std::string text = as_number(0x800 + static_cast<std::int64_t>(sizes.size()));
  for (const std::int64_t size : sizes) {
    elements *= size;
    std::string bytes = as_number(size);
    if (fault == kLies && input.flag()) bytes[input.below(4)] = static_cast<char>(input.byte());
    text += bytes;
  }
  for (std::int64_t i = 0; i < elements; ++i) text += static_cast<char>(i * 7 + seed);
  if (fault == kDamaged) damage(input, text);
  if (input.flag()) {  // in one member or two
    const std::size_t cut = input.flag() ? input.below(text.size() + 1) : text.size();
    const int level = static_cast<int>(input.between(0, 9));
    std::string packed = gzip(text.substr(0, cut), level);
    if (cut < text.size()) packed += gzip(text.substr(cut), level);
    text = packed;
  }
  if (fault == kDamagedGzip) damage(input, text);
  return text;
}

}  // namespace foundations
