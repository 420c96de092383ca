// Sag<T> and its slopes: how deep a surface is at (x, y), for every form of lens.h.
//
// ShapeOf<T> is a Shape whose numbers are of the type T, so that a Jet can carry derivatives with
// respect to curvatures and coefficients. `sag` never leaves the domain: where the conic ends,
// (1 + k) c^2 r^2 > 1, it is continued by its tangent, so that Newton's iteration (trace.h) can
// come back, and `inside` says that the point is not on the surface.
#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include "optics/forbes.h"
#include "optics/lens.h"

namespace lichtbild::optics {

enum class Form { conic, even, odd, q_bfs, q_con, biconic, toroid, xy };

template <class T>
struct ShapeOf {
  Form form = Form::conic;
  T curvature{}, conic{};
  std::vector<T> coefficients;  // as in lens.h; of XyPolynomial: in the order of its terms
  T curvature_x{}, conic_x{};   // biconic; of a toroid: 1 / radius_x
  double normalization_radius_mm = 1;
  std::vector<XyPolynomial::Term> terms;

  bool is_rotational() const { return form < Form::biconic; }
  bool is_plane() const { return form == Form::conic && curvature == T(0); }
};

template <class T>
struct Sag {
  T z, dx, dy;  // height and slopes
  bool inside;
};

ShapeOf<double> shape_of(const Shape& shape);

// The same shape in another type of number: each goes through `number`.
template <class To, class From, class Number>
ShapeOf<To> shape_as(const ShapeOf<From>& s, Number number) {
  ShapeOf<To> out{s.form,
                  number(s.curvature),
                  number(s.conic),
                  {},
                  number(s.curvature_x),
                  number(s.conic_x),
                  s.normalization_radius_mm,
                  s.terms};
  for (const From& c : s.coefficients) out.coefficients.push_back(number(c));
  return out;
}

namespace shape_detail {

// The smallest 1 - (1 + k) c^2 r^2 that counts as inside.
inline constexpr double edge = 1e-9;

// A height as a function of one argument, and its derivative.
template <class T>
struct Curve {
  T z, slope;
  bool inside = true;
};

// c u / (1 + sqrt(1 - (1 + k) c^2 u)) of u = r^2, continued by its tangent beyond the edge.
template <class T>
Curve<T> conic(const T& c, const T& k, const T& u) {
  using std::sqrt;
  const T bend = (T(1) + k) * c * c;
  const T s = T(1) - bend * u;
  if (s > T(edge)) {
    const T root = sqrt(s);
    return {c * u / (T(1) + root), c / (T(2) * root)};
  }
  const T root = sqrt(T(edge)), u_edge = (T(1) - T(edge)) / bend, slope = c / (T(2) * root);
  return {c * u_edge / (T(1) + root) + slope * (u - u_edge), slope, false};
}

// sum a_i u^(i+1), i from 0.
template <class T>
Curve<T> powers(const std::vector<T>& a, const T& u) {
  T z(0), slope(0);
  for (auto c = a.rbegin(); c != a.rend(); ++c) {
    slope = slope * u + z;
    z = z * u + *c;
  }
  return {z * u, slope * u + z};
}

template <class T>
Curve<T> rotational(const ShapeOf<T>& s, const T& u) {
  using std::sqrt;
  Curve<T> curve = conic(s.curvature, s.conic, u);
  if (s.form == Form::even) {
    const Curve<T> more = powers(s.coefficients, u);
    curve.z += more.z;
    curve.slope += more.slope;
  } else if (s.form == Form::odd && u > T(0)) {
    const T r = sqrt(u);
    const Curve<T> more = powers(s.coefficients, r);
    curve.z += more.z;
    curve.slope += more.slope / (T(2) * r);
  } else if (s.form == Form::q_con) {
    const T scale = T(1 / (s.normalization_radius_mm * s.normalization_radius_mm)), x = scale * u;
    const Sum<T> q = q_con_sum(s.coefficients, x);
    curve.z += x * x * q.value;
    curve.slope += scale * x * (T(2) * q.value + x * q.derivative);
  } else if (s.form == Form::q_bfs) {
    const T scale = T(1 / (s.normalization_radius_mm * s.normalization_radius_mm)), x = scale * u;
    const Sum<T> q = q_bfs_sum(s.coefficients, x);
    // The departure stands along the conic's normal, whose cosine is sqrt(foot / head).
    const T c2 = s.curvature * s.curvature;
    const T head = T(1) - s.conic * c2 * u;
    T foot = T(1) - (T(1) + s.conic) * c2 * u;
    if (!(foot > T(edge))) foot = T(edge);
    const T over = sqrt(head / foot), bump = x * (T(1) - x);
    curve.z += over * bump * q.value;
    curve.slope += over * (scale * ((T(1) - T(2) * x) * q.value + bump * q.derivative) +
                           bump * q.value * c2 / T(2) * ((T(1) + s.conic) / foot - s.conic / head));
  }
  return curve;
}

template <class T>
Sag<T> biconic(const ShapeOf<T>& s, const T& x, const T& y) {
  using std::sqrt;
  const T bend_x = (T(1) + s.conic_x) * s.curvature_x * s.curvature_x;
  const T bend_y = (T(1) + s.conic) * s.curvature * s.curvature;
  const T up = s.curvature_x * x * x + s.curvature * y * y;
  T w = T(1) - bend_x * x * x - bend_y * y * y;
  const bool inside = w > T(edge);
  if (!inside) w = T(edge);
  const T root = sqrt(w), below = T(1) + root;
  // d(up / below) = (d up) / below - up (d root) / below^2, and d root = -bend x dx / root.
  const T pull = inside ? up / (below * below * root) : T(0);
  return {up / below, x * (T(2) * s.curvature_x / below + pull * bend_x),
          y * (T(2) * s.curvature / below + pull * bend_y), inside};
}

template <class T>
Sag<T> toroid(const ShapeOf<T>& s, const T& x, const T& y) {
  using std::sqrt;
  Curve<T> profile = conic(s.curvature, s.conic, T(y * y));
  const Curve<T> more = powers(s.coefficients, T(y * y));
  const T f = profile.z + more.z, df = T(2) * y * (profile.slope + more.slope);
  if (s.curvature_x == T(0)) return {f, T(0), df, profile.inside};
  // A circle of radius g = 1 / curvature_x - f through (0, f): z = f + q x^2 / (1 + root).
  const T q = s.curvature_x / (T(1) - s.curvature_x * f);
  T w = T(1) - q * q * x * x;
  const bool inside = profile.inside && w > T(edge);
  if (!(w > T(edge))) w = T(edge);
  const T root = sqrt(w);
  // z = 1/curvature_x - g root: dz/dx = q x / root, dz/dy = df / root.
  return {f + q * x * x / (T(1) + root), q * x / root, df / root, inside};
}

template <class T>
T power(const T& base, int exponent) {
  T product(1);
  for (int i = 0; i < exponent; ++i) product = product * base;
  return product;
}

template <class T>
Sag<T> xy_polynomial(const ShapeOf<T>& s, const T& x, const T& y) {
  const Curve<T> base = conic(s.curvature, s.conic, T(x * x + y * y));
  Sag<T> sag{base.z, T(2) * x * base.slope, T(2) * y * base.slope, base.inside};
  const T scale(1 / s.normalization_radius_mm), u = x * scale, v = y * scale;
  for (std::size_t i = 0; i < s.terms.size(); ++i) {
    const int m = s.terms[i].x_power, n = s.terms[i].y_power;
    const T& a = s.coefficients[i];
    const T um = power(u, m), vn = power(v, n);
    sag.z += a * um * vn;
    if (m > 0) sag.dx += a * T(m) * scale * power(u, m - 1) * vn;
    if (n > 0) sag.dy += a * T(n) * scale * um * power(v, n - 1);
  }
  return sag;
}

}  // namespace shape_detail

template <class T>
Sag<T> sag(const ShapeOf<T>& s, const T& x, const T& y) {
  switch (s.form) {
    case Form::biconic:
      return shape_detail::biconic(s, x, y);
    case Form::toroid:
      return shape_detail::toroid(s, x, y);
    case Form::xy:
      return shape_detail::xy_polynomial(s, x, y);
    default: {
      const auto curve = shape_detail::rotational(s, T(x * x + y * y));
      return {curve.z, T(2) * x * curve.slope, T(2) * y * curve.slope, curve.inside};
    }
  }
}

// Curvatures at the vertex in x and y, coefficients of x^2 / 2 and y^2 / 2: what paraxial rays see.
struct VertexCurvature {
  double x, y;
};
VertexCurvature vertex_curvature(const ShapeOf<double>& shape);

}  // namespace lichtbild::optics
