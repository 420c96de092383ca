// Uncompressed DNGs whose samples do not lie in one piece, as libtiff writes them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tiffio.h>

#include <fstream>
#include <iterator>

#include "core/error.h"
#include "core/temporary_folder.h"
#include "raw/read_raw.h"
#include "raw/small_dng.h"

namespace lichtbild {
namespace {

using testing_raw::Bytes;

constexpr int width = 40, height = 32;

std::uint16_t dn_at(int x, int y) { return std::uint16_t(100 + 10 * x + 100 * y); }

void write_tiles(TIFF* file, int tile_width, int tile_height) {
  TIFFSetField(file, TIFFTAG_TILEWIDTH, tile_width);
  TIFFSetField(file, TIFFTAG_TILELENGTH, tile_height);
  for (int top = 0; top < height; top += tile_height)
    for (int left = 0; left < width; left += tile_width) {
      std::vector<std::uint16_t> tile;
      for (int y = top; y < top + tile_height; ++y)
        for (int x = left; x < left + tile_width; ++x)
          tile.push_back(x < width && y < height ? dn_at(x, y) : 4000);
      TIFFWriteEncodedTile(file, TIFFComputeTile(file, left, top, 0, 0), tile.data(),
                           tmsize_t(2 * tile.size()));
    }
}

// The last strip comes first in the file.
void write_strips_backwards(TIFF* file, int rows) {
  TIFFSetField(file, TIFFTAG_ROWSPERSTRIP, rows);
  for (int strip = (height + rows - 1) / rows - 1; strip >= 0; --strip) {
    std::vector<std::uint16_t> samples;
    for (int y = strip * rows; y < std::min((strip + 1) * rows, height); ++y)
      for (int x = 0; x < width; ++x) samples.push_back(dn_at(x, y));
    TIFFWriteEncodedStrip(file, strip, samples.data(), tmsize_t(2 * samples.size()));
  }
}

// `mode` as of TIFFOpen: "wl" little-endian, "wb" big-endian.
template <class WriteSamples>
Bytes dng(const char* mode, const WriteSamples& write_samples) {
  const TemporaryFolder folder;
  const std::string path = folder.file("tiled.dng");
  TIFF* file = TIFFOpen(path.c_str(), mode);
  TIFFSetField(file, TIFFTAG_SUBFILETYPE, 0);
  TIFFSetField(file, TIFFTAG_IMAGEWIDTH, width);
  TIFFSetField(file, TIFFTAG_IMAGELENGTH, height);
  TIFFSetField(file, TIFFTAG_BITSPERSAMPLE, 16);
  TIFFSetField(file, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField(file, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  TIFFSetField(file, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_CFA);
  TIFFSetField(file, TIFFTAG_MAKE, "Lichtbild");
  TIFFSetField(file, TIFFTAG_MODEL, "Tiles");
  const std::uint16_t dimension[] = {2, 2};
  TIFFSetField(file, TIFFTAG_CFAREPEATPATTERNDIM, dimension);
  const std::uint8_t pattern[] = {0, 1, 1, 2}, version[] = {1, 4, 0, 0};
  TIFFSetField(file, TIFFTAG_CFAPATTERN, 4, pattern);
  TIFFSetField(file, TIFFTAG_DNGVERSION, version);
  TIFFSetField(file, TIFFTAG_UNIQUECAMERAMODEL, "Lichtbild Tiles");
  const float black[] = {64}, neutral[] = {0.5f, 1, 0.625f};
  const float matrix[] = {0.9f, -0.2f, -0.1f, -0.4f, 1.2f, 0.2f, -0.1f, 0.2f, 0.6f};
  const std::uint32_t white[] = {4095};
  TIFFSetField(file, TIFFTAG_BLACKLEVEL, 1, black);
  TIFFSetField(file, TIFFTAG_WHITELEVEL, 1, white);
  TIFFSetField(file, TIFFTAG_COLORMATRIX1, 9, matrix);
  TIFFSetField(file, TIFFTAG_ASSHOTNEUTRAL, 3, neutral);
  TIFFSetField(file, TIFFTAG_CALIBRATIONILLUMINANT1, 21);
  write_samples(file);
  TIFFClose(file);
  std::ifstream in(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

RawFrame read(const Bytes& file) { return read_raw(std::as_bytes(std::span(file)), "tiled.dng"); }

void expect_the_ramp(const RawFrame& frame) {
  ASSERT_EQ(frame.mosaic.width(), width);
  ASSERT_EQ(frame.mosaic.height(), height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      ASSERT_NEAR(frame.mosaic(x, y), (dn_at(x, y) - 64) / (4095.0 - 64), 1e-6) << x << " " << y;
}

TEST(TiledDng, TilesAreLaidInOrderInBothByteOrders) {
  for (const char* mode : {"wl", "wb"})
    for (const auto& size : {std::pair{16, 16}, {32, 16}, {48, 32}, {16, 48}})
      expect_the_ramp(
          read(dng(mode, [&](TIFF* file) { write_tiles(file, size.first, size.second); })));
}

TEST(TiledDng, StripsMayLieInAnyOrder) {
  for (const char* mode : {"wl", "wb"})
    for (const int rows : {1, 5, 8})
      expect_the_ramp(read(dng(mode, [&](TIFF* file) { write_strips_backwards(file, rows); })));
}

TEST(TiledDng, EveryDamagedByteAndEveryLengthIsSurvived) {
  const Bytes whole = dng("wl", [](TIFF* file) { write_tiles(file, 16, 16); });
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const std::uint8_t value : {0x00, 0x7f, 0xff}) {
      Bytes file = whole;
      file[at] = value;
      try {
        read(file);
      } catch (const Error&) {
        continue;
      }
    }
  // libtiff writes the directory last: whatever is cut off, something is missing.
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_THROW(read(Bytes(whole.begin(), whole.begin() + std::ptrdiff_t(size))), Error) << size;
}

}  // namespace
}  // namespace lichtbild
