#include "optics/analysis/seidel.h"

#include <algorithm>
#include <cmath>

namespace lichtbild::optics {
namespace {

// Fourth-order coefficient of z(r), and what is left of it beyond a sphere of the vertex curvature.
double aspheric_r4(const ShapeOf<double>& s, double vertex_curvature) {
  const double c = s.curvature;
  double r4 = (1 + s.conic) * c * c * c / 8;
  if (s.form == Form::even && s.coefficients.size() > 1) r4 += s.coefficients[1];
  if (s.form == Form::odd && s.coefficients.size() > 3) r4 += s.coefficients[3];
  const double radius2 = s.normalization_radius_mm * s.normalization_radius_mm;
  if (s.form == Form::q_con) r4 += q_con_sum(s.coefficients, 0.0).value / (radius2 * radius2);
  if (s.form == Form::q_bfs) {
    // x (1 - x) (1 + c^2 r^2 / 2) (Q + Q' x) to the second order in x = r^2 / R^2.
    const Sum<double> q = q_bfs_sum(s.coefficients, 0.0);
    r4 += (q.derivative - q.value + q.value * c * c * radius2 / 2) / (radius2 * radius2);
  }
  return r4 - vertex_curvature * vertex_curvature * vertex_curvature / 8;
}

}  // namespace

Seidel seidel(const System& system) {
  const Path<double>& path = system.path();
  const FirstOrder& f = system.paraxial();
  const auto [shortest, longest] = wavelength_ends(system.lens);
  const FirstOrder &blue = system.first_order[shortest], &red = system.first_order[longest];
  Seidel out;
  const double invariant = f.lagrange_invariant;
  for (int i = 0; i + 1 < int(path.size()); ++i) {
    const double n = f.signed_index[i], n1 = f.signed_index[i + 1];
    const double c = vertex_curvature(path[i].shape).y;
    const double y = f.marginal.height_mm[i], y_bar = f.chief.height_mm[i];
    const double u = i == 0 ? f.marginal.slope_before : f.marginal.slope[i - 1];
    const double u_bar = i == 0 ? f.chief.slope_before : f.chief.slope[i - 1];
    const double a = n * (u + y * c), a_bar = n * (u_bar + y_bar * c);  // refraction invariants
    const double delta = f.marginal.slope[i] / n1 - u / n;
    SeidelTerms t;
    t.s1 = -a * a * y * delta;
    t.s2 = -a * a_bar * y * delta;
    t.s3 = -a_bar * a_bar * y * delta;
    t.s4 = -invariant * invariant * c * (1 / n1 - 1 / n);
    // Welford's form of distortion without a division by the marginal invariant.
    t.s5 = -a_bar * (a_bar * a_bar * (1 / (n1 * n1) - 1 / (n * n)) * y -
                     (invariant + a_bar * y) * y_bar * c * (1 / n1 - 1 / n));
    if (path[i].reflects || path[i].index != path[i].index_before) {
      const double aspheric = 8 * aspheric_r4(path[i].shape, c) * (n1 - n);
      t.s1 += aspheric * y * y * y * y;
      t.s2 += aspheric * y * y * y * y_bar;
      t.s3 += aspheric * y * y * y_bar * y_bar;
      t.s5 += aspheric * y * y_bar * y_bar * y_bar;
      const auto dispersion = [&](int element) {
        return (blue.signed_index[element] - red.signed_index[element]) / f.signed_index[element];
      };
      const double d = dispersion(i + 1) - dispersion(i);
      t.c1 = a * y * d;
      t.c2 = a_bar * y * d;
    }
    out.surfaces.push_back(t);
    out.sum.s1 += t.s1;
    out.sum.s2 += t.s2;
    out.sum.s3 += t.s3;
    out.sum.s4 += t.s4;
    out.sum.s5 += t.s5;
    out.sum.c1 += t.c1;
    out.sum.c2 += t.c2;
  }
  return out;
}

}  // namespace lichtbild::optics
