// write_dng: tags of the DNG 1.4 specification, chapters 4 to 6; samples in one uncompressed strip.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "core/atomic_file.h"
#include "core/invariant.h"
#include "core/parallel.h"
#include "raw/dng_tags.h"
#include "raw/raw.h"
#include "raw/tiff_writer.h"

namespace lichtbild {
namespace {

constexpr std::uint16_t black_dn = 512, white_dn = 65535;
constexpr std::uint32_t header_bytes = 8;

// Signals above this were merged from a bracket: they are made part of the picture, and
// BaselineExposure makes up for it. Up to it - a file's own samples above its white level,
// overshoot of resampling - they stay above WhiteLevel, as they came: kept, but white to other
// programs.
constexpr float bracket_signal = 1.25f;

// How signals become code values: black_dn + s * (white - black_dn) / range.
struct Scaling {
  double range = 1;  // of signals up to WhiteLevel
  std::uint32_t white = white_dn;
};

float highest_signal(const Image<float>& mosaic) {
  std::mutex mutex;
  float peak = 0;
  parallel_rows(mosaic.height(), [&](int first, int last) {
    float highest = 0;
    for (int y = first; y < last; ++y) {
      const float* row = mosaic.row(y);
      for (int x = 0; x < mosaic.width(); ++x) highest = highest > row[x] ? highest : row[x];
    }
    const std::lock_guard lock(mutex);
    peak = std::max(peak, highest);
  });
  return peak;
}

Scaling scaling_of(const Image<float>& mosaic) {
  const double peak = highest_signal(mosaic);
  if (peak > bracket_signal) return {peak, white_dn};
  return {1, std::uint32_t(black_dn + std::floor((white_dn - black_dn) / std::max(peak, 1.0)))};
}

// As the file stores it: in little-endian words.
std::uint16_t stored(std::uint16_t number) {
  return std::endian::native == std::endian::little ? number
                                                    : std::uint16_t(number << 8 | number >> 8);
}

std::vector<std::uint16_t> quantize(const Image<float>& mosaic, const Scaling& scaling) {
  std::vector<std::uint16_t> samples(mosaic.size());
  const float scale = float((scaling.white - black_dn) / scaling.range);
  parallel_rows(mosaic.height(), [&](int first, int last) {
    for (int y = first; y < last; ++y) {
      const float* in = mosaic.row(y);
      std::uint16_t* out = samples.data() + std::size_t(y) * mosaic.width();
      for (int x = 0; x < mosaic.width(); ++x) {
        float dn = in[x] * scale + (black_dn + 0.5f);
        dn = dn > 0 ? dn : 0;  // also what NaN becomes
        dn = dn < white_dn ? dn : white_dn;
        out[x] = stored(std::uint16_t(int(dn)));
      }
    }
  });
  return samples;
}

// One black for all samples, or one for each place of the filter.
void add_levels(tiff::DirectoryWriter& main, const RawInfo& info,
                const std::array<double, 3>& black, std::uint32_t white) {
  const bool is_even = black[0] == black[1] && black[1] == black[2];
  std::vector<double> pattern(is_even ? 1 : 4);
  for (std::size_t place = 0; place < pattern.size(); ++place)
    pattern[place] = black[int(info.cfa.colors[place])];
  main.add_shorts(50713,
                  is_even ? std::vector<std::uint16_t>{1, 1} : std::vector<std::uint16_t>{2, 2});
  // Some programs read whole numbers only.
  if (std::ranges::all_of(pattern, [](double b) { return b == std::floor(b) && b < 65536; }))
    main.add_shorts(50714, {pattern.begin(), pattern.end()});
  else
    main.add_rationals(50714, pattern);
  main.add_longs(50717, {white});
}

void add_mosaic(tiff::DirectoryWriter& main, const RawInfo& info) {
  const auto width = std::uint32_t(info.width), height = std::uint32_t(info.height);
  main.add_longs(254, {0});
  main.add_longs(256, {width});
  main.add_longs(257, {height});
  main.add_shorts(258, {16});
  main.add_shorts(259, {1});
  main.add_shorts(262, {32803});
  main.add_shorts(277, {1});
  main.add_longs(278, {height});
  main.add_longs(279, {width * height * 2});
  main.add_shorts(284, {1});
  main.add_shorts(33421, {2, 2});
  std::array<std::uint8_t, 4> pattern{};
  std::ranges::transform(info.cfa.colors, pattern.begin(), [](CfaColor c) { return int(c); });
  main.add_bytes(33422, pattern);
  main.add_bytes(50710, std::array<std::uint8_t, 3>{0, 1, 2});
  main.add_shorts(50711, {1});
  Crop crop = info.crop;
  if (crop.width <= 0 || crop.height <= 0) crop = {0, 0, info.width, info.height};
  main.add_longs(50719, {std::uint32_t(crop.x), std::uint32_t(crop.y)});
  main.add_longs(50720, {std::uint32_t(crop.width), std::uint32_t(crop.height)});
  main.add_longs(50829, {0, 0, height, width});
}

void add_color(tiff::DirectoryWriter& main, const CameraColor& color) {
  for (std::uint16_t index = 0; index < 2; ++index) {
    const auto& set = color.illuminants[index];
    if (set.temperature_kelvin <= 0) continue;
    main.add_rationals(50721 + index, set.camera_from_xyz.m, true);
    main.add_rationals(50723 + index, set.calibration.m, true);
    main.add_shorts(50778 + index, {std::uint16_t(light_source_of(set.temperature_kelvin))});
    if (set.xyz_d50_from_camera)
      main.add_rationals(50964 + index, set.xyz_d50_from_camera->m, true);
  }
  main.add_rationals(50727, color.analog_balance);
  main.add_rationals(50728, color.as_shot_neutral);
}

// Noise of s / range: its variance falls by range^2, its signal by range.
void add_noise(tiff::DirectoryWriter& main, const NoiseModel& noise, double range) {
  std::array<double, 6> pairs{};
  for (int color = 0; color < 3; ++color) {
    pairs[2 * color] = noise.scale[color] / range;
    pairs[2 * color + 1] = noise.offset[color] / (range * range);
  }
  main.add_doubles(51041, pairs);
}

void add_identity(tiff::DirectoryWriter& main, const RawInfo& info) {
  const Metadata& m = info.metadata;
  const LensCorrections& lens = info.lens;
  const bool has_opcodes = !lens.opcode_list_2.empty() || !lens.opcode_list_3.empty();
  main.add_text(271, m.make);
  main.add_text(272, m.model);
  main.add_shorts(274, {std::uint16_t(m.orientation)});
  main.add_text(305, "Lichtbild");
  main.add_text(306, m.date_time);
  main.add_bytes(50706, std::array<std::uint8_t, 4>{1, 4, 0, 0});
  // Readers older than DNG 1.3 would leave the opcodes out.
  main.add_bytes(50707, std::array<std::uint8_t, 4>{1, std::uint8_t(has_opcodes ? 3 : 1), 0, 0});
  const bool says_make = m.model.starts_with(m.make);
  main.add_text(50708, m.model.empty() ? "Lichtbild"
                       : says_make     ? m.model
                                       : m.make + " " + m.model);
  main.add_bytes(51009, lens.opcode_list_2, true);
  main.add_bytes(51022, lens.opcode_list_3, true);
}

void add_positive(tiff::DirectoryWriter& directory, std::uint16_t tag, double value) {
  if (value > 0) directory.add_rationals(tag, std::array{value});
}

tiff::DirectoryWriter exif_directory(const Metadata& m) {
  tiff::DirectoryWriter exif;
  exif.add_bytes(36864, std::array<std::uint8_t, 4>{'0', '2', '3', '0'}, true);
  add_positive(exif, 33434, m.exposure_time_s);
  add_positive(exif, 33437, m.f_number);
  add_positive(exif, 37386, m.focal_length_mm);
  if (m.iso > 0) exif.add_shorts(34855, {std::uint16_t(std::min(std::round(m.iso), 65535.0))});
  if (m.iso > 65534) exif.add_longs(34866, {std::uint32_t(m.iso)});
  if (m.focal_length_35mm > 0)
    exif.add_shorts(41989, {std::uint16_t(std::min(std::round(m.focal_length_35mm), 65535.0))});
  exif.add_text(36867, m.date_time);
  exif.add_text(36868, m.date_time);
  exif.add_text(42036, m.lens_model);
  return exif;
}

std::array<double, 3> degrees_minutes_seconds(double degrees) {
  degrees = std::abs(degrees);
  const double minutes = (degrees - std::floor(degrees)) * 60;
  return {std::floor(degrees), std::floor(minutes), (minutes - std::floor(minutes)) * 60};
}

tiff::DirectoryWriter gps_directory(const GpsPosition& p) {
  tiff::DirectoryWriter gps;
  gps.add_bytes(0, std::array<std::uint8_t, 4>{2, 3, 0, 0});
  gps.add_text(1, p.latitude_deg < 0 ? "S" : "N");
  gps.add_rationals(2, degrees_minutes_seconds(p.latitude_deg));
  gps.add_text(3, p.longitude_deg < 0 ? "W" : "E");
  gps.add_rationals(4, degrees_minutes_seconds(p.longitude_deg));
  if (p.altitude_m) {
    gps.add_bytes(5, std::array<std::uint8_t, 1>{std::uint8_t(*p.altitude_m < 0)});
    gps.add_rationals(6, std::array{std::abs(*p.altitude_m)});
  }
  return gps;
}

// Header, main directory, EXIF, GPS, up to the first sample.
std::vector<std::uint8_t> head_of(tiff::DirectoryWriter main, const Metadata& metadata) {
  const tiff::DirectoryWriter exif = exif_directory(metadata);
  const std::uint16_t later_tags[]{273, 34665};
  for (const std::uint16_t tag : later_tags) main.add_longs(tag, {0});
  if (metadata.gps) main.add_longs(34853, {0});
  const auto exif_at = std::uint32_t(header_bytes + main.size());
  const auto gps_at = std::uint32_t(exif_at + exif.size());
  const auto gps =
      metadata.gps ? gps_directory(*metadata.gps).bytes_at(gps_at) : std::vector<std::uint8_t>{};
  const auto samples_at = std::uint32_t(gps_at + gps.size() + 63) / 64 * 64;
  main.add_longs(273, {samples_at});
  main.add_longs(34665, {exif_at});
  if (metadata.gps) main.add_longs(34853, {gps_at});

  std::vector<std::uint8_t> head{'I', 'I', 42, 0, header_bytes, 0, 0, 0};
  const auto append = [&](const std::vector<std::uint8_t>& part) {
    head.insert(head.end(), part.begin(), part.end());
  };
  append(main.bytes_at(header_bytes));
  append(exif.bytes_at(exif_at));
  append(gps);
  head.resize(samples_at);
  return head;
}

// Of everything but the samples and their levels.
tiff::DirectoryWriter main_directory(const RawInfo& info, double range) {
  tiff::DirectoryWriter main;
  add_mosaic(main, info);
  add_color(main, info.color);
  if (info.noise) add_noise(main, *info.noise, range);
  main.add_rationals(50730, std::array{info.baseline_exposure_stops + std::log2(range)}, true);
  add_identity(main, info);
  return main;
}

void write_file(AtomicFile& file, tiff::DirectoryWriter main, const Metadata& metadata,
                std::span<const std::uint16_t> samples) {
  const auto head = head_of(std::move(main), metadata);
  file.write(std::as_bytes(std::span(head)));
  file.write(std::as_bytes(samples));
  file.commit();
}

}  // namespace

void write_dng(const RawFrame& frame, const std::string& path) {
  AtomicFile file(path);
  const Scaling scaling = scaling_of(frame.mosaic);
  tiff::DirectoryWriter main = main_directory(frame.info, scaling.range);
  add_levels(main, frame.info, {black_dn, black_dn, black_dn}, scaling.white);
  write_file(file, std::move(main), frame.info.metadata, quantize(frame.mosaic, scaling));
}

void write_dng(const Image<std::uint16_t>& numbers, const RawInfo& info, const std::string& path) {
  invariant(numbers.width() == info.width && numbers.height() == info.height);
  invariant(info.white[0] == info.white[1] && info.white[1] == info.white[2]);
  AtomicFile file(path);
  tiff::DirectoryWriter main = main_directory(info, 1);
  add_levels(main, info, info.black, std::uint32_t(info.white[0]));
  if constexpr (std::endian::native == std::endian::little) {
    write_file(file, std::move(main), info.metadata, numbers.samples());
  } else {
    std::vector<std::uint16_t> samples(numbers.size());
    std::ranges::transform(numbers.samples(), samples.begin(), stored);
    write_file(file, std::move(main), info.metadata, samples);
  }
}

}  // namespace lichtbild
