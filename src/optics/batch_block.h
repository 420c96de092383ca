// What the vector kernel of trace_batch works on: a block of rays that stays in the first-level
// cache from the first surface to the last, and elements made ready for it.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "optics/trace.h"

namespace lichtbild::optics::batch {

// Rays side by side, in mm, in the running axes. Its size is a multiple of every target's group.
struct alignas(64) Block {
  static constexpr int size = 128;
  using Column = std::array<double, size>;
  alignas(64) Column x, y, z, l, m, n, optical_path;
  alignas(64) Column fate;  // a RayStatus as a number; 0: ok
};

// An Element and, beside it, the constants that the kernel wants.
struct BatchElement {
  Element<double> element;
  enum class Kind { only_moves, plane, conic, even, one_by_one } kind = Kind::one_by_one;
  double bend = 0;            // (1 + k) c^2
  double ratio = 1;           // of the indices: before / behind
  double clear_radius_2 = 0;  // mm^2; 0: nothing clips
  // The even powers of r, highest first, down to r^2; the rest of the file: in units of `scale`,
  // where the highest power's coefficient is 1, so that float neither over- nor underflows.
  std::vector<double> powers{};
  std::vector<float> scaled_powers{};
  double scale_mm = 1;
  Path<double> alone{};  // for rays one by one: the element without its axes and thickness
};

std::vector<BatchElement> made_ready(const Path<double>& path, const TraceOptions& options);

// Carries the rays that are ok from the element's own axes before it to its own axes behind it, in
// the widest vectors that this processor has.
void through_element(const BatchElement& element, Block& rays);

// The same for every ray in turn, by the scalar twin: rare shapes, apertures, no vectors.
void one_by_one(const BatchElement& element, Block& rays);

}  // namespace lichtbild::optics::batch
