#include "scene/chart.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "core/invariant.h"

namespace lichtbild {
namespace {

Spectrum gray(double reflectance) { return Spectrum::constant(reflectance); }

// The classic chart: patches of 40 mm every 45 mm on black, 279 x 216 mm, over four fifths of the
// frame.
ChartLayout color_checker(const std::vector<NamedSpectrum>& patches, double frame_width,
                          double frame_height) {
  constexpr int columns = 6, rows = 4;
  invariant(patches.size() == std::size_t(columns) * rows);
  constexpr double board_width_mm = 279, board_height_mm = 216, patch_mm = 40, pitch_mm = 45;
  const double px_per_mm =
      0.8 * std::min(frame_width / board_width_mm, frame_height / board_height_mm);
  ChartLayout layout;
  layout.background = gray(0.18);
  layout.patches.push_back(
      {"board", 0, 0, board_width_mm * px_per_mm, board_height_mm * px_per_mm, 0, gray(0.035)});
  for (int i = 0; i < columns * rows; ++i) {
    const int column = i % columns, row = i / columns;
    layout.patches.push_back({patches[i].name, (column - 2.5) * pitch_mm * px_per_mm,
                              (row - 1.5) * pitch_mm * px_per_mm, patch_mm * px_per_mm,
                              patch_mm * px_per_mm, 0, patches[i].spectrum});
  }
  return layout;
}

// Whether an edge runs along rows, diagonals or one sample aside for two or three: few places
// between samples are seen.
bool meets_samples(double angle_deg) {
  constexpr double regular_deg[] = {0, 18.435, 26.565, 45, 63.435, 71.565}, distance_deg = 2.5;
  return std::ranges::any_of(regular_deg, [&](double deg) {
    return std::abs(std::remainder(angle_deg - deg, 90)) < distance_deg;
  });
}

// Dark squares over the whole field, each with two sides along the radius and two across it, but
// for 5 degrees; more where an edge would run along the pixels or their diagonals.
ChartLayout slanted_edges(double frame_width, double frame_height) {
  ChartLayout layout;
  constexpr double light = 0.6, contrast = 4;
  layout.background = gray(light);
  constexpr int columns = 9, rows = 7;
  const double pitch_x = frame_width / columns, pitch_y = frame_height / rows,
               side = 0.5 * std::min(pitch_x, pitch_y);
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column) {
      const double x = (column - (columns - 1) / 2.0) * pitch_x,
                   y = (row - (rows - 1) / 2.0) * pitch_y;
      double angle = std::atan2(y, x) * 180 / M_PI + 5;
      while (meets_samples(angle)) angle += 1;
      layout.patches.push_back({std::to_string(row + 1) + "." + std::to_string(column + 1), x, y,
                                side, side, angle, gray(light / contrast)});
    }
  return layout;
}

ChartLayout grid(double frame_width, double frame_height) {
  ChartLayout layout;
  layout.background = gray(0.9);
  constexpr int rows = 18;
  // Turned a little: lines along the pixels' rows would fall on the same places of each color's
  // samples all the way, and be found as much as a fifth of a pixel off.
  constexpr double turned_deg = 3;
  const double across_x = std::cos(turned_deg * M_PI / 180),
               across_y = std::sin(turned_deg * M_PI / 180);
  const double pitch = frame_height / rows, line = std::max(3.0, frame_height / 512);
  const int columns = int(std::ceil(frame_width / pitch / 2)) + 1;
  // Beyond the frame too: what distortion brings in.
  const double length = 2 * (frame_width + frame_height);
  const Spectrum black = gray(0.05);
  for (int i = -columns; i <= columns; ++i)
    layout.patches.push_back(
        {"column", i * pitch * across_x, i * pitch * across_y, line, length, turned_deg, black});
  for (int i = -rows / 2 - 3; i <= rows / 2 + 3; ++i)
    layout.patches.push_back(
        {"row", -i * pitch * across_y, i * pitch * across_x, length, line, turned_deg, black});
  return layout;
}

ChartLayout gray_wedge(double frame_width, double frame_height) {
  ChartLayout layout;
  layout.background = gray(0.18);
  constexpr int columns = 5, rows = 4;
  const double pitch_x = frame_width / columns, pitch_y = frame_height / rows;
  for (int i = 0; i < columns * rows; ++i) {
    const double stops = 0.15 + (10 - 0.15) * i / (columns * rows - 1);
    const int column = i % columns, row = i / columns;
    layout.patches.push_back({std::to_string(i + 1), (column - 2.0) * pitch_x,
                              (row - 1.5) * pitch_y, 0.8 * pitch_x, 0.8 * pitch_y, 0,
                              gray(std::exp2(-stops))});
  }
  return layout;
}

ChartLayout siemens_star(double frame_height) {
  ChartLayout layout;
  layout.background = gray(0.45);
  constexpr int cycles = 72;
  constexpr double finest = 0.5;  // cycles per pixel
  layout.star = {cycles, cycles / (2 * M_PI * finest), 0.45 * frame_height, 0.45, 0.35};
  return layout;
}

// Disks whose radii follow 1 / r^3, as things at all distances do (Cao, Guichard and Hornung 2009).
ChartLayout dead_leaves(double frame_width, double frame_height) {
  ChartLayout layout;
  layout.background = gray(0.4);
  std::mt19937_64 random(20091);
  const auto uniform = [&] { return double(random() >> 11) * 0x1p-53; };
  const double smallest = 4, largest = frame_height / 8;
  constexpr int disks = 12000;
  for (int i = 0; i < disks; ++i) {
    const double a = 1 / (smallest * smallest), b = 1 / (largest * largest);
    const double radius = 1 / std::sqrt(a + (b - a) * uniform());
    const double x = (uniform() - 0.5) * (frame_width + 2 * largest),
                 y = (uniform() - 0.5) * (frame_height + 2 * largest);
    // Grays with a tilt over wavelength: warm and cold ones.
    const double level = 0.1 + 0.6 * uniform(), tilt = 0.6 * (uniform() - 0.5);
    Spectrum reflectance;
    for (int k = 0; k < Spectrum::samples; ++k)
      reflectance[k] = level * (1 + tilt * (2.0 * k / (Spectrum::samples - 1) - 1));
    layout.disks.push_back({x, y, radius, reflectance});
  }
  return layout;
}

}  // namespace

ChartLayout chart_layout(const Chart& chart, int frame_width, int frame_height) {
  switch (chart.kind) {
    case ChartKind::color_checker:
      return color_checker(chart.checker, frame_width, frame_height);
    case ChartKind::slanted_edges:
      return slanted_edges(frame_width, frame_height);
    case ChartKind::siemens_star:
      return siemens_star(frame_height);
    case ChartKind::grid:
      return grid(frame_width, frame_height);
    case ChartKind::gray_wedge:
      return gray_wedge(frame_width, frame_height);
    case ChartKind::dead_leaves:
      return dead_leaves(frame_width, frame_height);
    case ChartKind::flat_field:
      break;
  }
  ChartLayout flat;
  flat.background = gray(1);
  return flat;
}

}  // namespace lichtbild
