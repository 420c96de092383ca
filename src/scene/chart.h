// Charts: what is where on each of the built-in ones, in pixels of the ideal photograph, and how
// they are painted.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "core/half.h"
#include "core/paint_grid.h"
#include "core/spectrum.h"
#include "scene/scene.h"

namespace lichtbild {

// A rectangle of one reflectance, turned around its middle.
struct ChartPatch {
  std::string name;
  double x = 0, y = 0;           // of the middle, pixels from the frame's middle
  double width = 0, height = 0;  // pixels
  double angle_deg = 0;          // from x towards y
  Spectrum reflectance;
};

// A disk of one reflectance.
struct ChartDisk {
  double x = 0, y = 0, radius = 0;
  Spectrum reflectance;
};

struct ChartLayout {
  Spectrum background;
  std::vector<ChartPatch> patches;  // later ones lie on earlier ones
  std::vector<ChartDisk> disks;     // on the patches
  struct Star {
    int cycles = 0;
    double inner_radius = 0, radius = 0;  // pixels
    double mean = 0, amplitude = 0;       // of the reflectance
  } star;
};

ChartLayout chart_layout(const Chart& chart, int frame_width, int frame_height);

using Weights = std::array<Spectrum, 3>;  // illuminant x response x step

Image<Half> paint_chart(const ChartLayout& layout, const Weights& weights, const PaintGrid& grid);

}  // namespace lichtbild
