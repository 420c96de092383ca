#include "raw/libraw_reader.h"

#include <libraw/libraw.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <ctime>
#include <numeric>
#include <utility>

#include "core/error.h"
#include "raw/dng_tags.h"

namespace lichtbild {

struct LibRawReader::State {
  LibRaw raw{0};
  std::string name;
  bool data_error = false;
};

namespace {

bool starts_with(std::span<const std::byte> bytes, std::string_view magic, std::size_t at = 0) {
  return bytes.size() >= at + magic.size() &&
         std::equal(magic.begin(), magic.end(), bytes.begin() + std::ptrdiff_t(at),
                    [](char c, std::byte b) { return std::byte(c) == b; });
}

// What a file is that LibRaw refuses.
std::string kind_of(std::span<const std::byte> bytes) {
  if (starts_with(bytes, "\xff\xd8\xff")) return "is a JPEG picture, not a RAW file";
  if (starts_with(bytes, "\x89PNG")) return "is a PNG picture, not a RAW file";
  if (starts_with(bytes, "%PDF")) return "is a PDF document, not a RAW file";
  if (starts_with(bytes, "PK\x03\x04")) return "is a ZIP archive, not a RAW file";
  if (starts_with(bytes, "\x76\x2f\x31\x01")) return "is an OpenEXR picture, not a RAW file";
  if (starts_with(bytes, "ftypheic", 4)) return "is a HEIC picture, not a RAW file";
  if (starts_with(bytes, "II") || starts_with(bytes, "MM"))
    return "is a TIFF or a damaged RAW file, without a RAW picture that can be decoded";
  return "is not a RAW file of a camera";
}

// Whether any TIFF directory in the file has a CFAPattern (tag 33422) of 36 filters. LibRaw 0.20
// crashes on it (found by raw_fuzz), and follows directories to places that only it knows: so the
// bytes of such an entry are looked for everywhere.
bool has_six_by_six_filters(std::span<const std::byte> bytes) {
  constexpr std::string_view little_tag = "\x8e\x82", big_tag = "\x82\x8e";
  const std::string_view little_count{"\x24\0\0\0", 4}, big_count{"\0\0\0\x24", 4};
  const auto* text = reinterpret_cast<const char*>(bytes.data());
  for (std::size_t at = 1; at < bytes.size(); ++at) {
    const void* found = std::memchr(text + at, '\x82', bytes.size() - at);
    if (!found) return false;
    at = std::size_t(static_cast<const char*>(found) - text);
    // The tag's two bytes, two of its type, four of its count.
    if (starts_with(bytes, little_tag, at - 1) && starts_with(bytes, little_count, at + 3))
      return true;
    if (starts_with(bytes, big_tag, at) && starts_with(bytes, big_count, at + 4)) return true;
  }
  return false;
}

// Runs a step of LibRaw and turns its code, or what it throws, into an Error.
template <class Step>
void run(const std::string& name, const std::string& what, Step&& step) {
  int code = 0;
  try {
    code = step();
  } catch (const LibRaw_exceptions& exception) {
    code = exception == LIBRAW_EXCEPTION_ALLOC ? LIBRAW_UNSUFFICIENT_MEMORY : LIBRAW_DATA_ERROR;
  }
  if (code == LIBRAW_SUCCESS) return;
  throw Error(name, fmt::format("{} ({})", what, LibRaw::strerror(code)),
              "check that the file is complete and its camera is known to LibRaw");
}

void check_sensor(LibRaw& raw, const std::string& name) {
  const auto& sensor = raw.imgdata.idata;
  const std::string cure = "give a RAW file with a 2x2 Bayer filter";
  check_size(raw.imgdata.sizes.raw_width, raw.imgdata.sizes.raw_height, name);
  if (sensor.is_foveon) throw Error(name, "is a Foveon file: not supported yet", cure);
  if (sensor.filters == 9)
    throw Error(name, "is an X-Trans file (6x6 color filters): not supported yet", cure);
  if (sensor.filters == 0 && sensor.colors == 1)
    throw Error(name, "is a monochrome RAW file, without color filters: not supported yet", cure);
  if (sensor.filters == 0)
    throw Error(name, "has all colors at each place, not a mosaic: not supported yet", cure);
  // LibRaw packs a pattern of 2 columns and 8 rows into 32 bits.
  if (sensor.filters < 1000 || sensor.filters != (sensor.filters & 0xff) * 0x01010101u)
    throw Error(name, "has color filters that do not repeat every 2x2: not supported", cure);
  if (raw.is_fuji_rotated())
    throw Error(name, "has a sensor turned by 45 degrees (Fuji SuperCCD): not supported", cure);
}

CfaColor color_of(char letter, const std::string& name) {
  if (letter == 'R') return CfaColor::red;
  if (letter == 'G') return CfaColor::green;
  if (letter == 'B') return CfaColor::blue;
  throw Error(name, fmt::format("has a color filter '{}'", letter),
              "give a RAW file with red, green and blue filters");
}

Cfa read_cfa(LibRaw& raw, const std::string& name) {
  Cfa cfa;
  for (int i = 0; i < 4; ++i)
    cfa.colors[i] = color_of(raw.imgdata.idata.cdesc[raw.COLOR(i / 2, i % 2) & 3], name);
  return cfa;
}

Crop read_crop(const libraw_image_sizes_t& sizes) {
#if LIBRAW_VERSION >= LIBRAW_MAKE_VERSION(0, 21, 0)
  const auto& inset = sizes.raw_inset_crops[0];
#else
  const auto& inset = sizes.raw_inset_crop;
#endif
  const Crop whole{0, 0, sizes.width, sizes.height};
  const Crop crop{inset.cleft - sizes.left_margin, inset.ctop - sizes.top_margin, inset.cwidth,
                  inset.cheight};
  const bool is_inside = crop.width > 0 && crop.height > 0 && crop.x >= 0 && crop.y >= 0 &&
                         crop.x + crop.width <= whole.width && crop.y + crop.height <= whole.height;
  return is_inside ? crop : whole;
}

CameraColor read_color(const libraw_colordata_t& data, const std::string& name) {
  CameraColor color;
  auto& daylight = color.illuminants[0];
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 3; ++column)
      daylight.camera_from_xyz(row, column) = data.cam_xyz[row][column];
  if (!daylight.camera_from_xyz.is_invertible())
    throw Error(name, "comes from a camera whose colors LibRaw does not know",
                "convert it with a DNG converter that knows the camera");
  daylight.temperature_kelvin = 6504;
  const bool as_shot = data.cam_mul[0] > 0 && data.cam_mul[1] > 0 && data.cam_mul[2] > 0;
  const float* gains = as_shot ? data.cam_mul : data.pre_mul;
  if (gains[0] > 0 && gains[1] > 0 && gains[2] > 0)
    color.as_shot_neutral = {gains[1] / gains[0], 1, gains[1] / gains[2]};
  return color;
}

std::string date_of(std::time_t time) {
  std::tm parts{};
  char text[32] = "";
  if (time <= 0 || !::localtime_r(&time, &parts)) return {};
  return std::string(text, std::strftime(text, sizeof text, "%Y:%m:%d %H:%M:%S", &parts));
}

std::optional<GpsPosition> read_gps(const libraw_gps_info_t& gps) {
  if (!gps.gpsparsed) return std::nullopt;
#if LIBRAW_VERSION >= LIBRAW_MAKE_VERSION(0, 20, 0)
  const float *latitude = gps.latitude, *longitude = gps.longitude;
#else
  const float *latitude = gps.latitude, *longitude = gps.longtitude;
#endif
  const auto degrees = [](const float* p) { return p[0] + p[1] / 60.0 + p[2] / 3600.0; };
  GpsPosition position;
  position.latitude_deg = degrees(latitude) * (gps.latref == 'S' ? -1 : 1);
  position.longitude_deg = degrees(longitude) * (gps.longref == 'W' ? -1 : 1);
  position.altitude_m = gps.altitude * (gps.altref == 1 ? -1.0 : 1.0);
  return position;
}

Metadata read_metadata(const libraw_data_t& data) {
  const auto finite = [](float value) {
    return std::isfinite(value) && value > 0 ? double(value) : 0.0;
  };
  Metadata metadata;
  metadata.make = data.idata.make;
  metadata.model = data.idata.model;
  metadata.software = data.idata.software;
  metadata.date_time = date_of(data.other.timestamp);
  metadata.exposure_time_s = finite(data.other.shutter);
  metadata.iso = finite(data.other.iso_speed);
  metadata.f_number = finite(data.other.aperture);
  metadata.focal_length_mm = finite(data.other.focal_len);
  metadata.focal_length_35mm = data.lens.FocalLengthIn35mmFormat;
  const int flip = data.sizes.flip;
  metadata.orientation = flip == 3 ? 3 : flip == 5 ? 8 : flip == 6 ? 6 : 1;
  metadata.gps = read_gps(data.other.parsed_gps);
  return metadata;
}

}  // namespace

LibRawReader::LibRawReader(std::span<const std::byte> bytes, std::string name)
    : state_(std::make_unique<State>()) {
  state_->name = std::move(name);
  if (has_six_by_six_filters(bytes))
    throw Error(state_->name, "is an X-Trans file (6x6 color filters): not supported yet",
                "give a RAW file with a 2x2 Bayer filter");
  // LibRaw's versions differ in the type of the offset, the last argument. In its stead the default
  // handler would print.
  state_->raw.set_dataerror_handler(
      [](void* flag, const char*, auto) { *static_cast<bool*>(flag) = true; }, &state_->data_error);
  run(state_->name, kind_of(bytes),
      [&] { return state_->raw.open_buffer(const_cast<std::byte*>(bytes.data()), bytes.size()); });
  check_sensor(state_->raw, state_->name);
}

LibRawReader::~LibRawReader() = default;

RawInfo LibRawReader::info() const {
  const libraw_data_t& data = state_->raw.imgdata;
  RawInfo info;
  info.path = state_->name;
  info.width = data.sizes.width, info.height = data.sizes.height;
  check_size(info.width, info.height, info.path);
  info.cfa = read_cfa(state_->raw, info.path);
  info.crop = read_crop(data.sizes);
  info.color = read_color(data.color, info.path);
  if (const float stops = data.color.dng_levels.baseline_exposure; std::abs(stops) < 32)
    info.baseline_exposure_stops = stops;
  info.metadata = read_metadata(data);
  describe_levels(levels(), info);
  return info;
}

Levels LibRawReader::levels() const {
  const libraw_colordata_t& color = state_->raw.imgdata.color;
  const int rows = std::clamp<int>(color.cblack[4], 1, 64);
  const int columns = std::clamp<int>(color.cblack[5], 1, 64);
  const bool has_pattern = color.cblack[4] > 0 && color.cblack[5] > 0;
  Levels levels;
  levels.rows = std::lcm(rows, 2), levels.columns = std::lcm(columns, 2);
  levels.black.resize(std::size_t(levels.rows) * levels.columns);
  for (int y = 0; y < levels.rows; ++y)
    for (int x = 0; x < levels.columns; ++x) {
      double& black = levels.black[std::size_t(y) * levels.columns + x];
      black = color.black + double(color.cblack[state_->raw.COLOR(y, x) & 3]);
      if (has_pattern) black += color.cblack[6 + (y % rows) * columns + x % columns];
    }
  levels.white.fill(color.maximum);
  return levels;
}

void LibRawReader::decode() {
  run(state_->name, "cannot be decoded", [&] { return state_->raw.unpack(); });
  if (state_->data_error)
    throw Error(state_->name, "ends early or has damaged samples", "copy the file again");
  if (!state_->raw.imgdata.rawdata.raw_image)
    throw Error(state_->name, "decodes to something other than a mosaic of 16-bit samples",
                "convert it to an uncompressed DNG");
}

Samples LibRawReader::samples(int left, int top) const {
  const auto& raw = state_->raw.imgdata;
  const std::size_t pitch = raw.sizes.raw_pitch;
  const auto* first = reinterpret_cast<const std::byte*>(raw.rawdata.raw_image);
  return {first + top * pitch + 2 * std::size_t(left), pitch,
          std::endian::native == std::endian::big};
}

int LibRawReader::left() const { return state_->raw.imgdata.sizes.left_margin; }
int LibRawReader::top() const { return state_->raw.imgdata.sizes.top_margin; }
int LibRawReader::sensor_width() const { return state_->raw.imgdata.sizes.raw_width; }
int LibRawReader::sensor_height() const { return state_->raw.imgdata.sizes.raw_height; }

}  // namespace lichtbild
