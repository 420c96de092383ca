// A surface of a CODE V .seq file: its commands gathered, then made into Surfaces.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "optics/files/text_line.h"
#include "optics/lens.h"

namespace lichtbild::optics {

class SeqSurface {
 public:
  SeqSurface() = default;
  SeqSurface(double curvature, double thickness, Material material)
      : curvature_(curvature), thickness_(thickness), material_(std::move(material)) {}

  // One command, its values from word `first` on. False: no command of surfaces.
  bool read(const TextLine& line, std::size_t first);

  void set_curvature(double curvature) { curvature_ = curvature; }
  void set_thickness(double thickness) { thickness_ = thickness; }
  void set_material(Material material) { material_ = std::move(material); }
  double thickness() const { return thickness_; }
  double curvature() const { return curvature_; }
  const Material& material() const { return material_; }
  bool is_stop() const { return stop_; }

  // Usually one; a reverse decenter needs a coordinate break behind.
  std::vector<Surface> surfaces(double unit_mm, const std::string& where) const;

 private:
  enum class Form { conic, asphere, toroid, odd, xy, q_bfs, q_con };
  enum class Move { stay, restore, bend, reverse };

  bool read_form(const TextLine& line, std::size_t first);
  bool read_aperture(const TextLine& line, std::size_t first);
  bool read_placement(const TextLine& line, std::size_t first);
  void read_special(const TextLine& line, std::size_t first);
  void read_special_term(const TextLine& line, std::size_t first);
  Shape shape(double unit_mm, const std::string& where) const;
  XyPolynomial xy(double unit_mm) const;
  std::vector<double> even_terms(double unit_mm) const;

  double curvature_ = 0, thickness_ = 0, conic_ = 0, curvature_x_ = 0, normalization_radius_ = 0;
  Material material_;
  std::string label_;
  bool stop_ = false, moved_ = false;
  Form form_ = Form::conic;
  Move move_ = Move::stay;
  Placement placement_;
  std::map<int, double> letters_;  // power -> coefficient
  std::map<int, double> terms_;    // of SPS: C1, C2, ...
  double circle_ = 0, hole_ = 0, half_width_ = 0, half_height_ = 0, center_x_ = 0, center_y_ = 0;
  bool obscures_ = false;
};

}  // namespace lichtbild::optics
