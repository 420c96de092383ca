// Zernike polynomials against printed tables and integrals; the quadrature that integrates them.
#include "optics/analysis/zernike.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "optics/analysis/arrivals.h"

namespace lichtbild::optics {
namespace {

using Polynomial = std::function<double(double, double)>;  // of r and the angle from x

void expect_term(const ZernikeIndex& index, const Polynomial& printed, int j) {
  for (const double r : {0.0, 0.3, 0.77, 1.0})
    for (const double angle : {0.0, 0.4, 2.0, -2.8})
      EXPECT_NEAR(zernike(index, {r * std::cos(angle), r * std::sin(angle)}), printed(r, angle),
                  1e-12)
          << "term " << j << " at " << r << ", " << angle;
}

double p(double r, int n) { return std::pow(r, n); }

// Noll 1976, table I.
TEST(Zernike, StandardTermsAreNolls) {
  const std::vector<std::pair<int, Polynomial>> table = {
      {1, [](double, double) { return 1; }},
      {2, [](double r, double a) { return 2 * r * std::cos(a); }},
      {3, [](double r, double a) { return 2 * r * std::sin(a); }},
      {4, [](double r, double) { return std::sqrt(3) * (2 * r * r - 1); }},
      {5, [](double r, double a) { return std::sqrt(6) * r * r * std::sin(2 * a); }},
      {6, [](double r, double a) { return std::sqrt(6) * r * r * std::cos(2 * a); }},
      {7, [](double r, double a) { return std::sqrt(8) * (3 * p(r, 3) - 2 * r) * std::sin(a); }},
      {8, [](double r, double a) { return std::sqrt(8) * (3 * p(r, 3) - 2 * r) * std::cos(a); }},
      {9, [](double r, double a) { return std::sqrt(8) * p(r, 3) * std::sin(3 * a); }},
      {10, [](double r, double a) { return std::sqrt(8) * p(r, 3) * std::cos(3 * a); }},
      {11, [](double r, double) { return std::sqrt(5) * (6 * p(r, 4) - 6 * r * r + 1); }},
      {12, [](double r,
              double a) { return std::sqrt(10) * (4 * p(r, 4) - 3 * r * r) * std::cos(2 * a); }},
      {13, [](double r,
              double a) { return std::sqrt(10) * (4 * p(r, 4) - 3 * r * r) * std::sin(2 * a); }},
      {14, [](double r, double a) { return std::sqrt(10) * p(r, 4) * std::cos(4 * a); }},
      {15, [](double r, double a) { return std::sqrt(10) * p(r, 4) * std::sin(4 * a); }},
      {22, [](double r,
              double) { return std::sqrt(7) * (20 * p(r, 6) - 30 * p(r, 4) + 12 * r * r - 1); }},
  };
  for (const auto& [j, printed] : table) expect_term(noll(j), printed, j);
}

// Wyant and Creath, "Basic Wavefront Aberration Theory for Optical Metrology" (1992), table III.
TEST(Zernike, FringeTermsAreArizonas) {
  const std::vector<std::pair<int, Polynomial>> table = {
      {1, [](double, double) { return 1; }},
      {2, [](double r, double a) { return r * std::cos(a); }},
      {3, [](double r, double a) { return r * std::sin(a); }},
      {4, [](double r, double) { return 2 * r * r - 1; }},
      {5, [](double r, double a) { return r * r * std::cos(2 * a); }},
      {6, [](double r, double a) { return r * r * std::sin(2 * a); }},
      {7, [](double r, double a) { return (3 * p(r, 3) - 2 * r) * std::cos(a); }},
      {8, [](double r, double a) { return (3 * p(r, 3) - 2 * r) * std::sin(a); }},
      {9, [](double r, double) { return 6 * p(r, 4) - 6 * r * r + 1; }},
      {10, [](double r, double a) { return p(r, 3) * std::cos(3 * a); }},
      {11, [](double r, double a) { return p(r, 3) * std::sin(3 * a); }},
      {12, [](double r, double a) { return (4 * p(r, 4) - 3 * r * r) * std::cos(2 * a); }},
      {14, [](double r, double a) { return (10 * p(r, 5) - 12 * p(r, 3) + 3 * r) * std::cos(a); }},
      {16, [](double r, double) { return 20 * p(r, 6) - 30 * p(r, 4) + 12 * r * r - 1; }},
      {17, [](double r, double a) { return p(r, 4) * std::cos(4 * a); }},
      {25, [](double r,
              double) { return 70 * p(r, 8) - 140 * p(r, 6) + 90 * p(r, 4) - 20 * r * r + 1; }},
      {36,
       [](double r, double) {
         return 252 * p(r, 10) - 630 * p(r, 8) + 560 * p(r, 6) - 210 * p(r, 4) + 30 * r * r - 1;
       }},
      {37,
       [](double r, double) {
         return 924 * p(r, 12) - 2772 * p(r, 10) + 3150 * p(r, 8) - 1680 * p(r, 6) + 420 * p(r, 4) -
                42 * r * r + 1;
       }},
  };
  for (const auto& [j, printed] : table) expect_term(fringe(j), printed, j);
}

double mean(const PupilQuadrature& q, const std::function<double(PupilPoint)>& f) {
  double sum = 0;
  for (std::size_t i = 0; i < q.points.size(); ++i) sum += q.weights[i] * f(q.points[i]);
  return sum;
}

TEST(Zernike, StandardTermsAreOrthonormal) {
  // Degree 14 in r: 8 rings are exact; angles up to 2 * 7 turns: 15 arms.
  const PupilQuadrature q = pupil_quadrature(8, 15);
  for (int i = 1; i <= 36; ++i)
    for (int j = 1; j <= i; ++j)
      EXPECT_NEAR(
          mean(q, [&](PupilPoint at) { return zernike(noll(i), at) * zernike(noll(j), at); }),
          i == j ? 1 : 0, 1e-12)
          << i << ", " << j;
}

// The mean of r^2k over the disk is 1 / (k + 1): exact up to k = 2 rings - 1. Of the next power two
// rings leave Gauss's remainder (2!)^4 / (5 (4!)^2) = 1 / 180.
TEST(PupilQuadrature, IsExactToItsDegreeAndNoFurther) {
  for (const int rings : {1, 2, 3, 6, 10, 20}) {
    const PupilQuadrature q = pupil_quadrature(rings, 6);
    for (int k = 0; k < 2 * rings; ++k)
      EXPECT_NEAR(mean(q, [k](PupilPoint at) { return std::pow(std::hypot(at.x, at.y), 2 * k); }),
                  1.0 / (k + 1), 1e-14)
          << rings << " rings, r^" << 2 * k;
  }
  const double two = mean(pupil_quadrature(2, 6),
                          [](PupilPoint at) { return std::pow(std::hypot(at.x, at.y), 8); });
  EXPECT_NEAR(1.0 / 5 - two, 1.0 / 180, 1e-14);
}

double planted(ZernikeOrder order, const std::vector<double>& c, PupilPoint at) {
  double sum = 0;
  for (std::size_t k = 0; k < c.size(); ++k)
    sum +=
        c[k] * zernike(order == ZernikeOrder::standard ? noll(int(k) + 1) : fringe(int(k) + 1), at);
  return sum;
}

// The variance of a wave is the sum of its squared orthonormal terms, and the fit finds them again,
// also from the points of a vignetted pupil.
TEST(Zernike, PlantedTermsAreFoundAgain) {
  std::vector<double> c(37);
  for (int k = 0; k < 37; ++k) c[k] = std::sin(1.7 * k + 0.3) / (k + 1);
  for (const ZernikeOrder order : {ZernikeOrder::standard, ZernikeOrder::fringe})
    for (const double cut : {2.0, 0.6}) {
      const PupilQuadrature q = pupil_quadrature(12, 32);
      std::vector<PupilPoint> points;
      std::vector<double> weights, values;
      for (std::size_t i = 0; i < q.points.size(); ++i) {
        if (q.points[i].y > cut) continue;
        points.push_back(q.points[i]);
        weights.push_back(q.weights[i]);
        values.push_back(planted(order, c, q.points[i]));
      }
      const std::vector<double> found = fit_zernike(order, 37, points, weights, values);
      ASSERT_EQ(found.size(), 37u);
      // A cut pupil tells the terms apart less well: its condition number is some thousands.
      for (int k = 0; k < 37; ++k)
        EXPECT_NEAR(found[k], c[k], cut > 1 ? 1e-13 : 1e-10) << "term " << k + 1;
    }
}

TEST(Zernike, VarianceIsTheSumOfSquares) {
  const std::vector<double> c = {3, 0.2, -0.1, 0.05, 0.03, -0.02, 0.01, 0.04, 0, 0.02, -0.06};
  const PupilQuadrature q = pupil_quadrature(10, 20);
  const auto wave = [&](PupilPoint at) { return planted(ZernikeOrder::standard, c, at); };
  const double average = mean(q, wave);
  double expected = 0;
  for (std::size_t k = 1; k < c.size(); ++k) expected += c[k] * c[k];
  EXPECT_NEAR(average, 3, 1e-13);
  EXPECT_NEAR(mean(q, [&](PupilPoint at) { return std::pow(wave(at) - average, 2); }), expected,
              1e-13);
}

TEST(Zernike, FewerPointsThanTermsFitNothing) {
  EXPECT_TRUE(fit_zernike(ZernikeOrder::fringe, 4, {{0, 0}, {1, 0}}, {1, 1}, {0, 1}).empty());
}

// J. C. Wyant, K. Creath, Basic Wavefront Aberration Theory (1992), table III, for the fringe
// order; Noll's as V. N. Mahajan, Optical Imaging and Aberrations II (2011), names them. Theirs at
// +-45 or
// +-30 degrees are named by their first crest here.
TEST(Zernike, TermsHaveTheNamesOfTheTables) {
  const std::vector<std::pair<int, std::string>> fringe_names = {
      {1, "piston"},
      {2, "tilt x"},
      {3, "tilt y"},
      {4, "defocus"},
      {5, "astigmatism 0 deg"},
      {6, "astigmatism 45 deg"},
      {7, "coma x"},
      {8, "coma y"},
      {9, "spherical"},
      {10, "trefoil 0 deg"},
      {11, "trefoil 30 deg"},
      {12, "secondary astigmatism 0 deg"},
      {14, "secondary coma x"},
      {15, "secondary coma y"},
      {16, "secondary spherical"},
      {17, "tetrafoil 0 deg"},
      {18, "tetrafoil 22.5 deg"},
      {25, "tertiary spherical"},
      {36, "quaternary spherical"},
      {37, "quinary spherical"}};
  for (const auto& [j, printed] : fringe_names) EXPECT_EQ(zernike_name(fringe(j)), printed) << j;
  const std::vector<std::pair<int, std::string>> noll_names = {{1, "piston"},
                                                               {2, "tilt x"},
                                                               {3, "tilt y"},
                                                               {4, "defocus"},
                                                               {5, "astigmatism 45 deg"},
                                                               {6, "astigmatism 0 deg"},
                                                               {7, "coma y"},
                                                               {8, "coma x"},
                                                               {9, "trefoil 30 deg"},
                                                               {10, "trefoil 0 deg"},
                                                               {11, "spherical"},
                                                               {16, "secondary coma x"},
                                                               {22, "secondary spherical"}};
  for (const auto& [j, printed] : noll_names) EXPECT_EQ(zernike_name(noll(j)), printed) << j;
}

}  // namespace
}  // namespace lichtbild::optics
