// First-order properties of a path: paraxial marginal and chief rays, focal lengths, pupils.
//
// Signs: distances along +z; behind an odd number of mirrors indices count as negative, so that
// n u -> n' u' = n u - y c (n' - n) holds throughout (Kingslake, "Lens Design Fundamentals" (2010),
// chapter 3). Tilts and decenters are ignored; of surfaces without rotational symmetry the section
// x = 0 is used.
#pragma once

#include <vector>

#include "optics/lens.h"
#include "optics/trace.h"

namespace lichtbild::optics {

// A paraxial ray at every element: height on it, slope behind it.
struct ParaxialRay {
  std::vector<double> height_mm, slope;
  double slope_before = 0;  // in front of the first element
};

struct Pupil {
  double position_mm = 0, diameter_mm = 0;
};

struct FirstOrder {
  double efl_mm = 0;  // rear focal length divided by the index behind the lens; negative for a
                      // converging system of an odd number of mirrors, as CODE V prints it
  double bfl_mm = 0;  // last surface to rear focal point
  double ffl_mm = 0;  // first surface to front focal point
  double f_number = 0;          // efl / entrance pupil diameter, infinite conjugates
  double paraxial_working_f_number = 0;  // 1 / (2 n' |u'|)
  double image_na = 0;          // n' sin(atan |u'|)
  double total_track_mm = 0;    // first surface to image
  double overall_length_mm = 0; // first to last surface
  double paraxial_image_distance_mm = 0;  // last surface to the paraxial image of the object
  double front_principal_plane_mm = 0;    // from the first surface
  double rear_principal_plane_mm = 0;     // from the last surface
  double magnification = 0;               // 0 for an object at infinity
  double lagrange_invariant = 0;
  double paraxial_image_height_mm = 0;    // of the largest field
  Pupil entrance;  // position from the first surface
  Pupil exit;      // position from the last surface
  ParaxialRay marginal, chief;  // the chief ray: of the largest field
  std::vector<double> signed_index;  // before element i; one more than elements
};

// Fields by angle: tan of the largest one; by object height: the height; by paraxial image height:
// the height.
struct Conjugates {
  double object_distance_mm = 0;  // may be infinite
  SystemAperture aperture;
  FieldKind field_kind = FieldKind::angle_deg;
  double largest_field = 0;  // in the unit of the field kind
};

// `path` ends with the image surface. Throws std::domain_error, with what is wrong, for an aperture
// that can't be filled.
FirstOrder first_order(const Path<double>& path, int stop, const Conjugates& conjugates);

// Any paraxial ray by height at and slope before the first element.
ParaxialRay trace_paraxial(const Path<double>& path, double height_mm, double slope);

}  // namespace lichtbild::optics
