#include "photo/tags.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lichtbild {
namespace {

using Bytes = std::vector<std::uint8_t>;
enum Type : std::uint16_t {
  byte_type = 1,
  ascii = 2,
  short_type = 3,
  long_type = 4,
  rational_type = 5,
  undefined = 7
};

void put(Bytes& bytes, std::uint32_t value, int size) {
  for (int i = 0; i < size; ++i) bytes.push_back(value >> 8 * i & 255);
}

}  // namespace

void TagDirectory::add(Entry entry) {
  const auto place =
      std::lower_bound(entries_.begin(), entries_.end(), entry.tag,
                       [](const Entry& e, std::uint16_t tag) { return e.tag < tag; });
  if (place != entries_.end() && place->tag == entry.tag)
    *place = std::move(entry);
  else
    entries_.insert(place, std::move(entry));
}

void TagDirectory::add_bytes(std::uint16_t tag, std::span<const std::uint8_t> values) {
  add({tag, byte_type, std::uint32_t(values.size()), {values.begin(), values.end()}, {}});
}

void TagDirectory::add_undefined(std::uint16_t tag, std::span<const std::uint8_t> values) {
  add({tag, undefined, std::uint32_t(values.size()), {values.begin(), values.end()}, {}});
}

void TagDirectory::add_text(std::uint16_t tag, std::string_view text) {
  Bytes values(text.begin(), text.end());
  values.push_back(0);
  add({tag, ascii, std::uint32_t(values.size()), values, {}});
}

void TagDirectory::add_short(std::uint16_t tag, std::span<const std::uint16_t> values) {
  Entry entry{tag, short_type, std::uint32_t(values.size()), {}, {}};
  for (const std::uint16_t value : values) put(entry.values, value, 2);
  add(std::move(entry));
}

void TagDirectory::add_long(std::uint16_t tag, std::span<const std::uint32_t> values) {
  Entry entry{tag, long_type, std::uint32_t(values.size()), {}, {}};
  for (const std::uint32_t value : values) put(entry.values, value, 4);
  add(std::move(entry));
}

void TagDirectory::add_rational(std::uint16_t tag, std::span<const Rational> values) {
  Entry entry{tag, rational_type, std::uint32_t(values.size()), {}, {}};
  for (const Rational& value : values) {
    put(entry.values, value.numerator, 4);
    put(entry.values, value.denominator, 4);
  }
  add(std::move(entry));
}

void TagDirectory::add_directory(std::uint16_t tag, TagDirectory directory) {
  Entry entry{tag, long_type, 1, {}, {}};
  entry.child.push_back(std::move(directory));
  add(std::move(entry));
}

Bytes TagDirectory::bytes(std::uint32_t offset) const {
  Bytes table, values;
  const std::uint32_t values_offset = offset + 2 + 12 * std::uint32_t(entries_.size()) + 4;
  put(table, std::uint32_t(entries_.size()), 2);
  for (const Entry& entry : entries_) {
    put(table, entry.tag, 2);
    put(table, entry.type, 2);
    put(table, entry.count, 4);
    const std::uint32_t place = values_offset + std::uint32_t(values.size());
    const Bytes& outside = entry.child.empty() ? entry.values : entry.child[0].bytes(place);
    if (entry.child.empty() && outside.size() <= 4) {
      Bytes inside = outside;
      inside.resize(4);
      table.insert(table.end(), inside.begin(), inside.end());
      continue;
    }
    put(table, place, 4);
    values.insert(values.end(), outside.begin(), outside.end());
    values.resize((values.size() + 1) / 2 * 2);
  }
  put(table, 0, 4);  // no further directory
  table.insert(table.end(), values.begin(), values.end());
  return table;
}

Bytes tiff_header(std::uint32_t directory_offset) {
  Bytes header{'I', 'I', 42, 0};
  put(header, directory_offset, 4);
  return header;
}

// Continued fraction, ended where the fraction is as near as a float would be.
Rational rational(double value) {
  if (!(value > 0) || value > 4e9) return {0, 1};
  double rest = value;
  double n = std::floor(rest), d = 1, n_before = 1, d_before = 0;
  while (std::abs(value - n / d) > value * 1e-7) {
    rest = 1 / (rest - std::floor(rest));
    const double term = std::floor(rest);
    const double n_next = term * n + n_before, d_next = term * d + d_before;
    if (n_next > 4e9 || d_next > 4e9) break;
    n_before = std::exchange(n, n_next);
    d_before = std::exchange(d, d_next);
  }
  return {std::uint32_t(n), std::uint32_t(d)};
}

}  // namespace lichtbild
