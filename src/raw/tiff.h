// tiff: the directories of a TIFF file (and so of a DNG), every read checked against the file's
// end.
//
// Only tags and their values are read here, no pixels. Both byte orders; classic TIFF (TIFF 6.0,
// section 2). Throws Error with the byte offset of what lies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lichtbild::tiff {

struct Entry {
  std::uint16_t type = 0;
  std::uint32_t count = 0;
  std::uint32_t offset = 0;  // of the values, in the file
};

using Directory = std::map<std::uint16_t, Entry>;

// A tag's number as a whole one: tags may have any type, so codes and offsets may come as NaN or
// 1e300. -1 for what is no whole number from 0 to 2^32 - 1.
std::int64_t whole(double number);

class Reader {
 public:
  // `name` stands in the errors. Bytes that are no TIFF give a reader without directories.
  Reader(std::span<const std::byte> bytes, std::string name);

  bool is_tiff() const { return first_ != 0; }
  bool is_little_endian() const { return little_; }
  std::uint32_t first_directory() const { return first_; }
  std::size_t size() const { return bytes_.size(); }
  const std::string& name() const { return name_; }

  // Throws when the directory or a value of it lies outside the file.
  Directory directory(std::uint32_t offset) const;
  // The offset of the directory after this one, 0 at the end.
  std::uint32_t next(std::uint32_t offset) const;
  // Whether the directory has the tag; never throws.
  bool contains(std::uint32_t offset, std::uint16_t tag) const;

  // Values of any numeric type as numbers; rationals with denominator 0 become NaN. Empty when the
  // tag is absent.
  std::vector<double> numbers(const Directory& directory, std::uint16_t tag) const;
  double number(const Directory& directory, std::uint16_t tag, double otherwise) const;
  std::string text(const Directory& directory, std::uint16_t tag) const;
  std::span<const std::byte> bytes(const Directory& directory, std::uint16_t tag) const;

 private:
  std::uint64_t integer(std::uint64_t offset, int width) const;
  double value(const Entry& entry, std::uint32_t index) const;
  [[noreturn]] void refuse_truncated(std::uint64_t offset, const std::string& what) const;

  std::span<const std::byte> bytes_;
  std::string name_;
  bool little_ = true;
  std::uint32_t first_ = 0;
};

}  // namespace lichtbild::tiff
