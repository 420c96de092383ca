// TagDirectory: a TIFF directory (IFD) with its values and the directories below it, as
// little-endian bytes.
//
// The form behind both an EXIF block and a TIFF file (TIFF 6.0, section 2): 12-byte entries sorted
// by tag, values of more than 4 bytes after them. Adding a tag twice replaces the first.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/raw_frame.h"

namespace lichtbild {

class TagDirectory {
 public:
  void add_bytes(std::uint16_t tag, std::span<const std::uint8_t> values);
  void add_text(std::uint16_t tag, std::string_view text);
  void add_short(std::uint16_t tag, std::span<const std::uint16_t> values);
  void add_short(std::uint16_t tag, std::uint16_t value) { add_short(tag, {&value, 1}); }
  void add_long(std::uint16_t tag, std::span<const std::uint32_t> values);
  void add_long(std::uint16_t tag, std::uint32_t value) { add_long(tag, {&value, 1}); }
  void add_rational(std::uint16_t tag, std::span<const Rational> values);
  void add_rational(std::uint16_t tag, Rational value) { add_rational(tag, {&value, 1}); }
  void add_undefined(std::uint16_t tag, std::span<const std::uint8_t> values);
  void add_directory(std::uint16_t tag, TagDirectory directory);

  // The directory, its values and its children as they lie at byte `offset` (even) of a file.
  std::vector<std::uint8_t> bytes(std::uint32_t offset) const;

 private:
  struct Entry {
    std::uint16_t tag = 0, type = 0;
    std::uint32_t count = 0;
    std::vector<std::uint8_t> values;
    std::vector<TagDirectory> child;  // none, or the one directory that the entry points at
  };
  void add(Entry entry);

  std::vector<Entry> entries_;
};

// The 8 bytes at the start of a little-endian TIFF file or EXIF block, saying where its first
// directory lies.
std::vector<std::uint8_t> tiff_header(std::uint32_t directory_offset);

// The simplest fraction within the precision of a float: 0.008 gives 1/125. Negative or not finite
// gives 0/1.
Rational rational(double value);

}  // namespace lichtbild
