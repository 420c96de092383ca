// AGF: the text format in which makers publish their glasses.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "glass/glass.h"

namespace lichtbild {

// The glasses of an AGF file's bytes: UTF-8, UTF-16 with or without byte order mark, or Latin-1;
// any line ends. Records that say nothing of the index or the transmission are passed over. Throws
// Error{"where:line", ...} at a number that is none, a formula that is not known, a glass without
// coefficients or whose index is no positive number in the middle of its range.
// Source: the OpticStudio user guide, "Glass catalog data file format".
std::vector<Glass> parse_agf(std::string_view bytes, const std::string& maker,
                             const std::string& where);

}  // namespace lichtbild
