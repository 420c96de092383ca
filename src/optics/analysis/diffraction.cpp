#include "optics/analysis/diffraction.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "optics/clear_radii.h"

namespace lichtbild::optics {
namespace {

struct Directions {
  double s, t;
};

// Turns image axes into sagittal and tangential ones.
struct Turn {
  double c, s;
  explicit Turn(double tangential_angle)
      : c(std::sin(tangential_angle)), s(std::cos(tangential_angle)) {}
  Directions operator()(double x, double y) const { return {c * x - s * y, s * x + c * y}; }
};

// Whether the rays on either side of the meridional plane, x = 0, are mirror images.
bool mirror_images(const Lens& lens, const Field& field, double tangential_angle) {
  return rotationally_symmetric(lens) && field.x == 0 && field.vdx == 0 &&
         std::abs(std::cos(tangential_angle)) < 1e-12;
}

// Optical path of the ray's plane wave at the point `center`.
double plane_wave_path(const Arrival& a, const Vec3<double>& center, double index) {
  return a.optical_path_mm + index * dot(a.direction, center - a.position);
}

}  // namespace

PupilFunction pupil_function(const System& system, const Bundle& bundle, const ChiefRays& chiefs,
                             int samples, double tangential_angle, double window_mm) {
  PupilFunction f;
  f.wavelength_mm = system.lens.wavelengths[bundle.wavelength()].wavelength_nm * 1e-6;
  f.index = system.paths[bundle.wavelength()].back().index_before;
  f.sense = chiefs.reference.direction.z < 0 ? -1 : 1;
  f.tangential_angle = tangential_angle;
  const Turn turn(tangential_angle);
  const auto directions_of = [&](const Arrival& a) { return turn(a.direction.x, a.direction.y); };

  // Directions over the whole pupil, clipped or not, and their box. Many patents don't print the
  // apertures that cut what goes astray at the rim: rays that land twelve times farther away than
  // half of them do, and farther than twelve Airy radii, are left out, or they would blow up the
  // box and bend the map. Where a lens's apertures are known, all that they pass is image.
  const Vec3<double> center = chiefs.reference.position;
  const auto aside_mm = [&](const Arrival& a) {
    return std::hypot(a.position.x - center.x, a.position.y - center.y);
  };
  const PupilQuadrature ring = pupil_quadrature(9, 24);
  std::vector<PupilPoint> tried = ring.points;
  for (int i = 0; i < 48; ++i) tried.push_back({std::cos(M_PI * i / 24), std::sin(M_PI * i / 24)});
  std::vector<Arrival> landed;
  std::vector<std::size_t> which;
  std::vector<double> distances;
  const bool apertures_known = gives_clear_radii(system.lens);
  std::vector<char> is_image;
  for (std::size_t i = 0; i < tried.size(); ++i) {
    const Ray<double> ray = bundle.launch_by_map(tried[i]);
    const auto a = arrive(system, bundle.wavelength(), ray, false);
    if (!a) continue;
    landed.push_back(*a);
    which.push_back(i);
    distances.push_back(aside_mm(*a));
    is_image.push_back(apertures_known && arrive(system, bundle.wavelength(), ray).has_value());
  }
  if (int(landed.size()) < PlanePolynomial::terms + 5) return f;
  std::nth_element(distances.begin(), distances.begin() + distances.size() / 2, distances.end());
  constexpr double astray = 12;
  const double airy_mm = 1.22 * f.wavelength_mm * system.paraxial().f_number;
  const double reach_mm = astray * std::max(distances[distances.size() / 2], airy_mm);

  std::vector<Directions> directions;
  std::vector<PupilPoint> points;
  double low_s = INFINITY, high_s = -INFINITY, low_t = INFINITY, high_t = -INFINITY;
  double tame = 0, stray = 0;
  for (std::size_t i = 0; i < landed.size(); ++i) {
    const bool far = !is_image[i] && aside_mm(landed[i]) > reach_mm;
    if (which[i] < ring.points.size()) (far ? stray : tame) += ring.weights[which[i]];
    if (far) continue;
    const Directions d = directions_of(landed[i]);
    directions.push_back(d);
    points.push_back(tried[which[i]]);
    low_s = std::min(low_s, d.s), high_s = std::max(high_s, d.s);
    low_t = std::min(low_t, d.t), high_t = std::max(high_t, d.t);
  }
  if (int(points.size()) < PlanePolynomial::terms + 5) return f;
  f.stray_share = stray / (stray + tame);
  const double half_s = (high_s - low_s) / 2 * 1.002, half_t = (high_t - low_t) / 2 * 1.002;
  const bool mirrored = mirror_images(system.lens, bundle.field(), tangential_angle);
  f.center_s = mirrored ? 0 : (low_s + high_s) / 2;
  f.center_t = (low_t + high_t) / 2;
  // The image repeats after wavelength / step.
  constexpr int most_samples = 512;
  const double needed = 2 * std::max(half_s, half_t) * window_mm * f.index / f.wavelength_mm;
  samples = std::max(samples, std::min(int(needed) + 1, most_samples));
  f.samples = samples;
  f.value.assign(std::size_t(samples) * samples, 0);
  f.step_s = 2 * half_s / samples;
  f.step_t = 2 * half_t / samples;
  // Pupil points by their rays' directions.
  const auto normalized = [&](Directions d) {
    return PlanePoint{(d.s - f.center_s) / half_s, (d.t - f.center_t) / half_t};
  };
  std::vector<PlanePoint> from;
  from.reserve(directions.size());
  for (const Directions& d : directions) from.push_back(normalized(d));
  const PlanePolynomial map(from, points);

  // Rays in the grid's directions, and where they start on the plane of the entrance pupil. Far
  // beyond the pupil's rim the map is worth nothing.
  constexpr double just_beyond = 1.1;
  const int count = samples * samples;
  const auto target = [&](int cell) {
    const int i = cell % samples, j = cell / samples;
    return Directions{f.center_s + (i - (samples - 1) / 2.0) * f.step_s,
                      f.center_t + (j - (samples - 1) / 2.0) * f.step_t};
  };
  RayBatch batch;
  std::vector<int> cells;
  std::vector<Directions> starts(count);
  std::vector<char> known(count, 0);
  const double pupil_z = system.paraxial().entrance.position_mm;
  // Of mirror images those with s >= 0; the steps between rays reach one sample beyond.
  const int first = mirrored ? samples / 2 : 0;
  for (int c = 0; c < count; ++c) {
    if (c % samples < first - 1) continue;
    const PupilPoint p = map(normalized(target(c)));
    const double r2 = p.x * p.x + p.y * p.y;
    if (r2 > just_beyond) continue;
    const Ray<double> ray = bundle.launch_by_map(p);
    const double along = (pupil_z - ray.position.z) / ray.direction.z;
    starts[c] = {ray.position.x + along * ray.direction.x,
                 ray.position.y + along * ray.direction.y};
    known[c] = 1;
    if (r2 > 1 || c % samples < first) continue;
    batch.add(ray);
    cells.push_back(c);
  }
  trace_batch(system.paths[bundle.wavelength()], batch);
  // From one neighbor to the other, or twice from the one that is known.
  const auto difference = [&](int c, int step) {
    const int before = known[c - step] ? c - step : c, behind = known[c + step] ? c + step : c;
    const double scale = before == behind ? 0 : 2.0 * step / (behind - before);
    return Directions{scale * (starts[behind].s - starts[before].s),
                      scale * (starts[behind].t - starts[before].t)};
  };

  const double origin = plane_wave_path(chiefs.own[bundle.wavelength()], center, f.index);
  for (std::size_t k = 0; k < cells.size(); ++k) {
    if (batch.status[k] != RayStatus::ok) continue;
    const Arrival a{{batch.x[k], batch.y[k], batch.z[k]},
                    {batch.l[k], batch.m[k], batch.n[k]},
                    batch.optical_path[k]};
    if (!apertures_known && aside_mm(a) > reach_mm) continue;
    const int c = cells[k], i = c % samples, j = c / samples;
    // The map is a fit: the ray leaves in nearly, not quite, the sample's direction. A plane wave's
    // path changes with its direction d by n (center - position) . dd (Fermat's principle).
    const Directions to = target(c), went = directions_of(a),
                     aside = turn(center.x - a.position.x, center.y - a.position.y);
    // Outside the beam the map may lead back into the pupil: no ray leaves in that direction.
    constexpr double wrong = 0.06;  // of half the beam
    if (std::hypot((to.s - went.s) / half_s, (to.t - went.t) / half_t) > wrong) continue;
    const double turned = aside.s * (to.s - went.s) + aside.t * (to.t - went.t);
    const double waves =
        (plane_wave_path(a, center, f.index) + f.index * turned - origin) / f.wavelength_mm;
    // Light per projected solid angle: the area of the entrance pupil's plane per grid cell.
    double area = 0;
    if (i > 0 && j > 0 && i + 1 < samples && j + 1 < samples) {
      const Directions over_s = difference(c, 1), over_t = difference(c, samples);
      area = std::abs(over_s.s * over_t.t - over_t.s * over_s.t);
    }
    const double amplitude = std::sqrt(area);
    f.value[c] = std::polar(amplitude, 2 * M_PI * (waves - std::floor(waves)));
    f.energy += area;
    const int image = c - i + samples - 1 - i;
    if (!mirrored || image == c) continue;
    f.value[image] = f.value[c];
    f.energy += area;
  }
  return f;
}

std::complex<double> TransferSlice::at(double lp_per_mm) const {
  const double position = lp_per_mm / step_lp_per_mm;
  const int i = int(position);
  if (i + 1 >= int(value.size())) return 0;
  // Cubic interpolation; left of zero the transfer is its own conjugate.
  const double w = position - i;
  const auto sample = [this](int k) {
    if (k < 0) return std::conj(value[-k]);
    return k < int(value.size()) ? value[k] : std::complex<double>(0);
  };
  const auto a = sample(i - 1), b = sample(i), c = sample(i + 1), d = sample(i + 2);
  return b +
         0.5 * w * (c - a + w * (2.0 * a - 5.0 * b + 4.0 * c - d + w * (3.0 * (b - c) + d - a)));
}

namespace {

// sum over the pupil of P(q + shift) conj P(q), q running with `stride` along the shift.
std::complex<double> correlation(const PupilFunction& p, int shift, bool along_s) {
  const int n = p.samples;
  const int rows = along_s ? n : n - shift, columns = along_s ? n - shift : n;
  const std::ptrdiff_t offset = along_s ? shift : std::ptrdiff_t(shift) * n;
  std::complex<double> sum = 0;
  using Row = Eigen::Map<const Eigen::VectorXcd>;
  for (int t = 0; t < rows; ++t) {
    const std::complex<double>* start = &p.value[std::size_t(t) * n];
    sum += Row(start, columns).dot(Row(start + offset, columns));
  }
  return sum;
}

TransferSlice slice(const PupilFunction& p, double largest, bool along_s) {
  TransferSlice out;
  out.step_lp_per_mm = (along_s ? p.step_s : p.step_t) * p.index / p.wavelength_mm;
  if (p.energy == 0) return {1, {0}};
  const int count = std::min<int>(p.samples, int(largest / out.step_lp_per_mm) + 3);
  for (int shift = 0; shift < count; ++shift) out.value.push_back(correlation(p, shift, along_s));
  return out;
}

}  // namespace

TransferSlice sagittal_slice(const PupilFunction& p, double largest) {
  return slice(p, largest, true);
}
TransferSlice tangential_slice(const PupilFunction& p, double largest) {
  return slice(p, largest, false);
}

std::vector<FocusSlice> through_focus(const PupilFunction& pupil,
                                      const std::vector<double>& lp_per_mm, double first_mm,
                                      double step_mm, int count) {
  std::vector<FocusSlice> out(lp_per_mm.size());
  const int n = pupil.samples;
  const double wave_number = pupil.sense * 2 * M_PI * pupil.index / pupil.wavelength_mm;
  // Each sample turns by the same angle from one plane to the next.
  PupilFunction shifted = pupil;
  Eigen::ArrayXcd turn = Eigen::ArrayXcd::Ones(pupil.value.size());
  for (int t = 0; t < n; ++t)
    for (int s = 0; s < n; ++s) {
      const std::size_t cell = std::size_t(t) * n + s;
      if (pupil.value[cell] == 0.0) continue;
      const double ds = pupil.center_s + (s - (n - 1) / 2.0) * pupil.step_s;
      const double dt = pupil.center_t + (t - (n - 1) / 2.0) * pupil.step_t;
      const double rate = wave_number * std::sqrt(std::max(0.0, 1 - ds * ds - dt * dt));
      shifted.value[cell] *= std::polar(1.0, rate * first_mm);
      turn(cell) = std::polar(1.0, rate * step_mm);
    }
  Eigen::Map<Eigen::ArrayXcd> planes(shifted.value.data(), shifted.value.size());
  for (int i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < lp_per_mm.size(); ++k)
      for (const bool along_s : {true, false}) {
        const double step =
            (along_s ? pupil.step_s : pupil.step_t) * pupil.index / pupil.wavelength_mm;
        const int at = int(lp_per_mm[k] / step);
        const double w = lp_per_mm[k] / step - at;
        std::complex<double> value = 0;
        if (pupil.energy > 0 && at + 1 < n)
          value = (1 - w) * correlation(shifted, at, along_s) +
                  w * correlation(shifted, at + 1, along_s);
        (along_s ? out[k].sagittal : out[k].tangential).push_back(value);
      }
    planes *= turn;
  }
  return out;
}

namespace {

using Matrix = Eigen::MatrixXcd;
using RealMatrix = Eigen::MatrixXd;

// cos and sin of rate * d * q at the positive halves of n samples d (rows) and `size` points q
// (columns) about 0; a middle one, d or q = 0, comes first, and d's counts half as it is its own
// mirror image.
struct HalfWaves {
  RealMatrix cosine, sine;
};
HalfWaves half_waves(int n, int size, double rate) {
  HalfWaves out{RealMatrix((n + 1) / 2, (size + 1) / 2), RealMatrix((n + 1) / 2, (size + 1) / 2)};
  for (int k = 0; k < out.cosine.cols(); ++k)
    for (int i = 0; i < out.cosine.rows(); ++i) {
      const double d = i + (n % 2 ? 0 : 0.5), q = k + (size % 2 ? 0 : 0.5);
      const double share = d == 0 ? 0.5 : 1;
      out.cosine(i, k) = share * std::cos(rate * d * q);
      out.sine(i, k) = share * std::sin(rate * d * q);
    }
  return out;
}

// Rows i and n - 1 - i from the middle outwards, added or subtracted.
Matrix folded(const Matrix& m, double sign) {
  const int n = int(m.rows()), half = (n + 1) / 2;
  Matrix out(half, m.cols());
  for (int i = 0; i < half; ++i) out.row(i) = m.row(n - half + i) + sign * m.row(half - 1 - i);
  return out;
}

// The waves, transposed, times m. A transposed complex matrix lies in memory as a real one of twice
// the rows: the product is a real one.
Matrix product(const RealMatrix& waves, const Matrix& m) {
  Matrix by_column = m.transpose();
  Matrix out(m.cols(), waves.cols());
  const auto real = [](auto* complex, Eigen::Index rows, Eigen::Index columns) {
    return Eigen::Map<RealMatrix>(reinterpret_cast<double*>(complex), 2 * rows, columns);
  };
  real(out.data(), out.rows(), out.cols()).noalias() =
      real(by_column.data(), by_column.rows(), by_column.cols()) * waves;
  return out.transpose();
}

// sum_d m(d) exp(i rate d q) along the columns of m, for `size` points q: e^ix and e^-ix share
// their cosines and sines, which makes four small real products of one large complex one.
Matrix transformed(const Matrix& m, int size, double rate) {
  const HalfWaves waves = half_waves(int(m.rows()), size, rate);
  const Matrix even = product(waves.cosine, folded(m, 1));
  const Matrix odd_part = folded(m, -1);
  // A lens is symmetric about the plane of the field: nothing is odd across it.
  const bool odd = odd_part.norm() > 1e-9 * m.norm();
  const Matrix turned = odd ? Matrix(std::complex<double>(0, 1) * product(waves.sine, odd_part))
                            : Matrix::Zero(even.rows(), even.cols());
  const int half = int(even.rows());
  Matrix out(size, m.cols());
  for (int k = 0; k < half; ++k) {
    out.row(size - half + k) = even.row(k) + turned.row(k);
    out.row(half - 1 - k) = even.row(k) - turned.row(k);
  }
  return out;
}

}  // namespace

std::vector<double> point_spread(const PupilFunction& p, int size, double spacing_mm) {
  // Two matrix products: a Fourier transform on just the points that are wanted.
  const int n = p.samples;
  std::vector<double> out(std::size_t(size) * size, 0);
  if (p.energy == 0) return out;
  Matrix pupil(n, n);  // (s, t)
  double amplitudes = 0;
  for (int t = 0; t < n; ++t)
    for (int s = 0; s < n; ++s) {
      pupil(s, t) = p.at(s, t);
      amplitudes += std::abs(p.at(s, t));
    }
  const double rate = 2 * M_PI * p.index / p.wavelength_mm * spacing_mm;
  const Matrix over_s = transformed(pupil, size, rate * p.step_s);
  const Matrix field = transformed(over_s.transpose(), size, rate * p.step_t);  // (t, s)
  for (int t = 0; t < size; ++t)
    for (int s = 0; s < size; ++s)
      out[std::size_t(t) * size + s] = std::norm(field(t, s)) / (amplitudes * amplitudes);
  return out;
}

std::vector<double> huygens_point_spread(const System& system, const Bundle& bundle,
                                         const ChiefRays& chiefs, int pupil_samples, int size,
                                         double spacing_mm) {
  const PupilRays rays = trace_pupil(system, bundle, pupil_grid(pupil_samples));
  const int wavelength = bundle.wavelength();
  const double index = system.paths[wavelength].back().index_before;
  const double wave_number = 2 * M_PI * index / (system.wavelength_um(wavelength) * 1e-3);
  const Vec3<double> center = chiefs.reference.position;
  const double origin = plane_wave_path(chiefs.own[wavelength], center, index);
  std::vector<std::complex<double>> field(std::size_t(size) * size, 0);
  double amplitudes = 0;
  for (std::size_t k = 0; k < rays.arrivals.size(); ++k) {
    if (!rays.arrived[k]) continue;
    const Arrival& a = rays.arrivals[k];
    const double phase = wave_number / index * (plane_wave_path(a, center, index) - origin);
    amplitudes += 1;
    for (int j = 0; j < size; ++j)
      for (int i = 0; i < size; ++i) {
        const double x = (i - (size - 1) / 2.0) * spacing_mm;
        const double y = (j - (size - 1) / 2.0) * spacing_mm;
        field[std::size_t(j) * size + i] +=
            std::polar(1.0, phase + wave_number * (a.direction.x * x + a.direction.y * y));
      }
  }
  std::vector<double> out;
  out.reserve(field.size());
  for (const auto& value : field) out.push_back(std::norm(value) / (amplitudes * amplitudes));
  return out;
}

double diffraction_limit(double lp_per_mm, double wavelength_mm, double working_f_number) {
  const double v = lp_per_mm * wavelength_mm * working_f_number;
  if (v >= 1) return 0;
  return 2 / M_PI * (std::acos(v) - v * std::sqrt(1 - v * v));
}

}  // namespace lichtbild::optics
