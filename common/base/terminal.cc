#include "common/base/terminal.h"

#include <unistd.h>

#include <cstdlib>
#include <string>

namespace foundations {
namespace {

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

bool takes_escapes(int file) {
  const std::string term = variable("TERM");
  return !term.empty() && term != "dumb" && isatty(file);
}

bool takes_colours(int file) { return takes_escapes(file) && variable("NO_COLOR").empty(); }

}  // namespace foundations
