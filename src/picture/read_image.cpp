#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "picture/picture.h"
#include "picture/readers.h"

namespace lichtbild {
namespace {

// The first bytes, padded with zeros. A folder opens like a file and fails on reading.
std::array<unsigned char, 8> first_bytes(const std::string& path) {
  if (std::filesystem::is_directory(path)) throw Error(path, "is a folder", "name an image file");
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw Error(path, std::string("cannot be opened: ") + std::strerror(errno), "check the path");
  std::array<unsigned char, 8> bytes{};
  file.read(reinterpret_cast<char*>(bytes.data()), bytes.size());
  if (file.gcount() == 0) throw Error(path, "is empty", "save it again");
  return bytes;
}

template <std::size_t count>
bool starts_with(const std::array<unsigned char, 8>& bytes, const unsigned char (&magic)[count]) {
  return std::memcmp(bytes.data(), magic, count) == 0;
}

struct Format {
  Image<float> (*read)(const std::string& path);
  PictureColors (*colors)(const std::string& path);
};

Format format_of(const std::string& path) {
  const auto bytes = first_bytes(path);
  if (starts_with(bytes, {0xFF, 0xD8, 0xFF})) return {read_jpeg, jpeg_colors};
  if (starts_with(bytes, {0x89, 'P', 'N', 'G'})) return {read_png, png_colors};
  if (starts_with(bytes, {'I', 'I', 42, 0}) || starts_with(bytes, {'M', 'M', 0, 42}) ||
      starts_with(bytes, {'I', 'I', 43, 0}) || starts_with(bytes, {'M', 'M', 0, 43}))
    return {read_tiff, tiff_colors};
  if (starts_with(bytes, {0x76, 0x2F, 0x31, 0x01})) return {read_exr, exr_colors};
  if (starts_with(bytes, {'#', '?'})) return {read_hdr, hdr_colors};
  throw Error(path, "is not an image that is known here",
              "use JPEG, PNG, TIFF, EXR or Radiance HDR");
}

}  // namespace

void check_size(const std::string& path, double width, double height) {
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
  constexpr double greatest_px = 1e6;  // sanitizers are slow to hand out memory
#else
  constexpr double greatest_px = 500e6;
#endif
  if (!(width >= 1) || !(height >= 1)) throw Error(path, "has no pixels", "save it again");
  if (width * height > greatest_px || width > 1e6 || height > 1e6)
    throw Error(path, fmt::format("claims {:.0f} x {:.0f} pixels", width, height),
                "at most 500 million are read");
}

Image<float> read_image(const std::string& path) { return format_of(path).read(path); }

PictureColors picture_colors(const std::string& path) { return format_of(path).colors(path); }

}  // namespace lichtbild
