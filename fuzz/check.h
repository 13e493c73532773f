// How a fuzz target speaks: it ends the program where something does not hold, which is all that a
// fuzzer and replay.cc wait for.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include "common/base/error.h"

namespace foundations {

[[noreturn]] inline void fail(const std::string& what) {
  std::fprintf(stderr, "FAILED: %s\n", what.c_str());
  std::abort();
}

inline void require(bool holds, const std::string& what) {
  if (!holds) fail(what);
}

// A refusal must be one of our exceptions, and one sentence on one line.
inline std::string checked_message(const std::exception& error) {
  const std::string message = error.what();
  require(!message.empty(), "an exception without a message");
  require(message.find('\n') == std::string::npos, "a message of two lines: " + message);
  return message;
}

// Calls the action and returns why it was refused, or nothing if it was not. Every other exception
// goes on, and ends the program.
template <class Action>
std::optional<std::string> refusal(Action action) {
  try {
    action();
    return std::nullopt;
  } catch (const ShapeError& error) {
    return checked_message(error);
  } catch (const IndexError& error) {
    return checked_message(error);
  } catch (const TypeError& error) {
    return checked_message(error);
  } catch (const DataError& error) {
    return checked_message(error);
  }
}

}  // namespace foundations
