// Edges: how sharp a picture is, by the slanted edges in it (ISO 12233:2017, e-SFR).
//
// Works on light: linear samples, of a finished picture or of a mosaic's own, which are not
// demosaicked: each counts at its true place. Frequencies are in cycles per pixel, along the edge's
// normal. What the sampling by pixels does (their area) is part of the result.
//
// An edge across the radius of the picture shows detail that changes along the radius: tangential.
// Along the radius it is sagittal. Radii are relative, 1 is half the picture's diagonal.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/image.h"
#include "core/raw_frame.h"
#include "measure/channel.h"

namespace lichtbild {

enum class EdgeKind { tangential, sagittal, oblique };  // within 30 degrees, else oblique
const char* name_of(EdgeKind kind);

// A straight part of a border between dark and light.
struct Edge {
  double x = 0, y = 0;         // of its middle
  double normal_deg = 0;       // from dark to light, from x towards y
  double length_px = 0;        // of the whole straight part
  double contrast = 0;         // light - dark over their sum
  double radius = 0;           // of the middle
  double from_radius_deg = 0;  // of the normal against the radius, 0..90
  EdgeKind kind = EdgeKind::oblique;
};

// All straight edges between two even surfaces, by radius; inside `crop` alone if given. Nothing is
// assumed of the chart: found are borders of dark squares, and of anything else.
std::vector<Edge> find_edges(const Image<float>& picture, std::span<const Channel> channels,
                             std::optional<Crop> crop = {});

struct EdgeResponse {
  std::vector<double> frequency, mtf;  // 0, 1/64, ... 1 cycle per pixel; mtf[0] = 1
  std::optional<double> mtf50, mtf10;  // where the curve first falls below; none up to 1
  double overshoot = 0;         // the profile's greatest excess over light or dark, of the step
  double dark = 0, light = 0;   // even surfaces on both sides
  double place_px = 0;          // of the half-way point along the normal, from Edge::{x, y}
  double bend_px = 0;           // sagitta of the fitted parabola over the measured part
  std::vector<double> profile;  // dark 0, light 1, every quarter of a pixel
  double profile_start_px = 0;  // place of the first from the half-way point
};

// The line is fitted per channel, with a bend (lenses distort), such that the profile along the
// normal explains the samples best. The profile is their mean over quarters of a pixel; its
// differences, under a Tukey window, are transformed; quarters and differences are divided out,
// each sinc(f / 4). Nothing when the edge is too short, leaves the picture, runs so straight along
// the samples that quarters stay empty, or has no even surfaces beside it.
std::optional<EdgeResponse> edge_response(const Image<float>& picture, const Channel& channel,
                                          const Edge& edge);

}  // namespace lichtbild
