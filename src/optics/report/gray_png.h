// A small gray picture as PNG in base64, for data URIs.
//
// PNG (ISO/IEC 15948) with stored, not compressed, deflate blocks (RFC 1951, section 3.2.4).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lichtbild::optics::report {

// `gray`: width * height values, rows from the top.
std::string gray_png_base64(const std::vector<std::uint8_t>& gray, int width, int height);

std::string base64(const std::vector<std::uint8_t>& bytes);  // RFC 4648, section 4

}  // namespace lichtbild::optics::report
