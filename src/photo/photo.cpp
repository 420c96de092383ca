#include "photo/photo.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <span>

#include "core/atomic_file.h"
#include "core/error.h"
#include "core/suffix.h"
#include "photo/exif.h"
#include "photo/icc.h"
#include "photo/jpeg.h"
#include "photo/orientation.h"
#include "photo/png.h"
#include "photo/tiff.h"

namespace lichtbild {
namespace {

using Bytes = std::vector<std::uint8_t>;

// Calls encode(upright picture, its size and color space); a picture that is upright already is not
// copied.
template <class T, class Encode>
Bytes encoded(const Rendition& rendition, int orientation, Encode&& encode) {
  const auto& given = std::get<Image<T>>(rendition.rgb);
  const bool upright = orientation <= 1 || orientation > 8;
  const Image<T> turned = upright ? Image<T>() : oriented(given, orientation, 3);
  const Image<T>& picture = upright ? given : turned;
  return encode(picture, ExifPicture{picture.width() / 3, picture.height(), rendition.space});
}

Bytes photo_bytes(const Rendition& rendition, const Metadata& metadata, const std::string& path,
                  const PhotoParams& params) {
  const Bytes icc = icc_profile(rendition.space);
  switch (photo_kind(path)) {
    case PhotoKind::jpeg:
      return encoded<std::uint8_t>(rendition, metadata.orientation, [&](auto& rgb, auto size) {
        return jpeg_bytes(rgb, icc, exif_bytes(metadata, size), params, path);
      });
    case PhotoKind::png:
      return encoded<std::uint16_t>(rendition, metadata.orientation, [&](auto& rgb, auto size) {
        return png_bytes(rgb, icc, exif_bytes(metadata, size), path);
      });
    case PhotoKind::tiff:
      return encoded<std::uint16_t>(rendition, metadata.orientation, [&](auto& rgb, auto size) {
        size.is_tiff = true;
        return tiff_bytes(rgb, icc, exif_directory(metadata, size), path);
      });
    default:
      throw Error(path, "a finished picture is not written in this format",
                  "use .jpg, .png or .tif");
  }
}

}  // namespace

PhotoKind photo_kind(const std::string& path) {
  static const std::map<std::string, PhotoKind> kinds{
      {".jpg", PhotoKind::jpeg}, {".jpeg", PhotoKind::jpeg}, {".png", PhotoKind::png},
      {".tif", PhotoKind::tiff}, {".tiff", PhotoKind::tiff}, {".exr", PhotoKind::exr},
      {".dng", PhotoKind::dng}};
  const std::string suffix = suffix_of(path);
  const auto found = kinds.find(suffix);
  if (found != kinds.end()) return found->second;
  throw Error(path, suffix.empty() ? "has no suffix" : "unknown suffix " + suffix,
              "use .jpg, .jpeg, .png, .tif, .tiff, .exr or .dng");
}

void write_photo(const Rendition& rendition, const Metadata& metadata, const std::string& path,
                 const PhotoParams& params) {
  AtomicFile file(path);  // first of all, so that a folder that does not exist costs no encoding
  const Bytes bytes = photo_bytes(rendition, metadata, path, params);
  file.write(std::as_bytes(std::span(bytes)));
  file.commit();
}

}  // namespace lichtbild
