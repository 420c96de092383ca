#include "photo/tiff.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/error.h"
#include "photo/deflate.h"
#include "photo/strips.h"

namespace lichtbild {
namespace {

using Bytes = std::vector<std::uint8_t>;
constexpr int strip_rows = 64;

// Each sample less that of the same color to its left, modulo 2^16 (TIFF 6.0, section 14);
// little-endian.
Bytes differences(const Image<std::uint16_t>& rgb, int first, int last) {
  Bytes out(std::size_t(last - first) * rgb.width() * 2);
  std::uint8_t* to = out.data();
  for (int y = first; y < last; ++y) {
    const std::uint16_t* row = rgb.row(y);
    for (int i = 0; i < rgb.width(); ++i, to += 2) {
      const std::uint16_t difference = row[i] - (i < 3 ? 0 : row[i - 3]);
      to[0] = difference & 255;
      to[1] = difference >> 8;
    }
  }
  return out;
}

std::vector<Bytes> deflated_strips(const Image<std::uint16_t>& rgb) {
  std::vector<Bytes> strips((rgb.height() + strip_rows - 1) / strip_rows);
  for_each_strip(int(strips.size()), [&](int i) {
    const int last = std::min((i + 1) * strip_rows, rgb.height());
    strips[i] = zlib_stream(differences(rgb, i * strip_rows, last));
  });
  return strips;
}

void add_layout(TagDirectory& directory, int width, int height) {
  directory.add_long(0x0100, width);
  directory.add_long(0x0101, height);
  directory.add_short(0x0102, std::array<std::uint16_t, 3>{16, 16, 16});  // BitsPerSample
  directory.add_short(0x0103, 8);                                         // Compression: deflate
  directory.add_short(0x0106, 2);                                         // Photometric: RGB
  directory.add_short(0x0115, 3);                                         // SamplesPerPixel
  directory.add_long(0x0116, strip_rows);
  directory.add_short(0x011C, 1);  // PlanarConfiguration: chunky
  directory.add_short(0x013D, 2);  // Predictor: horizontal differencing
}

}  // namespace

// The directory comes last in the file, when the places of all strips are known.
Bytes tiff_bytes(const Image<std::uint16_t>& rgb, const Bytes& icc, TagDirectory directory,
                 const std::string& where) {
  Bytes file(8);
  std::vector<std::uint32_t> offsets, sizes;
  for (const Bytes& strip : deflated_strips(rgb)) {
    if (file.size() + strip.size() > 0xFFF00000)
      throw Error(where, "the picture is too large for TIFF's 4 GiB", "write a PNG");
    offsets.push_back(std::uint32_t(file.size()));
    sizes.push_back(std::uint32_t(strip.size()));
    file.insert(file.end(), strip.begin(), strip.end());
    file.resize((file.size() + 1) / 2 * 2);
  }
  add_layout(directory, rgb.width() / 3, rgb.height());
  directory.add_long(0x0111, offsets);
  directory.add_long(0x0117, sizes);
  if (!icc.empty()) directory.add_undefined(0x8773, icc);
  const auto place = std::uint32_t(file.size());
  const Bytes header = tiff_header(place), tree = directory.bytes(place);
  std::copy(header.begin(), header.end(), file.begin());
  file.insert(file.end(), tree.begin(), tree.end());
  return file;
}

}  // namespace lichtbild
