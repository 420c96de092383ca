// Profiles: the section y-z of surfaces and of the glass between them, in mm.
#pragma once

#include <vector>

#include "optics/placement.h"
#include "optics/report/clear_radii.h"
#include "optics/report/svg.h"

namespace lichtbild::optics::report {

// x is z, y is y, in the first surface's axes.
using Profile = std::vector<Point>;

struct Body {
  int front = 0, back = 0;  // surfaces
  Profile outline;          // closed
};

class Profiles {
 public:
  explicit Profiles(const System& system);

  // From -radius to +radius; shorter where the surface ends before. The clear radius by default.
  Profile surface(int i) const { return surface(i, radii_[i].mm); }
  Profile surface(int i, double radius_mm) const;
  std::vector<Body> bodies() const;

  const std::vector<ClearRadius>& radii() const { return radii_; }
  const Frame& frame(int i) const { return frames_[i]; }

 private:
  bool is_glass_behind(int i) const;
  int next_surface(int i) const;  // skips breaks
  double sag_at(int i, double y) const;
  bool has_room(int front, int back, double front_radius, double back_radius) const;
  Profile reaching(int i, double radius_mm, bool by_its_shape) const;

  const System& system_;
  std::vector<Frame> frames_;
  std::vector<ClearRadius> radii_;
};

}  // namespace lichtbild::optics::report
