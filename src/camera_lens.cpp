// camera_lens(): traced, from the cache beside the camera file, measured, or of lensfun's database.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "camera_file.h"
#include "core/error.h"
#include "optics/files/lens_files.h"
#include "optics/profile/lensfun_database.h"
#include "optics/profile/profile.h"
#include "optics/profile/profile_files.h"
#include "optics/system.h"

namespace lichtbild {
namespace {

namespace fs = std::filesystem;

// Lines of equal shares of a channel's electrons under an even light: nine follow the kernel and
// the lateral color of a whole band.
optics::ProfileOptions options_for(const Sensor& sensor) {
  constexpr int lines = 9;
  optics::ProfileOptions options;
  for (int c = 0; c < 3; ++c) {
    const Spectrum& seen = sensor.quantum_efficiency[c];
    const double whole = integral(seen);
    ProfileBand band;
    double sum = 0;
    for (int i = 0; i < Spectrum::samples && int(band.weight.size()) < lines; ++i) {
      const double step = seen[i] * Spectrum::step_nm / whole;
      while (step > 0 && int(band.weight.size()) < lines &&
             sum + step >= (double(band.weight.size()) + 0.5) / lines) {
        const double part = ((double(band.weight.size()) + 0.5) / lines - sum) / step - 0.5;
        band.wavelength_nm.push_back(Spectrum::wavelength_nm(i) + part * Spectrum::step_nm);
        band.weight.push_back(1.0 / lines);
      }
      sum += step;
    }
    options.bands[c] = std::move(band);
  }
  options.psf_points = 65;
  options.psf_oversampling = 4;
  options.psf_radius_px = 16;  // what lies farther out is 1 to 2 % of the light
  return options;
}

// The image plane is moved so that the focus distance is sharp: a phone lens moves as a whole.
void focus(optics::Lens& lens, double distance_mm, const Catalog& catalog,
           const std::string& where) {
  if (!std::isfinite(distance_mm)) return;
  const double at_infinity =
      optics::make_system(lens, catalog, where).paraxial().paraxial_image_distance_mm;
  optics::Lens near = lens;
  near.object_distance_mm = distance_mm;
  const double moved =
      optics::make_system(near, catalog, where).paraxial().paraxial_image_distance_mm;
  if (!std::isfinite(moved) || moved <= 0)
    throw Error(where, fmt::format("makes no real picture of what is {:g} mm away", distance_mm),
                "raise the camera's focus_distance_mm");
  near.surfaces.back().thickness_mm += moved - at_infinity;
  lens = near;
}

// FNV-1a: a name for what a profile is made of.
std::uint64_t name_of(const std::string& text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

std::string ingredients(const optics::Lens& lens, const ProfileSensor& sensor,
                        const optics::ProfileOptions& options) {
  constexpr int version = 6;  // of the profiler: grows when its results change
  std::string text = fmt::format("{} {} {} {} {} {}\n", version, sensor.pixel_um, sensor.width_px,
                                 sensor.height_px, options.psf_points, options.psf_oversampling);
  for (const ProfileBand& band : options.bands)
    for (std::size_t i = 0; i < band.weight.size(); ++i)
      text += fmt::format("{} {}\n", band.wavelength_nm[i], band.weight[i]);
  return text + optics::lens_toml_from(lens);
}

// NAME.profile-*.cbor beside NAME.camera.toml.
std::string cache_prefix(const Camera& camera) {
  std::string name = fs::path(camera.path).filename().string();
  name = name.substr(0, name.find('.'));
  return name + ".profile-";
}

void keep(const LensProfile& profile, const Camera& camera, const fs::path& path) {
  try {
    optics::write_profile(profile, path.string());
  } catch (const Error&) {
    return;  // a folder that can't be written
  }
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(path.parent_path(), ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(cache_prefix(camera)) && name.ends_with(".cbor") &&
        entry.path().filename() != path.filename())
      fs::remove(entry.path(), ignored);
  }
}

// The microlenses' response, between its points.
double response_at(const Sensor& sensor, double angle_deg) {
  const auto& table = sensor.angle_response;
  for (std::size_t i = 1; i < table.size(); ++i)
    if (angle_deg < table[i][0]) {
      const double share = (angle_deg - table[i - 1][0]) / (table[i][0] - table[i - 1][0]);
      return table[i - 1][1] + std::max(share, 0.0) * (table[i][1] - table[i - 1][1]);
    }
  return table.back()[1];
}

void add_microlenses(const Sensor& sensor, LensProfile& profile) {
  ShadingTable& shading = profile.shading;
  for (std::size_t i = 0; i < shading.chief_ray_deg.size(); ++i)
    for (auto& channel : shading.illumination)
      channel[i] *= response_at(sensor, shading.chief_ray_deg[i]);
}

// A profile of its own; of the camera's sensor, if that is described.
LensProfile measured(const Camera& camera) {
  LensProfile profile = optics::read_profile(camera.lens.profile);
  if (!camera.sensor) return profile;
  const Sensor& sensor = *camera.sensor;
  const ProfileSensor& of = profile.sensor;
  constexpr double rounding = 1e-3;  // of a written pixel size
  if (of.width_px != sensor.width || of.height_px != sensor.height ||
      std::abs(of.pixel_um / sensor.pixel_um - 1) > rounding)
    throw Error(
        camera.lens.profile,
        fmt::format("is of a sensor of {} x {} pixels of {:g} um, that of {} has {} x {} of "
                    "{:g} um",
                    of.width_px, of.height_px, of.pixel_um, camera.path, sensor.width,
                    sensor.height, sensor.pixel_um),
        "name the profile of this sensor");
  return profile;
}

// What neither the camera file nor the RAW frame says is an error, but the aperture: without it
// vignetting is left alone.
LensProfile lens_of_database(const Camera& camera, const RawInfo& frame) {
  const Camera::LensfunPart& part = camera.lens.lensfun;
  const auto either = [](double own, double said) { return own > 0 ? own : said; };
  optics::LensfunQuery query;
  query.lens = part.model.empty() ? frame.metadata.lens_model : part.model;
  if (query.lens.empty())
    throw Error(frame.path, "does not say which lens took it",
                fmt::format("name it in {}: model = \"...\" in [lens]", camera.path));
  query.focal_length_mm = either(part.focal_length_mm, frame.metadata.focal_length_mm);
  if (!(query.focal_length_mm > 0))
    throw Error(frame.path, "does not say its focal length",
                fmt::format("give {} a focal_length_mm in [lens]", camera.path));
  query.f_number = either(part.f_number, frame.metadata.f_number);
  constexpr double infinity_m = 1000;  // the database's
  query.distance_m = std::min(camera.lens.focus_distance_mm / 1000, infinity_m);
  const double crop = part.crop_factor > 0
                          ? part.crop_factor
                          : optics::lensfun_crop_factor(part.database, frame.metadata.model);
  const double diagonal_um = std::hypot(36, 24) / crop * 1000;
  query.sensor = {diagonal_um / std::hypot(frame.width, frame.height), frame.width, frame.height};
  return optics::read_lensfun(part.database, query);
}

}  // namespace

LensProfile camera_lens(const Camera& camera, const RawInfo& frame,
                        const std::string& data_folder) {
  if (!camera.lens.lensfun.database.empty()) return lens_of_database(camera, frame);
  return camera_lens(camera, data_folder);
}

LensProfile camera_lens(const Camera& camera, const std::string& data_folder,
                        const std::function<void(double)>& progress) {
  if (!camera.lens.profile.empty()) return measured(camera);
  if (!camera.lens.lensfun.database.empty())
    throw Error(camera.path, "its lens is an entry of lensfun's database",
                "only a lens file or a profile can be shot through");
  const Sensor& sensor = *camera.sensor;
  optics::Lens lens = optics::read_lens(camera.lens.file);
  const Catalog catalog = read_catalog(data_folder + "/glass");
  focus(lens, camera.lens.focus_distance_mm, catalog, camera.lens.file);
  optics::ProfileOptions options = options_for(sensor);
  options.progress = progress;
  const ProfileSensor area{sensor.pixel_um, sensor.width, sensor.height};
  const fs::path cache =
      fs::path(camera.path).parent_path() / fmt::format("{}{:016x}.cbor", cache_prefix(camera),
                                                        name_of(ingredients(lens, area, options)));
  LensProfile profile;
  std::error_code ignored;
  if (fs::exists(cache, ignored)) {
    profile = optics::read_profile(cache.string());
  } else {
    profile = optics::profile(lens, catalog, camera.lens.file, area, options);
    keep(profile, camera, cache);
  }
  add_microlenses(sensor, profile);
  return profile;
}

}  // namespace lichtbild
