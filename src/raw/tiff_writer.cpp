#include "raw/tiff_writer.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace lichtbild::tiff {
namespace {

using Bytes = std::vector<std::uint8_t>;

void append(Bytes& bytes, std::uint64_t value, int width) {
  for (int i = 0; i < width; ++i) bytes.push_back(std::uint8_t(value >> (8 * i)));
}

// The power of ten that keeps the most decimals of |value| in 31 bits.
double denominator_for(double value) {
  double denominator = 1e9;
  while (denominator > 1 && std::abs(value) * denominator > 2e9) denominator /= 10;
  return denominator;
}

std::size_t even(std::size_t size) { return size + (size & 1); }

}  // namespace

void DirectoryWriter::add(std::uint16_t tag, std::uint16_t type, std::size_t count, Bytes values) {
  fields_[tag] = {type, std::uint32_t(count), std::move(values)};
}

void DirectoryWriter::add_text(std::uint16_t tag, std::string_view text) {
  if (text.empty()) return;
  Bytes values(text.begin(), text.end());
  values.push_back(0);
  const std::size_t count = values.size();
  add(tag, 2, count, std::move(values));
}

void DirectoryWriter::add_bytes(std::uint16_t tag, std::span<const std::uint8_t> bytes,
                                bool opaque) {
  if (!bytes.empty()) add(tag, opaque ? 7 : 1, bytes.size(), Bytes(bytes.begin(), bytes.end()));
}

void DirectoryWriter::add_shorts(std::uint16_t tag, const std::vector<std::uint16_t>& values) {
  Bytes bytes;
  for (const std::uint16_t value : values) append(bytes, value, 2);
  add(tag, 3, values.size(), std::move(bytes));
}

void DirectoryWriter::add_longs(std::uint16_t tag, const std::vector<std::uint32_t>& values) {
  Bytes bytes;
  for (const std::uint32_t value : values) append(bytes, value, 4);
  add(tag, 4, values.size(), std::move(bytes));
}

void DirectoryWriter::add_doubles(std::uint16_t tag, std::span<const double> values) {
  Bytes bytes;
  for (const double value : values) append(bytes, std::bit_cast<std::uint64_t>(value), 8);
  add(tag, 12, values.size(), std::move(bytes));
}

void DirectoryWriter::add_rationals(std::uint16_t tag, std::span<const double> values,
                                    bool is_signed) {
  is_signed = is_signed || std::ranges::any_of(values, [](double v) { return v < 0; });
  Bytes bytes;
  for (const double value : values) {
    const double denominator = denominator_for(value);
    append(bytes, std::uint64_t(std::llround(value * denominator)), 4);
    append(bytes, std::uint64_t(denominator), 4);
  }
  add(tag, is_signed ? 10 : 5, values.size(), std::move(bytes));
}

std::size_t DirectoryWriter::size() const {
  std::size_t size = 2 + 12 * fields_.size() + 4;
  for (const auto& [tag, field] : fields_)
    if (field.values.size() > 4) size += even(field.values.size());
  return size;
}

std::vector<std::uint8_t> DirectoryWriter::bytes_at(std::uint32_t offset) const {
  Bytes entries, values;
  const std::size_t values_at = offset + 2 + 12 * fields_.size() + 4;
  append(entries, fields_.size(), 2);
  for (const auto& [tag, field] : fields_) {
    append(entries, tag, 2);
    append(entries, field.type, 2);
    append(entries, field.count, 4);
    if (field.values.size() > 4) {
      append(entries, values_at + values.size(), 4);
      values.insert(values.end(), field.values.begin(), field.values.end());
      values.resize(even(values.size()));
    } else {
      Bytes inside = field.values;
      inside.resize(4);
      entries.insert(entries.end(), inside.begin(), inside.end());
    }
  }
  append(entries, 0, 4);
  entries.insert(entries.end(), values.begin(), values.end());
  return entries;
}

}  // namespace lichtbild::tiff
