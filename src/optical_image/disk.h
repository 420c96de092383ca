// disk: a plane averaged over disks.
#pragma once

#include "core/image.h"

namespace lichtbild {

// Each sample the mean over a disk of this radius in samples; the border goes on beyond itself.
// Radii below 0.2 are no more than the sample itself. Radii above eight are taken on means of 2 x
// 2 samples, again and again.
Image<float> averaged_over_disk(const Image<float>& plane, double radius);

}  // namespace lichtbild
