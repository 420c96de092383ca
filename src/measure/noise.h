// Photon transfer: a sensor's gain, read noise and full well from pairs of equal, flat exposures.
//
// The difference of two frames has twice the variance of one, and nothing of the scene, of shading
// or of fixed pattern in it. Over a tile of signal s (0 black, 1 white level) photons and
// electronics give var = scale s + offset; scale x numbers between black and white level is a
// number's share of an electron's, offset the read noise with that of rounding (1/12 of a squared
// number). Janesick, "Photon Transfer", 2007.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/image.h"
#include "measure/channel.h"

namespace lichtbild {

struct TransferPoint {
  double signal = 0, variance = 0;  // of a tile
};

// Tiles of 64 x 64 pixels of the channel's samples; those at the border that are not whole are left
// out. The frames have one shape (Error).
std::vector<TransferPoint> transfer_points(const Image<float>& one, const Image<float>& other,
                                           const Channel& channel);

struct PhotonTransfer {
  double scale = 0, offset = 0;  // var = scale s + offset
  double gain_e_per_dn = 0, read_noise_e = 0;
  std::optional<double> full_well_e{};  // where tiles stop varying; none if none was so bright
  int tiles = 0;                        // that the line is fitted to
};

// `range_dn`: the file's numbers between black and white level; `clip`: signal at which the channel
// is clipped. Tiles with samples near it do not count. Throws Error when the tiles are of one
// brightness or grow no noisier with light.
PhotonTransfer photon_transfer(std::span<const TransferPoint> points, double range_dn, double clip);

}  // namespace lichtbild
