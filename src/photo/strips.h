// for_each_strip(count, body): body(0) .. body(count - 1) on all cores; whoever is free takes the
// next strip.
//
// Strips cost different time (sky is cheap, leaves are dear), so they are handed out one by one,
// not split evenly. The first exception of a body ends the work and is thrown again here. One strip
// is done on the caller's own thread.
#pragma once

#include <functional>

namespace lichtbild {

void for_each_strip(int count, const std::function<void(int)>& body);

}  // namespace lichtbild
