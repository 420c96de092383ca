// Lens: a prescription as a designer types it: surfaces, materials, aperture, fields, wavelengths.
//
// Lengths are in millimeters, angles in degrees, wavelengths in nanometers. Light travels towards
// +z; a thickness is the distance along the local z axis from a surface's vertex to the next one's,
// negative after an odd number of mirrors. Nothing here is computed: a System (system.h) is a Lens
// whose materials have become indices and whose pupils are known.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace lichtbild::optics {

// ---- The shape of a surface: z(x, y) above the vertex's tangent plane --------------------------
// Every form adds to the conic c r^2 / (1 + sqrt(1 - (1 + k) c^2 r^2)) unless it says otherwise.

struct Conic {};  // the conic alone: plane, sphere, paraboloid, ...

struct EvenAsphere {
  std::vector<double> coefficients;  // of r^2, r^4, ... r^30, in mm^(1 - power)
};

struct OddAsphere {
  std::vector<double> coefficients;  // of r^1, r^2, ... r^30, in mm^(1 - power)
};

// Forbes 2007 (Opt. Express 15, 5218). Q-bfs: the departure from the conic along the conic's
// normal, u = r / normalization radius: u^2 (1 - u^2) / cosine of the normal * sum a_m Qbfs_m(u^2).
struct QBfs {
  double normalization_radius_mm = 1;
  std::vector<double> coefficients;  // a_0, a_1, ..., in mm
};

// Forbes 2007. Q-con: u^4 sum a_m Qcon_m(u^2).
struct QCon {
  double normalization_radius_mm = 1;
  std::vector<double> coefficients;  // a_0, a_1, ..., in mm
};

// (cx x^2 + cy y^2) / (1 + sqrt(1 - (1 + kx) cx^2 x^2 - (1 + ky) cy^2 y^2)); the shape's own
// curvature and conic are those of y.
struct Biconic {
  double curvature_x = 0, conic_x = 0;
};

// The curve of the shape's conic in y, plus even powers of y, turned about an axis parallel to y
// at the distance radius_x from the vertex; infinite: a cylinder.
struct Toroid {
  double radius_x_mm = std::numeric_limits<double>::infinity();
  std::vector<double> coefficients;  // of y^2, y^4, ..., in mm^(1 - power)
};

// sum a_ij (x / R)^i (y / R)^j.
struct XyPolynomial {
  struct Term {
    int x_power = 0, y_power = 0;
    double coefficient_mm = 0;
  };
  double normalization_radius_mm = 1;
  std::vector<Term> terms;
};

struct Shape {
  double curvature = 0;  // 1/mm; 0: plane
  double conic = 0;      // k; 0: sphere, -1: paraboloid
  std::variant<Conic, EvenAsphere, OddAsphere, QBfs, QCon, Biconic, Toroid, XyPolynomial> form;
};

// ---- What follows a surface ---------------------------------------------------------------------

struct Air {};
struct NamedGlass {
  std::string name, catalog;  // the catalog (maker) may be empty: the first that has the name
};
struct ModelGlass {
  double nd = 1.5, vd = 60;  // vd 0: no dispersion
  // Deviation of P_gF from the normal line; without it P_gF is as expected of nd and vd: glass.h.
  std::optional<double> dpgf{};
};
struct ConstantIndex {
  double index = 1;
};
struct IndexTable {  // as printed in a listing; between the wavelengths given: no value
  std::vector<double> wavelength_nm, index;
};
struct Mirror {};  // light returns into the medium that it came from
using Material = std::variant<Air, NamedGlass, ModelGlass, ConstantIndex, IndexTable, Mirror>;

// ---- Surfaces -----------------------------------------------------------------------------------

// Moves the local axes before a surface: decenter, then tilts about the new x, the new y and the
// new z axis, as CODE V counts them: a positive tilt about x turns +z towards +y, one about y turns
// +z towards -x (both left-handed), one about z turns +x towards +y (right-handed). OpticStudio
// counts tilts about x and y right-handed: its files' signs are turned when read and written.
// `tilt_first` tilts before it decenters, about z, y, x.
struct Placement {
  double decenter_x_mm = 0, decenter_y_mm = 0, decenter_z_mm = 0;
  double tilt_x_deg = 0, tilt_y_deg = 0, tilt_z_deg = 0;
  bool tilt_first = false;
  enum class After {
    stay,     // what follows lives in the moved axes
    restore,  // the move is undone behind the surface (CODE V: DAR)
    bend      // the tilt is applied once more behind the surface, so that a mirror's axis follows
              // the reflected ray (CODE V: BEN)
  } after = After::stay;
};

struct CircularAperture {
  double inner_mm = 0;  // radius of a central obscuration
  double outer_mm = std::numeric_limits<double>::infinity();
};
struct RectangularAperture {
  double half_width_mm = 0, half_height_mm = 0;
  bool obscures = false;  // blocks inside, not outside
};
struct ClearAperture {
  std::variant<CircularAperture, RectangularAperture> outline;
  double decenter_x_mm = 0, decenter_y_mm = 0;
};

struct Surface {
  std::string label;
  Shape shape;
  double thickness_mm = 0;
  Material material;                       // behind the surface
  std::optional<double> semi_diameter_mm;  // clear radius as given; none: derived from the rays
  std::optional<ClearAperture> aperture;   // clips rays
  bool stop = false;
  bool coordinate_break = false;  // no surface at all, only a Placement and a thickness
  std::optional<Placement> placement;
};

// ---- Aperture, fields, wavelengths --------------------------------------------------------------

struct SystemAperture {
  enum class Kind {
    f_number,  // paraxial, image space, infinite conjugate: f / D
    entrance_pupil_diameter_mm,
    image_na,              // paraxial numerical aperture in image space
    object_na,             // sine of the marginal ray's angle in object space
    stop_semi_diameter_mm  // real rays through the edge of the stop
  } kind = Kind::f_number;
  double value = 0;
};

enum class FieldKind {
  angle_deg,
  object_height_mm,
  paraxial_image_height_mm,
  real_image_height_mm
};

struct Field {
  double x = 0, y = 0;  // in the unit of the FieldKind
  double weight = 1;
  // Vignetting as the commercial programs define it: the pupil point (px, py) of the field is
  // used at (vdx + px (1 - vcx), vdy + py (1 - vcy)).
  double vdx = 0, vdy = 0, vcx = 0, vcy = 0;
};

struct Wavelength {
  double wavelength_nm = 0;
  double weight = 1;
};

struct Lens {
  std::string title, source;  // the source: the patent, or who measured it
  SystemAperture aperture;
  FieldKind field_kind = FieldKind::angle_deg;
  std::vector<Field> fields;  // at least one
  std::vector<Wavelength> wavelengths;
  int reference_wavelength = 0;                                         // index into wavelengths
  double object_distance_mm = std::numeric_limits<double>::infinity();  // to the first surface
  double temperature_c = 20, pressure_atm = 1;
  Material object_material;        // before the first surface; Air as a rule
  std::vector<Surface> surfaces;   // first to last; the last thickness reaches the image
  Surface image;                   // plane as a rule
  std::vector<std::string> notes;  // what a reader left out or assumed, one line each
};

// Indices of the shortest and the longest wavelength.
struct WavelengthEnds {
  int shortest = 0, longest = 0;
};
WavelengthEnds wavelength_ends(const Lens& lens);

// The same in all directions from the axis: shape, place and aperture.
bool rotationally_symmetric(const Surface& surface);
bool rotationally_symmetric(const Lens& lens);

// Throws Error{where, ...} if the lens can't be meant: no or several stops, no wavelengths, numbers
// that are not finite, an index below 1, a conic beyond its domain at the semi-diameter, ...
void check(const Lens& lens, const std::string& where);

}  // namespace lichtbild::optics
