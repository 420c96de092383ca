#include "optics/shape.h"

namespace lichtbild::optics {
namespace {

void take(ShapeOf<double>&, const Conic&) {}
void take_powers(ShapeOf<double>& s, Form form, const std::vector<double>& coefficients) {
  s.form = form;
  s.coefficients = coefficients;
}
void take(ShapeOf<double>& s, const EvenAsphere& f) { take_powers(s, Form::even, f.coefficients); }
void take(ShapeOf<double>& s, const OddAsphere& f) { take_powers(s, Form::odd, f.coefficients); }
void take(ShapeOf<double>& s, const QBfs& f) {
  take_powers(s, Form::q_bfs, f.coefficients);
  s.normalization_radius_mm = f.normalization_radius_mm;
}
void take(ShapeOf<double>& s, const QCon& f) {
  take_powers(s, Form::q_con, f.coefficients);
  s.normalization_radius_mm = f.normalization_radius_mm;
}
void take(ShapeOf<double>& s, const Biconic& f) {
  s.form = Form::biconic;
  s.curvature_x = f.curvature_x;
  s.conic_x = f.conic_x;
}
void take(ShapeOf<double>& s, const Toroid& f) {
  s.form = Form::toroid;
  s.curvature_x = std::isfinite(f.radius_x_mm) ? 1 / f.radius_x_mm : 0;
  s.coefficients = f.coefficients;
}
void take(ShapeOf<double>& s, const XyPolynomial& f) {
  s.form = Form::xy;
  s.normalization_radius_mm = f.normalization_radius_mm;
  s.terms = f.terms;
  for (const auto& term : f.terms) s.coefficients.push_back(term.coefficient_mm);
}

}  // namespace

ShapeOf<double> shape_of(const Shape& shape) {
  ShapeOf<double> s;
  s.curvature = shape.curvature;
  s.conic = shape.conic;
  std::visit([&s](const auto& form) { take(s, form); }, shape.form);
  // Powers that are all zero cost time and change nothing.
  while (s.form <= Form::q_con && !s.coefficients.empty() && s.coefficients.back() == 0)
    s.coefficients.pop_back();
  if (s.form <= Form::q_con && s.coefficients.empty()) s.form = Form::conic;
  return s;
}

VertexCurvature vertex_curvature(const ShapeOf<double>& s) {
  double x = s.curvature, y = s.curvature;
  const auto coefficient = [&s](std::size_t i) {
    return i < s.coefficients.size() ? s.coefficients[i] : 0;
  };
  const double r2 = s.normalization_radius_mm * s.normalization_radius_mm;
  switch (s.form) {
    case Form::conic:
    case Form::q_con:
      break;
    case Form::even:
      x = y = s.curvature + 2 * coefficient(0);
      break;
    case Form::odd:
      x = y = s.curvature + 2 * coefficient(1);
      break;
    case Form::q_bfs:
      x = y = s.curvature + 2 * q_bfs_sum(s.coefficients, 0.0).value / r2;
      break;
    case Form::biconic:
      x = s.curvature_x;
      break;
    case Form::toroid:
      x = s.curvature_x;
      y = s.curvature + 2 * coefficient(0);
      break;
    case Form::xy:
      for (std::size_t i = 0; i < s.terms.size(); ++i) {
        if (s.terms[i].x_power == 2 && s.terms[i].y_power == 0) x += 2 * s.coefficients[i] / r2;
        if (s.terms[i].x_power == 0 && s.terms[i].y_power == 2) y += 2 * s.coefficients[i] / r2;
      }
  }
  return {x, y};
}

}  // namespace lichtbild::optics
