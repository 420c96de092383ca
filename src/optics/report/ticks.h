// Ticks at round numbers: multiples of 1, 2 or 5 times a power of ten.
#pragma once

#include <string>
#include <vector>

namespace lichtbild::optics::report {

struct Range {
  double low = 0, high = 0;

  bool is_empty() const { return !(high > low); }
};

// The smallest round number at least as large as `value`, which is above 0.
double round_step(double value);
// The largest round number that is not above `value`, which is above 0: for scale bars.
double round_length(double value);

// All multiples of a round step inside the range, at most `at_most` + 1 of them. Of a range that is
// empty or not finite: none.
std::vector<double> round_ticks(Range range, int at_most);

// The range widened to multiples of the step that its ticks would have.
Range widened_to_ticks(Range range, int at_most);

// Labels of the ticks, all with as many decimals as the step between them needs.
std::vector<std::string> tick_labels(const std::vector<double>& ticks);

}  // namespace lichtbild::optics::report
