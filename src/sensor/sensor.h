// sensor: photons become numbers: filters, wells, noise, converter.
//
// One exposure of a color mosaic (EMVA 1288 release 4, chapter 2; Janesick, Photon Transfer, 2007):
//   electrons = Poisson(mean (1 + PRNU) + dark current x time) + DSNU
//   signal    = min(electrons, full well) + read noise, / (electrons per number) + black level
// Means come in as electrons of each pixel (what lens, filters and quantum efficiency let through),
// numbers come out. Every random value is a function of (seed, frame, pixel) alone: the same
// whatever the number of threads. The pattern (PRNU, DSNU, hot pixels) belongs to (sensor seed,
// pixel) and is the same in every frame.
#pragma once

#include <array>
#include <cstdint>

#include "core/image.h"
#include "core/raw_frame.h"
#include "core/spectrum.h"

namespace lichtbild {

struct Sensor {
  double pixel_um = 0;  // of the pixels that are read out: after binning
  int width = 0, height = 0;
  Cfa cfa;
  bool quad_bayer = false;                     // each pixel is the sum of 2 x 2 of half the pitch
  std::array<Spectrum, 3> quantum_efficiency;  // filters included, electrons per photon
  Spectrum infrared_cut = Spectrum::constant(1);
  double full_well_e = 0;  // of a pixel as read out
  double base_iso = 100;   // where the full well is the converter's white
  double largest_iso = 6400;
  double read_noise_e = 0;        // before the amplifier, at any ISO
  double converter_noise_dn = 0;  // after it
  double dark_current_e_s = 0;    // at 25 C; doubles every `dark_doubling_c`
  double dark_doubling_c = 6;
  double prnu = 0, dsnu_e = 0;  // standard deviations: relative, and electrons
  double hot_pixel_share = 0;
  int bits = 12;
  int black_dn = 64;
  // Share of the light that microlenses let through at chief-ray angles: (degrees, share), 1 at 0.
  std::array<std::array<double, 2>, 4> angle_response{{{0, 1}, {90, 1}, {90, 1}, {90, 1}}};
  std::uint64_t seed = 1;

  int white_dn() const { return (1 << bits) - 1; }
  double electrons_per_dn(double iso) const;
};

struct ExposureSettings {
  double iso = 100;
  double exposure_s = 0.01;
  double temperature_c = 25;
  std::uint64_t seed = 0;
  int frame = 0;
};

// `mean_e`: photoelectrons of each pixel, not negative. Throws nothing.
Image<std::uint16_t> expose(const Image<float>& mean_e, const Sensor& sensor,
                            const ExposureSettings& settings);

// What NoiseProfile should say: variance of the signal (0 black, 1 white).
NoiseModel noise_model(const Sensor& sensor, const ExposureSettings& settings);

// Numbers, linearized as `raw` would: 0 black, 1 white.
Image<float> linear(const Image<std::uint16_t>& numbers, const Sensor& sensor);

}  // namespace lichtbild
