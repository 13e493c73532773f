// Draws a picture with gnuplot, which is Debian's package gnuplot-nox.
//
//   const std::string script = "set terminal svg\nplot sin(x)\n";
//   if (!gnuplot(script, "sine.svg")) std::cout << kNoGnuplot << "\n";
#pragma once

#include <string>

namespace foundations {

// Runs gnuplot on the script and writes its standard output to the file `path`, whole or not at
// all. Returns false, and writes nothing, if gnuplot is missing. Throws DataError, naming the file,
// if gnuplot fails or the file cannot be written; a file that was at `path` then stays.
bool gnuplot(const std::string& script, const std::string& path);

// Returns the path of the picture `name` in `folder`, and makes the folder if there is none. Call
// this before long work. Throws DataError, naming the folder or the file, if the folder cannot be
// made or gnuplot() could not write the picture.
std::string picture_path(const std::string& folder, const std::string& name);

// Returns the beginning of a script: a picture of this size in pixels, with a frame, ticks and a
// grid. Its light background reads the same on a light page, on a dark page and in print.
std::string gnuplot_frame(int width, int height);

// A program says this if gnuplot() returns false, and goes on without the picture.
inline constexpr char kNoGnuplot[] =
    "no picture: there is no gnuplot here; on Debian, apt-get install gnuplot-nox";

}  // namespace foundations
