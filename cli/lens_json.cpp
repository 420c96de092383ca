#include "cli/lens_json.h"

#include <algorithm>
#include <cmath>

#include "optics/analysis/zernike.h"

namespace lichtbild::cli {
namespace {

using namespace optics;
using Json = nlohmann::ordered_json;

// JSON has neither infinity nor NaN: planes, infinite distances and what could not be traced are
// null.
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json numbers(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double v : values) list.push_back(number(v));
  return list;
}

const char* unit(FieldKind kind) { return kind == FieldKind::angle_deg ? "deg" : "mm"; }

Json seidel_json(const SeidelTerms& t) {
  return {{"S1", t.s1}, {"S2", t.s2}, {"S3", t.s3}, {"S4", t.s4},
          {"S5", t.s5}, {"C1", t.c1}, {"C2", t.c2}};
}

Json mtf_json(const MtfCurve& mtf) {
  return {{"lp_per_mm", numbers(mtf.lp_per_mm)},
          {"tangential", numbers(mtf.tangential)},
          {"sagittal", numbers(mtf.sagittal)},
          {"diffraction_limit", numbers(mtf.diffraction_limit)}};
}

Json field_json(const FieldAnalysis& f) {
  Json out = {{"field", {f.field.x, f.field.y}}, {"normalized", f.normalized}};
  out["status"] = f.traced ? "ok" : "chief ray lost";
  if (!f.traced) return out;
  out["chief_ray_height_mm"] = number(f.chief_ray_height_mm);
  out["chief_ray_angle_deg"] = number(f.chief_ray_angle_deg);
  out["distortion_percent"] = number(f.distortion_percent);
  out["rms_spot_radius_um"] = number(f.rms_spot_radius_um);
  out["rms_wavefront_waves"] = number(f.rms_wavefront_waves);
  out["strehl"] = number(f.strehl);
  out["relative_illumination"] = number(f.relative_illumination);
  out["unvignetted"] = number(f.unvignetted);
  out["field_curvature_tangential_mm"] = number(f.field_curvature_tangential_mm);
  out["field_curvature_sagittal_mm"] = number(f.field_curvature_sagittal_mm);
  out["mtf"] = mtf_json(f.mtf);
  out["zernike_standard_waves"] = numbers(f.zernike_standard);
  out["zernike_fringe_waves"] = numbers(f.zernike_fringe);
  for (const WavelengthAtField& w : f.wavelengths)
    out["wavelengths"].push_back({{"wavelength_nm", w.wavelength_nm},
                                  {"rms_spot_radius_um", number(w.rms_spot_radius_um)},
                                  {"geometric_spot_radius_um", number(w.geometric_spot_radius_um)},
                                  {"rms_wavefront_waves", number(w.rms_wavefront_waves)},
                                  {"lateral_color_um", number(w.lateral_color_um)}});
  for (const ThroughFocus& t : f.through_focus)
    out["through_focus"].push_back({{"lp_per_mm", t.lp_per_mm},
                                    {"defocus_um", numbers(t.defocus_um)},
                                    {"tangential", numbers(t.tangential)},
                                    {"sagittal", numbers(t.sagittal)}});
  return out;
}

// Of as many terms as any field has.
Json zernike_names(const Analysis& a, std::vector<double> FieldAnalysis::*terms,
                   ZernikeIndex (*term)(int)) {
  std::size_t count = 0;
  for (const FieldAnalysis& f : a.fields) count = std::max(count, (f.*terms).size());
  Json names = Json::array();
  for (std::size_t j = 1; j <= count; ++j) names.push_back(zernike_name(term(int(j))));
  return names;
}

Json curves_json(const FieldCurves& c, FieldKind kind) {
  return {{std::string("field_") + unit(kind), numbers(c.field)},
          {"chief_ray_height_mm", numbers(c.chief_ray_height_mm)},
          {"chief_ray_angle_deg", numbers(c.chief_ray_angle_deg)},
          {"distortion_percent", numbers(c.distortion_percent)},
          {"relative_illumination", numbers(c.relative_illumination)},
          {"field_curvature_tangential_mm", numbers(c.field_curvature_tangential_mm)},
          {"field_curvature_sagittal_mm", numbers(c.field_curvature_sagittal_mm)},
          {"rms_spot_radius_um", numbers(c.rms_spot_radius_um)},
          {"rms_wavefront_waves", numbers(c.rms_wavefront_waves)}};
}

Json pupil_json(const Pupil& p) {
  return {{"position_mm", number(p.position_mm)}, {"diameter_mm", number(p.diameter_mm)}};
}

Json surface_json(const System& system, int i) {
  const Surface& s = system.surface(i);
  Json out = {{"index", i + 1}};
  if (!s.label.empty()) out["label"] = s.label;
  out["radius_mm"] = s.shape.curvature == 0 ? Json() : Json(1 / s.shape.curvature);
  out["thickness_mm"] = number(s.thickness_mm);
  out["index_of_refraction"] = system.path()[i].index;
  if (s.shape.conic != 0) out["conic"] = s.shape.conic;
  if (const auto* even = std::get_if<EvenAsphere>(&s.shape.form))
    for (std::size_t k = 0; k < even->coefficients.size(); ++k)
      if (even->coefficients[k] != 0)
        out["asphere"]["r" + std::to_string(2 * (k + 1))] = even->coefficients[k];
  if (s.semi_diameter_mm) out["semi_diameter_mm"] = *s.semi_diameter_mm;
  if (s.stop) out["stop"] = true;
  if (system.path()[i].reflects) out["mirror"] = true;
  return out;
}

}  // namespace

Json first_order_json(const System& system) {
  const FirstOrder& f = system.paraxial();
  return {{"efl_mm", number(f.efl_mm)},
          {"bfl_mm", number(f.bfl_mm)},
          {"ffl_mm", number(f.ffl_mm)},
          {"f_number", number(f.f_number)},
          {"working_f_number", number(f.paraxial_working_f_number)},
          {"total_track_mm", number(f.total_track_mm)},
          {"paraxial_image_distance_mm", number(f.paraxial_image_distance_mm)},
          {"paraxial_image_height_mm", number(f.paraxial_image_height_mm)},
          {"front_principal_plane_mm", number(f.front_principal_plane_mm)},
          {"rear_principal_plane_mm", number(f.rear_principal_plane_mm)},
          {"image_na", number(f.image_na)},
          {"magnification", number(f.magnification)},
          {"entrance_pupil", pupil_json(f.entrance)},
          {"exit_pupil", pupil_json(f.exit)}};
}

Json to_json(const System& system) {
  Json out = {{"title", system.lens.title}, {"source", system.lens.source}};
  out.update(first_order_json(system));
  out["field_unit"] = unit(system.lens.field_kind);
  for (const Field& f : system.lens.fields) out["fields"].push_back({f.x, f.y});
  for (const Wavelength& w : system.lens.wavelengths)
    out["wavelengths_nm"].push_back(w.wavelength_nm);
  for (int i = 0; i <= system.image(); ++i) out["surfaces"].push_back(surface_json(system, i));
  out["notes"] = system.notes;
  return out;
}

Json to_json(const System& system, const Analysis& a) {
  Json out = {{"title", system.lens.title}, {"source", system.lens.source}};
  out.update(first_order_json(system));
  out["working_f_number"] = number(a.working_f_number);
  Json surfaces = Json::array();
  for (const SeidelTerms& t : a.seidel.surfaces) surfaces.push_back(seidel_json(t));
  out["seidel"] = seidel_json(a.seidel.sum);
  out["seidel"]["surfaces"] = std::move(surfaces);
  out["field_unit"] = unit(system.lens.field_kind);
  out["fields"] = Json::array();
  for (const FieldAnalysis& f : a.fields) out["fields"].push_back(field_json(f));
  out["zernike_standard_names"] = zernike_names(a, &FieldAnalysis::zernike_standard, noll);
  out["zernike_fringe_names"] = zernike_names(a, &FieldAnalysis::zernike_fringe, fringe);
  out["curves"] = curves_json(a.curves, system.lens.field_kind);
  out["lateral_color_um"] = number(a.lateral_color_um);
  out["axial_color_mm"] = number(a.axial_color_mm);
  out["ghosts"] = Json::array();
  for (const Ghost& g : a.ghosts)
    out["ghosts"].push_back({{"surfaces", {g.first + 1, g.second + 1}},
                             {"energy", number(g.energy)},
                             {"rms_spot_radius_um", number(g.rms_spot_radius_um)},
                             {"irradiance", number(g.irradiance)},
                             {"focus_distance_mm", number(g.focus_distance_mm)},
                             {"at_pupil", g.at_pupil}});
  out["notes"] = a.notes;
  return out;
}

}  // namespace lichtbild::cli
