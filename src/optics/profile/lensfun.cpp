#include "optics/profile/lensfun.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <pugixml.hpp>
#include <span>
#include <vector>

#include "core/error.h"
#include "optics/profile/profile.h"

namespace lichtbild::optics {
namespace {

double number(const pugi::xml_node& node, const char* name, double absent,
              const std::string& where) {
  const pugi::xml_attribute attribute = node.attribute(name);
  if (!attribute) return absent;
  const double value = attribute.as_double(NAN);
  if (!std::isfinite(value) || std::abs(value) > 1e6)
    throw Error(fmt::format("{}: {} {}", where, node.name(), name), "not a number in range");
  return value;
}

using Coefficients = std::vector<double>;

// A table over focal lengths, and the coefficients between its lines.
struct Calibration {
  double focal_mm;
  Coefficients coefficients;
};

Coefficients at_focal(std::vector<Calibration> table, double focal_mm) {
  std::ranges::sort(table, {}, &Calibration::focal_mm);
  const auto above =
      std::ranges::find_if(table, [&](const Calibration& c) { return c.focal_mm >= focal_mm; });
  if (above == table.end()) return table.back().coefficients;
  if (above == table.begin()) return table.front().coefficients;
  const Calibration &low = *std::prev(above), &high = *above;
  const double t = (focal_mm - low.focal_mm) / (high.focal_mm - low.focal_mm);
  Coefficients mixed(low.coefficients.size());
  for (std::size_t i = 0; i < mixed.size(); ++i)
    mixed[i] = (1 - t) * low.coefficients[i] + t * high.coefficients[i];
  return mixed;
}

// r_d = r_u (d0 + d1 r_u + ... + d4 r_u^4).
Coefficients distortion_of(const pugi::xml_node& node, const std::string& where) {
  const std::string model = node.attribute("model").value();
  const auto of = [&](const char* name) { return number(node, name, 0, where); };
  if (model == "ptlens") {
    const double a = of("a"), b = of("b"), c = of("c");
    return {1 - a - b - c, c, b, a, 0};
  }
  if (model == "poly3") return {1 - of("k1"), 0, of("k1"), 0, 0};
  if (model == "poly5") return {1, 0, of("k1"), 0, of("k2")};
  if (model == "none") return {1, 0, 0, 0, 0};
  throw Error(where + ": distortion", "the model \"" + model + "\" is not known",
              "known are ptlens, poly3 and poly5");
}

// Red: r (v + c r + b r^2), then blue.
Coefficients lateral_color_of(const pugi::xml_node& node, const std::string& where) {
  const std::string model = node.attribute("model").value();
  const auto of = [&](const char* name, double absent) {
    return number(node, name, absent, where);
  };
  if (model == "linear") return {of("kr", 1), 0, 0, of("kb", 1), 0, 0};
  if (model == "poly3")
    return {of("vr", 1), of("cr", 0), of("br", 0), of("vb", 1), of("cb", 0), of("bb", 0)};
  if (model == "none") return {1, 0, 0, 1, 0, 0};
  throw Error(where + ": tca", "the model \"" + model + "\" is not known",
              "known are linear and poly3");
}

double polynomial(std::span<const double> coefficients, double x) {
  double sum = 0;
  for (std::size_t i = coefficients.size(); i-- > 0;) sum = sum * x + coefficients[i];
  return sum;
}

template <class Of>
Coefficients calibrated(const pugi::xml_node& lens, const char* name, double focal_mm,
                        const std::string& where, const Of& of) {
  std::vector<Calibration> table;
  for (const pugi::xml_node& node : lens.child("calibration").children(name))
    table.push_back({number(node, "focal", 0, where), of(node, where)});
  return table.empty() ? Coefficients{} : at_focal(std::move(table), focal_mm);
}

// Of the nearest focal length, then aperture and distance, all in octaves.
Coefficients vignetting_of(const pugi::xml_node& lens, const LensfunShot& shot,
                           const std::string& where) {
  Coefficients nearest;
  double least = INFINITY;
  const auto octaves = [](double a, double b) {
    return a > 0 && b > 0 ? std::abs(std::log2(a / b)) : 0;
  };
  const double distance_m = std::min(shot.distance_mm / 1000, 1000.0);
  for (const pugi::xml_node& node : lens.child("calibration").children("vignetting")) {
    constexpr double focal_first = 100;
    const double away =
        focal_first * octaves(number(node, "focal", 0, where), shot.focal_length_mm) +
        octaves(number(node, "aperture", 0, where), shot.f_number) +
        0.1 * octaves(number(node, "distance", 1000, where), distance_m);
    if (away >= least) continue;
    least = away;
    nearest = {1, number(node, "k1", 0, where), number(node, "k2", 0, where),
               number(node, "k3", 0, where)};
  }
  return nearest;
}

// Half the diagonal and half the shorter side of the calibrated sensor.
struct CalibratedSensor {
  double half_diagonal_mm, half_short_mm;
};
CalibratedSensor calibrated_sensor(const pugi::xml_node& lens, const std::string& where) {
  const double crop = lens.child("cropfactor").text().as_double(1);
  const std::string aspect = lens.child("aspect-ratio").text().as_string("3:2");
  double ratio = std::atof(aspect.c_str());
  if (const auto colon = aspect.find(':'); colon != std::string::npos)
    ratio /= std::atof(aspect.c_str() + colon + 1);
  if (ratio < 1) ratio = 1 / ratio;
  if (!(crop > 0.05 && crop < 100) || !(ratio >= 1 && ratio < 10))
    throw Error(where + ": cropfactor, aspect-ratio", "out of range");
  const double half_diagonal = std::hypot(36, 24) / 2 / crop;
  return {half_diagonal, half_diagonal / std::hypot(1, ratio)};
}

pugi::xml_node find_lens(const pugi::xml_node& database, const LensfunShot& shot,
                         const std::string& where) {
  std::vector<pugi::xml_node> found;
  for (const pugi::xml_node& lens : database.children("lens"))
    for (const pugi::xml_node& name : lens.children("model"))
      if (shot.model.empty() || shot.model == name.text().get()) {
        found.push_back(lens);
        break;
      }
  if (found.empty())
    throw Error(where, shot.model.empty() ? "no lens in it" : "no lens \"" + shot.model + "\"",
                "check the model's spelling");
  if (found.size() > 1 && shot.model.empty())
    throw Error(where, fmt::format("{} lenses in it", found.size()), "name the model");
  return found.front();
}

void add_geometry(LensProfile& profile, const Coefficients& distortion,
                  const Coefficients& lateral_color, double real_focal_ratio, double unit) {
  // Beyond the corner, as far as the distortion grows: places there are looked up too.
  constexpr int points = 96;
  constexpr double farthest = 1.5;
  const double slope = distortion[0] / real_focal_ratio;
  double last = -1;
  for (int i = 0; i <= points; ++i) {
    const double undistorted = farthest * i / points / unit,
                 green = undistorted * polynomial(distortion, undistorted);
    if (green * unit <= last) break;
    last = green * unit;
    profile.geometry.ideal.push_back(undistorted * slope * unit);
    const std::span<const double> color(lateral_color);
    profile.geometry.real[0].push_back(green * polynomial(color.first(3), green) * unit);
    profile.geometry.real[1].push_back(green * unit);
    profile.geometry.real[2].push_back(green * polynomial(color.last(3), green) * unit);
  }
}

void add_shading(LensProfile& profile, const Coefficients& vignetting, double unit) {
  constexpr int points = 64;
  for (int i = 0; i <= points; ++i) {
    const double r = double(i) / points, squared = r * r / (unit * unit);
    profile.shading.radius.push_back(r);
    const double light = vignetting.empty() ? 1 : polynomial(vignetting, squared);
    for (auto& channel : profile.shading.illumination) channel.push_back(std::max(light, 0.01));
  }
}

}  // namespace

LensProfile parse_lensfun(const std::string& text, const std::string& where,
                          const LensfunShot& shot) {
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_buffer(text.data(), text.size());
  const pugi::xml_node database = document.child("lensdatabase");
  if (!parsed || !database)
    throw Error(where, parsed ? "not a lensfun database" : parsed.description());
  const pugi::xml_node lens = find_lens(database, shot, where);
  const CalibratedSensor calibrated_on = calibrated_sensor(lens, where);

  LensProfile profile;
  profile.title = lens.child("model").text().get();
  profile.source = "lensfun database";
  profile.sensor = shot.sensor;
  profile.focal_length_mm = shot.focal_length_mm;
  profile.f_number = shot.f_number;
  profile.object_distance_mm = shot.distance_mm;
  const double half_mm = shot.sensor.half_diagonal_mm(), focal = shot.focal_length_mm;
  profile.image_circle_mm = 2 * std::max(half_mm, calibrated_on.half_diagonal_mm);

  Coefficients distortion = calibrated(lens, "distortion", focal, where, distortion_of),
               color = calibrated(lens, "tca", focal, where, lateral_color_of);
  const Coefficients vignetting = vignetting_of(lens, shot, where);
  if (distortion.empty() && color.empty() && vignetting.empty())
    throw Error(where + ": " + profile.title, "no calibration that is understood");
  if (distortion.empty()) distortion = {1, 0, 0, 0, 0};
  if (color.empty()) color = {1, 0, 0, 1, 0, 0};
  const Coefficients real_focal = calibrated(
      lens, "real-focal-length", focal, where,
      [](const pugi::xml_node& node, const std::string& place) {
        return Coefficients{number(node, "real-focal", 0, place) / number(node, "focal", 0, place)};
      });
  const bool known = !real_focal.empty() && real_focal[0] > 0.1 && real_focal[0] < 10;
  add_geometry(profile, distortion, color, known ? real_focal[0] : 1,
               calibrated_on.half_short_mm / half_mm);
  if (profile.geometry.real[1].back() < 1)
    throw Error(where + ": distortion", "turns back before the picture's corner");
  add_shading(profile, vignetting, calibrated_on.half_diagonal_mm / half_mm);
  fit_polynomials(profile);
  return profile;
}

LensProfile read_lensfun(const std::string& path, const LensfunShot& shot) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(path, "cannot be read", "check the path");
  return parse_lensfun({std::istreambuf_iterator<char>(file), {}}, path, shot);
}

}  // namespace lichtbild::optics
