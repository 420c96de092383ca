#include "glass/text_encoding.h"

#include <algorithm>
#include <cstdint>

namespace lichtbild {
namespace {

void append(std::string& text, std::uint32_t point) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | ((point >> shift) & 0x3f)); };
  if (point < 0x80) {
    text += static_cast<char>(point);
  } else if (point < 0x800) {
    text += static_cast<char>(0xc0 | (point >> 6));
    tail(0);
  } else if (point < 0x10000) {
    text += static_cast<char>(0xe0 | (point >> 12));
    tail(6), tail(0);
  } else {
    text += static_cast<char>(0xf0 | (point >> 18));
    tail(12), tail(6), tail(0);
  }
}

std::uint32_t byte(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

std::string from_utf16(std::string_view bytes, bool big_endian) {
  const auto unit = [&](std::size_t i) {
    return byte(bytes, i + big_endian) | (byte(bytes, i + !big_endian) << 8);
  };
  const auto within = [](std::uint32_t value, std::uint32_t first) {
    return value >= first && value < first + 0x400;
  };
  std::string text;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    const std::uint32_t first = unit(i);
    if (within(first, 0xd800) && i + 3 < bytes.size() && within(unit(i + 2), 0xdc00)) {
      append(text, 0x10000 + ((first - 0xd800) << 10) + (unit(i + 2) - 0xdc00));
      i += 2;
    } else {
      append(text, within(first, 0xd800) || within(first, 0xdc00) ? 0xfffd : first);
    }
  }
  return text;
}

bool is_utf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint32_t first = byte(bytes, i);
    const int tail = first < 0x80   ? 0
                     : first < 0xc2 ? -1
                     : first < 0xe0 ? 1
                     : first < 0xf0 ? 2
                     : first < 0xf5 ? 3
                                    : -1;
    if (tail < 0 || i + static_cast<std::size_t>(tail) >= bytes.size()) return false;
    for (int k = 0; k < tail; ++k)
      if ((byte(bytes, ++i) & 0xc0) != 0x80) return false;
  }
  return true;
}

std::string from_latin1(std::string_view bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) append(text, byte(bytes, i));
  return text;
}

// The share of zeros among the first bytes at even (0) or odd (1) places.
double zeros(std::string_view bytes, std::size_t parity) {
  const std::string_view head = bytes.substr(0, 256);
  std::size_t count = 0;
  for (std::size_t i = parity; i < head.size(); i += 2) count += head[i] == '\0';
  return 2.0 * static_cast<double>(count) /
         static_cast<double>(std::max<std::size_t>(head.size(), 1));
}

}  // namespace

std::string utf8_from_bytes(std::string_view bytes) {
  if (bytes.starts_with("\xff\xfe")) return from_utf16(bytes.substr(2), false);
  if (bytes.starts_with("\xfe\xff")) return from_utf16(bytes.substr(2), true);
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  if (zeros(bytes, 1) > 0.7) return from_utf16(bytes, false);
  if (zeros(bytes, 0) > 0.7) return from_utf16(bytes, true);
  return is_utf8(bytes) ? std::string(bytes) : from_latin1(bytes);
}

}  // namespace lichtbild
