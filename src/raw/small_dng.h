// A tiny valid DNG made in memory, and ways to spoil it: for the tests of this room.
#pragma once

#include <array>
#include <bit>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "raw/raw.h"
#include "raw/tiff_writer.h"

namespace lichtbild::testing_raw {

using Bytes = std::vector<std::uint8_t>;

// 40 x 32 samples RGGB, sample (x, y) = 100 + 10 x + 100 y; black 64, white 4095. `spoil` may
// change any tag before it is written.
inline Bytes small_dng(const std::function<void(tiff::DirectoryWriter&)>& spoil = {}) {
  constexpr int width = 40, height = 32;
  tiff::DirectoryWriter tags;
  tags.add_longs(254, {0});
  tags.add_longs(256, {width});
  tags.add_longs(257, {height});
  tags.add_shorts(258, {16});
  tags.add_shorts(259, {1});
  tags.add_shorts(262, {32803});
  tags.add_text(271, "Lichtbild");
  tags.add_text(272, "Tiny");
  tags.add_shorts(274, {1});
  tags.add_shorts(277, {1});
  tags.add_longs(278, {height});
  tags.add_longs(279, {width * height * 2});
  tags.add_shorts(33421, {2, 2});
  tags.add_bytes(33422, std::array<std::uint8_t, 4>{0, 1, 1, 2});
  tags.add_bytes(50706, std::array<std::uint8_t, 4>{1, 4, 0, 0});
  tags.add_text(50708, "Lichtbild Tiny");
  tags.add_shorts(50714, {64});
  tags.add_longs(50717, {4095});
  tags.add_rationals(50721, std::array{0.9, -0.2, -0.1, -0.4, 1.2, 0.2, -0.1, 0.2, 0.6}, true);
  tags.add_rationals(50728, std::array{0.5, 1.0, 0.625});
  tags.add_shorts(50778, {21});
  if (spoil) spoil(tags);
  tags.add_longs(273, {0});
  const auto samples_at = std::uint32_t(8 + tags.size());
  tags.add_longs(273, {samples_at});

  Bytes file{'I', 'I', 42, 0, 8, 0, 0, 0};
  const Bytes directory = tags.bytes_at(8);
  file.insert(file.end(), directory.begin(), directory.end());
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const int dn = 100 + 10 * x + 100 * y;
      file.push_back(std::uint8_t(dn)), file.push_back(std::uint8_t(dn >> 8));
    }
  return file;
}

}  // namespace lichtbild::testing_raw
