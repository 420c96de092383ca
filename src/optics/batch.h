// trace_batch: many rays at one wavelength at once, in double: the fast twin of trace<double>.
//
// Runs on the calling thread, in the widest vectors that the processor has (batch_simd.cpp).
// Planes, conics and even aspheres with circular clear radii go many rays at a time, also when
// tilted; other forms and other apertures go ray by ray. Statuses are the twin's; positions,
// directions and optical paths differ from it in their last digits.
#pragma once

#include <vector>

#include "optics/trace.h"

namespace lichtbild::optics {

// Rays in, rays at the image out: positions and directions change place in the same arrays.
struct RayBatch {
  std::vector<double> x, y, z, l, m, n, optical_path;
  std::vector<RayStatus> status;  // in: those that are not ok are passed over

  int size() const { return int(x.size()); }
  void add(const Ray<double>& ray) {
    x.push_back(ray.position.x);
    y.push_back(ray.position.y);
    z.push_back(ray.position.z);
    l.push_back(ray.direction.x);
    m.push_back(ray.direction.y);
    n.push_back(ray.direction.z);
    optical_path.push_back(0);
    status.push_back(RayStatus::ok);
  }
};

// As trace() for every ray: at the end, positions and directions are those at the last element (or
// options.last), in its axes. Of a ray that fails only the status means anything.
void trace_batch(const Path<double>& path, RayBatch& rays, const TraceOptions& options = {});

}  // namespace lichtbild::optics
