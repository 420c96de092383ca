// Svg: a tiny writer of drawings. Units are CSS pixels, 96 to the inch; y points down.
//
// Coordinates are written to a hundredth of a pixel. Text is escaped here; nothing that is not a
// finite number is ever written: such points end a line and begin another.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lichtbild::optics::report {

struct Point {
  double x = 0, y = 0;
};

struct Box {
  double x = 0, y = 0, width = 0, height = 0;

  double right() const { return x + width; }
  double bottom() const { return y + height; }
};

struct Stroke {
  std::string color = "#000";
  double width = 1;
  std::string dashes;  // as stroke-dasharray; empty: solid
};

struct TextStyle {
  enum class Anchor { start, middle, end } anchor = Anchor::start;
  double size = 12;  // 9 pt
  std::string color = "#000";
  bool bold = false;
  bool upwards = false;  // turned by a quarter, reading from below
};

class Svg {
 public:
  // `description` is what a screen reader says; `attributes` go into the root element as they are.
  Svg(double width, double height, std::string_view description,
      const std::string& attributes = {});

  void line(Point from, Point to, const Stroke& stroke = {});
  // A line through the points; where a point is not finite it is interrupted.
  void polyline(const std::vector<Point>& points, const Stroke& stroke = {},
                const std::string& attributes = {});
  void polygon(const std::vector<Point>& points, const std::string& fill, const Stroke& stroke = {},
               const std::string& attributes = {});
  void dots(const std::vector<Point>& centers, double diameter, const std::string& color);
  void circle(Point center, double radius, const Stroke& stroke = {});
  void rectangle(const Box& box, const std::string& fill, const Stroke& stroke);
  void fill(const Box& box, const std::string& color);
  void text(Point at, std::string_view text, const TextStyle& style = {});
  void png(const Box& box, const std::string& base64);

  // What is drawn in between is cut off at the box; coordinates stay those of the whole drawing.
  void begin_clip(const Box& box);
  void end_clip();

  std::string str() const;

 private:
  std::string body_;
};

// At most two decimals, no trailing zeros.
std::string coordinate(double value);

}  // namespace lichtbild::optics::report
