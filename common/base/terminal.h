// What a terminal takes beside text.
#pragma once

namespace foundations {

// Returns true if escape sequences do what they say on this file descriptor: it is a terminal, and
// TERM is neither unset, empty nor "dumb".
bool takes_escapes(int file);

// Returns true if colours are welcome too: NO_COLOR is unset or empty (https://no-color.org).
bool takes_colours(int file);

}  // namespace foundations
