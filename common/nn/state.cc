#include "common/nn/state.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <vector>

#include "common/base/error.h"
#include "common/base/whole_file.h"

namespace foundations {
namespace {

// Returns the text without line feeds and other control characters: a name may have any.
std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 127; }, '?');
  return text;
}

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");

using Json = nlohmann::ordered_json;

constexpr char kMetadata[] = "__metadata__";
constexpr std::uint64_t kMaxHeader = 100'000'000;  // safetensors' own limit

template <class T>
constexpr const char* kType = std::same_as<T, float> ? "F32" : "I64";

// ---- Write -------------------------------------------------------------------------------------

template <class T>
Json described(const TensorOf<T>& tensor, std::uint64_t begin) {
  return {{"dtype", kType<T>},
          {"shape", std::vector<std::int64_t>(tensor.shape().begin(), tensor.shape().end())},
          {"data_offsets", {begin, begin + tensor.numel() * sizeof(T)}}};
}

template <class T>
void append(const TensorOf<T>& tensor, std::string& bytes) {
  const TensorOf<T> rows = tensor.contiguous();
  bytes.append(reinterpret_cast<const char*>(rows.data()), rows.numel() * sizeof(T));
}

// ---- Read --------------------------------------------------------------------------------------

// A tensor of the header, before its numbers are looked at.
struct Entry {
  std::string name, type;
  Shape shape;
  std::uint64_t begin, end;
};

// Reads one file. Each function throws DataError for what is wrong with it.
class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path), bytes_(read_file(path)) {}

  State read() {
    const Json header = parse(header_text());
    State state;
    std::vector<Entry> entries;
    for (const auto& [name, value] : header.items()) {
      if (name == kMetadata) {
        state.metadata = metadata(value);
      } else {
        entries.push_back(entry(name, value));
      }
    }
    check_cover(entries);
    for (const Entry& e : entries) {
      if (e.type == kType<float>) {
        state.tensors[e.name] = tensor<float>(e);
      } else {
        state.tensors[e.name] = tensor<std::int64_t>(e);
      }
    }
    return state;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw DataError(path_ + ": " + one_line(why));
  }

  std::string_view header_text() {
    std::uint64_t length = 0;
    if (bytes_.size() < sizeof length) {
      fail("not a safetensors file: it has " + std::to_string(bytes_.size()) +
           " bytes, and the first 8 are the length of its header");
    }
    std::memcpy(&length, bytes_.data(), sizeof length);
    const std::uint64_t rest = bytes_.size() - sizeof length;
    if (length > std::min(rest, kMaxHeader)) {
      fail("not a safetensors file, or cut off: its header should have " + std::to_string(length) +
           " bytes, and " + std::to_string(rest) + " follow");
    }
    data_ = std::string_view(bytes_).substr(sizeof length + length);
    return std::string_view(bytes_).substr(sizeof length, length);
  }

  // JSON leaves open what a name that comes twice means; here it is an error.
  Json parse(std::string_view text) const {
    std::vector<std::set<std::string>> names;
    std::string twice;
    const auto watch = [&](int, Json::parse_event_t event, Json& value) {
      if (event == Json::parse_event_t::object_start) names.emplace_back();
      if (event == Json::parse_event_t::object_end) names.pop_back();
      if (event == Json::parse_event_t::key && !names.back().insert(value).second) twice = value;
      return true;
    };
    Json header = Json::parse(text, watch, /*allow_exceptions=*/false);
    if (!header.is_object()) fail("its header is not a JSON object");
    if (!twice.empty()) fail("its header has the name '" + twice + "' twice");
    return header;
  }

  std::map<std::string, std::string> metadata(const Json& value) const {
    std::map<std::string, std::string> result;
    const bool strings =
        value.is_object() && std::ranges::all_of(value, [](auto& v) { return v.is_string(); });
    if (!strings) fail("its __metadata__ is not an object of strings");
    for (const auto& [name, text] : value.items()) result[name] = text;
    return result;
  }

  // The unsigned numbers of a list, such as "shape".
  std::vector<std::uint64_t> numbers(const std::string& name, const Json& value,
                                     const std::string& list) const {
    const bool are_numbers =
        value.contains(list) && value[list].is_array() &&
        std::ranges::all_of(value[list], [](auto& v) { return v.is_number_unsigned(); });
    if (!are_numbers) fail("tensor '" + name + "' has no " + list + " of whole numbers");
    return value[list];
  }

  Entry entry(const std::string& name, const Json& value) const {
    if (!value.is_object() || !value.contains("dtype") || !value["dtype"].is_string()) {
      fail("tensor '" + name + "' has no dtype");
    }
    const std::string type = value["dtype"];
    if (type != kType<float> && type != kType<std::int64_t>) {
      fail("tensor '" + name + "' is of type " + type + "; F32 and I64 can be read");
    }
    const auto sizes = numbers(name, value, "shape");
    const auto offsets = numbers(name, value, "data_offsets");
    if (sizes.size() > kMaxDim || offsets.size() != 2) {
      fail("tensor '" + name + "' needs at most " + std::to_string(kMaxDim) +
           " sizes and two data_offsets, but has " + std::to_string(sizes.size()) + " and " +
           std::to_string(offsets.size()));
    }
    Entry result{name, type, {}, offsets[0], offsets[1]};
    std::uint64_t bytes = type == kType<float> ? sizeof(float) : sizeof(std::int64_t);
    for (const std::uint64_t size : sizes) {
      if (size > INT64_MAX || __builtin_mul_overflow(bytes, size, &bytes)) bytes = UINT64_MAX;
      if (bytes == UINT64_MAX) break;
      result.shape.push_back(static_cast<std::int64_t>(size));
    }
    if (result.begin > result.end || result.end > data_.size() ||
        result.end - result.begin != bytes) {
      fail("tensor '" + name + "' should lie in bytes " + std::to_string(result.begin) + " to " +
           std::to_string(result.end) + " of " + std::to_string(data_.size()) +
           ", which do not fit its shape");
    }
    return result;
  }

  // The tensors, in whatever order, take all bytes and no byte twice.
  void check_cover(std::vector<Entry> entries) const {
    std::ranges::sort(entries, {}, [](const Entry& e) { return std::pair(e.begin, e.end); });
    std::uint64_t reached = 0;
    for (const Entry& e : entries) {
      if (e.begin != reached) {
        fail("tensor '" + e.name + "' begins at byte " + std::to_string(e.begin) +
             ", where the one before it ends at " + std::to_string(reached));
      }
      reached = e.end;
    }
    if (reached != data_.size()) {
      fail("its tensors take " + std::to_string(reached) + " bytes, but it has " +
           std::to_string(data_.size()));
    }
  }

  template <class T>
  TensorOf<T> tensor(const Entry& e) const {
    TensorOf<T> result = empty<T>(e.shape);
    // An empty copy may have no place to go to, which memcpy must not be given.
    if (e.end > e.begin) std::memcpy(result.data(), data_.data() + e.begin, e.end - e.begin);
    return result;
  }

  std::string path_, bytes_;
  std::string_view data_;
};

}  // namespace

void write_state(const std::string& path, const State& state) {
  Json header = Json::object();
  std::string data;
  if (!state.metadata.empty()) header[kMetadata] = state.metadata;
  for (const auto& named : state.tensors) {
    if (named.first == kMetadata) {
      throw DataError(path + ": no tensor may have the name __metadata__");
    }
    std::visit(
        [&](const auto& tensor) {
          header[named.first] = described(tensor, data.size());
          append(tensor, data);
        },
        named.second);
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const Json::type_error&) {
    throw DataError(path + ": a name or a text of the metadata is not UTF-8");
  }
  text.resize((text.size() + 7) / 8 * 8, ' ');  // so that the numbers are aligned in memory
  const std::uint64_t length = text.size();
  write_file(path,
             std::string(reinterpret_cast<const char*>(&length), sizeof length) + text + data);
}

State read_state(const std::string& path) { return Reader(path).read(); }

// ---- Modules -----------------------------------------------------------------------------------

namespace nn {
namespace {

constexpr std::string_view kOptimizer = "optimizer.";

StateTensors tensors_of(const Module& module) {
  StateTensors all;
  for (const auto& [name, tensor] : module.named_parameters()) all[name] = tensor;
  for (const auto& [name, tensor] : module.named_buffers()) all[name] = tensor;
  return all;
}

// Says "float [50, 784]".
std::string kind(const std::variant<Tensor, LongTensor>& tensor) {
  return (std::holds_alternative<Tensor>(tensor) ? "float " : "int64 ") +
         std::visit([](const auto& t) { return bracketed(t.shape()); }, tensor);
}

}  // namespace

void save_state(const std::string& path, const Module& module, const Metadata& metadata,
                const StateTensors& optimizer) {
  State state{tensors_of(module), metadata};
  for (const auto& [name, tensor] : optimizer) {
    state.tensors[std::string(kOptimizer) + name] = tensor;
  }
  write_state(path, state);
}

Rest load_state(const std::string& path, const Module& module,
                const std::function<void(const Rest& rest)>& accept) {
  const State file = read_state(path);
  const StateTensors own = tensors_of(module);
  Rest rest{file.metadata, {}};
  for (const auto& [name, tensor] : file.tensors) {
    if (name.starts_with(kOptimizer)) {
      rest.optimizer[name.substr(kOptimizer.size())] = tensor;
    } else if (!own.contains(name)) {
      throw DataError(path + ": has a tensor '" + one_line(name) +
                      "', which the model does not have");
    }
  }
  for (const auto& [name, tensor] : own) {
    const auto found = file.tensors.find(name);
    if (found == file.tensors.end()) {
      throw DataError(path + ": has no tensor '" + name + "', which the model has");
    }
    if (kind(found->second) != kind(tensor)) {
      throw DataError(path + ": tensor '" + name + "' is " + kind(found->second) +
                      ", but the model's is " + kind(tensor));
    }
  }
  if (accept) accept(rest);
  for (const auto& [name, tensor] : own) {
    std::get<Tensor>(tensor).copy_(std::get<Tensor>(file.tensors.at(name)));
  }
  return rest;
}

}  // namespace nn

}  // namespace foundations
