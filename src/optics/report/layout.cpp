#include "optics/report/layout.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "optics/report/palette.h"
#include "optics/report/profile.h"
#include "optics/report/text.h"
#include "optics/report/ticks.h"

namespace lichtbild::optics {
namespace {

using namespace report;
using Anchor = TextStyle::Anchor;

struct DrawnRay {
  std::string color;
  Profile points;
};

// From mm to pixels, y upwards.
struct Scale {
  double px_per_mm = 1;
  Point origin;

  Point operator()(Point mm) const {
    return {origin.x + px_per_mm * mm.x, origin.y - px_per_mm * mm.y};
  }
  Profile operator()(const Profile& mm) const {
    Profile px;
    for (const Point& p : mm) px.push_back((*this)(p));
    return px;
  }
};

struct Bounds {
  double left = std::numeric_limits<double>::infinity(), right = -left, low = left, high = -left;

  void include(const Profile& profile) {
    for (const Point& p : profile) {
      left = std::min(left, p.x);
      right = std::max(right, p.x);
      low = std::min(low, p.y);
      high = std::max(high, p.y);
    }
  }
};

constexpr std::array shares = {0.0, 0.7, 1.0};
constexpr std::array share_names = {"axis", "0.7 field", "full field"};

Field drawn_field(const Lens& lens, double share) {
  Field field{};
  field.y = share * largest_field(lens);
  // Vignetting of the lens's own field, where it has this one.
  for (const Field& own : lens.fields)
    if (own.x == 0 && std::abs(own.y - field.y) < 0.03 * largest_field(lens)) field = own;
  return field;
}

// Heights in the pupil of the chief ray and of the rims of what is open, also around an
// obscuration.
std::vector<double> drawn_heights(const System& system, const Bundle& bundle) {
  constexpr int samples = 40;
  const auto open = [&](double y) { return arriving(system, bundle, {0, y}).has_value(); };
  std::vector<double> heights;
  double before = -1;
  bool was_open = false;
  for (int i = 0; i <= samples; ++i) {
    const double y = -1 + 2.0 * i / samples;
    const bool is_open = open(y);
    if (is_open != was_open) {
      double inside = is_open ? y : before, outside = is_open ? before : y;
      for (int k = 0; k < 12 && i > 0; ++k) {
        const double middle = (inside + outside) / 2;
        (open(middle) ? inside : outside) = middle;
      }
      heights.push_back(inside);
    }
    if (is_open && i == samples) heights.push_back(y);
    was_open = is_open;
    before = y;
  }
  if (open(0)) heights.push_back(0);
  return heights;
}

std::vector<DrawnRay> rays(const System& system, const Profiles& profiles, double lead_mm) {
  std::vector<DrawnRay> drawn;
  for (std::size_t f = 0; f < shares.size(); ++f) {
    if (f > 0 && largest_field(system.lens) == 0) break;
    const Bundle bundle(system, drawn_field(system.lens, shares[f]), system.reference());
    if (!bundle.found()) continue;
    for (const double height : drawn_heights(system, bundle)) {
      const auto ray = bundle.launch({0, height});
      const auto hits = arriving(system, bundle, {0, height});
      if (!ray || !hits) continue;
      DrawnRay out{color_of(int(f)), {}};
      // Light from afar begins on a wavefront, light from nearby where the drawing does.
      const auto first = profiles.frame(0).to_global((*hits)[0].position);
      const double lead = std::isfinite(system.lens.object_distance_mm)
                              ? std::min(lead_mm, system.lens.object_distance_mm)
                              : lead_mm + dot(first - ray->position, ray->direction);
      const auto start = first - lead * ray->direction;
      out.points.push_back({start.z, start.y});
      for (std::size_t s = 0; s < hits->size(); ++s) {
        if (system.path()[s].is_break) continue;
        const auto p = profiles.frame(int(s)).to_global((*hits)[s].position);
        out.points.push_back({p.z, p.y});
      }
      drawn.push_back(std::move(out));
    }
  }
  return drawn;
}

void draw_bodies(Svg& svg, const System& system, const Profiles& profiles, const Scale& scale) {
  for (const Body& body : profiles.bodies()) {
    // Denser glass is a little darker.
    const double n = system.path()[body.front].index;
    const int tone = int(std::clamp(246 - 70 * (n - 1.45), 200., 246.));
    svg.polygon(scale(body.outline), fmt::format("rgb({},{},255)", tone - 10, tone),
                {"#333333", 0.8, ""}, "class=\"body\"");
  }
}

// Short strokes on the side that light does not see.
void hatch(Svg& svg, const Profile& px, bool to_the_right) {
  const double side = to_the_right ? 5 : -5;
  for (std::size_t i = 0; i < px.size(); i += 2)
    svg.line(px[i], {px[i].x + side, px[i].y - 5}, {"#333333", 0.6, ""});
}

void draw_stop(Svg& svg, const Profiles& profiles, int stop, const Scale& scale) {
  const Profile profile = scale(profiles.surface(stop));
  if (profile.size() < 2) return;
  const Stroke bar{black, 2.4, ""};
  for (const auto& [rim, inner] : {std::pair(profile.front(), profile[1]),
                                   std::pair(profile.back(), profile[profile.size() - 2])}) {
    const double away = rim.y > inner.y ? 12 : -12;
    svg.line(rim, {rim.x, rim.y + away}, bar);
    svg.line({rim.x - 4, rim.y}, {rim.x + 4, rim.y}, {black, 1.2, ""});
  }
}

void draw_surfaces(Svg& svg, const System& system, const Profiles& profiles, const Scale& scale) {
  double facing = 1;
  for (int i = 0; i <= system.image(); ++i) {
    const Element<double>& e = system.path()[i];
    if (e.is_break) continue;
    const bool is_dummy = !e.reflects && e.index == e.index_before && i < system.image();
    Stroke line{black, i == system.image() || e.reflects ? 1.8 : 1, ""};
    if (is_dummy) line = {"#999999", 0.6, "2 2"};
    const Profile profile = scale(profiles.surface(i));
    svg.polyline(profile, line, fmt::format("class=\"surface\" data-surface=\"{}\"", i + 1));
    if (e.reflects) {
      hatch(svg, profile, facing > 0);
      facing = -facing;
    }
  }
}

void draw_axis(Svg& svg, const System& system, const Profiles& profiles, const Scale& scale,
               double left_mm) {
  Profile axis{{left_mm, 0}};
  for (int i = 0; i <= system.image(); ++i)
    if (!system.path()[i].is_break)
      axis.push_back({profiles.frame(i).origin.z, profiles.frame(i).origin.y});
  svg.polyline(scale(axis), {"#666666", 0.6, "10 3 2 3"});
}

// Numbers under the drawing, in as many rows as they need; a hair leads to the surface's rim.
constexpr double row_height = 13;
constexpr int most_rows = 4;

struct Number {
  int surface, row;
  Point rim;
};

std::vector<Number> numbers(const System& system, const Profiles& profiles, const Scale& scale) {
  std::vector<Number> all;
  for (int i = 0; i < system.image(); ++i) {
    if (system.path()[i].is_break) continue;
    const Profile profile = scale(profiles.surface(i));
    if (!profile.empty()) all.push_back({i, 0, profile.front()});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Number& a, const Number& b) { return a.rim.x < b.rim.x; });
  std::array<double, most_rows> taken;
  taken.fill(-1e9);
  for (Number& number : all) {
    const double half = number.surface + 1 < 10 ? 5 : 8;
    int row = 0;
    while (row + 1 < most_rows && taken[row] > number.rim.x - half) ++row;
    number.row = taken[row] > number.rim.x - half ? most_rows : row;
    if (number.row < most_rows) taken[row] = number.rim.x + half;
  }
  return all;
}

void draw_numbers(Svg& svg, const std::vector<Number>& all, double top, int stop) {
  for (const Number& number : all) {
    if (number.row == most_rows) continue;  // no room even in the last row
    const double y = top + row_height * (number.row + 1);
    svg.line({number.rim.x, number.rim.y + 2}, {number.rim.x, y - 10}, {"#BBBBBB", 0.5, ""});
    svg.text({number.rim.x, y}, std::to_string(number.surface + 1),
             {.anchor = Anchor::middle, .size = 11, .bold = number.surface == stop});
  }
}

void draw_scale_bar(Svg& svg, double px_per_mm, Point at) {
  const double length_mm = round_length(120 / px_per_mm), length = length_mm * px_per_mm;
  svg.line(at, {at.x + length, at.y}, {black, 1.4, ""});
  for (const double x : {at.x, at.x + length})
    svg.line({x, at.y - 4}, {x, at.y + 4}, {black, 1.4, ""});
  svg.text({at.x + length + 8, at.y + 4}, significant(length_mm, 1) + " mm");
}

void draw_legend(Svg& svg, const System& system, Point right) {
  const double full = largest_field(system.lens);
  double x = right.x;
  for (int f = full == 0 ? 0 : int(shares.size()) - 1; f >= 0; --f) {
    const std::string label = share_names[f];
    svg.text({x, right.y + 4}, label, {.anchor = Anchor::end});
    x -= 6.3 * double(label.size()) + 6;
    svg.line({x - 24, right.y}, {x, right.y}, {color_of(f), 1.6, ""});
    x -= 40;
  }
}

}  // namespace

std::string layout_svg(const System& system, const LayoutOptions& options) {
  const Profiles profiles(system);
  Bounds lens;
  for (int i = 0; i <= system.image(); ++i)
    if (!system.path()[i].is_break) lens.include(profiles.surface(i));
  const double lead = 0.12 * std::max(lens.right - lens.left, lens.high - lens.low);
  const std::vector<DrawnRay> drawn = rays(system, profiles, lead);
  Bounds bounds = lens;
  for (const Body& body : profiles.bodies()) bounds.include(body.outline);
  for (const DrawnRay& ray : drawn) bounds.include(ray.points);

  constexpr double margin = 14, top = 10, footer = 34;
  const double width_mm = bounds.right - bounds.left, height_mm = bounds.high - bounds.low;
  Scale scale;
  scale.px_per_mm = std::min((options.width_px - 2 * margin) / width_mm,
                             (options.largest_height_px - top) / std::max(height_mm, 1e-9));
  if (!std::isfinite(scale.px_per_mm)) scale.px_per_mm = 1;
  const double left = (options.width_px - width_mm * scale.px_per_mm) / 2;
  scale.origin = {left - bounds.left * scale.px_per_mm, top + bounds.high * scale.px_per_mm};
  const double bottom = top + height_mm * scale.px_per_mm;
  const std::vector<Number> labels = numbers(system, profiles, scale);
  int rows = 1;
  for (const Number& n : labels) rows = std::max(rows, std::min(n.row + 1, most_rows));
  const double height = bottom + rows * row_height + 8 + footer;

  Svg svg(options.width_px, height, "Layout of the lens",
          fmt::format(R"(class="layout" data-px-per-mm="{:.9g}" data-origin-x="{:.6f}" )"
                      R"(data-origin-y="{:.6f}")",
                      scale.px_per_mm, scale.origin.x, scale.origin.y));
  draw_bodies(svg, system, profiles, scale);
  draw_axis(svg, system, profiles, scale, bounds.left);
  for (const DrawnRay& ray : drawn)
    svg.polyline(scale(ray.points), {ray.color, 0.9, ""}, "class=\"ray\"");
  draw_surfaces(svg, system, profiles, scale);
  draw_stop(svg, profiles, system.stop, scale);
  draw_numbers(svg, labels, bottom + 2, system.stop);
  draw_scale_bar(svg, scale.px_per_mm, {margin, height - 12});
  draw_legend(svg, system, {options.width_px - margin, height - 12});
  if (drawn.empty())
    svg.text({options.width_px / 2, top + 12}, "no ray reaches the image",
             {.anchor = Anchor::middle});
  return svg.str();
}

}  // namespace lichtbild::optics
