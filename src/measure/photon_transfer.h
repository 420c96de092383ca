// photon_transfer: a sensor's gain, read noise and full well from pairs of even pictures at several
// exposures (EMVA 1288 release 4, sections 6 and 7; Janesick, Photon Transfer, 2007).
//
// Half the variance of a pair's difference is the noise without the fixed pattern; over the mean
// signal it is a line: variance = signal / gain + read^2. Units are the file's numbers above black.
#pragma once

#include <span>
#include <vector>

#include "core/image.h"
#include "core/raw_frame.h"

namespace lichtbild {

// The means of one color over the middle half of the picture.
struct TransferPoint {
  double signal_dn = 0, variance_dn2 = 0;
};
// Two frames of one exposure; `scale_dn`: numbers from black to white, for linear mosaics.
TransferPoint transfer_point(const Image<float>& a, const Image<float>& b, const Cfa& cfa,
                             CfaColor color, double scale_dn);

struct PhotonTransfer {
  double electrons_per_dn = 0, read_noise_e = 0;
  double full_well_e = 0;  // the signal of the largest variance; 0: no pair reached it
  std::vector<TransferPoint> points;
};

// Two points at least, in any order. The line is fitted below 70 % of the largest signal by
// weighted least squares; points beyond the largest variance show the full well.
PhotonTransfer photon_transfer(std::span<const TransferPoint> points);

}  // namespace lichtbild
