#include "photo/exif.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lichtbild {
namespace {

void add_known(TagDirectory& directory, std::uint16_t tag, double value) {
  if (value > 0 && std::isfinite(value)) directory.add_rational(tag, rational(value));
}

// Up to the first NUL, which ends a text for every reader; none at all if nothing stands before it.
void add_known(TagDirectory& directory, std::uint16_t tag, const std::string& text) {
  const std::string_view known = std::string_view(text).substr(0, text.find('\0'));
  if (!known.empty()) directory.add_text(tag, known);
}

bool is_date_time(const std::string& text) {  // YYYY:MM:DD HH:MM:SS
  constexpr std::string_view form = "0000:00:00 00:00:00";
  return std::equal(text.begin(), text.end(), form.begin(), form.end(),
                    [](char c, char f) { return f == '0' ? c >= '0' && c <= '9' : c == f; });
}

// PhotographicSensitivity has 16 bits; what is greater stands in RecommendedExposureIndex as well
// (table 11).
void add_sensitivity(TagDirectory& exif, double iso) {
  if (!(iso >= 0.5) || iso > 4e9) return;
  exif.add_short(0x8827, std::uint16_t(std::lround(std::min(iso, 65535.0))));
  exif.add_short(0x8830, 2);  // SensitivityType: recommended exposure index
  exif.add_long(0x8832, std::uint32_t(std::llround(iso)));
}

TagDirectory exposure_directory(const Metadata& metadata, const ExifPicture& picture) {
  using Four = std::array<std::uint8_t, 4>;
  TagDirectory exif;
  add_known(exif, 0x829A, metadata.exposure_time_s);
  add_known(exif, 0x829D, metadata.f_number);
  add_sensitivity(exif, metadata.iso);
  exif.add_undefined(0x9000, Four{'0', '2', '3', '2'});  // ExifVersion
  if (is_date_time(metadata.date_time)) {
    exif.add_text(0x9003, metadata.date_time);  // DateTimeOriginal
    exif.add_text(0x9004, metadata.date_time);  // DateTimeDigitized
  }
  add_known(exif, 0x920A, metadata.focal_length_mm);
  exif.add_undefined(0xA000, Four{'0', '1', '0', '0'});  // FlashpixVersion
  exif.add_short(0xA001, picture.space == ColorSpace::srgb ? 1 : 0xFFFF);
  if (!picture.is_tiff) {
    exif.add_undefined(0x9101, Four{1, 2, 3, 0});  // ComponentsConfiguration: Y, Cb, Cr
    exif.add_long(0xA002, picture.width);
    exif.add_long(0xA003, picture.height);
  }
  if (metadata.focal_length_35mm >= 0.5 && metadata.focal_length_35mm < 65535)
    exif.add_short(0xA405, std::uint16_t(std::lround(metadata.focal_length_35mm)));
  add_known(exif, 0xA434, metadata.lens_model);
  return exif;
}

// Degrees, minutes, seconds, the last to a ten-thousandth: 3 mm on the ground.
std::array<Rational, 3> sexagesimal(double angle_deg) {
  constexpr std::uint32_t parts = 10000;
  const auto total = std::uint32_t(std::llround(std::abs(angle_deg) * 3600 * parts));
  return {Rational{total / (3600 * parts), 1}, Rational{total / (60 * parts) % 60, 1},
          Rational{total % (60 * parts), parts}};
}

TagDirectory gps_directory(const GpsPosition& gps) {
  TagDirectory directory;
  directory.add_bytes(0, std::array<std::uint8_t, 4>{2, 3, 0, 0});  // GPSVersionID
  directory.add_text(1, gps.latitude_deg < 0 ? "S" : "N");
  directory.add_rational(2, sexagesimal(gps.latitude_deg));
  directory.add_text(3, gps.longitude_deg < 0 ? "W" : "E");
  directory.add_rational(4, sexagesimal(gps.longitude_deg));
  if (gps.altitude_m && std::abs(*gps.altitude_m) < 1e6) {
    directory.add_bytes(5, std::array<std::uint8_t, 1>{*gps.altitude_m < 0});  // below sea level
    directory.add_rational(
        6, Rational{std::uint32_t(std::lround(std::abs(*gps.altitude_m) * 100)), 100});
  }
  return directory;
}

}  // namespace

TagDirectory exif_directory(const Metadata& metadata, const ExifPicture& picture) {
  TagDirectory directory;
  add_known(directory, 0x010F, metadata.make);
  add_known(directory, 0x0110, metadata.model);
  directory.add_short(0x0112, 1);  // Orientation
  directory.add_rational(0x011A, Rational{72, 1});
  directory.add_rational(0x011B, Rational{72, 1});
  directory.add_short(0x0128, 2);  // ResolutionUnit: inch
  directory.add_text(0x0131, "Lichtbild");
  if (is_date_time(metadata.date_time)) directory.add_text(0x0132, metadata.date_time);
  directory.add_directory(0x8769, exposure_directory(metadata, picture));
  const auto& gps = metadata.gps;
  if (gps && std::abs(gps->latitude_deg) <= 90 && std::abs(gps->longitude_deg) <= 180)
    directory.add_directory(0x8825, gps_directory(*gps));
  return directory;
}

std::vector<std::uint8_t> exif_bytes(const Metadata& metadata, const ExifPicture& picture) {
  TagDirectory directory = exif_directory(metadata, picture);
  directory.add_short(0x0213, 1);  // YCbCrPositioning: centered
  std::vector<std::uint8_t> bytes = tiff_header(8);
  const std::vector<std::uint8_t> tree = directory.bytes(8);
  bytes.insert(bytes.end(), tree.begin(), tree.end());
  return bytes;
}

}  // namespace lichtbild
