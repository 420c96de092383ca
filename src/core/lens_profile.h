// LensProfile: what a lens does to a picture on one sensor: distortion, lateral color, shading,
// blur.
//
// Made by tracing a lens file (optics/profile) or by measurement; undone by the developer, done by
// the simulated sensor. The lens is rotationally symmetric: everything is a function of the radius
// from the optical axis. Radii are relative: 1 is half the diagonal of the sensor's active area,
// corner to corner. Three channels, red, green, blue: effective bands, not a sensor's own curves.
//
// Geometry. An object point in the direction theta has the ideal radius f tan(theta) (finite
// object: paraxial magnification times its height); a channel's light lands at the real radius.
// Shading. Irradiance over the real radius, relative to the axis; even light, no filter, no pixel.
// Blur. Kernels over the real radius, lens and diffraction only: a cell holds the energy that falls
// on a square of pixel_um / oversampling, so that a pixel's own area is the sum over its cells.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace lichtbild {

struct ProfileSensor {
  double pixel_um = 0;
  int width_px = 0, height_px = 0;

  double half_diagonal_px() const;
  double half_diagonal_mm() const { return half_diagonal_px() * pixel_um / 1000; }
};

// The light that a channel sees: weights sum to 1.
struct ProfileBand {
  std::vector<double> wavelength_nm, weight;
};

// Real radius over ideal radius for three channels, tabulated at common object points.
struct RadialMap {
  std::vector<double> ideal;                // ascending, the first is 0
  std::array<std::vector<double>, 3> real;  // ascending, as many
  // real = ideal (k0 + k1 ideal^2 + k2 ideal^4 + k3 ideal^6), fitted over the table.
  std::array<std::array<double, 4>, 3> k{};
  double largest_residual_px = 0;  // of the polynomials against the table

  // Cubic between the points, straight on beyond the last.
  double real_from_ideal(int channel, double ideal_radius) const;
  double ideal_from_real(int channel, double real_radius) const;
};

struct ShadingTable {
  std::vector<double> radius;                       // 0 ... 1
  std::array<std::vector<double>, 3> illumination;  // 1 on the axis
  std::vector<double> chief_ray_deg;                // against the sensor's normal; may be absent
  // 1 / illumination = 1 + k0 r^2 + ... + k4 r^10, of the channels' mean.
  std::array<double, 5> gain{};
  double largest_residual = 0;  // of gain x mean illumination, against 1

  double at(int channel, double real_radius) const;
};

// One kernel, `size` x `size` cells, row by row; the same on both sides of t, as of a symmetric
// lens (the inverse filter takes the even part). Columns run along s, rows along t: t points from
// the axis outwards, s is t turned by -90 degrees (t = y: s = x). The middle cell's center is the
// channel's real radius in the RadialMap. Sum: 1.
struct PsfKernel {
  std::vector<float> cell;
  double enclosed = 0;  // share of the light that fell inside, before scaling to 1
};

struct PsfField {
  int oversampling = 2;                          // cells per pixel
  int size = 0;                                  // odd
  std::vector<double> radius;                    // 0 ... 1, ascending
  std::array<std::vector<PsfKernel>, 3> kernel;  // [channel][radius]
};

struct LensProfile {
  std::string title, source;
  ProfileSensor sensor;
  double center_x = 0.5, center_y = 0.5;  // the axis in the active area, relative, 0..1
  double focal_length_mm = 0, f_number = 0;
  double object_distance_mm = 0;  // infinite as a rule
  double image_circle_mm = 0;     // diameter that the lens reaches
  std::array<ProfileBand, 3> bands;
  RadialMap geometry;
  ShadingTable shading;
  PsfField psf;

  double crop_factor() const;  // diagonal of 36 x 24 mm over the sensor's
};

// The center of a kernel's light along t, in pixels, of what lies within `reach_px` of it. Coma's
// faint tail, farther out, is not seen as part of an edge.
double center_px(const PsfField& psf, const PsfKernel& kernel, double reach_px);

// Where the light of an object point is, as a real radius: the RadialMap's, and the kernel's center
// within 8 pixels. This is what a picture's correction brings to its place; the RadialMap alone is
// for what blurs by the kernels too.
class CenterOfLight {
 public:
  CenterOfLight(const LensProfile& lens, int channel);
  double from_ideal(double ideal_radius) const;

 private:
  const LensProfile& lens_;
  int channel_;
  std::vector<double> shift_;  // by the kernels, half diagonals, at their radii
};

// The corrected photograph shows at a radius r (half diagonals) the ideal radius scale x r: f tan
// theta itself, scale 1, or as much less as it takes not to look beyond the recorded border.
double corrected_scale(const LensProfile& profile);

}  // namespace lichtbild
