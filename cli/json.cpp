#include "cli/json.h"

namespace lichtbild::cli {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const NoiseModel& noise) { return {{"scale", noise.scale}, {"offset", noise.offset}}; }

Json to_json(const FrameReport& frame) {
  Json json = {{"path", frame.path},
               {"merged", frame.merged},
               {"shift_x_px", frame.shift_x_px},
               {"shift_y_px", frame.shift_y_px},
               {"motion_spread_px", frame.motion_spread_px},
               {"weight", frame.weight},
               {"relative_exposure", frame.relative_exposure}};
  if (!frame.left_out_because.empty()) json["left_out_because"] = frame.left_out_because;
  return json;
}

const char* name(CfaColor color) {
  switch (color) {
    case CfaColor::red:
      return "R";
    case CfaColor::green:
      return "G";
    case CfaColor::blue:
      return "B";
  }
  return "?";
}

Json to_json(const CameraColor& color) {
  Json illuminants = Json::array();
  for (const CameraColor::Illuminant& i : color.illuminants) {
    if (i.temperature_kelvin <= 0) continue;
    Json entry = {{"temperature_kelvin", i.temperature_kelvin},
                  {"camera_from_xyz", i.camera_from_xyz.m},
                  {"calibration", i.calibration.m}};
    if (i.xyz_d50_from_camera) entry["xyz_d50_from_camera"] = i.xyz_d50_from_camera->m;
    illuminants.push_back(entry);
  }
  return {{"as_shot_neutral", color.as_shot_neutral},
          {"analog_balance", color.analog_balance},
          {"illuminants", illuminants}};
}

Json to_json(const Metadata& m) {
  Json json = {{"make", m.make},
               {"model", m.model},
               {"date_time", m.date_time},
               {"exposure_time_s", m.exposure_time_s},
               {"iso", m.iso},
               {"f_number", m.f_number},
               {"focal_length_mm", m.focal_length_mm},
               {"focal_length_35mm", m.focal_length_35mm},
               {"orientation", m.orientation}};
  if (m.gps) {
    json["gps"] = {{"latitude_deg", m.gps->latitude_deg}, {"longitude_deg", m.gps->longitude_deg}};
    if (m.gps->altitude_m) json["gps"]["altitude_m"] = *m.gps->altitude_m;
  }
  return json;
}

}  // namespace

Json number_or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json to_json(const PhotoReport& report) {
  const BurstReport& burst = report.burst;
  const DevelopReport& develop = report.develop;
  Json frames = Json::array();
  for (const FrameReport& frame : burst.frames) frames.push_back(to_json(frame));
  return {{"photo", report.photo},
          {"width", report.width},
          {"height", report.height},
          {"seconds",
           {{"open", report.open_s},
            {"burst", report.burst_s},
            {"burst_waiting_for_files", burst.read_s},
            {"burst_align", burst.align_s},
            {"burst_merge", burst.merge_s},
            {"develop", report.develop_s},
            {"develop_highlights", develop.highlights_s},
            {"develop_shading", develop.shading_s},
            {"develop_lateral_color", develop.lateral_color_s},
            {"develop_demosaic", develop.demosaic_s},
            {"develop_denoise", develop.denoise_s},
            {"develop_deconvolve", develop.deconvolve_s},
            {"develop_geometry", develop.geometry_s},
            {"look", report.look_s},
            {"write", report.write_s}}},
          {"reference", burst.reference},
          {"frames", frames},
          {"effective_frames", burst.effective_frames},
          {"defects", report.defects},
          {"reference_noise", to_json(burst.reference_noise)},
          {"merged_noise", to_json(burst.merged_noise)},
          {"white_balance",
           {{"gains", develop.white_gains},
            {"temperature_kelvin", develop.temperature.kelvin},
            {"tint", develop.temperature.tint}}},
          {"exposure_stops", develop.exposure_stops},
          {"automatic_exposure", develop.automatic_exposure},
          {"clipped_share", develop.clipped_share}};
}

Json to_json(const RawInfo& info) {
  std::string filter;
  for (const CfaColor color : info.cfa.colors) filter += name(color);
  Json json = {{"path", info.path},
               {"width", info.width},
               {"height", info.height},
               {"filter", filter},
               {"bits", info.bits},
               {"black", info.black},
               {"white", info.white},
               {"crop", {info.crop.x, info.crop.y, info.crop.width, info.crop.height}},
               {"baseline_exposure_stops", info.baseline_exposure_stops},
               {"color", to_json(info.color)},
               {"lens",
                {{"gain_maps", info.lens.gain_maps.size()},
                 {"radial_vignette", info.lens.vignette.has_value()},
                 {"rectilinear_warp", info.lens.warp.has_value()}}},
               {"metadata", to_json(info.metadata)}};
  if (info.noise) json["noise"] = to_json(*info.noise);
  return json;
}

}  // namespace lichtbild::cli
