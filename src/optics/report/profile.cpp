#include "optics/report/profile.h"

#include <algorithm>
#include <cmath>

namespace lichtbild::optics::report {
namespace {

constexpr int half_samples = 24;

}  // namespace

Profiles::Profiles(const System& system)
    : system_(system), frames_(frames(system.path())), radii_(drawn_radii(system)) {}

bool Profiles::is_glass_behind(int i) const {
  const Element<double>& e = system_.path()[i];
  return !e.is_break && i < system_.image() && std::abs(e.index) > 1.0005;
}

int Profiles::next_surface(int i) const {
  do ++i;
  while (i < system_.image() && system_.path()[i].is_break);
  return i;
}

double Profiles::sag_at(int i, double y) const { return sag(system_.path()[i].shape, 0.0, y).z; }

Profile Profiles::surface(int i, double radius_mm) const {
  const auto& shape = system_.path()[i].shape;
  Profile profile;
  for (int j = -half_samples; j <= half_samples; ++j) {
    const double y = radius_mm * j / half_samples;
    const Sag<double> s = sag(shape, 0.0, y);
    if (!s.inside) continue;
    const auto point = frames_[i].to_global({0, y, s.z});
    profile.push_back({point.z, point.y});
  }
  return profile;
}

// A surface made as wide as the body: by its own shape where it is cemented, else by a flat ring.
Profile Profiles::reaching(int i, double radius_mm, bool by_its_shape) const {
  const double clear = radii_[i].mm;
  if (radius_mm <= clear * (1 + 1e-9)) return surface(i, clear);
  const bool exists = sag(system_.path()[i].shape, 0.0, radius_mm).inside;
  if (by_its_shape && exists) return surface(i, radius_mm);
  Profile profile = surface(i, clear);
  const auto ring = [&](double side) {
    const auto p = frames_[i].to_global({0, side * radius_mm, sag_at(i, side * clear)});
    return Point{p.z, p.y};
  };
  profile.insert(profile.begin(), ring(-1));
  profile.push_back(ring(1));
  return profile;
}

// Whether a squared edge keeps clear of the body itself and of the surfaces next to it.
bool Profiles::has_room(int front, int back, double front_radius, double back_radius) const {
  const double radius = std::max(front_radius, back_radius);
  const auto height = [&](int i, double y) {
    const double at = std::min(y, radii_[i].mm);
    return frames_[i].to_global({0, y, sag_at(i, at)}).z;
  };
  const auto in_order = [&](int a, int b, double from, double to) {
    for (int j = 0; j <= half_samples; ++j) {
      const double y = from + (to - from) * j / half_samples;
      if (height(b, y) - height(a, y) <= 0) return false;
    }
    return true;
  };
  if (!in_order(front, back, std::min(front_radius, back_radius), radius)) return false;
  const auto clear_of = [&](int a, int b, double from) {
    const double to = std::min(radius, std::max(radii_[a].mm, radii_[b].mm));
    return from >= to || in_order(a, b, from, to);
  };
  const int before = front - 1, after = back + 1;
  return (before < 0 || system_.path()[before].is_break || clear_of(before, front, front_radius)) &&
         (after >= system_.image() || system_.path()[after].is_break ||
          clear_of(back, after, back_radius));
}

std::vector<Body> Profiles::bodies() const {
  std::vector<Body> bodies;
  for (int first = 0; first < system_.image();) {
    if (!is_glass_behind(first)) {
      ++first;
      continue;
    }
    // A group of cemented glasses has one radius.
    std::vector<int> group{first};
    while (is_glass_behind(group.back())) group.push_back(next_surface(group.back()));
    double radius = 0;
    for (const int i : group) radius = std::max(radius, radii_[i].mm);
    bool squared = true;
    for (std::size_t g = 0; g + 1 < group.size(); ++g) {
      const bool is_first = g == 0, is_last = g + 2 == group.size();
      squared = squared && has_room(group[g], group[g + 1], is_first ? radii_[group[g]].mm : radius,
                                    is_last ? radii_[group[g + 1]].mm : radius);
    }
    for (std::size_t g = 0; g + 1 < group.size(); ++g) {
      const auto side = [&](std::size_t at) {
        const bool cemented = at > 0 && at + 1 < group.size();
        return squared ? reaching(group[at], radius, cemented) : surface(group[at]);
      };
      Body body{group[g], group[g + 1], side(g)};
      const Profile back = side(g + 1);
      body.outline.insert(body.outline.end(), back.rbegin(), back.rend());
      bodies.push_back(std::move(body));
    }
    first = group.back() > first ? group.back() : first + 1;
  }
  return bodies;
}

}  // namespace lichtbild::optics::report
