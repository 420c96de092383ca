// trace<T>: one real ray through a lens, surface by surface.
//
// T is double, float or a Ceres Jet; a Jet may sit in the ray, in the shapes, thicknesses and
// indices alike. The intersection is found on plain numbers and the derivative taken by one
// Newton step at the converged point, never through the iteration. What stops a ray - it misses a
// surface, is totally reflected, hits an aperture, or does not converge - is a value, not an error.
// Signs: Welford, "Aberrations of Optical Systems" (1986), chapter 4; Snell's law in vectors.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <type_traits>
#include <vector>

#include "optics/shape.h"
#include "optics/vector3.h"

namespace lichtbild::optics {

enum class RayStatus { ok, missed, total_reflection, clipped, not_converged };
const char* name(RayStatus status);

template <class T>
struct Ray {
  Vec3<T> position, direction;  // of unit length
};

// How far from its axis, in mm, an asphere rises, or falls, no steeper than these slopes. There a
// ray that runs along the axis, forwards or backwards, by more than `along` of its length crosses
// it once.
struct Slopes {
  static constexpr int levels = 3;
  using Levels = std::array<double, levels>;
  static constexpr Levels slope{0.4, 0.75, 1.5}, along{0.38, 0.61, 0.84};
  static constexpr double nowhere = std::numeric_limits<double>::infinity();
  Levels rising{nowhere, nowhere, nowhere}, falling = rising;
};
Slopes slopes_of(const ShapeOf<double>& shape);  // infinite for shapes without an axis

// A surface as the trace sees it at one wavelength.
template <class T>
struct Element {
  ShapeOf<T> shape;
  T thickness{};
  T index_before{1}, index{1};  // absolute values, also after a mirror
  bool reflects = false;
  bool is_break = false;  // only moves the axes
  // Axes: `rotation_before` and `shift_before` lead from the running axes to the surface's own,
  // `rotation_after` and `shift_after` from there to the running axes behind it.
  bool moved = false;
  Rotation<T> rotation_before, rotation_after;
  Vec3<T> shift_before, shift_after;
  Slopes slopes;
  // What clips, in the surface's own axes; 0 or infinity: nothing.
  double clear_radius_mm = 0;
  std::optional<ClearAperture> aperture;
};

template <class T>
using Path = std::vector<Element<T>>;  // the image surface is the last element

// Where and how a ray left a surface, in the surface's own axes.
template <class T>
struct Hit {
  Vec3<T> position, direction, normal;  // direction: behind the surface; normal: of unit length
  T optical_path{};                     // accumulated up to here, in mm
  T cosine_in{};                        // of the angle of incidence, >= 0
};

template <class T>
struct Traced {
  RayStatus status = RayStatus::ok;
  int surface = 0;  // the last one that was reached
  Ray<T> ray;       // at the image, in the image's axes
  T optical_path{};
};

struct TraceOptions {
  bool clip = true;                            // by clear radii and apertures
  int last = std::numeric_limits<int>::max();  // the element at which to stop
};

bool passes(const ClearAperture& aperture, double x, double y);

namespace trace_detail {

inline double scalar(double v) { return v; }
inline float scalar(float v) { return v; }
template <class Jet>
auto scalar(const Jet& v) -> decltype(v.a) {
  return v.a;
}

// Distance along the ray from the plane z = 0 at (x, y) to the conic; false where there is none.
template <class S>
bool conic_distance(S c, S k, S x, S y, const Vec3<S>& d, S& distance) {
  using std::sqrt;
  const S f = c * (x * x + y * y), g = d.z - c * (d.x * x + d.y * y);
  const S discriminant = g * g - c * f * (S(1) + k * d.z * d.z);
  if (!(discriminant >= S(0))) return false;
  const S root = d.z < S(0) ? -sqrt(discriminant) : sqrt(discriminant);
  const S below = g + root;
  if (below == S(0)) return false;
  distance = f / below;
  return true;
}

template <class S>
constexpr S tolerance = sizeof(S) == 4 ? S(2e-6) : S(1e-13);

// Between `low`, in front of a surface, and `high`, behind it: Newton's steps, halving the bracket
// where they would leave it. `above(t, rise)`: how far behind the surface, and its derivative;
// `size`: of the lengths whose rounding t bears, beside its own.
template <class S, class Above>
S crossing_between(S low, S high, S size, const Above& above) {
  using std::abs;
  S t = (low + high) / S(2), rise(0);
  for (int i = 0; i < 100; ++i) {
    const S f = above(t, rise), before = t, next = t - f / rise;
    (f >= S(0) ? high : low) = t;
    t = next > low && next < high ? next : (low + high) / S(2);
    if (abs(t - before) <= tolerance<S> * (S(1) + abs(t) + size)) break;
  }
  return t;
}

// Newton's iteration on F(t) = z(t) - sag(x(t), y(t)), with steps held to a multiple of the size
// of the surface, and bisection between signs where it does not settle.
template <class S>
RayStatus intersect_near_plane(const ShapeOf<S>& shape, const Vec3<S>& p, const Vec3<S>& d,
                               S& distance) {
  using std::abs;
  using std::isfinite;
  if (d.z == S(0)) return RayStatus::missed;
  const S plane = -p.z / d.z;
  if (shape.is_plane()) {
    distance = plane;
    return RayStatus::ok;
  }
  const S x0 = p.x + plane * d.x, y0 = p.y + plane * d.y;
  S start(0);
  const bool meets =
      shape.is_rotational() && conic_distance(shape.curvature, shape.conic, x0, y0, d, start);
  if (shape.form == Form::conic) {
    if (!meets) return RayStatus::missed;
    const S x = x0 + start * d.x, y = y0 + start * d.y;
    // The far side of an ellipsoid, beyond its equator, is not the surface.
    const bool far_side = (S(1) + shape.conic) * shape.curvature * (start * d.z) > S(1);
    if (far_side || !sag(shape, x, y).inside) return RayStatus::missed;
    distance = plane + start;
    return RayStatus::ok;
  }
  const S longest = S(0.5) * (S(1) + abs(x0) + abs(y0));
  const auto miss = [&](S t, S& slope, bool& inside) {
    const Sag<S> s = sag(shape, x0 + t * d.x, y0 + t * d.y);
    slope = d.z - s.dx * d.x - s.dy * d.y;
    inside = s.inside;
    return t * d.z - s.z;
  };
  // The better of two starts: the conic's own intersection, and the plane.
  S t(0), slope;
  bool inside = false;
  if (meets && abs(miss(start, slope, inside)) < abs(miss(t, slope, inside))) t = start;
  // A ray that comes from in front passes from F < 0 to F > 0; the other crossings of a bent
  // asphere are not where it enters.
  const S forward = d.z < S(0) ? S(-1) : S(1);
  for (int i = 0; i < 60; ++i) {
    const S f = miss(t, slope, inside);
    if (!isfinite(f) || slope == S(0)) break;
    const S step = std::clamp(-f / slope, -longest, longest);
    t += step;
    if (abs(step) <= tolerance<S> * (S(1) + abs(t) + abs(plane))) {
      miss(t, slope, inside);
      if (slope * forward <= S(0)) break;
      if (!inside) return RayStatus::missed;
      distance = plane + t;
      return RayStatus::ok;
    }
  }
  // The crossing in the right sense nearest the plane, searched for outwards.
  constexpr int samples = 64;
  const S reach = S(2) * longest, spacing = reach / S(samples);
  S low(0), high(0), above = miss(S(0), slope, inside) * forward, below = above;
  bool found = false;
  for (int i = 1; i <= samples && !found; ++i) {
    const S near = spacing * S(i - 1), far = spacing * S(i);
    const S f_below = miss(-far, slope, inside) * forward;
    const S f_above = miss(far, slope, inside) * forward;
    const bool under = f_below < S(0) && below >= S(0);
    found = under || (above < S(0) && f_above >= S(0));
    low = under ? -far : near;
    high = under ? -near : far;
    below = f_below;
    above = f_above;
  }
  if (!found) return RayStatus::not_converged;
  t = crossing_between(low, high, abs(plane), [&](S at, S& rise) {
    const S f = miss(at, rise, inside);
    rise *= forward;
    return f * forward;
  });
  miss(t, slope, inside);
  if (!inside) return RayStatus::missed;
  distance = plane + t;
  return RayStatus::ok;
}

// above(t, rise): how far a ray is behind the surface at distance t, along the light, and the
// derivative.
template <class S>
auto above_surface(const ShapeOf<S>& shape, const Vec3<S>& p, const Vec3<S>& d) {
  return [&, forward = d.z < S(0) ? S(-1) : S(1)](S t, S& rise) {
    const Sag<S> s = sag(shape, p.x + t * d.x, p.y + t * d.y);
    rise = (d.z - s.dx * d.x - s.dy * d.y) * forward;
    return (p.z + t * d.z - s.z) * forward;
  };
}

// The crossing within `clear_radius` of the axis of a ray that comes there in front of the surface
// and leaves behind it; false if it does not.
template <class S>
bool crossing_within(const ShapeOf<S>& shape, const Vec3<S>& p, const Vec3<S>& d, S clear_radius,
                     S& distance) {
  using std::abs;
  using std::sqrt;
  const S across = d.x * d.x + d.y * d.y, along = p.x * d.x + p.y * d.y;
  const S square = along * along - across * (p.x * p.x + p.y * p.y - clear_radius * clear_radius);
  if (!(square > S(0)) || d.z == S(0)) return false;
  // Where the ray is within the radius, and no farther from the vertex's plane than that.
  const S plane = -p.z / d.z, reach = clear_radius / abs(d.z);
  S low = plane - reach, high = plane + reach;
  if (across > S(0)) {
    low = std::max(low, (-along - sqrt(square)) / across);
    high = std::min(high, (-along + sqrt(square)) / across);
  }
  const auto above = above_surface(shape, p, d);
  S rise(0);
  if (!(low < high) || !(above(low, rise) < S(0)) || !(above(high, rise) >= S(0))) return false;
  distance = crossing_between(low, high, S(0), above);
  return true;
}

// Whether a ray that leaves the axis where it crosses an asphere, at (x, y), may have crossed it
// before, nearer to the axis.
template <class S>
bool may_have_crossed(const Slopes& slopes, S x, S y, const Vec3<S>& d) {
  if (x * d.x + y * d.y <= S(0)) return false;
  const S u = x * x + y * y, along = d.z * d.z;
  const Slopes::Levels& radii = d.z < S(0) ? slopes.falling : slopes.rising;
  for (int i = 0; i < Slopes::levels; ++i)
    if (u <= S(radii[i] * radii[i]) && along > S(Slopes::along[i] * Slopes::along[i])) return false;
  return true;
}

// The ray's first crossing from in front to behind between its start and the crossing `at`, and no
// farther from the axis than that; false if there is none.
template <class S>
bool crossing_before(const ShapeOf<S>& shape, const Vec3<S>& p, const Vec3<S>& d, S at,
                     S& distance) {
  const auto above = above_surface(shape, p, d);
  // Where it comes within the crossing's radius, as far before the nearest point as `at` is behind.
  const S across = d.x * d.x + d.y * d.y,
          nearest = across > S(0) ? -(p.x * d.x + p.y * d.y) / across : S(0);
  const S start = std::max(S(0), S(2) * nearest - at);
  S rise(0);
  if (!(start < at) || !(above(start, rise) < S(0))) return false;
  constexpr int samples = 32;
  const S spacing = (at - start) / S(samples);
  for (int i = 1; i < samples; ++i) {
    const S t = start + S(i) * spacing;
    if (!(above(t, rise) >= S(0))) continue;
    distance = crossing_between(t - spacing, t, S(0), above);
    return sag(shape, p.x + distance * d.x, p.y + distance * d.y).inside;
  }
  return false;
}

// A bent asphere may cross a ray more than once, and its polynomial runs off beyond its clear
// radius. Of several crossings the one nearer to the axis is taken, and one beyond the clear radius
// only where there is none within. Clear radius 0: none is known.
template <class S>
RayStatus intersect(const ShapeOf<S>& shape, const Vec3<S>& p, const Vec3<S>& d,
                    const Slopes& slopes, S clear_radius, S& distance) {
  const RayStatus status = intersect_near_plane(shape, p, d, distance);
  if (shape.form == Form::conic) return status;
  if (status == RayStatus::ok) {
    S before(0);
    if (may_have_crossed(slopes, p.x + distance * d.x, p.y + distance * d.y, d) &&
        crossing_before(shape, p, d, distance, before))
      distance = before;
    const S x = p.x + distance * d.x, y = p.y + distance * d.y;
    if (clear_radius == S(0) || x * x + y * y <= clear_radius * clear_radius) return status;
  }
  S within(0);
  if (clear_radius == S(0) || !crossing_within(shape, p, d, clear_radius, within)) return status;
  distance = within;
  return RayStatus::ok;
}

// The intersection with derivatives: the plain one, then one Newton step in T.
template <class T>
RayStatus intersection(const Element<T>& e, const Vec3<T>& p, const Vec3<T>& d, T& distance) {
  using S = decltype(scalar(p.x));
  const ShapeOf<T>& shape = e.shape;
  if constexpr (std::is_same_v<S, T>) {
    return intersect(shape, p, d, e.slopes, S(e.clear_radius_mm), distance);
  } else {
    S plain_distance(0);
    const RayStatus status = intersect(shape_as<S>(shape, [](const T& v) { return scalar(v); }),
                                       Vec3<S>{scalar(p.x), scalar(p.y), scalar(p.z)},
                                       Vec3<S>{scalar(d.x), scalar(d.y), scalar(d.z)}, e.slopes,
                                       S(e.clear_radius_mm), plain_distance);
    if (status != RayStatus::ok) return status;
    const T t(plain_distance);
    const Sag<T> s = sag(shape, T(p.x + t * d.x), T(p.y + t * d.y));
    distance = t - (p.z + t * d.z - s.z) / (d.z - s.dx * d.x - s.dy * d.y);
    return RayStatus::ok;
  }
}

}  // namespace trace_detail

// Traces `ray`, given in the axes before the first element with the first vertex as the origin.
// `hits`, if not null, receives one Hit for every element reached.
template <class T>
Traced<T> trace(const Path<T>& path, const Ray<T>& ray,
                std::type_identity_t<std::vector<Hit<T>>*> hits = nullptr,
                const TraceOptions& options = {}) {
  using std::sqrt;
  using trace_detail::scalar;
  Vec3<T> p = ray.position, d = ray.direction;
  T optical_path(0);
  if (hits) hits->clear();
  Traced<T> out;
  for (int i = 0; i < int(path.size()) && i <= options.last; ++i) {
    const Element<T>& e = path[i];
    out.surface = i;
    if (e.moved) {
      p = e.rotation_before.to_moved(p - e.shift_before);
      d = e.rotation_before.to_moved(d);
    }
    Vec3<T> normal{T(0), T(0), T(1)};
    T cosine = d.z;
    if (!e.is_break) {
      T distance(0);
      out.status = trace_detail::intersection(e, p, d, distance);
      if (out.status != RayStatus::ok) return out;
      p = p + distance * d;
      optical_path += e.index_before * distance;
      const Sag<T> s = sag(e.shape, p.x, p.y);
      p.z = s.z;
      if (options.clip) {
        const double x = scalar(p.x), y = scalar(p.y), r = e.clear_radius_mm;
        if ((r > 0 && x * x + y * y > r * r) || (e.aperture && !passes(*e.aperture, x, y))) {
          out.status = RayStatus::clipped;
          return out;
        }
      }
      const T length = sqrt(T(1) + s.dx * s.dx + s.dy * s.dy);
      normal = {-s.dx / length, -s.dy / length, T(1) / length};
      cosine = dot(d, normal);
      if (e.reflects) {
        d = d - (T(2) * cosine) * normal;
      } else if (e.index_before != e.index) {
        const T ratio = e.index_before / e.index;
        const T squared = T(1) - ratio * ratio * (T(1) - cosine * cosine);
        if (!(squared > T(0))) {
          out.status = RayStatus::total_reflection;
          return out;
        }
        const T root = cosine > T(0) ? sqrt(squared) : -sqrt(squared);
        d = ratio * d + (root - ratio * cosine) * normal;
      }
    }
    if (hits) hits->push_back({p, d, normal, optical_path, cosine > T(0) ? cosine : -cosine});
    if (e.moved) {
      out.ray = {p, d};
      p = e.rotation_after.to_moved(p - e.shift_after);
      d = e.rotation_after.to_moved(d);
    } else {
      out.ray = {p, d};
    }
    p.z -= e.thickness;
  }
  out.optical_path = optical_path;
  return out;
}

}  // namespace lichtbild::optics
