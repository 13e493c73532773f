#include "common/base/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

namespace foundations {
namespace {

void set(const char* name, const char* value) { value ? setenv(name, value, 1) : unsetenv(name); }

TEST(Terminal, TakesWhatTheEnvironmentSays) {
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_TRUE(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
  const int terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
  const int file = open("/dev/null", O_WRONLY);
  ASSERT_TRUE(isatty(terminal) && !isatty(file));
  const struct {
    const char *term, *no_color;
    bool escapes, colours;
  } kRows[] = {
      {"xterm-256color", nullptr, true, true},
      {"xterm-256color", "", true, true},
      {"linux", "1", true, false},
      {"dumb", nullptr, false, false},
      {"dumb", "1", false, false},
      {"", nullptr, false, false},
      {nullptr, nullptr, false, false},
  };
  for (const auto& row : kRows) {
    set("TERM", row.term);
    set("NO_COLOR", row.no_color);
    SCOPED_TRACE(row.term ? row.term : "no TERM");
    EXPECT_EQ(takes_escapes(terminal), row.escapes);
    EXPECT_EQ(takes_colours(terminal), row.colours);
    EXPECT_FALSE(takes_escapes(file) || takes_colours(file));
  }
  close(file);
  close(terminal);
  close(master);
}

}  // namespace
}  // namespace foundations
