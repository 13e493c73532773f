// Has gnuplot draw a picture. Debian has it as gnuplot-nox.
//
//   const std::string script = "set terminal svg\nplot sin(x)\n";
//   if (!gnuplot(script, "sine.svg")) std::cout << kNoGnuplot << "\n";
#pragma once

#include <string>

namespace foundations {

// Runs gnuplot on the script, which writes to its standard output, and puts that into the file
// `path`: whole, or not at all (it is written under another name, `path` and ".part", and renamed).
// Returns false, and writes nothing, where there is no gnuplot. Throws DataError, naming the file,
// where gnuplot fails or the file cannot be written; a file that was at `path` then stays.
bool gnuplot(const std::string& script, const std::string& path);

// Makes the folder `path` where there is none. Throws DataError, naming it, where that fails or
// nothing may be written into it: for a program to ask before it works for long.
void make_folder(const std::string& path);

// What a program says where gnuplot() returned false, and goes on without the picture.
inline constexpr char kNoGnuplot[] =
    "no picture: there is no gnuplot here; on Debian, apt-get install gnuplot-nox";

}  // namespace foundations
