#include "optics/analysis/arrivals.h"

#include <cmath>

namespace lichtbild::optics {

std::optional<Arrival> arrive(const System& system, int wavelength, const Ray<double>& ray,
                              bool clip) {
  const Traced<double> end = trace(system.paths[wavelength], ray, nullptr, {.clip = clip});
  if (end.status != RayStatus::ok) return std::nullopt;
  return Arrival{end.ray.position, end.ray.direction, end.optical_path};
}

double ReferenceSphere::path_difference_mm(const Arrival& a) const {
  // From the image point back along the ray to the sphere; near the center the root's difference
  // is written so that nothing is lost for a large radius.
  const Vec3<double> off = a.position - center;
  const double along = dot(off, a.direction), square = dot(off, off);
  double back;  // distance from the foot of the center's perpendicular to the sphere, less radius
  if (std::isinf(radius_mm)) {
    back = 0;
  } else {
    const double short_by = square - along * along;
    back = -short_by / (std::sqrt(radius_mm * radius_mm - short_by) + std::abs(radius_mm));
    if (radius_mm < 0) back = -back;
  }
  // The path up to the sphere, plus index times radius, which the chief ray has as well.
  return chief_path_mm - (a.optical_path_mm - index * (along + back));
}

ReferenceSphere reference_sphere(const System& system, int wavelength, const Arrival& reference,
                                 const Arrival& own_chief) {
  ReferenceSphere sphere;
  sphere.center = reference.position;
  sphere.index = system.paths[wavelength].back().index_before;
  const Path<double>& path = system.path();
  const double to_image = path[path.size() - 2].thickness - system.paraxial().exit.position_mm;
  const double depth = to_image + sphere.center.z;
  sphere.radius_mm = depth / reference.direction.z;
  if (std::abs(sphere.radius_mm) > 1e9)
    sphere.radius_mm = std::copysign(INFINITY, sphere.radius_mm);
  sphere.chief_path_mm = 0;
  sphere.chief_path_mm = -sphere.path_difference_mm(own_chief);
  return sphere;
}

double PupilRays::share_arrived() const {
  double count = 0;
  for (const bool a : arrived) count += a;
  return arrived.empty() ? 0 : count / double(arrived.size());
}

PupilRays trace_pupil(const System& system, const Bundle& bundle, std::vector<PupilPoint> pupil) {
  RayBatch batch;
  for (const PupilPoint& p : pupil) batch.add(bundle.launch_by_map(p));
  trace_batch(system.paths[bundle.wavelength()], batch);
  PupilRays out;
  out.pupil = std::move(pupil);
  for (int i = 0; i < batch.size(); ++i) {
    out.arrivals.push_back({{batch.x[i], batch.y[i], batch.z[i]},
                            {batch.l[i], batch.m[i], batch.n[i]},
                            batch.optical_path[i]});
    out.arrived.push_back(batch.status[i] == RayStatus::ok);
  }
  return out;
}

std::vector<PupilPoint> pupil_grid(int across) {
  std::vector<PupilPoint> points;
  for (int j = 0; j < across; ++j)
    for (int i = 0; i < across; ++i) {
      const PupilPoint p{(2 * i + 1.0) / across - 1, (2 * j + 1.0) / across - 1};
      if (p.x * p.x + p.y * p.y <= 1) points.push_back(p);
    }
  return points;
}

PupilQuadrature pupil_quadrature(int rings, int arms) {
  PupilQuadrature q;
  for (int i = 0; i < rings; ++i) {
    // Roots of the Legendre polynomial by Newton's iteration from Tricomi's estimate.
    double x = std::cos(M_PI * (i + 0.75) / (rings + 0.5)), slope = 1;
    for (int iteration = 0; iteration < 50; ++iteration) {
      double before = 1, p = x;
      for (int k = 2; k <= rings; ++k) {
        const double next = ((2 * k - 1) * x * p - (k - 1) * before) / k;
        before = p;
        p = next;
      }
      slope = rings * (x * p - before) / (x * x - 1);
      const double step = p / slope;
      x -= step;
      if (std::abs(step) < 1e-15) break;
    }
    const double weight = 1 / ((1 - x * x) * slope * slope);  // of the squared radius, sum 1
    const double radius = std::sqrt((1 + x) / 2);
    for (int k = 0; k < arms; ++k) {
      const double angle = 2 * M_PI * (k + 0.5) / arms;
      q.points.push_back({radius * std::cos(angle), radius * std::sin(angle)});
      q.weights.push_back(weight / arms);
    }
  }
  return q;
}

}  // namespace lichtbild::optics
