// RawFrame: one exposure as the sensor recorded it, linearized, with all that is known about it.
//
// Samples are float, one plane: 0.0 is black, 1.0 the sensor's white level; negative values (noise
// below black) are kept, and a merged bracket may exceed 1. The mosaic covers the active area;
// `crop` is the part meant to be shown.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/image.h"
#include "core/matrix.h"

namespace lichtbild {

enum class CfaColor : std::uint8_t { red, green, blue };

// A 2x2 color filter array: the color of each place (x & 1, y & 1), row by row.
struct Cfa {
  std::array<CfaColor, 4> colors{CfaColor::red, CfaColor::green, CfaColor::green, CfaColor::blue};

  CfaColor at(int x, int y) const { return colors[(y & 1) * 2 + (x & 1)]; }
  // Where red lies in the 2x2: shifting the origin there makes any Bayer order RGGB.
  int red_x() const { return colors[1] == CfaColor::red || colors[3] == CfaColor::red; }
  int red_y() const { return colors[2] == CfaColor::red || colors[3] == CfaColor::red; }
  bool operator==(const Cfa&) const = default;
};

// Variance of a sample of normalized signal s: scale * s + offset (DNG 1.4 NoiseProfile), per
// channel red, green, blue.
struct NoiseModel {
  std::array<double, 3> scale{};
  std::array<double, 3> offset{};
};

// DNG's color model, one matrix set per calibration illuminant (DNG 1.4 specification, chapter 6).
struct CameraColor {
  struct Illuminant {
    double temperature_kelvin = 0;  // correlated color temperature; 0: this set is absent
    Matrix3 camera_from_xyz{};      // ColorMatrix
    std::optional<Matrix3> xyz_d50_from_camera;  // ForwardMatrix, of white-balanced camera values
    Matrix3 calibration = Matrix3::identity();   // CameraCalibration
  };
  std::array<Illuminant, 2> illuminants;
  Vector3 analog_balance{1, 1, 1};
  Vector3 as_shot_neutral{1, 1, 1};  // camera values of a neutral object, green = 1
};

// Opcode GainMap: a coarse grid of gains over the active area, for the samples of a phase of the
// mosaic.
struct GainMap {
  int top = 0, left = 0, bottom = 0, right = 0;  // in mosaic samples, bottom and right exclusive
  int row_pitch = 1, column_pitch = 1;
  int rows = 1, columns = 1;
  double origin_y = 0, origin_x = 0, spacing_y = 1, spacing_x = 1;  // relative to the picture, 0..1
  std::vector<float> gains;                                         // rows x columns
  bool operator==(const GainMap&) const = default;
};

// Opcode WarpRectilinear: for each color plane r' = r (k0 + k1 r^2 + k2 r^4 + k3 r^6) and two
// tangential terms, around a center; r is relative to the farthest corner.
struct RectilinearWarp {
  std::vector<std::array<double, 6>> planes;  // one for all colors, or red, green, blue
  double center_x = 0.5, center_y = 0.5;      // relative, 0..1
  bool operator==(const RectilinearWarp&) const = default;
};

// Opcode FixVignetteRadial: gain 1 + k0 r^2 + ... + k4 r^10.
struct RadialVignette {
  std::array<double, 5> k{};
  double center_x = 0.5, center_y = 0.5;
  bool operator==(const RadialVignette&) const = default;
};

// What the file itself knows of its lens, in the order in which it is to be undone.
struct LensCorrections {
  std::vector<GainMap> gain_maps;
  std::optional<RadialVignette> vignette;
  std::optional<RectilinearWarp> warp;
  // The opcode lists as they stand in the file, to be carried over into a merged DNG.
  std::vector<std::uint8_t> opcode_list_2, opcode_list_3;
};

struct Rational {
  std::uint32_t numerator = 0, denominator = 1;
};

struct GpsPosition {
  double latitude_deg = 0, longitude_deg = 0;  // north and east positive
  std::optional<double> altitude_m;
};

struct Metadata {
  std::string make, model, software, date_time;  // date_time as in EXIF: YYYY:MM:DD HH:MM:SS
  double exposure_time_s = 0, iso = 0, f_number = 0, focal_length_mm = 0, focal_length_35mm = 0;
  int orientation = 1;  // EXIF 1..8
  std::optional<GpsPosition> gps;
  std::string lens_model;
};

struct Crop {
  int x = 0, y = 0, width = 0, height = 0;
};

struct RawInfo {
  std::string path;
  int width = 0, height = 0;  // of the active area
  Cfa cfa;
  Crop crop;  // inside the active area; empty: all of it
  double bits = 0;
  // Levels in the file's own numbers: the mean black and the white of each channel.
  std::array<double, 3> black{}, white{};
  // Signal at which each channel is clipped: 1, or less where the file was clipped before it was
  // written.
  Vector3 clip{1, 1, 1};
  CameraColor color;
  std::optional<NoiseModel> noise;
  double baseline_exposure_stops = 0;
  LensCorrections lens;
  Metadata metadata;

  // The part of the active area that a picture shows.
  Crop shown() const { return crop.width > 0 ? crop : Crop{0, 0, width, height}; }
};

struct RawFrame {
  RawInfo info;
  Image<float> mosaic;
};

}  // namespace lichtbild
