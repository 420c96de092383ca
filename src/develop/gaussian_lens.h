// gaussian_lens(): a lens profile whose blur is known in closed form, for tests.
#pragma once

#include <cmath>

#include "core/lens_profile.h"

namespace lichtbild {

// Kernels are Gaussians of the deviations (pixels) along and across the radius, which grow from the
// axis to the corner; their middle is moved outwards by `shift_px`.
struct GaussianBlur {
  double axis_px = 0.5, radial_px = 0.5, tangential_px = 0.5, shift_px = 0;

  double along(double radius) const { return axis_px + (radial_px - axis_px) * radius; }
  double across(double radius) const { return axis_px + (tangential_px - axis_px) * radius; }
};

inline LensProfile gaussian_lens(const GaussianBlur& blur, int width, int height) {
  constexpr int oversampling = 8, half = oversampling * 6, points = 17;
  LensProfile lens;
  lens.sensor = {2, width, height};
  lens.psf.oversampling = oversampling;
  lens.psf.size = 2 * half + 1;
  for (int i = 0; i < points; ++i) {
    const double r = double(i) / (points - 1);
    lens.psf.radius.push_back(r);
    lens.shading.radius.push_back(r);
    const auto share = [](double cell, double deviation_px) {
      const double scale = 1 / (deviation_px * oversampling * M_SQRT2);
      return (std::erf((cell + 0.5) * scale) - std::erf((cell - 0.5) * scale)) / 2;
    };
    PsfKernel kernel;
    for (int t = -half; t <= half; ++t)
      for (int s = -half; s <= half; ++s)
        kernel.cell.push_back(float(share(t - blur.shift_px * oversampling, blur.along(r)) *
                                    share(s, blur.across(r))));
    for (int c = 0; c < 3; ++c) {
      lens.psf.kernel[c].push_back(kernel);
      lens.shading.illumination[c].push_back(1);
    }
  }
  for (int i = 0; i <= 80; ++i) {
    lens.geometry.ideal.push_back(i / 64.0);
    for (int c = 0; c < 3; ++c) lens.geometry.real[c].push_back(i / 64.0);
  }
  return lens;
}

}  // namespace lichtbild
