// Has gnuplot draw a picture. Debian has it as gnuplot-nox.
#pragma once

#include <string>

namespace foundations {

// Runs gnuplot on the script, which writes to its standard output, and puts that into the file
// `path`: whole, or not at all (it is written under another name, `path` and ".part", and renamed).
// Returns false, and writes nothing, where there is no gnuplot. Throws std::runtime_error where
// gnuplot fails or the file cannot be written; a file that was at `path` then stays.
bool gnuplot(const std::string& script, const std::string& path);

}  // namespace foundations
