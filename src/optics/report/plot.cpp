#include "optics/report/plot.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "optics/report/palette.h"
#include "optics/report/text.h"

namespace lichtbild::optics::report {
namespace {

using Anchor = TextStyle::Anchor;

constexpr double line_height = 15, number_width = 7, tick_length = 4, text_size = 12;

bool has_points(const Plot& plot) {
  return !extent_x(plot.curves).is_empty() || !extent_y(plot.curves).is_empty();
}

Range extent(const std::vector<Curve>& curves, std::vector<double> Curve::*values) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Range range{infinity, -infinity};
  for (const Curve& c : curves)
    for (std::size_t i = 0; i < std::min(c.x.size(), c.y.size()); ++i)
      if (std::isfinite(c.x[i]) && std::isfinite(c.y[i])) {
        range.low = std::min(range.low, (c.*values)[i]);
        range.high = std::max(range.high, (c.*values)[i]);
      }
  return range;
}

// Room for the numbers at the left.
double widest_label(const Axis& axis) {
  std::size_t widest = 0;
  for (const std::string& label : tick_labels(round_ticks(axis.range, axis.ticks))) {
    // A minus sign is three bytes but one character.
    const bool negative = label.rfind("−", 0) == 0;
    widest = std::max(widest, label.size() - (negative ? 2 : 0));
  }
  return double(widest) * number_width;
}

void draw_x_axis(Svg& svg, const Plot& plot, const Box& frame) {
  const std::vector<double> ticks = round_ticks(plot.x.range, plot.x.ticks);
  const std::vector<std::string> labels = tick_labels(ticks);
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    const double x = place_in(plot, frame, ticks[i], plot.y.range.low).x;
    svg.line({x, frame.y}, {x, frame.bottom()}, {"#E4E4E4", 0.6, ""});
    svg.line({x, frame.bottom()}, {x, frame.bottom() + tick_length}, {black, 0.8, ""});
    if (plot.x.numbers)
      svg.text({x, frame.bottom() + tick_length + 11}, labels[i], {Anchor::middle, text_size});
  }
  const double below = frame.bottom() + tick_length + (plot.x.numbers ? 26 : 11);
  svg.text({frame.x + frame.width / 2, below}, plot.x.label, {Anchor::middle, text_size});
}

void draw_y_axis(Svg& svg, const Plot& plot, const Box& frame, double left) {
  const std::vector<double> ticks = round_ticks(plot.y.range, plot.y.ticks);
  const std::vector<std::string> labels = tick_labels(ticks);
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    const double y = place_in(plot, frame, plot.x.range.low, ticks[i]).y;
    svg.line({frame.x, y}, {frame.right(), y}, {"#E4E4E4", 0.6, ""});
    svg.line({frame.x - tick_length, y}, {frame.x, y}, {black, 0.8, ""});
    if (plot.y.numbers)
      svg.text({frame.x - tick_length - 3, y + 4}, labels[i], {Anchor::end, text_size});
  }
  svg.text({left + 11, frame.y + frame.height / 2}, plot.y.label,
           {.anchor = Anchor::middle, .size = text_size, .upwards = true});
}

void draw_curves(Svg& svg, const Plot& plot, const Box& frame) {
  svg.begin_clip(frame);
  const Stroke zero{"#555555", 0.8, ""};
  if (plot.zero_lines) {
    const Point origin = place_in(plot, frame, 0, 0);
    svg.line({frame.x, origin.y}, {frame.right(), origin.y}, zero);
    svg.line({origin.x, frame.y}, {origin.x, frame.bottom()}, zero);
  }
  for (const Curve& curve : plot.curves) {
    std::vector<Point> points;
    for (std::size_t i = 0; i < std::min(curve.x.size(), curve.y.size()); ++i)
      points.push_back(place_in(plot, frame, curve.x[i], curve.y[i]));
    svg.polyline(points, curve.stroke);
  }
  svg.end_clip();
}

}  // namespace

Stroke stroke(const std::string& color, Dash dash, double width) {
  switch (dash) {
    case Dash::dashed:
      return {color, width, "5 3"};
    case Dash::dotted:
      return {color, width, "1.5 2.5"};
    case Dash::dash_dot:
      return {color, width, "9 3 2 3"};
    default:
      return {color, width, ""};
  }
}

Range extent_x(const std::vector<Curve>& curves) { return extent(curves, &Curve::x); }
Range extent_y(const std::vector<Curve>& curves) { return extent(curves, &Curve::y); }

Range united(Range a, Range b) { return {std::min(a.low, b.low), std::max(a.high, b.high)}; }

Range with_room(Range range) {
  if (!std::isfinite(range.low) || !std::isfinite(range.high)) return {0, 1};
  const double largest = std::max(std::abs(range.low), std::abs(range.high));
  if (range.high - range.low > 1e-9 * largest) return range;
  const double room = largest > 0 ? 0.1 * largest : 1;
  return {range.low - room, range.high + room};
}

Range symmetric(Range range) {
  const double largest = std::max(std::abs(range.low), std::abs(range.high));
  return std::isfinite(largest) ? Range{-largest, largest} : range;
}

Axis rounded_axis(std::string label, Range range, int ticks) {
  return {std::move(label), widened_to_ticks(with_room(range), ticks), ticks, true};
}

Box frame_in(const Plot& plot, const Box& box) {
  const double left = (plot.y.label.empty() ? 4 : 18) + tick_length + 3 +
                      (plot.y.numbers ? widest_label(plot.y) : 0);
  const double top = plot.title.empty() ? 8 : line_height + 6;
  const double bottom = tick_length + (plot.x.numbers ? line_height : 0) +
                        (plot.x.label.empty() ? 2 : line_height + 2);
  return {box.x + left, box.y + top, box.width - left - 12, box.height - top - bottom};
}

Point place_in(const Plot& plot, const Box& frame, double x, double y) {
  const Range &h = plot.x.range, &v = plot.y.range;
  return {frame.x + (x - h.low) / (h.high - h.low) * frame.width,
          frame.bottom() - (y - v.low) / (v.high - v.low) * frame.height};
}

void draw_message(Svg& svg, const Box& frame, const std::string& message) {
  // Two lines if one is too long for the frame.
  const Point middle{frame.x + frame.width / 2, frame.y + frame.height / 2 + 4};
  const TextStyle style{.anchor = Anchor::middle, .size = text_size, .color = "#444444"};
  const std::size_t at = message.find(' ', message.size() / 2);
  if (double(message.size()) * 5.8 < frame.width || at == std::string::npos) {
    svg.text(middle, message, style);
  } else {
    svg.text({middle.x, middle.y - 8}, message.substr(0, at), style);
    svg.text({middle.x, middle.y + 8}, message.substr(at + 1), style);
  }
}

void draw(Svg& svg, const Plot& plot, const Box& box) {
  const Box frame = frame_in(plot, box);
  svg.text({frame.x + frame.width / 2, box.y + line_height - 1}, plot.title,
           {.anchor = Anchor::middle, .size = text_size, .bold = true});
  if (has_points(plot)) {
    draw_x_axis(svg, plot, frame);
    draw_y_axis(svg, plot, frame, box.x);
    draw_curves(svg, plot, frame);
  } else {
    draw_message(svg, frame, plot.message);
  }
  svg.rectangle(frame, "none", {black, 0.9, ""});
}

std::string plot_svg(const Plot& plot, double width, double height) {
  Svg svg(width, height, plot.title.empty() ? plot.y.label + " over " + plot.x.label : plot.title);
  draw(svg, plot, {0, 0, width, height});
  return svg.str();
}

std::string legend(const std::vector<LegendEntry>& entries) {
  std::string out = "<p class=\"legend\">";
  for (const LegendEntry& entry : entries) {
    Svg swatch(30, 10, entry.label, "aria-hidden=\"true\"");
    swatch.line({1, 5}, {29, 5}, entry.stroke);
    out += "<span>" + swatch.str() + " " + escaped(entry.label) + "</span>\n";
  }
  return out + "</p>\n";
}

}  // namespace lichtbild::optics::report
