// Plot: curves in a frame, with labelled axes and ticks at round numbers.
#pragma once

#include <string>
#include <vector>

#include "optics/report/svg.h"
#include "optics/report/ticks.h"

namespace lichtbild::optics::report {

enum class Dash { solid, dashed, dotted, dash_dot };
Stroke stroke(const std::string& color, Dash dash = Dash::solid, double width = 1.3);

struct Axis {
  std::string label;  // with its unit; empty: none
  Range range;
  int ticks = 5;        // at most so many steps
  bool numbers = true;  // at the ticks
};

struct Curve {
  std::vector<double> x, y;  // as long as each other; points that are not finite interrupt
  Stroke stroke;
};

struct Plot {
  std::string title;
  Axis x, y;
  std::vector<Curve> curves;
  std::string message = "not computed";  // stands in the frame if no curve has a point
  bool zero_lines = false;               // through the origin
};

// Of all points of the curves that are finite; empty ranges where there are none.
Range extent_x(const std::vector<Curve>& curves);
Range extent_y(const std::vector<Curve>& curves);
Range united(Range a, Range b);
// Wide enough to be drawn: a range without width, or none at all, gets some.
Range with_room(Range range);
Range symmetric(Range range);  // about 0

// An axis whose ends are ticks.
Axis rounded_axis(std::string label, Range range, int ticks = 5);

// Where the frame lies in the box that a plot fills, and values in the frame.
Box frame_in(const Plot& plot, const Box& box);
Point place_in(const Plot& plot, const Box& frame, double x, double y);

void draw(Svg& svg, const Plot& plot, const Box& box);
std::string plot_svg(const Plot& plot, double width, double height);
void draw_message(Svg& svg, const Box& frame, const std::string& message);

struct LegendEntry {
  std::string label;
  Stroke stroke;
};
// A line of HTML: swatch, label, swatch, label ...
std::string legend(const std::vector<LegendEntry>& entries);

}  // namespace lichtbild::optics::report
