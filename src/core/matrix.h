// Matrix3 and Vector3: the 3x3 algebra of color, in double.
#pragma once

#include <array>
#include <cmath>

namespace lichtbild {

using Vector3 = std::array<double, 3>;

struct Matrix3 {
  std::array<double, 9> m{};  // row by row

  static Matrix3 identity() { return diagonal({1, 1, 1}); }
  static Matrix3 diagonal(const Vector3& d) { return {{d[0], 0, 0, 0, d[1], 0, 0, 0, d[2]}}; }

  double operator()(int row, int column) const { return m[3 * row + column]; }
  double& operator()(int row, int column) { return m[3 * row + column]; }

  double determinant() const {
    return m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) +
           m[2] * (m[3] * m[7] - m[4] * m[6]);
  }
  bool is_invertible() const {
    const double d = determinant();
    return std::isfinite(d) && std::abs(d) > 1e-12;
  }
  Matrix3 inverse() const {
    const double d = 1 / determinant();
    return {{(m[4] * m[8] - m[5] * m[7]) * d, (m[2] * m[7] - m[1] * m[8]) * d,
             (m[1] * m[5] - m[2] * m[4]) * d, (m[5] * m[6] - m[3] * m[8]) * d,
             (m[0] * m[8] - m[2] * m[6]) * d, (m[2] * m[3] - m[0] * m[5]) * d,
             (m[3] * m[7] - m[4] * m[6]) * d, (m[1] * m[6] - m[0] * m[7]) * d,
             (m[0] * m[4] - m[1] * m[3]) * d}};
  }
  friend Matrix3 operator*(const Matrix3& a, const Matrix3& b) {
    Matrix3 product;
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 3; ++j)
        for (int k = 0; k < 3; ++k) product(i, j) += a(i, k) * b(k, j);
    return product;
  }
  friend Vector3 operator*(const Matrix3& a, const Vector3& v) {
    Vector3 product{};
    for (int i = 0; i < 3; ++i)
      for (int k = 0; k < 3; ++k) product[i] += a(i, k) * v[k];
    return product;
  }
  friend Matrix3 operator*(double s, Matrix3 a) {
    for (double& value : a.m) value *= s;
    return a;
  }
  friend Matrix3 operator+(Matrix3 a, const Matrix3& b) {
    for (int i = 0; i < 9; ++i) a.m[i] += b.m[i];
    return a;
  }
};

}  // namespace lichtbild
