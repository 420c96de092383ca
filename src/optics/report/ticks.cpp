#include "optics/report/ticks.h"

#include <algorithm>
#include <cmath>

#include "optics/report/text.h"

namespace lichtbild::optics::report {
namespace {

// Steps that are round but for the last bits of a double still count.
constexpr double slack = 1e-9;

double step_of(Range range, int at_most) {
  const double width = range.high - range.low;
  return width > 0 && std::isfinite(width) ? round_step(width / at_most) : 0;
}

}  // namespace

double round_step(double value) {
  const double decade = std::pow(10, std::floor(std::log10(value)));
  for (const double factor : {1., 2., 5.})
    if (value <= factor * decade * (1 + slack)) return factor * decade;
  return 10 * decade;
}

double round_length(double value) {
  const double decade = std::pow(10, std::floor(std::log10(value) + slack));
  double best = decade;
  for (const double factor : {2., 5., 10.})
    if (factor * decade <= value * (1 + slack)) best = factor * decade;
  return best;
}

std::vector<double> round_ticks(Range range, int at_most) {
  const double step = step_of(range, at_most);
  std::vector<double> ticks;
  if (step == 0) return ticks;
  const double first = std::ceil(range.low / step - slack),
               last = std::floor(range.high / step + slack);
  for (double i = first; i <= last; ++i) ticks.push_back(i == 0 ? 0 : i * step);
  return ticks;
}

Range widened_to_ticks(Range range, int at_most) {
  const double step = step_of(range, at_most);
  if (step == 0) return range;
  return {std::floor(range.low / step + slack) * step, std::ceil(range.high / step - slack) * step};
}

std::vector<std::string> tick_labels(const std::vector<double>& ticks) {
  std::vector<std::string> labels;
  labels.reserve(ticks.size());
  const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : 1;
  double largest = 0;
  for (const double tick : ticks) largest = std::max(largest, std::abs(tick));
  const int decimals = std::max(0, -int(std::floor(std::log10(step) + slack)));
  for (const double tick : ticks)
    labels.push_back(
        typeset(decimals > 5 || largest >= 1e6 ? significant(tick, 2) : fixed(tick, decimals)));
  return labels;
}

}  // namespace lichtbild::optics::report
