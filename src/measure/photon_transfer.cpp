#include "measure/photon_transfer.h"

#include <algorithm>
#include <cmath>

#include "core/invariant.h"

namespace lichtbild {

TransferPoint transfer_point(const Image<float>& a, const Image<float>& b, const Cfa& cfa,
                             CfaColor color, double scale_dn) {
  invariant(a.width() == b.width() && a.height() == b.height());
  double sum = 0, difference = 0, squares = 0;
  long count = 0;
  for (int y = a.height() / 4; y < a.height() * 3 / 4; ++y)
    for (int x = a.width() / 4; x < a.width() * 3 / 4; ++x) {
      if (cfa.at(x, y) != color) continue;
      const double u = a(x, y), v = b(x, y);
      sum += u + v, difference += u - v, squares += (u - v) * (u - v);
      ++count;
    }
  const double mean = difference / double(count);
  return {scale_dn * sum / (2 * double(count)),
          scale_dn * scale_dn * (squares / double(count) - mean * mean) / 2};
}

PhotonTransfer photon_transfer(std::span<const TransferPoint> points) {
  PhotonTransfer out;
  out.points.assign(points.begin(), points.end());
  std::ranges::sort(out.points, {}, &TransferPoint::signal_dn);
  // Where wells are full the noise vanishes.
  const auto noisiest = std::ranges::max_element(out.points, {}, &TransferPoint::variance_dn2);
  const bool full = noisiest + 1 < out.points.end() &&
                    out.points.back().variance_dn2 < 0.5 * noisiest->variance_dn2;
  const double end = full ? 0.7 * out.points.back().signal_dn : INFINITY;
  double w_sum = 0, x_sum = 0, y_sum = 0, xx = 0, xy = 0;
  for (const TransferPoint& p : out.points) {
    if (p.signal_dn > end) continue;
    // A variance is known in proportion to itself.
    const double w = 1 / (p.variance_dn2 * p.variance_dn2);
    w_sum += w, x_sum += w * p.signal_dn, y_sum += w * p.variance_dn2;
    xx += w * p.signal_dn * p.signal_dn, xy += w * p.signal_dn * p.variance_dn2;
  }
  const double slope = (w_sum * xy - x_sum * y_sum) / (w_sum * xx - x_sum * x_sum);
  const double offset = (y_sum - slope * x_sum) / w_sum;
  out.electrons_per_dn = 1 / slope;
  out.read_noise_e = std::sqrt(std::max(offset, 0.0)) / slope;
  if (full) out.full_well_e = out.points.back().signal_dn / slope;
  return out;
}

}  // namespace lichtbild
