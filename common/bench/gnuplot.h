// Has gnuplot draw a picture. Debian has it as gnuplot-nox.
//
//   const std::string script = "set terminal svg\nplot sin(x)\n";
//   if (!gnuplot(script, "sine.svg")) std::cout << kNoGnuplot << "\n";
#pragma once

#include <string>

namespace foundations {

// Runs gnuplot on the script, which writes to its standard output, and puts that into the file
// `path`: whole, or not at all.
// Returns false, and writes nothing, where there is no gnuplot. Throws DataError, naming the file,
// where gnuplot fails or the file cannot be written; a file that was at `path` then stays.
bool gnuplot(const std::string& script, const std::string& path);

// The path of the picture `name` in `folder`, which is made if need be: for a program to ask before
// it works for long. Throws DataError, naming the one or the other, where the folder cannot be made
// or gnuplot() could not write the picture into it.
std::string picture_path(const std::string& folder, const std::string& name);

// The beginning of a script: a picture of this size in pixels, with a frame, ticks and a grid. On
// its own light paper it reads the same on a light page, on a dark one and in print.
std::string gnuplot_frame(int width, int height);

// What a program says where gnuplot() returned false, and goes on without the picture.
inline constexpr char kNoGnuplot[] =
    "no picture: there is no gnuplot here; on Debian, apt-get install gnuplot-nox";

}  // namespace foundations
