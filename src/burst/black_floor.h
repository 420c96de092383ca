// Black floor: files whose noise was cut off at black are too bright in the dark; the excess is
// taken away again.
//
// A camera that stores no values below black turns noise of mean m and deviation s into max(0,
// noise), whose mean is M(m) = m Phi(m / s) + s phi(m / s) - too bright by 0.4 s in black, and by
// the white balance's gain more so in red and blue: purple shadows, however many frames are
// averaged. The local mean is measured, M inverted, and the difference subtracted, which leaves the
// noise as it is. (The mean of a rectified Gaussian; Wikipedia, "Rectified Gaussian distribution".)
#pragma once

#include "core/raw_frame.h"

namespace lichtbild {

// True when a good share of the samples is exactly black and none below.
bool is_cut_at_black(const Image<float>& mosaic);

// The true mean m >= 0 of a noise of deviation `sigma` whose mean after the cut is `observed`.
double mean_before_cut(double observed, double sigma);

// `noise` is that of the frames as recorded, not of the merged result.
void undo_cut_at_black(Image<float>& mosaic, const Cfa& cfa, const NoiseModel& noise);

}  // namespace lichtbild
