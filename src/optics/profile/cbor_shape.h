// cbor_shape: is this a CBOR tree (RFC 8949) that a parser which recurses may be given?
//
// nlohmann's reader calls itself for every level of lists, maps and chunked texts: a small file of
// nothing but openings would exhaust the stack.
#pragma once

#include <string>
#include <string_view>

namespace lichtbild::optics {

// Throws Error{where, ...} for levels beyond sixteen, chunked values, tags and what is cut off.
void check_cbor_shape(std::string_view bytes, const std::string& where);

}  // namespace lichtbild::optics
