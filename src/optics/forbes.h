// Forbes's orthogonal polynomials for aspheres: weighted sums and their derivatives.
//
// Source: G. W. Forbes, "Shape specification for axially symmetric optical surfaces", Opt. Express
// 15, 5218 (2007): Q-con are the Jacobi polynomials P(0,4) of 2x - 1; and "Robust, efficient
// computational methods for axially symmetric optical aspheres", Opt. Express 18, 19700 (2010),
// equations A.14 to A.16: the recurrence of Q-bfs through auxiliary polynomials P_m.
#pragma once

#include <cmath>
#include <vector>

namespace lichtbild::optics {

template <class T>
struct Sum {
  T value, derivative;  // with respect to x
};

// sum a_m Qcon_m(x), x = u^2.
template <class T>
Sum<T> q_con_sum(const std::vector<T>& a, const T& x) {
  // Jacobi three-term recurrence with alpha = 0, beta = 4, argument t = 2 x - 1.
  T p_before(0), d_before(0), p(1), d(0);
  T value(0), derivative(0);
  const T t = T(2) * x - T(1);
  for (int m = 0; m < int(a.size()); ++m) {
    value += a[m] * p;
    derivative += a[m] * d;
    const double n = m + 1, s = 2 * n + 4;
    const double scale = 1 / (2 * n * (n + 4) * (s - 2));
    const T slope(scale * (s - 1) * s * (s - 2)), shift(scale * (s - 1) * -16);
    const T back(scale * 2 * (n - 1) * (n + 3) * s);
    const T p_next = (slope * t + shift) * p - back * p_before;
    const T d_next = (slope * t + shift) * d + T(2) * slope * p - back * d_before;
    p_before = p;
    d_before = d;
    p = p_next;
    d = d_next;
  }
  return {value, derivative};
}

// sum a_m Qbfs_m(x), x = u^2.
template <class T>
Sum<T> q_bfs_sum(const std::vector<T>& a, const T& x) {
  // P_0 = 2, P_1 = 6 - 8 x, P_{m+1} = (2 - 4 x) P_m - P_{m-1};
  // Q_0 = 1, f_m Q_m = P_m - g_{m-1} Q_{m-1} - h_{m-2} Q_{m-2}.
  T value(0), derivative(0);
  T p_before(2), dp_before(0), p = T(6) - T(8) * x, dp(-8);
  T q_before(0), dq_before(0), q(1), dq(0);
  double f_before = 0, f = 2, g_before = 0;  // f_{m-1}, f_m, g_{m-1}
  for (int m = 0; m < int(a.size()); ++m) {
    value += a[m] * q;
    derivative += a[m] * dq;
    const double h = m == 0 ? 0 : -(m + 1) * m / (2 * f_before);  // h_{m-1}
    const double g = m == 0 ? -0.5 : -(1 + g_before * h) / f;     // g_m
    const double f_next = std::sqrt((m + 1) * (m + 2) + 3 - g * g - h * h);
    const T q_next = (p - T(g) * q - T(h) * q_before) / T(f_next);
    const T dq_next = (dp - T(g) * dq - T(h) * dq_before) / T(f_next);
    const T p_next = (T(2) - T(4) * x) * p - p_before;
    const T dp_next = (T(2) - T(4) * x) * dp - T(4) * p - dp_before;
    q_before = q;
    dq_before = dq;
    q = q_next;
    dq = dq_next;
    p_before = p;
    dp_before = dp;
    p = p_next;
    dp = dp_next;
    f_before = f;
    f = f_next;
    g_before = g;
  }
  return {value, derivative};
}

}  // namespace lichtbild::optics
