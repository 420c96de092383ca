// Arrivals: the rays of one field and wavelength where they meet the image, and their wavefront.
#pragma once

#include <optional>
#include <vector>

#include "optics/aim.h"
#include "optics/batch.h"

namespace lichtbild::optics {

struct Arrival {
  Vec3<double> position, direction;  // on the image surface, in its axes
  double optical_path_mm = 0;
};

// Nothing where the ray does not arrive.
std::optional<Arrival> arrive(const System& system, int wavelength, const Ray<double>& ray,
                              bool clip = true);

// What optical path differences are counted from: a sphere around the point where the chief ray of
// the reference wavelength meets the image. Its radius is the chief ray's length from the plane of
// the paraxial exit pupil: OpticStudio's choice, met to 5e-9 waves (docs/agreement.md). Welford,
// "Aberrations of Optical Systems" (1986), chapter 7.
struct ReferenceSphere {
  Vec3<double> center;
  double radius_mm = 0;      // exit pupil to image along the light; infinite: a plane wave
  double index = 1;          // behind the lens
  double chief_path_mm = 0;  // optical path of the wavelength's own chief ray up to the sphere

  // Positive where the wave is ahead of the sphere.
  double path_difference_mm(const Arrival& arrival) const;
};

ReferenceSphere reference_sphere(const System& system, int wavelength, const Arrival& reference,
                                 const Arrival& own_chief);

// A field's chief rays: at the reference wavelength, and at every wavelength.
struct ChiefRays {
  Arrival reference;
  std::vector<Arrival> own;  // [wavelength]
};

// Pupil points and what became of their rays.
struct PupilRays {
  std::vector<PupilPoint> pupil;
  std::vector<Arrival> arrivals;
  std::vector<bool> arrived;
  double share_arrived() const;
};

// Traces all points through the bundle's map (aim.h), clipped.
PupilRays trace_pupil(const System& system, const Bundle& bundle, std::vector<PupilPoint> pupil);

// Points of a square grid inside the unit circle, `across` of them along the diameter.
std::vector<PupilPoint> pupil_grid(int across);

// Gauss-Legendre rings with equal arms, and the weights, which sum to 1: exact for polynomials up
// to degree 2 rings - 1 in the squared radius. Forbes 1988, J. Opt. Soc. Am. A 5, 1943.
struct PupilQuadrature {
  std::vector<PupilPoint> points;
  std::vector<double> weights;
};
PupilQuadrature pupil_quadrature(int rings, int arms);

}  // namespace lichtbild::optics
