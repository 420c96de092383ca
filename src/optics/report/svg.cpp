#include "optics/report/svg.h"

#include <fmt/format.h>

#include <cmath>

#include "optics/report/text.h"

namespace lichtbild::optics::report {
namespace {

bool is_finite(Point p) { return std::isfinite(p.x) && std::isfinite(p.y); }

std::string attributes_of(const Stroke& stroke) {
  std::string out =
      fmt::format(R"(stroke="{}" stroke-width="{}")", stroke.color, coordinate(stroke.width));
  if (!stroke.dashes.empty()) out += fmt::format(R"( stroke-dasharray="{}")", stroke.dashes);
  return out;
}

// "M x y L x y ..." with an M after every gap.
std::string path_of(const std::vector<Point>& points) {
  std::string out;
  bool pen_down = false;
  for (const Point& p : points) {
    if (!is_finite(p)) {
      pen_down = false;
      continue;
    }
    out += fmt::format("{}{} {}", pen_down ? 'L' : 'M', coordinate(p.x), coordinate(p.y));
    pen_down = true;
  }
  return out;
}

std::string box_of(const Box& box) {
  return fmt::format(R"(x="{}" y="{}" width="{}" height="{}")", coordinate(box.x),
                     coordinate(box.y), coordinate(box.width), coordinate(box.height));
}

bool is_finite(const Box& b) {
  return is_finite(Point{b.x, b.y}) && is_finite(Point{b.width, b.height});
}

std::string spaced(const std::string& attributes) {
  return attributes.empty() ? "" : " " + attributes;
}

}  // namespace

std::string coordinate(double value) {
  std::string out = fmt::format("{:.2f}", value);
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.') out.pop_back();
  return out == "-0" ? "0" : out;
}

Svg::Svg(double width, double height, std::string_view description, const std::string& attributes) {
  body_ = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" )"
      R"(role="img" font-family="Helvetica, Arial, Liberation Sans, sans-serif" fill="none"{2}>)",
      coordinate(width), coordinate(height), spaced(attributes));
  body_ += fmt::format("<title>{}</title>\n", escaped(description));
}

void Svg::line(Point from, Point to, const Stroke& stroke) {
  if (!is_finite(from) || !is_finite(to)) return;
  body_ +=
      fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" {}/>\n", coordinate(from.x),
                  coordinate(from.y), coordinate(to.x), coordinate(to.y), attributes_of(stroke));
}

void Svg::polyline(const std::vector<Point>& points, const Stroke& stroke,
                   const std::string& attributes) {
  const std::string path = path_of(points);
  if (path.empty()) return;
  body_ += fmt::format("<path d=\"{}\" {} stroke-linejoin=\"round\"{}/>\n", path,
                       attributes_of(stroke), spaced(attributes));
}

void Svg::polygon(const std::vector<Point>& points, const std::string& fill, const Stroke& stroke,
                  const std::string& attributes) {
  const std::string path = path_of(points);
  if (path.empty()) return;
  body_ += fmt::format("<path d=\"{}Z\" fill=\"{}\" {} stroke-linejoin=\"round\"{}/>\n", path, fill,
                       attributes_of(stroke), spaced(attributes));
}

void Svg::dots(const std::vector<Point>& centers, double diameter, const std::string& color) {
  std::string path;
  for (const Point& p : centers)
    if (is_finite(p)) path += fmt::format("M{} {}h0", coordinate(p.x), coordinate(p.y));
  if (path.empty()) return;
  body_ +=
      fmt::format("<path d=\"{}\" stroke=\"{}\" stroke-width=\"{}\" stroke-linecap=\"round\"/>\n",
                  path, color, coordinate(diameter));
}

void Svg::circle(Point center, double radius, const Stroke& stroke) {
  if (!is_finite(center) || !std::isfinite(radius)) return;
  body_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" {}/>\n", coordinate(center.x),
                       coordinate(center.y), coordinate(radius), attributes_of(stroke));
}

void Svg::rectangle(const Box& box, const std::string& fill, const Stroke& stroke) {
  if (!is_finite(box)) return;
  body_ += fmt::format("<rect {} fill=\"{}\" {}/>\n", box_of(box), fill, attributes_of(stroke));
}

void Svg::fill(const Box& box, const std::string& color) {
  if (!is_finite(box)) return;
  body_ += fmt::format("<rect {} fill=\"{}\"/>\n", box_of(box), color);
}

void Svg::text(Point at, std::string_view text, const TextStyle& style) {
  if (!is_finite(at) || text.empty()) return;
  constexpr std::string_view anchors[] = {"start", "middle", "end"};
  body_ += fmt::format(R"(<text x="{}" y="{}" font-size="{}" fill="{}" text-anchor="{}")",
                       coordinate(at.x), coordinate(at.y), coordinate(style.size), style.color,
                       anchors[int(style.anchor)]);
  if (style.bold) body_ += R"( font-weight="bold")";
  if (style.upwards)
    body_ += fmt::format(" transform=\"rotate(-90 {} {})\"", coordinate(at.x), coordinate(at.y));
  body_ += fmt::format(">{}</text>\n", escaped(text));
}

void Svg::png(const Box& box, const std::string& base64) {
  if (!is_finite(box)) return;
  body_ +=
      fmt::format("<image {} preserveAspectRatio=\"none\" href=\"data:image/png;base64,{}\"/>\n",
                  box_of(box), base64);
}

void Svg::begin_clip(const Box& box) {
  body_ += fmt::format("<svg {} viewBox=\"{} {} {} {}\">\n", box_of(box), coordinate(box.x),
                       coordinate(box.y), coordinate(box.width), coordinate(box.height));
}

void Svg::end_clip() { body_ += "</svg>\n"; }

std::string Svg::str() const { return body_ + "</svg>\n"; }

}  // namespace lichtbild::optics::report
