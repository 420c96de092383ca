// scene: what stands before the camera: a picture or a chart on a plane square to the axis, lit by
// one illuminant, filling the frame.
//
// Everything is light in spectra: a chart's patches by measured or chosen reflectances, a picture's
// colors by the smooth spectra that have them (upsampling.h). paint() is what a pinhole would see:
// straight lines, sharp edges, even light, through any three responses (a camera's sensitivities,
// or an observer's). Lens and sensor come after it.
#pragma once

#include <array>
#include <string>
#include <variant>
#include <vector>

#include "core/half.h"
#include "core/image.h"
#include "core/paint_grid.h"
#include "core/spectrum.h"

namespace lichtbild {

// A picture, scene-linear: reflectance factors of linear Rec.2020, 1 is a perfect white diffuser in
// the scene's light; brighter things (lamps, sky) are above 1. Finite and not negative.
struct SceneImage {
  Image<float> rec2020;
  // What reading had to mend: samples that were NaN or infinite, and negative ones.
  long not_finite = 0, negative = 0;
};

// The charts that are built in, each drawn for a frame of any size.
enum class ChartKind {
  color_checker,  // 24 patches, measured reflectances
  slanted_edges,  // squares over the field, 5 degrees off, 4:1 contrast (ISO 12233:2017)
  siemens_star,   // 72 cycles, sinusoidal (ISO 12233:2017, annex E)
  grid,           // black lines on white
  gray_wedge,     // 20 neutral steps, 0.15 stops to 10 stops below white
  flat_field,     // reflectance 1 everywhere
  dead_leaves     // disks with 1/r^3 radii, seeded
};
struct Chart {
  ChartKind kind = ChartKind::flat_field;
  std::vector<NamedSpectrum> checker;  // reflectances of the ColorChecker's 24 patches
};

using Scene = std::variant<SceneImage, Chart>;

// OpenEXR, Radiance HDR, PNG, JPEG or TIFF; or the name of a built-in chart ("chart:edges").
// ICC profiles and named primaries are honored; absent ones are Rec.709, absent curves sRGB's (of
// EXR and of floats above 1: none). Throws Error. `spectra_folder`: data/spectra.
Scene read_scene(const std::string& path_or_chart, const std::string& spectra_folder);

// The scene covers the grid's frame: a picture of other proportions is cropped.
//
// Three planes: for each response the sum over wavelength of reflectance x illuminant x response
// (times the step), at each cell. Band-limited to the cells: frequencies up to half the cells'
// Nyquist frequency are kept to 0.5 %. Beyond the frame the scene goes on as at its border
// (pictures), or as the chart does.
Image<Half> paint(const Scene& scene, const Spectrum& illuminant,
                  const std::array<Spectrum, 3>& responses, const PaintGrid& grid);

}  // namespace lichtbild
