#include "optics/batch.h"

#include <algorithm>

#include "optics/batch_block.h"

namespace lichtbild::optics {
namespace batch {
namespace {

using Kind = BatchElement::Kind;

Kind kind_of(const Element<double>& e) {
  if (e.is_break) return Kind::only_moves;
  if (e.aperture) return Kind::one_by_one;
  if (e.shape.form == Form::conic) return e.shape.is_plane() ? Kind::plane : Kind::conic;
  return e.shape.form == Form::even && !e.shape.coefficients.empty() ? Kind::even
                                                                     : Kind::one_by_one;
}

// The radius at which the highest power's height equals that radius.
double scale_mm(const std::vector<double>& powers) {
  const double a = std::abs(powers.front()), exponent = 2 * double(powers.size()) - 1;
  return a > 0 ? std::clamp(std::pow(a, -1 / exponent), 1e-3, 1e6) : 1;
}

BatchElement made_ready(const Element<double>& e, bool clip) {
  BatchElement out{.element = e};
  if (!clip) {
    out.element.clear_radius_mm = 0;
    out.element.aperture.reset();
  }
  out.kind = kind_of(out.element);
  out.bend = (1 + e.shape.conic) * e.shape.curvature * e.shape.curvature;
  out.ratio = e.index_before / e.index;
  const double r = out.element.clear_radius_mm;
  out.clear_radius_2 = r > 0 ? r * r : 0;
  if (out.kind == Kind::even) {
    out.powers.assign(e.shape.coefficients.rbegin(), e.shape.coefficients.rend());
    out.scale_mm = scale_mm(out.powers);
    double exponent = 2 * double(out.powers.size()) - 1;
    for (const double a : out.powers) {
      out.scaled_powers.push_back(float(a * std::pow(out.scale_mm, exponent)));
      exponent -= 2;
    }
  }
  out.alone = {out.element};
  out.alone[0].moved = false;
  out.alone[0].thickness = 0;
  return out;
}

}  // namespace

std::vector<BatchElement> made_ready(const Path<double>& path, const TraceOptions& options) {
  std::vector<BatchElement> out;
  for (int i = 0; i < int(path.size()) && i <= options.last; ++i)
    out.push_back(made_ready(path[i], options.clip));
  return out;
}

void one_by_one(const BatchElement& element, Block& rays) {
  for (int i = 0; i < Block::size; ++i) {
    if (rays.fate[i] != 0) continue;
    const Traced<double> end = trace(element.alone, Ray<double>{{rays.x[i], rays.y[i], rays.z[i]},
                                                                {rays.l[i], rays.m[i], rays.n[i]}});
    rays.fate[i] = double(int(end.status));
    if (end.status != RayStatus::ok) continue;
    rays.x[i] = end.ray.position.x;
    rays.y[i] = end.ray.position.y;
    rays.z[i] = end.ray.position.z;
    rays.l[i] = end.ray.direction.x;
    rays.m[i] = end.ray.direction.y;
    rays.n[i] = end.ray.direction.z;
    rays.optical_path[i] += end.optical_path;
  }
}

namespace {

void move(const Rotation<double>& rotation, const Vec3<double>& shift, Block& rays) {
  for (int i = 0; i < Block::size; ++i) {
    const Vec3<double> p = rotation.to_moved(Vec3<double>{rays.x[i], rays.y[i], rays.z[i]} - shift);
    const Vec3<double> d = rotation.to_moved(Vec3<double>{rays.l[i], rays.m[i], rays.n[i]});
    rays.x[i] = p.x;
    rays.y[i] = p.y;
    rays.z[i] = p.z;
    rays.l[i] = d.x;
    rays.m[i] = d.y;
    rays.n[i] = d.z;
  }
}

void trace_block(const std::vector<BatchElement>& elements, Block& rays) {
  for (const BatchElement& ready : elements) {
    const Element<double>& e = ready.element;
    if (e.moved) move(e.rotation_before, e.shift_before, rays);
    if (!e.is_break) through_element(ready, rays);
    if (&ready == &elements.back()) return;
    if (e.moved) move(e.rotation_after, e.shift_after, rays);
    for (double& z : rays.z) z -= e.thickness;
  }
}

}  // namespace
}  // namespace batch

namespace {

// One column of the batch and its twin in a block.
struct Pair {
  std::vector<double> RayBatch::*batch;
  batch::Block::Column batch::Block::*block;
};
constexpr Pair columns[] = {{&RayBatch::x, &batch::Block::x}, {&RayBatch::y, &batch::Block::y},
                            {&RayBatch::z, &batch::Block::z}, {&RayBatch::l, &batch::Block::l},
                            {&RayBatch::m, &batch::Block::m}, {&RayBatch::n, &batch::Block::n}};

void take(const RayBatch& rays, int from, int count, batch::Block& block) {
  for (const Pair& c : columns)
    std::copy_n((rays.*c.batch).begin() + from, count, (block.*c.block).begin());
  block.optical_path.fill(0);
  block.fate.fill(double(int(RayStatus::missed)));
  for (int i = 0; i < count; ++i) block.fate[i] = double(int(rays.status[from + i]));
}

void give(const batch::Block& block, int from, int count, RayBatch& rays) {
  for (int i = 0; i < count; ++i) {
    RayStatus& status = rays.status[from + i];
    if (status != RayStatus::ok) continue;
    status = RayStatus(int(block.fate[i]));
    for (const Pair& c : columns) (rays.*c.batch)[from + i] = (block.*c.block)[i];
    rays.optical_path[from + i] = block.optical_path[i];
  }
}

}  // namespace

void trace_batch(const Path<double>& path, RayBatch& rays, const TraceOptions& options) {
  const auto elements = batch::made_ready(path, options);
  batch::Block block{};
  for (int from = 0; from < rays.size(); from += batch::Block::size) {
    const int count = std::min(rays.size() - from, batch::Block::size);
    take(rays, from, count, block);
    batch::trace_block(elements, block);
    give(block, from, count, rays);
  }
}

}  // namespace lichtbild::optics
