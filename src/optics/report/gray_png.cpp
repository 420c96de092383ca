#include "optics/report/gray_png.h"

#include <algorithm>
#include <string_view>

namespace lichtbild::optics::report {
namespace {

using Bytes = std::vector<std::uint8_t>;

void put_big_endian(Bytes& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(std::uint8_t(value >> shift));
}

// CRC-32 of IEEE 802.3, reflected, bit by bit.
std::uint32_t crc32(const std::uint8_t* bytes, std::size_t count) {
  std::uint32_t crc = ~0U;
  for (std::size_t i = 0; i < count; ++i) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

std::uint32_t adler32(const Bytes& bytes) {
  constexpr std::uint32_t prime = 65521;
  std::uint32_t a = 1, b = 0;
  for (const std::uint8_t byte : bytes) {
    a = (a + byte) % prime;
    b = (b + a) % prime;
  }
  return b << 16 | a;
}

void put_chunk(Bytes& out, std::string_view type, const Bytes& content) {
  put_big_endian(out, std::uint32_t(content.size()));
  const std::size_t start = out.size();
  out.insert(out.end(), type.begin(), type.end());
  out.insert(out.end(), content.begin(), content.end());
  put_big_endian(out, crc32(out.data() + start, out.size() - start));
}

Bytes stored_zlib(const Bytes& plain) {
  Bytes out{0x78, 0x01};
  constexpr std::size_t longest = 65535;
  std::size_t at = 0;
  do {
    const std::size_t count = std::min(longest, plain.size() - at);
    out.push_back(at + count == plain.size());
    for (const std::size_t word : {count, ~count}) {
      out.push_back(std::uint8_t(word));
      out.push_back(std::uint8_t(word >> 8));
    }
    out.insert(out.end(), plain.begin() + long(at), plain.begin() + long(at + count));
    at += count;
  } while (at < plain.size());
  put_big_endian(out, adler32(plain));
  return out;
}

}  // namespace

std::string base64(const Bytes& bytes) {
  constexpr const char* digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 3; ++k) word = word << 8 | (k < count ? bytes[i + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += k <= count ? digits[word >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

std::string gray_png_base64(const Bytes& gray, int width, int height) {
  Bytes file{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'}, header, rows;
  put_big_endian(header, std::uint32_t(width));
  put_big_endian(header, std::uint32_t(height));
  constexpr std::uint8_t bits = 8, gray_only = 0;
  for (const std::uint8_t b : {bits, gray_only, std::uint8_t(0), std::uint8_t(0), std::uint8_t(0)})
    header.push_back(b);
  for (int y = 0; y < height; ++y) {
    rows.push_back(0);  // no filter
    rows.insert(rows.end(), gray.begin() + long(y) * width, gray.begin() + long(y + 1) * width);
  }
  put_chunk(file, "IHDR", header);
  put_chunk(file, "IDAT", stored_zlib(rows));
  put_chunk(file, "IEND", {});
  return base64(file);
}

}  // namespace lichtbild::optics::report
