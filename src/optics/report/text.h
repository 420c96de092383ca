// Text of the report: numbers with sensible digits, and strangers' text made safe for XML.
#pragma once

#include <string>
#include <string_view>

namespace lichtbild::optics::report {

// Well-formed in XML text and attributes whatever comes in: markup is escaped, characters that XML
// can't hold become '?', bytes that are not UTF-8 become U+FFFD.
std::string escaped(std::string_view text);

// Never "nan" or "inf": what is not a number is an en dash, what has no bound the sign of infinity.
std::string fixed(double value, int decimals);
// `digits` significant ones, plain between 1e-4 and 1e6, else as 1.23e-05.
std::string significant(double value, int digits = 5);

// As it should stand in a drawing: with a real minus sign.
std::string typeset(std::string number);

}  // namespace lichtbild::optics::report
