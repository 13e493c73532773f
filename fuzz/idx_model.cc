#include "fuzz/idx_model.h"

#include <zlib.h>

#include <algorithm>

namespace foundations {
namespace {

constexpr int kGzip = 16 + MAX_WBITS;

Bytef* as_bytes(const std::string& text) {  // zlib takes no const
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

// Changes, inserts or removes bytes in one place.
void damage(Input& input, std::string& bytes) {
  if (bytes.empty()) return;
  const std::size_t at = static_cast<std::size_t>(input.byte() * 256 + input.byte()) % bytes.size();
  switch (input.byte() % 4) {
    case 0:
      bytes[at] = static_cast<char>(input.byte());
      break;
    case 1:
      bytes.resize(at);
      break;
    case 2:
      bytes += input.text(static_cast<std::size_t>(input.between(1, 8)));
      break;
    default:
      bytes.erase(at, 1);
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
  IdxContents contents;
  for (std::size_t at = 4; at < header; at += 4) contents.sizes.push_back(number_at(*text, at));
  contents.elements = text->substr(header);
  // At most four numbers of 32 bits, zeros left out.
  unsigned __int128 product = 1;
  bool empty = false;
  for (const std::int64_t size : contents.sizes) {
    empty |= size == 0;
    if (size > 0) product *= static_cast<std::uint64_t>(size);
  }
  if (product > PTRDIFF_MAX / 8) return std::nullopt;
  if ((empty ? 0 : product) != contents.elements.size()) return std::nullopt;
  return contents;
}

std::string draw_idx(Input& input, const std::vector<std::int64_t>& sizes, int highest) {
  const std::uint8_t choice = input.byte();
  std::string header = as_number(0x800 + static_cast<std::int64_t>(sizes.size()));
  std::size_t elements = 1;
  for (const std::int64_t size : sizes) {
    header += as_number(size);
    elements *= static_cast<std::size_t>(size);
  }
  if (choice % 16 == 1) {  // the header lies
    for (std::size_t at = 4; at < header.size(); at += 4) {
      if (input.flag()) header.replace(at, 4, as_number(input.bits<std::int32_t>()));
    }
  }
  std::string text = header;
  const int seed = input.byte();
  for (std::size_t i = 0; i < elements; ++i) {
    text += static_cast<char>((static_cast<int>(i) * 7 + seed) % (highest + 1));
  }
  if (choice % 16 == 2) damage(input, text);
  if (choice / 16 % 2 == 0) {
    const std::size_t cut = choice / 32 % 2 ? input.byte() : text.size();  // into two members
    const int level = input.between(0, 9);
    std::string packed = gzip(text.substr(0, cut), level);
    if (cut < text.size()) packed += gzip(text.substr(cut), level);
    text = packed;
  }
  if (choice % 16 == 3) damage(input, text);
  return text;
}

}  // namespace foundations
