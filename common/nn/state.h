// State: what a network knows, as a file. The format is safetensors, which PyTorch's tools read and
// write: names, shapes and types as JSON, then the numbers.
//
//   write_state("mlp.safetensors", {.tensors = {{"0.weight", w}, {"0.bias", b}},
//                                   .metadata = {{"model", "mlp 784 50 10"}}});
//   const Tensor w = std::get<Tensor>(read_state("mlp.safetensors").tensors.at("0.weight"));
//
// Source: github.com/huggingface/safetensors, "Format".
#pragma once

#include <map>
#include <string>
#include <variant>

#include "common/tensor/tensor.h"

namespace foundations {

struct State {
  std::map<std::string, std::variant<Tensor, LongTensor>> tensors;
  std::map<std::string, std::string> metadata;
};

// Writes the file whole or not at all. Throws DataError, naming the file, where it cannot be
// written, and for a tensor with the name "__metadata__". Any strides.
void write_state(const std::string& path, const State& state);

// Reads float32 and int64 tensors. Throws DataError, naming the file, for a file that is missing,
// cut off or malformed, and for a tensor of another type or of more than kMaxDim dimensions.
State read_state(const std::string& path);

}  // namespace foundations
