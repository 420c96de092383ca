#include "optics/profile/lensfun_database.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <pugixml.hpp>

#include "core/atomic_file.h"
#include "core/error.h"
#include "optics/profile/profile.h"

namespace lichtbild::optics {
namespace {

struct File {
  std::string where;
  pugi::xml_document tree;

  pugi::xml_node database() const { return tree.child("lensdatabase"); }
  [[noreturn]] void fail(const pugi::xml_node& at, const std::string& what) const {
    throw Error{fmt::format("{}: byte {}", where, at.offset_debug()), what};
  }
};

std::unique_ptr<File> file_of(const std::string& xml, const std::string& where) {
  auto file = std::make_unique<File>();
  file->where = where;
  const pugi::xml_parse_result result = file->tree.load_buffer(xml.data(), xml.size());
  if (!result)
    throw Error{fmt::format("{}: byte {}", where, result.offset), result.description(),
                "is it a file of lensfun's database?"};
  if (!file->database()) throw Error{where, "no <lensdatabase> in it"};
  return file;
}

std::string lower(std::string text) {
  for (char& c : text) c = char(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

double number(const File& file, const pugi::xml_node& at, const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  constexpr double greatest = 1e6;
  if (error != std::errc() || rest != end || !(std::abs(value) <= greatest))
    file.fail(at,
              fmt::format("'{}' in <{}> is no number below 1e6", text.substr(0, 40), at.name()));
  return value;
}
double attribute(const File& file, const pugi::xml_node& at, const char* name, double otherwise) {
  const pugi::xml_attribute a = at.attribute(name);
  return a ? number(file, at, a.value()) : otherwise;
}
double positive(const File& file, const pugi::xml_node& at, double value, const char* what) {
  if (!(value > 0)) file.fail(at, fmt::format("{} of <{}> must be above 0", what, at.name()));
  return value;
}

bool is_called(const pugi::xml_node& thing, const std::string& name) {
  for (const pugi::xml_node& model : thing.children("model")) {
    const std::string own = lower(model.child_value());
    if (own == name || lower(thing.child_value("maker")) + " " + own == name) return true;
  }
  return false;
}

struct Found {
  const File* file;
  pugi::xml_node lens;
};

std::vector<Found> lenses_called(const std::vector<std::unique_ptr<File>>& files,
                                 const std::string& name) {
  std::vector<Found> found;
  for (const auto& file : files)
    for (const pugi::xml_node& lens : file->database().children("lens"))
      if (is_called(lens, name)) found.push_back({file.get(), lens});
  if (!found.empty()) return found;
  // A camera whose mount no other lens fits.
  for (const auto& file : files)
    for (const pugi::xml_node& camera : file->database().children("camera")) {
      if (!is_called(camera, name)) continue;
      for (const auto& other : files)
        for (const pugi::xml_node& lens : other->database().children("lens"))
          for (const pugi::xml_node& mount : lens.children("mount"))
            if (std::strcmp(mount.child_value(), camera.child_value("mount")) == 0)
              found.push_back({other.get(), lens});
    }
  for (const Found& f : found)
    if (std::strcmp(f.lens.child_value("model"), found[0].lens.child_value("model")) != 0)
      throw Error{
          found[0].file->where,
          fmt::format("the camera '{}' takes several lenses, '{}' and '{}' among them", name,
                      found[0].lens.child_value("model"), f.lens.child_value("model")),
          "name the lens"};
  return found;
}

// A calibration's coefficients at a place of the parameters that it was measured over.
struct Calibration {
  std::vector<double> at;  // focal length, reciprocal aperture, reciprocal distance
  std::vector<double> coefficients;
};

std::vector<double> between(std::vector<Calibration> list, const std::vector<double>& place,
                            std::size_t depth = 0) {
  if (depth == place.size()) return list[0].coefficients;
  double below = -INFINITY, above = INFINITY;
  for (const Calibration& c : list) {
    if (c.at[depth] <= place[depth]) below = std::max(below, c.at[depth]);
    if (c.at[depth] >= place[depth]) above = std::min(above, c.at[depth]);
  }
  if (!std::isfinite(below)) below = above;
  if (!std::isfinite(above)) above = below;
  const auto of = [&](double value) {
    std::vector<Calibration> same;
    for (const Calibration& c : list)
      if (c.at[depth] == value) same.push_back(c);
    return between(same, place, depth + 1);
  };
  std::vector<double> low = of(below);
  if (above == below) return low;
  const std::vector<double> high = of(above);
  const double t = (place[depth] - below) / (above - below);
  for (std::size_t i = 0; i < low.size(); ++i) low[i] += t * (high[i] - low[i]);
  return low;
}

// r_d = r_u (k0 + k1 r_u + k2 r_u^2 + k3 r_u^3 + k4 r_u^4): all three models.
using Distortion = std::vector<double>;
std::optional<Distortion> distortion_of(const File& file, const pugi::xml_node& calibration,
                                        double focal_mm) {
  std::vector<Calibration> list;
  for (const pugi::xml_node& d : calibration.children("distortion")) {
    const std::string model = d.attribute("model").value();
    const auto get = [&](const char* name) { return attribute(file, d, name, 0); };
    Distortion k;
    if (model == "ptlens")
      k = {1 - get("a") - get("b") - get("c"), get("c"), get("b"), get("a"), 0};
    else if (model == "poly3")
      k = {1 - get("k1"), 0, get("k1"), 0, 0};
    else if (model == "poly5")
      k = {1, 0, get("k1"), 0, get("k2")};
    else if (model != "none")
      file.fail(d, fmt::format("distortion model '{}' is none of ptlens, poly3, poly5", model));
    else
      k = {1, 0, 0, 0, 0};
    list.push_back({{positive(file, d, get("focal"), "focal")}, std::move(k)});
  }
  if (list.empty()) return {};
  return between(std::move(list), {focal_mm});
}

// Real focal length over the nominal one.
double focal_ratio(const File& file, const pugi::xml_node& calibration, double focal_mm) {
  std::vector<Calibration> list;
  for (const pugi::xml_node& f : calibration.children("real-focal-length")) {
    const double nominal = positive(file, f, attribute(file, f, "focal", 0), "focal"),
                 real = positive(file, f, attribute(file, f, "real-focal", 0), "real-focal");
    list.push_back({{nominal}, {real / nominal}});
  }
  return list.empty() ? 1 : between(std::move(list), {focal_mm})[0];
}

// r_color = r_green (v + c r_green + b r_green^2), red then blue.
std::vector<double> lateral_color(const File& file, const pugi::xml_node& calibration,
                                  double focal_mm) {
  std::vector<Calibration> list;
  for (const pugi::xml_node& t : calibration.children("tca")) {
    const std::string model = t.attribute("model").value();
    const auto get = [&](const char* name, double otherwise) {
      return attribute(file, t, name, otherwise);
    };
    std::vector<double> k{1, 0, 0, 1, 0, 0};
    if (model == "linear")
      k = {get("kr", 1), 0, 0, get("kb", 1), 0, 0};
    else if (model == "poly3")
      k = {get("vr", 1), get("cr", 0), get("br", 0), get("vb", 1), get("cb", 0), get("bb", 0)};
    else if (model != "none")
      file.fail(t, fmt::format("lateral color model '{}' is none of linear, poly3", model));
    list.push_back({{positive(file, t, get("focal", 0), "focal")}, std::move(k)});
  }
  if (list.empty()) return {1, 0, 0, 1, 0, 0};
  return between(std::move(list), {focal_mm});
}

std::vector<double> vignetting(const File& file, const pugi::xml_node& calibration,
                               const LensfunQuery& query) {
  std::vector<Calibration> list;
  for (const pugi::xml_node& v : calibration.children("vignetting")) {
    const std::string model = v.attribute("model").value();
    if (model != "pa") file.fail(v, fmt::format("vignetting model '{}' is not pa", model));
    const auto get = [&](const char* name) { return attribute(file, v, name, 0); };
    list.push_back({{positive(file, v, get("focal"), "focal"),
                     1 / positive(file, v, get("aperture"), "aperture"),
                     1 / positive(file, v, get("distance"), "distance")},
                    {get("k1"), get("k2"), get("k3")}});
  }
  if (list.empty() || query.f_number <= 0) return {0, 0, 0};
  return between(std::move(list),
                 {query.focal_length_mm, 1 / query.f_number, 1 / query.distance_m});
}

double aspect_ratio(const File& file, const pugi::xml_node& lens) {
  const pugi::xml_node node = lens.child("aspect-ratio");
  if (!node) return 1.5;
  const std::string text = node.child_value();
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) return positive(file, node, number(file, node, text), "ratio");
  const double ratio = positive(file, node, number(file, node, text.substr(0, colon)), "ratio") /
                       positive(file, node, number(file, node, text.substr(colon + 1)), "ratio");
  return std::max(ratio, 1 / ratio);
}

// Of the entries of one name, that of the smallest sensor which still holds ours.
Found fitting(const std::vector<Found>& found, double crop_factor) {
  constexpr double rounding = 1.03;  // crop factors are written with two digits
  const Found* best = nullptr;
  double best_crop = 0, nearest = INFINITY;
  for (const Found& f : found) {
    const pugi::xml_node node = f.lens.child("cropfactor");
    const double crop =
        node ? positive(*f.file, node, number(*f.file, node, node.child_value()), "the number") : 1;
    nearest = std::min(nearest, crop);
    if (crop <= crop_factor * rounding && crop > best_crop) best = &f, best_crop = crop;
  }
  if (!best)
    throw Error{found[0].file->where,
                fmt::format("calibrated on sensors of crop factor {:g} and above, this one's is "
                            "{:.3g}",
                            nearest, crop_factor)};
  return *best;
}

struct Units {
  double distortion = 1, vignetting = 1;  // lensfun's radius for one of ours
};
Units units_of(const Found& found, double half_diagonal_mm) {
  const pugi::xml_node crop = found.lens.child("cropfactor");
  const double factor = crop ? number(*found.file, crop, crop.child_value()) : 1;
  const double half_mm = std::hypot(36, 24) / 2 / factor;
  const double aspect = aspect_ratio(*found.file, found.lens);
  return {half_diagonal_mm * std::hypot(1, aspect) / half_mm, half_diagonal_mm / half_mm};
}

void tabulate_geometry(const Found& found, const Distortion& k, const std::vector<double>& color,
                       double unit, RadialMap& map) {
  constexpr double step = 1.0 / 64, farthest = 1.25;
  constexpr int most = 1000;
  for (int i = 0; map.real[1].empty() || map.real[1].back() < farthest; ++i) {
    const double u = i * step * unit;
    const double green = u * (k[0] + u * (k[1] + u * (k[2] + u * (k[3] + u * k[4]))));
    const double red = green * (color[0] + green * (color[1] + green * color[2])),
                 blue = green * (color[3] + green * (color[4] + green * color[5]));
    const std::array real{red / unit, green / unit, blue / unit};
    for (int c = 0; c < 3; ++c) {
      // Past the corner, a turning point is the model's end, not the lens's.
      if (i > 0 && (i > most || real[c] <= map.real[c].back())) {
        if (map.real[1].back() > 1) return;
        found.file->fail(found.lens, "the distortion folds the picture inside the sensor");
      }
    }
    for (int c = 0; c < 3; ++c) map.real[c].push_back(real[c]);
    map.ideal.push_back(u * k[0] / unit);
  }
}

void tabulate_shading(const Found& found, const std::vector<double>& k, double unit,
                      ShadingTable& shading) {
  constexpr int points = 64;
  for (int i = 0; i <= points; ++i) {
    const double r = double(i) / points, r2 = r * r * unit * unit;
    const double light = 1 + r2 * (k[0] + r2 * (k[1] + r2 * k[2]));
    if (!(light > 0.01))
      found.file->fail(found.lens, "the vignetting leaves less than 1 % of the light");
    shading.radius.push_back(r);
    for (auto& channel : shading.illumination) channel.push_back(light);
  }
}

LensProfile profile_of(const std::vector<std::unique_ptr<File>>& files, const std::string& where,
                       const LensfunQuery& query) {
  const std::vector<Found> all = lenses_called(files, lower(query.lens));
  if (all.empty())
    throw Error{where, fmt::format("no lens and no camera called '{}'", query.lens),
                "names are those of the database's <model>"};
  LensProfile profile;
  profile.sensor = query.sensor;
  const Found found = fitting(all, profile.crop_factor());
  const std::string type = found.lens.child_value("type");
  if (!type.empty() && type != "rectilinear")
    found.file->fail(found.lens,
                     fmt::format("a {} lens: only rectilinear ones are corrected", type));

  const pugi::xml_node calibration = found.lens.child("calibration");
  const double focal_mm = query.focal_length_mm;
  const Units units = units_of(found, query.sensor.half_diagonal_mm());
  profile.title = found.lens.child_value("model");
  profile.source = fmt::format("lensfun database, {}",
                               std::filesystem::path(found.file->where).filename().string());
  profile.focal_length_mm = focal_mm * focal_ratio(*found.file, calibration, focal_mm);
  profile.f_number = query.f_number;
  profile.object_distance_mm = query.distance_m * 1000;
  tabulate_geometry(
      found, distortion_of(*found.file, calibration, focal_mm).value_or(Distortion{1, 0, 0, 0, 0}),
      lateral_color(*found.file, calibration, focal_mm), units.distortion, profile.geometry);
  tabulate_shading(found, vignetting(*found.file, calibration, query), units.vignetting,
                   profile.shading);
  fit_polynomials(profile);
  return profile;
}

void check(const LensfunQuery& query) {
  if (!(query.focal_length_mm > 0))
    throw Error{query.lens, "the focal length must be above 0", "the RAW may not say it: give it"};
  if (!(query.distance_m > 0)) throw Error{query.lens, "the distance must be above 0"};
  if (!(query.sensor.half_diagonal_mm() > 0))
    throw Error{query.lens, "the sensor's size in mm must be known"};
}

std::vector<std::unique_ptr<File>> files_at(const std::string& path) {
  std::vector<std::filesystem::path> paths{path};
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    paths.clear();
    for (const auto& entry : std::filesystem::directory_iterator(path, ignored))
      if (entry.path().extension() == ".xml") paths.push_back(entry.path());
    std::ranges::sort(paths);
  }
  std::vector<std::unique_ptr<File>> files;
  files.reserve(paths.size());
  for (const auto& p : paths) files.push_back(file_of(read_file(p.string()), p.string()));
  return files;
}

}  // namespace

LensProfile read_lensfun(const std::string& path, const LensfunQuery& query) {
  check(query);
  return profile_of(files_at(path), path, query);
}

double lensfun_crop_factor(const std::string& path, const std::string& camera) {
  for (const auto& file : files_at(path))
    for (const pugi::xml_node& entry : file->database().children("camera")) {
      const pugi::xml_node crop = entry.child("cropfactor");
      if (crop && is_called(entry, lower(camera)))
        return positive(*file, crop, number(*file, crop, crop.child_value()), "the number");
    }
  throw Error{path, fmt::format("no crop factor of a camera called '{}'", camera),
              "give the camera file's [lens] a crop_factor"};
}

LensProfile parse_lensfun(const std::string& xml, const std::string& where,
                          const LensfunQuery& query) {
  check(query);
  std::vector<std::unique_ptr<File>> files;
  files.push_back(file_of(xml, where));
  return profile_of(files, where, query);
}

}  // namespace lichtbild::optics
