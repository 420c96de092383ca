// Text of unknown encoding, as Windows programs write it, as UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace lichtbild {

// UTF-16 by its byte order mark, or by the zeros of its ASCII letters where it has none; else UTF-8
// where that is valid; else Latin-1. Halves of surrogate pairs become U+FFFD. No input is an error.
std::string utf8_from_bytes(std::string_view bytes);

}  // namespace lichtbild
