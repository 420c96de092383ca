// edge: how sharp a picture is, from its slanted edges (ISO 12233:2017, e-SFR).
//
// Samples around a straight edge, wherever they lie - also only one color's in a mosaic - are
// projected on the edge's normal. Binned by quarters of a pixel they are the edge's spread, whose
// derivative's Fourier transform is the modulation transfer along the normal. The line is found by
// Gauss-Newton: what is left of samples against the binned edge says how far the line must move and
// turn.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/image.h"
#include "core/raw_frame.h"

namespace lichtbild {

// Around the middle of an edge, in pixels (0, 0 is the middle of the first one).
struct EdgeRegion {
  double x = 0, y = 0;
  double normal_deg = 0;  // from x towards y, from dark to light
  double half_length = 0, half_width = 0;
};

// The samples to look at: a plane of a picture, or one color of a mosaic.
struct EdgeChannel {
  const Image<float>* picture = nullptr;
  int plane = 0;
  std::optional<Cfa> cfa;
  CfaColor color = CfaColor::green;
};

struct EdgeResponse {
  EdgeRegion region;                       // as found
  std::vector<double> cycles_per_px, mtf;  // 0, 0.01, ... 1
  double mtf50 = 0, mtf10 = 0;  // cycles per pixel where it falls to these; 0: not reached
  double overshoot = 0;         // beyond the plateaus, the larger of both, of the step
  double step = 0;              // light plateau minus dark one
  int samples = 0;

  double at(double frequency) const;  // linear between the points
};

// Nothing where there is no edge: too few samples, no step above the noise, a line that runs away.
std::optional<EdgeResponse> edge_response(const EdgeChannel& channel, const EdgeRegion& region);

// The four edges of every dark square on light ground, turned by any angle, found in one plane;
// squares have sides of at least 24 pixels.
std::vector<EdgeRegion> find_edges(const Image<float>& luminance);

// The one edge of a picture's part, by its gradients.
std::optional<EdgeRegion> edge_in(const EdgeChannel& channel, const Crop& crop);

// Whether an edge at a place of a picture measures along the radius (tangential lines: "T"), across
// it ("S"), or between (" "), within 15 degrees.
char orientation_of(const EdgeRegion& region, int width, int height);

}  // namespace lichtbild
