// sensor: photons become numbers: filters, wells, noise, converter. Beside it: photons.h (how many
// electrons the light of a scene makes) and tremor.h (how the hand moves the camera meanwhile).
//
// One exposure of a color mosaic (EMVA 1288 release 4, chapter 2; Janesick, Photon Transfer, 2007):
//   electrons = Poisson(mean (1 + PRNU) + dark current x time) + DSNU
//   signal    = min(electrons, full well) + read noise, / (electrons per number) + black level
// Means come in as electrons of each pixel (what lens, filters and quantum efficiency let through),
// numbers come out, cut off at 0 and at the converter's white. Every random value is a function of
// (seed, frame, pixel) alone: the same whatever the number of threads. The pattern (PRNU, DSNU, hot
// pixels) belongs to (sensor seed, pixel) and is the same in every frame. A hot pixel has an
// exponentially distributed dark current of its own (Baer, "A model for dark current
// characterization and simulation", SPIE 6068, 2006).
//
// Quad-Bayer: all figures are those of the pixel as read out, the sum of 2 x 2 photodiodes of one
// color whose charges meet before the amplifier. A sum of four Poisson values is one Poisson value
// of the summed mean, so that the same equations hold; independent PRNU of the four is half as
// large in the sum, and independent DSNU twice. Left out: that four wells do not fill at exactly
// the same time, which rounds the knee of the sum by its shot noise.
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
  double full_well_e = 0;                      // of a pixel as read out
  double base_iso = 100;                       // where the full well is the converter's white
  double largest_iso = 6400;
  double read_noise_e = 0;        // before the amplifier, at any ISO
  double converter_noise_dn = 0;  // after it
  double dark_current_e_s = 0;    // at 25 C; doubles every `dark_doubling_c`
  double dark_doubling_c = 6;
  double prnu = 0, dsnu_e = 0;  // standard deviations: relative, and electrons
  double hot_pixel_share = 0;
  double hot_current_e_s = 500;  // mean of what hot pixels have more, at 25 C; doubles likewise
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

// `mean_e`: photoelectrons of each pixel; negative ones and NaN count as none. Throws nothing.
Image<std::uint16_t> expose(const Image<float>& mean_e, const Sensor& sensor,
                            const ExposureSettings& settings);

// What NoiseProfile should say: variance of the signal (0 black, 1 white) from frame to frame: shot
// and read noise, and the converter's rounding, which is as good as uniform from a deviation of
// half a number on. The fixed pattern (PRNU, DSNU) is no part of it: it does not average out over
// frames, and grows with the square of the signal, for which the model has no term.
NoiseModel noise_model(const Sensor& sensor, const ExposureSettings& settings);

// Numbers, linearized as `raw` would: 0 black, 1 white.
Image<float> linear(const Image<std::uint16_t>& numbers, const Sensor& sensor);

}  // namespace lichtbild
