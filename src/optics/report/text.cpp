#include "optics/report/text.h"

#include <fmt/core.h>

#include <cmath>

namespace lichtbild::optics::report {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// Length of the UTF-8 sequence at the front, 0 where there is none; RFC 3629, table in section 4.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool second = follows(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF);
    return second && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool second = follows(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF);
    return second && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

std::string_view escaped_character(const char& c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    case '\t':
    case '\n':
    case '\r':
      return " ";
    default:
      return static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? std::string_view("?")
                                                               : std::string_view(&c, 1);
  }
}

// "-0.00" says nothing that "0.00" does not.
std::string without_negative_zero(std::string number) {
  const bool is_zero = number.find_first_not_of("-0.") == std::string::npos;
  return is_zero && number[0] == '-' ? number.substr(1) : number;
}

std::string unbounded(double value) {
  if (std::isnan(value)) return "–";
  return value < 0 ? "-∞" : "∞";
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const std::string_view sequence = text.substr(0, length);
    if (length == 1)
      out += escaped_character(text[0]);
    else if (length == 0 || sequence == "\xEF\xBF\xBE" || sequence == "\xEF\xBF\xBF")
      out += replacement;
    else
      out += sequence;
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

std::string fixed(double value, int decimals) {
  if (!std::isfinite(value)) return unbounded(value);
  if (std::abs(value) >= 1e9) return significant(value, decimals + 1);
  return without_negative_zero(fmt::format("{:.{}f}", value, decimals));
}

std::string significant(double value, int digits) {
  if (!std::isfinite(value)) return unbounded(value);
  if (value == 0) return "0";
  const double magnitude = std::abs(value);
  if (magnitude < 1e-4 || magnitude >= 1e6) return fmt::format("{:.{}e}", value, digits - 1);
  const int before_point = int(std::floor(std::log10(magnitude))) + 1;
  return fixed(value, std::max(0, digits - before_point));
}

std::string typeset(std::string number) {
  for (std::size_t at; (at = number.find('-')) != std::string::npos;) number.replace(at, 1, "−");
  return number;
}

}  // namespace lichtbild::optics::report
