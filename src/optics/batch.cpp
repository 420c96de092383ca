#include "optics/batch.h"

namespace lichtbild::optics {

void trace_batch(const Path<double>& path, RayBatch& rays, const TraceOptions& options) {
  for (int i = 0; i < rays.size(); ++i) {
    if (rays.status[i] != RayStatus::ok) continue;
    const Traced<double> end = trace(
        path, Ray<double>{{rays.x[i], rays.y[i], rays.z[i]}, {rays.l[i], rays.m[i], rays.n[i]}},
        nullptr, options);
    rays.status[i] = end.status;
    rays.optical_path[i] = end.optical_path;
    rays.x[i] = end.ray.position.x;
    rays.y[i] = end.ray.position.y;
    rays.z[i] = end.ray.position.z;
    rays.l[i] = end.ray.direction.x;
    rays.m[i] = end.ray.direction.y;
    rays.n[i] = end.ray.direction.z;
  }
}

}  // namespace lichtbild::optics
