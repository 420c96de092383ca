// The vector kernel of trace_batch, compiled once for every instruction set (Highway).
//
// Intersection with an even asphere, per ray: the start and Newton's first two steps run in float,
// twice as many lanes to a vector, and leave e, about 1e-7 of the surface's scale. A step in double
// leaves C e^2, C = |F'' / 2 F'|: 1e-14 mm where C is 1 / mm. The evaluation there, which the
// normal needs anyhow, proves it: |F / F'| <= 3e-13 mm. Rays for which that fails step again, and
// those that still fail, or whose steps did not shrink from the start, or that came to the conic's
// edge, or may have crossed before, go to the scalar intersect(), so that both twins find the same
// of several crossings.
//
// Refraction without normalizing: N = (-dz/dx, -dz/dy, 1), q = |N|^2, G = d.N, mu = n / n':
// d' = mu d + (sign(G) sqrt(q (1 - mu^2) + mu^2 G^2) - mu G) / q N. G is Newton's slope F' as well.
#include "optics/batch_block.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "optics/batch_simd.cpp"
// One target each for the common generations of processors.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lichtbild::optics::batch {
namespace HWY_NAMESPACE {
namespace {

#if HWY_TARGET == HWY_SCALAR

void through(const BatchElement& e, Block& rays) { one_by_one(e, rays); }

#else

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<double>;
using F = hn::ScalableTag<float>;
using HalfF = hn::Rebind<float, D>;
using V = hn::Vec<D>;
using VF = hn::Vec<F>;

// Two double vectors are one float vector; so many float vectors are in flight at once.
constexpr int floats = 4, doubles = 2 * floats;
constexpr D d;
constexpr F f;

HWY_INLINE V all(double v) { return hn::Set(d, v); }
HWY_INLINE VF all_f(double v) { return hn::Set(f, float(v)); }
HWY_INLINE VF narrow(V low, V high) {
  const HalfF half;
  return hn::Combine(f, hn::DemoteTo(half, high), hn::DemoteTo(half, low));
}

struct RaySet {  // where the rays of a group stand on the plane of the vertex
  V x[doubles], y[doubles], l[doubles], m[doubles], n[doubles], plane[doubles];
};

HWY_INLINE void start_on_plane(const Block& rays, int at, RaySet& g) {
  for (int i = 0; i < doubles; ++i) {
    const int k = at + i * int(hn::Lanes(d));
    g.l[i] = hn::Load(d, &rays.l[k]);
    g.m[i] = hn::Load(d, &rays.m[k]);
    g.n[i] = hn::Load(d, &rays.n[k]);
    g.plane[i] = hn::Neg(hn::Div(hn::Load(d, &rays.z[k]), g.n[i]));
    g.x[i] = hn::MulAdd(g.plane[i], g.l[i], hn::Load(d, &rays.x[k]));
    g.y[i] = hn::MulAdd(g.plane[i], g.m[i], hn::Load(d, &rays.y[k]));
  }
}

// An asphere in float, in units of its scale.
struct Rough {
  VF c, bend, half_over_bend;  // the last: 0 for a paraboloid, which has no edge
  const float* HWY_RESTRICT powers;
  int count;
};
struct RoughRays {
  VF x[floats], y[floats], l[floats], m[floats], n[floats];
};

HWY_INLINE VF tiny() { return all_f(1e-6); }

// Distance from the plane to the conic; the plane where there is none.
HWY_INLINE VF rough_conic(const Rough& r, VF k, VF u, VF across, VF n) {
  const VF rim = hn::Mul(r.c, u), g = hn::NegMulAdd(r.c, across, n);
  const VF stretch = hn::MulAdd(hn::Mul(k, n), n, all_f(1));
  const VF square = hn::NegMulAdd(hn::Mul(r.c, rim), stretch, hn::Mul(g, g));
  const VF safe = hn::Max(square, tiny());
  const VF root = hn::CopySign(hn::Mul(safe, hn::ApproximateReciprocalSqrt(safe)), n);
  const VF t = hn::Mul(rim, hn::ApproximateReciprocal(hn::Add(g, root)));
  return hn::IfThenZeroElse(hn::Lt(square, hn::Zero(f)), t);
}

// The better of two starts, as the scalar twin takes it: the conic's intersection, whose height
// above the asphere is that of the powers alone, or the plane.
HWY_INLINE void rough_start(const Rough& r, VF k, const RoughRays& g, VF* t) {
  VF u0[floats], u[floats], on_plane[floats], on_conic[floats];
  for (int i = 0; i < floats; ++i) {
    u0[i] = hn::MulAdd(g.x[i], g.x[i], hn::Mul(g.y[i], g.y[i]));
    const VF across = hn::MulAdd(g.l[i], g.x[i], hn::Mul(g.m[i], g.y[i]));
    t[i] = rough_conic(r, k, u0[i], across, g.n[i]);
    const VF x = hn::MulAdd(t[i], g.l[i], g.x[i]), y = hn::MulAdd(t[i], g.m[i], g.y[i]);
    u[i] = hn::MulAdd(x, x, hn::Mul(y, y));
    on_plane[i] = on_conic[i] = hn::Set(f, r.powers[0]);
  }
  for (int p = 1; p < r.count; ++p) {
    const VF a = hn::Set(f, r.powers[p]);
    for (int i = 0; i < floats; ++i) {
      on_plane[i] = hn::MulAdd(on_plane[i], u0[i], a);
      on_conic[i] = hn::MulAdd(on_conic[i], u[i], a);
    }
  }
  for (int i = 0; i < floats; ++i) {
    const VF w = hn::Max(hn::NegMulAdd(r.bend, u0[i], all_f(1)), tiny());
    const VF root = hn::Mul(w, hn::ApproximateReciprocalSqrt(w));
    const VF over = hn::Mul(r.c, hn::ApproximateReciprocal(hn::Add(all_f(1), root)));
    const VF plane_miss = hn::Mul(u0[i], hn::Add(over, on_plane[i]));
    const VF conic_miss = hn::Mul(u[i], on_conic[i]);
    t[i] = hn::IfThenElseZero(hn::Lt(hn::Abs(conic_miss), hn::Abs(plane_miss)), t[i]);
  }
}

// One of Newton's steps; returns how long it was.
HWY_INLINE void rough_step(const Rough& r, const RoughRays& g, VF* t, VF* step) {
  VF u[floats], q[floats], z[floats], s[floats], inside[floats], w[floats], root[floats],
      over[floats];
  for (int i = 0; i < floats; ++i) {
    const VF x = hn::MulAdd(t[i], g.l[i], g.x[i]), y = hn::MulAdd(t[i], g.m[i], g.y[i]);
    u[i] = hn::MulAdd(x, x, hn::Mul(y, y));
    q[i] = hn::MulAdd(x, g.l[i], hn::Mul(y, g.m[i]));
    s[i] = hn::Zero(f);
    z[i] = hn::Set(f, r.powers[0]);
    inside[i] = hn::NegMulAdd(r.bend, u[i], all_f(1));
    w[i] = hn::Max(inside[i], tiny());
    root[i] = hn::Sqrt(w[i]);
    over[i] = hn::Div(r.c, hn::MulAdd(root[i], root[i], root[i]));
  }
  for (int p = 1; p < r.count; ++p) {
    const VF a = hn::Set(f, r.powers[p]);
    for (int i = 0; i < floats; ++i) {
      s[i] = hn::MulAdd(s[i], u[i], z[i]);
      z[i] = hn::MulAdd(z[i], u[i], a);
    }
  }
  for (int i = 0; i < floats; ++i) {
    const VF conic_rise = hn::MulAdd(over[i], root[i], over[i]);
    // Beyond the edge: by the tangent, as the scalar twin.
    const VF beyond = hn::Mul(hn::Mul(r.half_over_bend, conic_rise), hn::Sub(w[i], inside[i]));
    const VF height = hn::MulAdd(u[i], hn::MulAdd(over[i], root[i], z[i]), beyond);
    const VF rise = hn::MulAdd(all_f(2), hn::MulAdd(s[i], u[i], z[i]), conic_rise);
    const VF slope = hn::NegMulAdd(rise, q[i], g.n[i]);
    step[i] = hn::Mul(hn::MulSub(t[i], g.n[i], height), hn::ApproximateReciprocal(slope));
    t[i] = hn::Sub(t[i], step[i]);
  }
}

// The distance from the plane to the asphere, in float; NaN for rays that are better left to the
// scalar twin: steps that do not shrink, or longer than it would take.
HWY_INLINE void approach(const BatchElement& e, const RaySet& g, V* t_out) {
  const double R = e.scale_mm;
  const Rough r{all_f(e.element.shape.curvature * R), all_f(e.bend * R * R),
                all_f(e.bend == 0 ? 0 : 0.5 / (e.bend * R * R)), e.scaled_powers.data(),
                int(e.scaled_powers.size())};
  const VF shrink = all_f(1 / R), grow = all_f(R);
  RoughRays rough;
  VF t[floats], first[floats], last[floats];
  for (int i = 0; i < floats; ++i) {
    rough.x[i] = hn::Mul(shrink, narrow(g.x[2 * i], g.x[2 * i + 1]));
    rough.y[i] = hn::Mul(shrink, narrow(g.y[2 * i], g.y[2 * i + 1]));
    rough.l[i] = narrow(g.l[2 * i], g.l[2 * i + 1]);
    rough.m[i] = narrow(g.m[2 * i], g.m[2 * i + 1]);
    rough.n[i] = narrow(g.n[2 * i], g.n[2 * i + 1]);
  }
  rough_start(r, all_f(e.element.shape.conic), rough, t);
  rough_step(r, rough, t, first);
  rough_step(r, rough, t, last);
  for (int i = 0; i < floats; ++i) {
    const VF longest =
        hn::Mul(all_f(0.5), hn::Add(shrink, hn::Add(hn::Abs(rough.x[i]), hn::Abs(rough.y[i]))));
    const VF size = hn::Abs(first[i]);
    const auto tame = hn::And(hn::Le(size, longest),
                              hn::Le(hn::Abs(last[i]), hn::MulAdd(all_f(0.5), size, tiny())));
    const VF mm = hn::IfThenElse(tame, hn::Mul(grow, t[i]), hn::NaN(f));
    t_out[2 * i] = hn::PromoteTo(d, hn::LowerHalf(mm));
    t_out[2 * i + 1] = hn::PromoteTo(d, hn::UpperHalf(HalfF(), mm));
  }
}

// The asphere at distance t: twice dz/du, Newton's slope, how far above the surface, and how far
// from the conic's edge.
struct At {
  V x[doubles], y[doubles], u[doubles], height[doubles], rise[doubles], slope[doubles],
      miss[doubles], inside[doubles];
};

HWY_INLINE void evaluate(const BatchElement& e, const RaySet& g, const V* t, At& at) {
  const V one = all(1), c = all(e.element.shape.curvature), bend = all(e.bend);
  const V edge = all(shape_detail::edge);
  V z[doubles], s[doubles], root[doubles], over[doubles];
  const int count = int(e.powers.size());
  const double* HWY_RESTRICT powers = e.powers.data();
  for (int i = 0; i < doubles; ++i) {
    at.x[i] = hn::MulAdd(t[i], g.l[i], g.x[i]);
    at.y[i] = hn::MulAdd(t[i], g.m[i], g.y[i]);
    at.u[i] = hn::MulAdd(at.x[i], at.x[i], hn::Mul(at.y[i], at.y[i]));
    s[i] = hn::Zero(d);
    z[i] = all(powers[0]);
    at.inside[i] = hn::NegMulAdd(bend, at.u[i], one);
    // Root and quotient run beside the powers' multiply-adds.
    root[i] = hn::Sqrt(hn::Max(at.inside[i], edge));
    over[i] = hn::Div(c, hn::MulAdd(root[i], root[i], root[i]));
  }
  for (int k = 1; k < count; ++k) {
    const V a = all(powers[k]);
    for (int i = 0; i < doubles; ++i) {
      s[i] = hn::MulAdd(s[i], at.u[i], z[i]);
      z[i] = hn::MulAdd(z[i], at.u[i], a);
    }
  }
  for (int i = 0; i < doubles; ++i) {
    at.height[i] = hn::Mul(at.u[i], hn::MulAdd(over[i], root[i], z[i]));
    at.rise[i] =
        hn::MulAdd(over[i], root[i], hn::MulAdd(all(2), hn::MulAdd(s[i], at.u[i], z[i]), over[i]));
    const V q = hn::MulAdd(at.x[i], g.l[i], hn::Mul(at.y[i], g.m[i]));
    at.slope[i] = hn::NegMulAdd(at.rise[i], q, g.n[i]);
    at.miss[i] = hn::MulSub(t[i], g.n[i], at.height[i]);
  }
}

HWY_INLINE void step_on(const At& at, V* t) {
  for (int i = 0; i < doubles; ++i) t[i] = hn::Sub(t[i], hn::Div(at.miss[i], at.slope[i]));
}

HWY_INLINE auto alive(const Block& rays, int k) {
  return hn::Eq(hn::Load(d, &rays.fate[k]), hn::Zero(d));
}

// Lanes that live and have not arrived, one bit each.
HWY_INLINE auto astray(const Block& rays, int k, const RaySet& g, const At& at, int i) {
  const V tolerance = hn::MulAdd(all(3e-13), hn::Abs(g.plane[i]), all(3e-13));
  // Positive where the ray crosses the way that the light runs.
  const V slope = hn::Xor(at.slope[i], hn::And(g.n[i], hn::SignBit(d)));
  const auto arrived = hn::And(hn::Le(hn::Abs(at.miss[i]), hn::Mul(tolerance, slope)),
                               hn::Gt(at.inside[i], all(shape_detail::edge)));
  return hn::AndNot(arrived, alive(rays, k));
}

// Lanes that live and arrived beyond the clear radius: there may be another crossing within.
HWY_INLINE auto beyond(const BatchElement& e, const Block& rays, int k, const At& at, int i) {
  return hn::And(hn::Gt(at.u[i], all(e.clear_radius_2)), alive(rays, k));
}

// Lanes that live and may have crossed the surface before, see may_have_crossed().
HWY_INLINE auto doubtful(const BatchElement& e, const Block& rays, int k, const RaySet& g,
                         const At& at, int i) {
  const V outwards = hn::MulAdd(at.x[i], g.l[i], hn::Mul(at.y[i], g.m[i]));
  const V along = hn::Mul(g.n[i], g.n[i]);
  const auto forwards = hn::Ge(g.n[i], hn::Zero(d));
  const auto once = [&](int level) HWY_ATTR {
    const double rising = e.element.slopes.rising[level], falling = e.element.slopes.falling[level];
    const V radius_2 = hn::IfThenElse(forwards, all(rising * rising), all(falling * falling));
    constexpr Slopes::Levels least = Slopes::along;
    return hn::And(hn::Le(at.u[i], radius_2), hn::Gt(along, all(least[level] * least[level])));
  };
  auto sure = once(0);
  for (int level = 1; level < Slopes::levels; ++level) sure = hn::Or(sure, once(level));
  return hn::And(hn::AndNot(sure, hn::Gt(outwards, hn::Zero(d))), alive(rays, k));
}

// Whether `lanes(k, i)` names any lane of the group; k is its place in the block.
template <class Lanes>
HWY_INLINE bool any_lane(int from, const Lanes& lanes) {
  auto any = lanes(from, 0);
  for (int i = 1; i < doubles; ++i) any = hn::Or(any, lanes(from + i * int(hn::Lanes(d)), i));
  return !hn::AllFalse(d, any);
}

// For the lanes that `lanes` names: the distances that the scalar twin's `find(ray, p, d,
// distance)` gives them, where it returns true.
template <class Lanes, class Find>
HWY_INLINE void lane_by_lane(const Block& rays, int from, const RaySet& g, const Lanes& lanes,
                             const Find& find, V* t) {
  constexpr int most = HWY_MAX_BYTES / 8;
  alignas(64) double distance[most], plane[most], wanted[most];
  const int count = int(hn::Lanes(d));
  for (int i = 0; i < doubles; ++i) {
    const int k = from + i * count;
    hn::Store(t[i], d, distance);
    hn::Store(g.plane[i], d, plane);
    hn::Store(hn::IfThenElseZero(lanes(k, i), all(1)), d, wanted);
    for (int j = 0; j < count; ++j) {
      double whole = 0;
      if (wanted[j] != 0 && find(k + j, Vec3<double>{rays.x[k + j], rays.y[k + j], rays.z[k + j]},
                                 Vec3<double>{rays.l[k + j], rays.m[k + j], rays.n[k + j]}, whole))
        distance[j] = whole - plane[j];
    }
    t[i] = hn::Load(d, distance);
  }
}

HWY_INLINE void fail(Block& rays, int k, hn::Mask<D> failing, RayStatus status) {
  if (hn::AllFalse(d, failing)) return;
  const V fate = hn::Load(d, &rays.fate[k]);
  const auto now = hn::And(failing, hn::Eq(fate, hn::Zero(d)));
  hn::Store(hn::IfThenElse(now, all(double(int(status))), fate), d, &rays.fate[k]);
}

// Clips, bends and stores the rays of one vector.
struct Arrival {
  V x, y, u, height, rise, slope, distance;
};
HWY_INLINE void leave(const BatchElement& e, Block& rays, int k, const Arrival& a, V l, V m, V n) {
  if (e.clear_radius_2 > 0) fail(rays, k, hn::Gt(a.u, all(e.clear_radius_2)), RayStatus::clipped);
  hn::Store(a.x, d, &rays.x[k]);
  hn::Store(a.y, d, &rays.y[k]);
  hn::Store(a.height, d, &rays.z[k]);
  hn::Store(hn::MulAdd(all(e.element.index_before), a.distance, hn::Load(d, &rays.optical_path[k])),
            d, &rays.optical_path[k]);
  const bool mirror = e.element.reflects;
  if (!mirror && e.ratio == 1) return;
  const V q = hn::MulAdd(hn::Mul(a.rise, a.rise), a.u, all(1));
  V share;
  if (mirror) {
    share = hn::Div(hn::Mul(all(-2), a.slope), q);
  } else {
    const V along = hn::Mul(all(e.ratio), a.slope);
    const V square = hn::MulAdd(all(1 - e.ratio * e.ratio), q, hn::Mul(along, along));
    fail(rays, k, hn::Not(hn::Gt(square, hn::Zero(d))), RayStatus::total_reflection);
    share = hn::Div(hn::Sub(hn::CopySign(hn::Sqrt(square), a.slope), along), q);
  }
  const V mu = all(mirror ? 1 : e.ratio), side = hn::Mul(share, a.rise);
  hn::Store(hn::NegMulAdd(side, a.x, hn::Mul(mu, l)), d, &rays.l[k]);
  hn::Store(hn::NegMulAdd(side, a.y, hn::Mul(mu, m)), d, &rays.m[k]);
  hn::Store(hn::MulAdd(mu, n, share), d, &rays.n[k]);
}

void through_asphere(const BatchElement& e, Block& rays) {
  const int lanes = int(hn::Lanes(d));
  for (int from = 0; from < Block::size; from += doubles * lanes) {
    RaySet g;
    V t[doubles];
    At at;
    start_on_plane(rays, from, g);
    approach(e, g, t);
    const auto lost = [&](int k, int i) HWY_ATTR { return astray(rays, k, g, at, i); };
    const auto out = [&](int k, int i) HWY_ATTR { return beyond(e, rays, k, at, i); };
    bool all_there = false;
    for (int i = 0; i < 4 && !all_there; ++i) {
      evaluate(e, g, t, at);
      all_there = i > 0 && !any_lane(from, lost);
      if (!all_there) step_on(at, t);
    }
    const auto anew = [&](int ray, const Vec3<double>& p, const Vec3<double>& along,
                          double& distance) {
      const RayStatus status = trace_detail::intersect(e.element.shape, p, along, e.element.slopes,
                                                       e.element.clear_radius_mm, distance);
      rays.fate[ray] = double(int(status));
      return true;
    };
    if (!all_there) {
      lane_by_lane(rays, from, g, lost, anew, t);
      evaluate(e, g, t, at);
    }
    const auto unsure = [&](int k, int i) HWY_ATTR { return doubtful(e, rays, k, g, at, i); };
    if (any_lane(from, unsure)) {
      lane_by_lane(rays, from, g, unsure, anew, t);
      evaluate(e, g, t, at);
    }
    if (e.clear_radius_2 > 0 && any_lane(from, out)) {
      const auto within = [&](int, const Vec3<double>& p, const Vec3<double>& along,
                              double& distance) {
        return trace_detail::crossing_within(e.element.shape, p, along, e.element.clear_radius_mm,
                                             distance);
      };
      lane_by_lane(rays, from, g, out, within, t);
      evaluate(e, g, t, at);
    }
    for (int i = 0; i < doubles; ++i)
      leave(e, rays, from + i * lanes,
            {at.x[i], at.y[i], at.u[i], at.height[i], at.rise[i], at.slope[i],
             hn::Add(g.plane[i], t[i])},
            g.l[i], g.m[i], g.n[i]);
  }
}

void through_plane(const BatchElement& e, Block& rays) {
  for (int k = 0; k < Block::size; k += int(hn::Lanes(d))) {
    const V l = hn::Load(d, &rays.l[k]), m = hn::Load(d, &rays.m[k]), n = hn::Load(d, &rays.n[k]);
    const V distance = hn::Neg(hn::Div(hn::Load(d, &rays.z[k]), n));
    fail(rays, k, hn::Eq(n, hn::Zero(d)), RayStatus::missed);
    const V x = hn::MulAdd(distance, l, hn::Load(d, &rays.x[k]));
    const V y = hn::MulAdd(distance, m, hn::Load(d, &rays.y[k]));
    leave(e, rays, k,
          {x, y, hn::MulAdd(x, x, hn::Mul(y, y)), hn::Zero(d), hn::Zero(d), n, distance}, l, m, n);
  }
}

// The closed form of trace_detail::conic_distance.
void through_conic(const BatchElement& e, Block& rays) {
  const V one = all(1), zero = hn::Zero(d), c = all(e.element.shape.curvature);
  for (int k = 0; k < Block::size; k += int(hn::Lanes(d))) {
    const V l = hn::Load(d, &rays.l[k]), m = hn::Load(d, &rays.m[k]), n = hn::Load(d, &rays.n[k]);
    const V plane = hn::Neg(hn::Div(hn::Load(d, &rays.z[k]), n));
    const V x0 = hn::MulAdd(plane, l, hn::Load(d, &rays.x[k]));
    const V y0 = hn::MulAdd(plane, m, hn::Load(d, &rays.y[k]));
    const V rim = hn::Mul(c, hn::MulAdd(x0, x0, hn::Mul(y0, y0)));
    const V g = hn::NegMulAdd(c, hn::MulAdd(l, x0, hn::Mul(m, y0)), n);
    const V stretch = hn::MulAdd(hn::Mul(all(e.element.shape.conic), n), n, one);
    const V square = hn::NegMulAdd(hn::Mul(c, rim), stretch, hn::Mul(g, g));
    const V below = hn::Add(g, hn::CopySign(hn::Sqrt(square), n)), t = hn::Div(rim, below);
    const V x = hn::MulAdd(t, l, x0), y = hn::MulAdd(t, m, y0);
    const V u = hn::MulAdd(x, x, hn::Mul(y, y)), w = hn::NegMulAdd(all(e.bend), u, one);
    // The far side of an ellipsoid, beyond its equator, is not the surface.
    const V depth =
        hn::Mul(all((1 + e.element.shape.conic) * e.element.shape.curvature), hn::Mul(t, n));
    const auto near_side = hn::And(hn::Le(depth, one), hn::Gt(w, all(shape_detail::edge)));
    const auto meets = hn::And(hn::And(hn::Ge(square, zero), hn::Ne(below, zero)),
                               hn::And(near_side, hn::Ne(n, zero)));
    fail(rays, k, hn::Not(meets), RayStatus::missed);
    const V root = hn::Sqrt(w), over = hn::Div(c, hn::Mul(root, hn::Add(one, root)));
    const V rise = hn::MulAdd(over, root, over);
    const V slope = hn::NegMulAdd(rise, hn::MulAdd(x, l, hn::Mul(y, m)), n);
    leave(e, rays, k, {x, y, u, hn::Mul(u, hn::Mul(over, root)), rise, slope, hn::Add(plane, t)}, l,
          m, n);
  }
}

void through(const BatchElement& e, Block& rays) {
  switch (e.kind) {
    case BatchElement::Kind::only_moves:
      return;
    case BatchElement::Kind::plane:
      return through_plane(e, rays);
    case BatchElement::Kind::conic:
      return through_conic(e, rays);
    case BatchElement::Kind::even:
      return through_asphere(e, rays);
    case BatchElement::Kind::one_by_one:
      return one_by_one(e, rays);
  }
}

#endif

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace lichtbild::optics::batch
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lichtbild::optics::batch {
HWY_EXPORT(through);

void through_element(const BatchElement& element, Block& rays) {
  HWY_DYNAMIC_DISPATCH(through)(element, rays);
}
}  // namespace lichtbild::optics::batch
#endif
