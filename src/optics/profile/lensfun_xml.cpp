// lensfun's XML: ptlens distortion, poly3 lateral color, pa vignetting, fitted to the tables.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "optics/profile/fits.h"
#include "optics/profile/profile_files.h"

namespace lichtbild::optics {
namespace {

constexpr int points = 200;

// Half the shorter side, in units of half the diagonal.
double short_side(const ProfileSensor& sensor) {
  return std::min(sensor.width_px, sensor.height_px) / 2.0 / sensor.half_diagonal_px();
}

// Ideal radius, in units of half the shorter side, at point i of the picture's.
double ideal_at(const LensProfile& profile, int i) {
  return profile.geometry.ideal_from_real(1, double(i) / points) / short_side(profile.sensor);
}
double real_at(const LensProfile& profile, int channel, double ideal) {
  const double unit = short_side(profile.sensor);
  return profile.geometry.real_from_ideal(channel, ideal * unit) / unit;
}

// r_d = k u + c u^2 + b u^3 + a u^4 over the ideal radius u; then r_u = u / s, where s is the ideal
// radius that is imaged to 1, which is what ptlens's constant term demands.
void fit_distortion(const LensProfile& profile, double px, LensfunModel& model) {
  std::vector<FitRow> rows;
  for (int i = 1; i <= points; ++i) {
    const double u = ideal_at(profile, i);
    rows.push_back({{u, u * u, u * u * u, u * u * u * u}, real_at(profile, 1, u)});
  }
  const Fit fit = fit_smallest_largest_error(rows);
  const std::vector<double>& k = fit.coefficients;
  double s = 1;
  for (int i = 0; i < 50; ++i) {
    const double value = s * (k[0] + s * (k[1] + s * (k[2] + s * k[3])));
    const double slope = k[0] + s * (2 * k[1] + s * (3 * k[2] + s * 4 * k[3]));
    s -= (value - 1) / slope;
  }
  model.c = k[1] * s * s;
  model.b = k[2] * s * s * s;
  model.a = k[3] * s * s * s * s;
  model.real_focal_mm = k[0] * profile.focal_length_mm;
  model.distortion_residual_px = fit.largest_error * px;
}

std::array<double, 3> fit_color(const LensProfile& profile, int channel, double px,
                                double& residual_px) {
  std::vector<FitRow> rows;
  for (int i = 1; i <= points; ++i) {
    const double ideal = ideal_at(profile, i), r = real_at(profile, 1, ideal);
    rows.push_back({{r * r * r, r * r, r}, real_at(profile, channel, ideal)});
  }
  const Fit fit = fit_smallest_largest_error(rows);
  residual_px = std::max(residual_px, fit.largest_error * px);
  return {fit.coefficients[0], fit.coefficients[1], fit.coefficients[2]};
}

void fit_vignetting(const LensProfile& profile, LensfunModel& model) {
  std::vector<FitRow> rows;
  for (int i = 1; i <= points; ++i) {
    const double r = double(i) / points, r2 = r * r;
    double light = 0;
    for (int c = 0; c < 3; ++c) light += profile.shading.at(c, r) / 3;
    rows.push_back({{r2, r2 * r2, r2 * r2 * r2}, light - 1});
  }
  const Fit fit = fit_smallest_largest_error(rows);
  std::copy(fit.coefficients.begin(), fit.coefficients.end(), model.vignetting.begin());
  model.vignetting_residual = fit.largest_error;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      out += ' ';
    else
      out += c;
  }
  return out;
}

// No two hyphens may meet in a comment.
std::string for_comment(std::string text) {
  std::replace(text.begin(), text.end(), '-', '_');
  return escaped(text);
}

}  // namespace

LensfunModel fit_lensfun(const LensProfile& profile) {
  LensfunModel model;
  const double px = std::min(profile.sensor.width_px, profile.sensor.height_px) / 2.0;
  fit_distortion(profile, px, model);
  model.red = fit_color(profile, 0, px, model.tca_residual_px);
  model.blue = fit_color(profile, 2, px, model.tca_residual_px);
  fit_vignetting(profile, model);
  return model;
}

std::string lensfun_xml(const LensProfile& profile) {
  const LensfunModel m = fit_lensfun(profile);
  const ProfileSensor& sensor = profile.sensor;
  const std::string title = escaped(profile.title.empty() ? "Unnamed lens" : profile.title);
  const double focal = profile.focal_length_mm;
  const int wide = std::max(sensor.width_px, sensor.height_px),
            narrow = std::min(sensor.width_px, sensor.height_px);
  // lensfun asks for a distance in meters; 1000 is its databases' infinity.
  const double distance_m = std::isfinite(profile.object_distance_mm)
                                ? std::abs(profile.object_distance_mm) / 1000
                                : 1000;
  std::string xml =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!DOCTYPE lensdatabase SYSTEM "
      "\"lensfun-database.dtd\">\n<lensdatabase version=\"1\">\n";
  xml += fmt::format(
      "  <!-- {}. Traced for {} x {} pixels of {:g} um. Largest differences from the "
      "trace: distortion {:.3g} px, lateral color {:.3g} px, vignetting {:.3g} of "
      "the light on the axis. -->\n",
      for_comment(profile.source), sensor.width_px, sensor.height_px, sensor.pixel_um,
      m.distortion_residual_px, m.tca_residual_px, m.vignetting_residual);
  xml += fmt::format("  <mount>\n    <name>{}</name>\n  </mount>\n", title);
  xml += fmt::format(
      "  <camera>\n    <maker>Lichtbild</maker>\n    <model>{0}</model>\n    "
      "<mount>{0}</mount>\n    <cropfactor>{1:.9g}</cropfactor>\n  </camera>\n",
      title, profile.crop_factor());
  xml += fmt::format(
      "  <lens>\n    <maker>Lichtbild</maker>\n    <model>{0}</model>\n    "
      "<mount>{0}</mount>\n    <cropfactor>{1:.9g}</cropfactor>\n"
      "    <aspect-ratio>{2}:{3}</aspect-ratio>\n    <calibration>\n",
      title, profile.crop_factor(), wide, narrow);
  xml += fmt::format(
      "      <distortion model=\"ptlens\" focal=\"{:.9g}\" a=\"{:.9g}\" b=\"{:.9g}\" "
      "c=\"{:.9g}\"/>\n"
      "      <real-focal-length focal=\"{:.9g}\" real-focal=\"{:.9g}\"/>\n",
      focal, m.a, m.b, m.c, focal, m.real_focal_mm);
  xml += fmt::format(
      "      <tca model=\"poly3\" focal=\"{:.9g}\" br=\"{:.9g}\" cr=\"{:.9g}\" "
      "vr=\"{:.9g}\" bb=\"{:.9g}\" cb=\"{:.9g}\" vb=\"{:.9g}\"/>\n",
      focal, m.red[0], m.red[1], m.red[2], m.blue[0], m.blue[1], m.blue[2]);
  xml += fmt::format(
      "      <vignetting model=\"pa\" focal=\"{:.9g}\" aperture=\"{:.4g}\" "
      "distance=\"{:.6g}\" k1=\"{:.9g}\" k2=\"{:.9g}\" k3=\"{:.9g}\"/>\n",
      focal, profile.f_number, distance_m, m.vignetting[0], m.vignetting[1], m.vignetting[2]);
  xml += "    </calibration>\n  </lens>\n</lensdatabase>\n";
  return xml;
}

}  // namespace lichtbild::optics
