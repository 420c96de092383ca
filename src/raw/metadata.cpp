#include "raw/metadata.h"

#include <cmath>

namespace lichtbild {
namespace {

double positive(double value) { return std::isfinite(value) && value > 0 ? value : 0; }

// Degrees from degrees, minutes, seconds; NaN where one is missing.
double degrees(const std::vector<double>& parts) {
  return parts.size() == 3 ? parts[0] + parts[1] / 60 + parts[2] / 3600 : std::nan("");
}

std::optional<GpsPosition> read_gps(const tiff::Reader& file, const tiff::Directory& gps) {
  GpsPosition position;
  position.latitude_deg =
      degrees(file.numbers(gps, 2)) * (file.text(gps, 1).starts_with('S') ? -1 : 1);
  position.longitude_deg =
      degrees(file.numbers(gps, 4)) * (file.text(gps, 3).starts_with('W') ? -1 : 1);
  // The negated comparisons also catch NaN.
  if (!(std::abs(position.latitude_deg) <= 90) || !(std::abs(position.longitude_deg) <= 180))
    return std::nullopt;
  const double altitude = file.number(gps, 6, std::nan(""));
  const bool below_sea = file.number(gps, 5, 0) == 1;
  if (std::isfinite(altitude)) position.altitude_m = below_sea ? -altitude : altitude;
  return position;
}

void read_exif(const tiff::Reader& file, const tiff::Directory& exif, Metadata& metadata) {
  const auto read = [&](int tag) { return positive(file.number(exif, tag, 0)); };
  metadata.exposure_time_s = read(33434);
  metadata.f_number = read(33437);
  metadata.focal_length_mm = read(37386);
  metadata.focal_length_35mm = read(41989);
  // ISO above 65534 does not fit its tag: EXIF 2.3 puts it into RecommendedExposureIndex.
  metadata.iso = read(34855);
  if (metadata.iso == 65535 && read(34866) > 0) metadata.iso = read(34866);
  metadata.lens_model = file.text(exif, 42036);
  if (const auto taken = file.text(exif, 36867); !taken.empty()) metadata.date_time = taken;
}

}  // namespace

Metadata read_metadata(const tiff::Reader& file) {
  const tiff::Directory main = file.directory(file.first_directory());
  Metadata metadata;
  metadata.make = file.text(main, 271);
  metadata.model = file.text(main, 272);
  metadata.software = file.text(main, 305);
  metadata.date_time = file.text(main, 306);
  const double orientation = file.number(main, 274, 1);
  if (orientation >= 1 && orientation <= 8) metadata.orientation = int(orientation);
  if (const auto at = tiff::whole(file.number(main, 34665, 0)); at > 0)
    read_exif(file, file.directory(std::uint32_t(at)), metadata);
  if (const auto at = tiff::whole(file.number(main, 34853, 0)); at > 0)
    metadata.gps = read_gps(file, file.directory(std::uint32_t(at)));
  return metadata;
}

}  // namespace lichtbild
