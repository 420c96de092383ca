#include <tiffio.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <memory>

#include "picture/readers.h"

namespace lichtbild {
namespace {

struct CloseTiff {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using Tiff = std::unique_ptr<TIFF, CloseTiff>;

// libtiff tells an open file's own handler what is wrong; the first complaint is the cause of those
// after it.
int keep_first(TIFF*, void* message, const char*, const char* form, va_list values) {
  auto& text = *static_cast<std::string*>(message);
  char line[256];
  std::vsnprintf(line, sizeof line, form, values);
  if (text.empty()) text = line;
  return 1;
}

Tiff open(const std::string& path, std::string& message) {
  const std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> options(TIFFOpenOptionsAlloc(),
                                                                             TIFFOpenOptionsFree);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_first, &message);
  TIFFOpenOptionsSetWarningHandlerExtR(
      options.get(), [](TIFF*, void*, const char*, const char*, va_list) { return 1; }, nullptr);
  return Tiff(TIFFOpenExt(path.c_str(), "rm", options.get()));
}

struct Layout {
  std::uint32_t width = 0, height = 0;
  std::uint16_t bits = 1, samples = 1, format = SAMPLEFORMAT_UINT, planar = PLANARCONFIG_CONTIG;
  std::uint16_t photometric = PHOTOMETRIC_MINISBLACK, compression = COMPRESSION_NONE;

  // Gray and RGB of whole bytes are read as they are; anything else libtiff converts to 8-bit RGB.
  bool is_plain() const {
    const bool is_integer = format == SAMPLEFORMAT_UINT && (bits == 8 || bits == 16);
    const bool is_float = format == SAMPLEFORMAT_IEEEFP && bits == 32;
    const bool is_gray = photometric == PHOTOMETRIC_MINISBLACK;
    return (is_integer || is_float) &&
           (is_gray || (photometric == PHOTOMETRIC_RGB && samples >= 3));
  }
  int planes() const { return photometric == PHOTOMETRIC_RGB ? 3 : 1; }
  int step() const { return planar == PLANARCONFIG_CONTIG ? samples : 1; }
};

Layout layout(TIFF* tiff) {
  Layout l;
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &l.width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &l.height);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &l.bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &l.samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &l.format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &l.planar);
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &l.photometric);
  return l;
}

// A rectangle of the picture as libtiff decoded it: a strip or a tile.
struct Block {
  const std::uint8_t* bytes;
  std::size_t row_bytes;
  std::uint32_t x, y, width, height;
  int plane;  // the first; a chunky block holds all
};

template <class T>
void put_block(Image<float>& image, const Layout& layout, const Block& block, float scale) {
  const int planes = layout.planar == PLANARCONFIG_CONTIG ? image.planes() : 1;
  const std::uint32_t width = std::min(block.width, layout.width - block.x);
  const std::uint32_t height = std::min(block.height, layout.height - block.y);
  for (std::uint32_t y = 0; y < height; ++y) {
    const T* from = reinterpret_cast<const T*>(block.bytes + y * block.row_bytes);
    for (int plane = 0; plane < planes; ++plane) {
      float* to = image.row(int(block.y + y), block.plane + plane) + block.x;
      for (std::uint32_t x = 0; x < width; ++x)
        to[x] = float(from[std::size_t(x) * layout.step() + plane]) * scale;
    }
  }
}

void put(Image<float>& image, const Layout& layout, const Block& block) {
  if (layout.bits == 8) put_block<std::uint8_t>(image, layout, block, 1 / 255.0F);
  if (layout.bits == 16) put_block<std::uint16_t>(image, layout, block, 1 / 65535.0F);
  if (layout.bits == 32) put_block<float>(image, layout, block, 1);
}

// False at the first block that libtiff cannot decode in full.
bool read_blocks(TIFF* tiff, const Layout& layout, Image<float>& image) {
  const bool tiled = TIFFIsTiled(tiff);
  std::uint32_t width = layout.width, height = layout.height;
  TIFFGetFieldDefaulted(tiff, tiled ? TIFFTAG_TILELENGTH : TIFFTAG_ROWSPERSTRIP, &height);
  if (tiled) TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &width);
  if (!tiled) height = std::min(height, layout.height);
  const tmsize_t size = tiled ? TIFFTileSize(tiff) : TIFFStripSize(tiff);
  const tmsize_t row_bytes = tiled ? TIFFTileRowSize(tiff) : TIFFScanlineSize(tiff);
  if (width == 0 || height == 0 || size <= 0 || size > (tmsize_t(1) << 32)) return false;
  if (row_bytes < tmsize_t(width) * layout.step() * layout.bits / 8) return false;
  if (row_bytes * tmsize_t(height) > size) return false;
  std::vector<std::uint8_t> bytes(size);
  const int planes = layout.planar == PLANARCONFIG_CONTIG ? 1 : image.planes();
  for (int plane = 0; plane < planes; ++plane)
    for (std::uint32_t y = 0; y < layout.height; y += height)
      for (std::uint32_t x = 0; x < layout.width; x += width) {
        const std::uint32_t rows = tiled ? height : std::min(height, layout.height - y);
        const tmsize_t wanted = row_bytes * rows;
        const tmsize_t got =
            tiled ? TIFFReadTile(tiff, bytes.data(), x, y, 0, std::uint16_t(plane))
                  : TIFFReadEncodedStrip(tiff, TIFFComputeStrip(tiff, y, std::uint16_t(plane)),
                                         bytes.data(), wanted);
        if (got < wanted) return false;
        put(image, layout, {bytes.data(), std::size_t(row_bytes), x, y, width, rows, plane});
      }
  return true;
}

// libtiff packs A, B, G, R from the highest byte to the lowest.
bool read_converted(TIFF* tiff, const Layout& layout, Image<float>& image) {
  const std::size_t count = std::size_t(layout.width) * layout.height;
  const auto pixels = std::make_unique_for_overwrite<std::uint32_t[]>(count);
  if (!TIFFReadRGBAImageOriented(tiff, layout.width, layout.height, pixels.get(),
                                 ORIENTATION_TOPLEFT, 1))
    return false;
  for (int plane = 0; plane < 3; ++plane)
    std::transform(pixels.get(), pixels.get() + count, image.row(0, plane),
                   [=](std::uint32_t pixel) { return float(pixel >> 8 * plane & 255) / 255; });
  return true;
}

Error broken(const std::string& path, const std::string& message) {
  return {path, "is not a sound TIFF" + (message.empty() ? "" : ": " + message), "save it again"};
}

}  // namespace

Image<float> read_tiff(const std::string& path) {
  std::string message;
  const Tiff tiff = open(path, message);
  if (!tiff) throw broken(path, message);
  const Layout l = layout(tiff.get());
  check_size(path, l.width, l.height);
  Image<float> image(int(l.width), int(l.height), l.is_plain() ? l.planes() : 3);
  const bool done =
      l.is_plain() ? read_blocks(tiff.get(), l, image) : read_converted(tiff.get(), l, image);
  if (!done) throw broken(path, message);
  return image;
}

PictureColors tiff_colors(const std::string& path) {
  std::string message;
  const Tiff tiff = open(path, message);
  if (!tiff) throw broken(path, message);
  PictureColors colors;
  std::uint32_t size = 0;
  const std::uint8_t* bytes = nullptr;
  if (TIFFGetField(tiff.get(), TIFFTAG_ICCPROFILE, &size, &bytes))
    colors.icc_profile.assign(bytes, bytes + size);
  return colors;
}

}  // namespace lichtbild
