// State: what a network knows, as a file. The format is safetensors, which PyTorch's tools read and
// write: names, shapes and types as JSON, then the numbers.
//
//   nn::save_state("mlp.safetensors", model);
//   nn::load_state("mlp.safetensors", same_model);
//
//   write_state("some.safetensors", {.tensors = {{"w", w}}, .metadata = {{"author", "me"}}});
//   const Tensor w = std::get<Tensor>(read_state("some.safetensors").tensors.at("w"));
//
// Source: github.com/huggingface/safetensors, "Format".
#pragma once

#include <functional>
#include <map>
#include <string>
#include <variant>

#include "common/nn/module.h"
#include "common/tensor/tensor.h"

namespace foundations {

using StateTensors = std::map<std::string, std::variant<Tensor, LongTensor>>;
using Metadata = std::map<std::string, std::string>;

struct State {
  StateTensors tensors = {};
  Metadata metadata = {};
};

// Writes the file whole or not at all. Throws DataError, naming the file, where it cannot be
// written, for a tensor with the name "__metadata__", and for text that is not UTF-8. Any strides.
void write_state(const std::string& path, const State& state);

// Reads float32 and int64 tensors. Throws DataError, naming the file, for a file that is missing,
// cut off or malformed, and for a tensor of another type or of more than kMaxDim dimensions.
State read_state(const std::string& path);

namespace nn {

// Writes the module's parameters and buffers under their names and, where given, the state of an
// optimizer, with "optimizer." before each name. Throws what write_state() throws.
void save_state(const std::string& path, const Module& module, const Metadata& metadata = {},
                const StateTensors& optimizer = {});

// What a file has beside the tensors of the module.
struct Rest {
  Metadata metadata = {};
  StateTensors optimizer = {};  // without "optimizer."; empty where none was saved
};

// Reads a file into the module's parameters and buffers. Throws DataError, naming the file, if it
// lacks one of them, has another shape or type for it, or has a tensor that the module does not
// have: the module is then as it was. So it is if `accept`, which looks at the rest before anything
// is filled in, throws.
Rest load_state(const std::string& path, const Module& module,
                const std::function<void(const Rest& rest)>& accept = nullptr);

}  // namespace nn
}  // namespace foundations
