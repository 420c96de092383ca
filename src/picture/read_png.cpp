#include <png.h>

#include <cmath>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>

#include "picture/readers.h"

namespace lichtbild {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

struct Decoder {
  Decoder() {
    png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, leave, keep_icc_warning);
    if (!png) throw std::bad_alloc();
    info = png_create_info_struct(png);
    if (!info) throw std::bad_alloc();
  }
  ~Decoder() { png_destroy_read_struct(&png, &info, nullptr); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // libpng reports failure by a callback that must not return: it jumps over libpng's frames only.
  static void leave(png_structp png, png_const_charp message) {
    Decoder& decoder = *static_cast<Decoder*>(png_get_error_ptr(png));
    std::snprintf(decoder.message, sizeof decoder.message, "%s", message);
    std::longjmp(decoder.exit, 1);
  }

  // libpng drops a profile that it finds unsound, and says so.
  static void keep_icc_warning(png_structp png, png_const_charp message) {
    Decoder& decoder = *static_cast<Decoder*>(png_get_error_ptr(png));
    if (std::strncmp(message, "iCCP", 4) == 0)
      std::snprintf(decoder.message, sizeof decoder.message, "%s", message);
  }

  std::jmp_buf exit{};
  char message[128]{};
  png_structp png = nullptr;
  png_infop info = nullptr;
};

template <class Step>
void guarded(Decoder& decoder, const std::string& path, Step step) {
  const auto jumped = [&]() -> bool {
    if (setjmp(decoder.exit)) return true;
    step(decoder.png, decoder.info);
    return false;
  };
  if (jumped())
    throw Error(path, std::string("is not a sound PNG: ") + decoder.message, "save it again");
}

File opened(const std::string& path) {
  File file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) throw Error(path, "cannot be opened", "check the path");
  return file;
}

void read_header(Decoder& decoder, std::FILE* file, const std::string& path) {
  guarded(decoder, path, [&](png_structp png, png_infop info) {
    png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_WARN_DISCARD);
    png_init_io(png, file);
    png_read_info(png, info);
  });
}

// Every kind of PNG becomes gray or RGB of 8 or 16 bits: palettes and few bits expanded, alpha
// dropped.
void start(Decoder& decoder, std::FILE* file, const std::string& path) {
  read_header(decoder, file, path);
  check_size(path, png_get_image_width(decoder.png, decoder.info),
             png_get_image_height(decoder.png, decoder.info));
  guarded(decoder, path, [](png_structp png, png_infop info) {
    png_set_expand(png);
    png_set_strip_alpha(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
  });
}

// Doubles that libpng gives with five digits. A gAMA of 1/2.2 stands for sRGB's curve.
void read_gamma(png_structp png, png_infop info, PictureColors& colors) {
  constexpr double gamma_of_srgb = 1 / 2.2, digits = 1e-4;
  double gamma = 0;
  if (png_get_gAMA(png, info, &gamma) && gamma > 0 && std::abs(gamma - gamma_of_srgb) > digits)
    colors.exponent = 1 / gamma;
}
void read_primaries(png_structp png, png_infop info, PictureColors& colors) {
  Primaries p;
  if (png_get_cHRM(png, info, &p.white.x, &p.white.y, &p.red.x, &p.red.y, &p.green.x, &p.green.y,
                   &p.blue.x, &p.blue.y))
    colors.primaries = p;
}

}  // namespace

Image<float> read_png(const std::string& path) {
  const File file = opened(path);
  Decoder decoder;
  start(decoder, file.get(), path);
  const int width = int(png_get_image_width(decoder.png, decoder.info));
  const int height = int(png_get_image_height(decoder.png, decoder.info));
  const int planes = png_get_channels(decoder.png, decoder.info);
  const bool is_deep = png_get_bit_depth(decoder.png, decoder.info) == 16;

  // All rows at once, for an interlaced picture comes in passes over all of them.
  const std::size_t row_bytes = png_get_rowbytes(decoder.png, decoder.info);
  const auto samples = std::make_unique_for_overwrite<png_byte[]>(row_bytes * height);
  std::vector<png_bytep> rows(height);
  for (int y = 0; y < height; ++y) rows[y] = samples.get() + y * row_bytes;
  guarded(decoder, path, [&](png_structp png, png_infop) {
    png_read_image(png, rows.data());
    png_read_end(png, nullptr);
  });

  Image<float> image(width, height, planes);
  std::vector<std::uint16_t> deep(std::size_t(width) * planes);
  for (int y = 0; y < height; ++y) {
    const png_byte* row = rows[y];
    if (!is_deep) put_row(image, y, row, planes, 1 / 255.0F);
    if (!is_deep) continue;
    for (std::size_t i = 0; i < deep.size(); ++i) deep[i] = row[2 * i] << 8 | row[2 * i + 1];
    put_row(image, y, deep.data(), planes, 1 / 65535.0F);
  }
  return image;
}

PictureColors png_colors(const std::string& path) {
  const File file = opened(path);
  Decoder decoder;
  read_header(decoder, file.get(), path);
  const png_structp png = decoder.png;
  const png_infop info = decoder.info;
  PictureColors colors;
  png_charp name = nullptr;
  png_bytep bytes = nullptr;
  png_uint_32 size = 0;
  int compression = 0, intent = 0;
  if (png_get_iCCP(png, info, &name, &compression, &bytes, &size)) {
    colors.icc_profile.assign(bytes, bytes + size);
    return colors;
  }
  if (decoder.message[0])
    throw Error(path, std::string("its ICC profile is not sound: ") + decoder.message,
                "embed another, or take it out for sRGB");
  if (png_get_sRGB(png, info, &intent)) return colors;
  read_gamma(png, info, colors);
  read_primaries(png, info, colors);
  return colors;
}

}  // namespace lichtbild
