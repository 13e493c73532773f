// Files that are there whole, or not at all: whatever happens in between (a full disk, Ctrl-C),
// whoever opens `path` finds the old file or the new one.
#pragma once

#include <string>

namespace foundations {

// Makes `bytes` the file `path`. They are written under another name in the same folder first,
// path.NUMBER.part, which is removed where that fails; only a program that is stopped meanwhile
// leaves it behind. Throws DataError, naming the file, where it cannot be written;
// a file that was at `path` then stays. So do devices, and files that you may not write.
void write_file(const std::string& path, const std::string& bytes);

// Throws what write_file would, unless that comes up later: for a program to ask before it works
// for long. What is at `path` stays.
void check_writable(const std::string& path);

// Returns all bytes of the file. Throws DataError, naming it, where it cannot be read.
std::string read_file(const std::string& path);

}  // namespace foundations
