// Paths as the user meant them.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace foundations {

// A relative path typed at a shell is relative to the folder the shell is in. `bazel run` starts
// programs in a folder of its own and hands on the user's in BUILD_WORKING_DIRECTORY.
inline std::string user_path(const std::string& path) {
  const char* const folder = std::getenv("BUILD_WORKING_DIRECTORY");
  return folder ? std::filesystem::path(folder) / path : std::filesystem::path(path);
}

}  // namespace foundations
