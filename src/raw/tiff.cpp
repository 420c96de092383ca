#include "raw/tiff.h"

#include <array>
#include <bit>
#include <limits>
#include <utility>

#include "core/error.h"

namespace lichtbild::tiff {
namespace {

// Bytes of one value by type number; 0: no such type.
std::uint32_t width_of(int type) {
  static constexpr std::array<std::uint8_t, 14> widths{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};
  return type >= 0 && type < int(widths.size()) ? widths[type] : 0;
}

double ratio(double numerator, double denominator) {
  return denominator == 0 ? std::numeric_limits<double>::quiet_NaN() : numerator / denominator;
}

}  // namespace

std::int64_t whole(double number) {
  if (!(number >= 0 && number < 4294967296.0)) return -1;
  const auto integer = std::int64_t(number);
  return double(integer) == number ? integer : -1;
}

Reader::Reader(std::span<const std::byte> bytes, std::string name)
    : bytes_(bytes), name_(std::move(name)) {
  if (bytes_.size() < 8 || bytes_[0] != bytes_[1]) return;
  if (bytes_[0] != std::byte{'I'} && bytes_[0] != std::byte{'M'}) return;
  little_ = bytes_[0] == std::byte{'I'};
  if (integer(2, 2) == 42) first_ = integer(4, 4);
}

void Reader::refuse_truncated(std::uint64_t offset, const std::string& what) const {
  throw Error(fmt::format("{}: byte {}", name_, offset),
              fmt::format("{} lies outside the file of {} bytes", what, bytes_.size()),
              "the file is cut off or damaged: copy it again");
}

std::uint64_t Reader::integer(std::uint64_t offset, int width) const {
  if (offset + width > bytes_.size()) refuse_truncated(offset, "a value");
  std::uint64_t value = 0;
  for (int i = 0; i < width; ++i) {
    const int place = little_ ? width - 1 - i : i;
    value = value << 8 | std::to_integer<std::uint64_t>(bytes_[offset + place]);
  }
  return value;
}

Directory Reader::directory(std::uint32_t offset) const {
  if (std::uint64_t(offset) + 2 > bytes_.size()) refuse_truncated(offset, "a directory of tags");
  const std::uint32_t count = integer(offset, 2);
  if (offset + 2 + 12ull * count + 4 > bytes_.size())
    refuse_truncated(offset, "a directory of tags");
  Directory directory;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t at = offset + 2 + 12 * i;
    const int tag = integer(at, 2);
    Entry entry{std::uint16_t(integer(at + 2, 2)), std::uint32_t(integer(at + 4, 4)), at + 8};
    const std::uint64_t bytes = std::uint64_t(width_of(entry.type)) * entry.count;
    if (bytes == 0) continue;
    if (bytes > 4) entry.offset = integer(at + 8, 4);
    if (entry.offset + bytes > bytes_.size()) refuse_truncated(at, fmt::format("tag {}", tag));
    directory.emplace(tag, entry);
  }
  return directory;
}

std::uint32_t Reader::next(std::uint32_t offset) const {
  return integer(offset + 2 + 12ull * integer(offset, 2), 4);
}

bool Reader::contains(std::uint32_t offset, std::uint16_t tag) const {
  if (offset == 0 || std::uint64_t(offset) + 2 > bytes_.size()) return false;
  const std::uint32_t count = integer(offset, 2);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t at = offset + 2 + 12ull * i;
    if (at + 12 > bytes_.size()) return false;
    if (integer(at, 2) == tag) return true;
  }
  return false;
}

double Reader::value(const Entry& entry, std::uint32_t index) const {
  const std::uint64_t at = entry.offset + std::uint64_t(width_of(entry.type)) * index;
  switch (entry.type) {
    case 5:
      return ratio(integer(at, 4), integer(at + 4, 4));
    case 6:
      return std::int8_t(integer(at, 1));
    case 8:
      return std::int16_t(integer(at, 2));
    case 9:
      return std::int32_t(integer(at, 4));
    case 10:
      return ratio(std::int32_t(integer(at, 4)), std::int32_t(integer(at + 4, 4)));
    case 11:
      return std::bit_cast<float>(std::uint32_t(integer(at, 4)));
    case 12:
      return std::bit_cast<double>(integer(at, 8));
    default:
      return double(integer(at, int(width_of(entry.type))));
  }
}

std::vector<double> Reader::numbers(const Directory& directory, std::uint16_t tag) const {
  const auto found = directory.find(tag);
  if (found == directory.end()) return {};
  std::vector<double> values(found->second.count);
  for (std::uint32_t i = 0; i < found->second.count; ++i) values[i] = value(found->second, i);
  return values;
}

double Reader::number(const Directory& directory, std::uint16_t tag, double otherwise) const {
  const auto found = directory.find(tag);
  return found == directory.end() ? otherwise : value(found->second, 0);
}

std::span<const std::byte> Reader::bytes(const Directory& directory, std::uint16_t tag) const {
  const auto found = directory.find(tag);
  if (found == directory.end()) return {};
  const Entry& entry = found->second;
  return bytes_.subspan(entry.offset, std::size_t(width_of(entry.type)) * entry.count);
}

std::string Reader::text(const Directory& directory, std::uint16_t tag) const {
  std::string text;
  for (const std::byte byte : bytes(directory, tag)) {
    if (byte == std::byte{0}) break;
    text += char(byte);
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

}  // namespace lichtbild::tiff
