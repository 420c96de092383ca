// tiff_writer: one directory of TIFF tags becomes bytes, little-endian (TIFF 6.0, section 2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

namespace lichtbild::tiff {

class DirectoryWriter {
 public:
  void add_text(std::uint16_t tag, std::string_view text);
  void add_bytes(std::uint16_t tag, std::span<const std::uint8_t> bytes, bool opaque = false);
  void add_shorts(std::uint16_t tag, const std::vector<std::uint16_t>& values);
  void add_longs(std::uint16_t tag, const std::vector<std::uint32_t>& values);
  void add_doubles(std::uint16_t tag, std::span<const double> values);
  // Fractions with as many decimals as 32 bits take; unsigned unless a value is negative or
  // `is_signed` asks for it.
  void add_rationals(std::uint16_t tag, std::span<const double> values, bool is_signed = false);

  // Bytes that the directory and its values take.
  std::size_t size() const;
  // The directory as it lies at that offset of the file, with no directory after it.
  std::vector<std::uint8_t> bytes_at(std::uint32_t offset) const;

 private:
  struct Field {
    std::uint16_t type;
    std::uint32_t count;
    std::vector<std::uint8_t> values;
  };
  void add(std::uint16_t tag, std::uint16_t type, std::size_t count,
           std::vector<std::uint8_t> values);

  std::map<std::uint16_t, Field> fields_;  // TIFF wants them in order
};

}  // namespace lichtbild::tiff
