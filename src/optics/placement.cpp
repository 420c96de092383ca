#include "optics/placement.h"

#include <cmath>

namespace lichtbild::optics {
namespace {

using V = Vec3<double>;
using R = Rotation<double>;

R about_x(double deg) {  // +z towards +y
  const double c = std::cos(deg * M_PI / 180), s = std::sin(deg * M_PI / 180);
  return {V{1, 0, 0}, V{0, c, -s}, V{0, s, c}};
}
R about_y(double deg) {  // +z towards -x
  const double c = std::cos(deg * M_PI / 180), s = std::sin(deg * M_PI / 180);
  return {V{c, 0, s}, V{0, 1, 0}, V{-s, 0, c}};
}
R about_z(double deg) {  // +x towards +y
  const double c = std::cos(deg * M_PI / 180), s = std::sin(deg * M_PI / 180);
  return {V{c, s, 0}, V{-s, c, 0}, V{0, 0, 1}};
}

R operator*(const R& a, const R& b) { return {a.to_fixed(b.x), a.to_fixed(b.y), a.to_fixed(b.z)}; }
R transposed(const R& r) {
  return {V{r.x.x, r.y.x, r.z.x}, V{r.x.y, r.y.y, r.z.y}, V{r.x.z, r.y.z, r.z.z}};
}

}  // namespace

R rotation(const Placement& p) {
  const R x = about_x(p.tilt_x_deg), y = about_y(p.tilt_y_deg), z = about_z(p.tilt_z_deg);
  return p.tilt_first ? z * (y * x) : x * (y * z);
}

void place(Element<double>& e, const Placement& p) {
  const V decenter{p.decenter_x_mm, p.decenter_y_mm, p.decenter_z_mm};
  e.moved = true;
  e.rotation_before = rotation(p);
  e.shift_before = p.tilt_first ? e.rotation_before.to_fixed(decenter) : decenter;
  e.rotation_after = {};
  e.shift_after = {};
  if (p.after == Placement::After::restore) {
    e.rotation_after = transposed(e.rotation_before);
    e.shift_after = -1.0 * e.rotation_before.to_moved(e.shift_before);
  } else if (p.after == Placement::After::bend) {
    e.rotation_after = e.rotation_before;
  }
}

std::vector<Frame> frames(const Path<double>& path) {
  std::vector<Frame> all;
  Frame running;
  for (const Element<double>& e : path) {
    Frame frame = running;
    if (e.moved) {
      frame.origin = running.to_global(e.shift_before);
      frame.rotation = running.rotation * e.rotation_before;
    }
    all.push_back(frame);
    running = frame;
    if (e.moved) {
      running.origin = frame.to_global(e.shift_after);
      running.rotation = frame.rotation * e.rotation_after;
    }
    running.origin = running.to_global({0, 0, e.thickness});
  }
  return all;
}

}  // namespace lichtbild::optics
