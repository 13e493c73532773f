// The cells of a notebook, as walkthroughs print them.
//
//   cell("29", "t = c.expand_as(m)");
//   cell("11", "a + b", a + b);
//   refused(" ", "ones(2,3) + ones(2)", [] { ones({2, 3}) + ones({2}); });
#pragma once

#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "common/base/error.h"

namespace foundations {

// Prints a cell without output: its number, and its code as Python has it.
inline void cell(std::string_view number, std::string_view code) {
  std::cout << "In [" << number << "]: " << code << "\n\n";
}

// Prints a cell: its number, its code as Python has it, and the value of its last line.
template <class Value>
void cell(std::string_view number, std::string_view code, const Value& value) {
  std::cout << "In [" << number << "]: " << code << "\n" << value << "\n\n";
}

// Prints a cell that ends in an error: what it is, and its sentence. Throws std::logic_error if
// nothing is wrong with it.
template <class Action>
void refused(std::string_view number, std::string_view code, Action action) {
  try {
    action();
  } catch (const ShapeError& error) {
    return cell(number, code, std::string("ShapeError: ") + error.what());
  } catch (const std::exception& error) {
    return cell(number, code, std::string("Exception: ") + error.what());
  }
  throw std::logic_error(std::string(code) + " was not refused");
}

}  // namespace foundations
