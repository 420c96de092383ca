// .zmx read: the header's keywords, then the SURF blocks.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/error.h"
#include "glass/text_encoding.h"
#include "optics/files/lens_files.h"
#include "optics/files/limits.h"
#include "optics/files/number_text.h"
#include "optics/files/zmx_surface.h"

namespace lichtbild::optics {
namespace {

class ZmxReader {
 public:
  ZmxReader(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  Lens read() {
    for (const TextLine& line : text_lines(text_, where_)) {
      if (line.keyword() == "SURF") {
        if (surfaces_.size() > most_surfaces + 1)
          line.complain(fmt::format("more than {} surfaces", most_surfaces), "simplify the lens");
        if (behind_surfaces_) line.complain("SURF behind the end of the surfaces", "move it up");
        surfaces_.emplace_back(line);
      } else if (surfaces_.empty()) {
        read_header(line);
      } else if (behind_surfaces_ || !surfaces_.back().read(line)) {
        // An indented line belongs to its surface; tolerances, operands and the like follow.
        if (!behind_surfaces_ && line.indented())
          line.complain(fmt::format("the unknown keyword {}", line.keyword()),
                        "take it out if it does not bend rays");
        behind_surfaces_ = true;
        read_tail(line);
      }
    }
    return finish();
  }

 private:
  void read_header(const TextLine& line) {
    if (read_aperture(line) || read_fields(line) || read_wavelengths(line)) return;
    const std::string& keyword = line.keyword();
    if (keyword == "NAME") {
      lens_.title = line.rest();
    } else if (keyword == "NOTE") {
      read_note(line);
    } else if (keyword == "UNIT") {
      read_unit(line);
    } else if (keyword == "GCAT") {
      for (std::size_t i = 1; i < line.size(); ++i) catalogs_.push_back(in_capitals(line.word(i)));
    } else if (keyword == "MODE") {
      if (in_capitals(line.word(1)) != "SEQ")
        line.complain(fmt::format("the mode {}", line.word(1)), "only sequential lenses are known");
    } else if (keyword == "ENVD") {
      // The third value: whether indices follow the environment at all.
      if (line.integer(3, 0) != 0) {
        lens_.temperature_c = line.number(1);
        lens_.pressure_atm = line.number(2);
      }
    } else if (keyword == "TEMP") {
      lens_.temperature_c = line.number(1);
    } else if (keyword == "PRES") {
      lens_.pressure_atm = line.number(1);
    } else if (!is_setting(keyword)) {
      line.complain(fmt::format("the unknown keyword {}", keyword),
                    "take it out if it does not bend rays");
    }
  }

  // Editor, print and analysis settings.
  static bool is_setting(const std::string& keyword) {
    static const std::set<std::string, std::less<>> known = {
        "VERS", "PFIL", "LANG", "GFAC", "RAIM", "PUSH", "SDMA", "OMMA", "ROPD", "PICB", "POLS",
        "GLRS", "GSTD", "NSCD", "COFN", "FWGT", "HYPR", "XFOC", "LTTL", "APOD", "MIRR", "SCHM",
        "ELPO", "PRJN", "ATHE", "DBDT", "PAUX", "ZVAN", "ZVDX", "ZVDY", "ZVCX", "ZVCY", "CWGT",
        "TOLN", "FCOL", "URLS", "SOUR", "AUTH", "DESC", "OPTN", "!",    "#",    "REMK"};
    return known.contains(keyword);
  }

  void read_note(const TextLine& line) {
    std::string text = line.rest();  // "0 text"
    const std::size_t blank = text.find(' ');
    text = blank == text.npos ? "" : text.substr(blank + 1);
    if (text.starts_with("source: "))
      lens_.source = text.substr(8);
    else if (!text.empty())
      lens_.notes.push_back(text);
  }

  void read_unit(const TextLine& line) {
    static const std::map<std::string, double, std::less<>> units = {
        {"MM", 1}, {"CM", 10}, {"IN", 25.4}, {"METER", 1000}, {"M", 1000}};
    const auto found = units.find(in_capitals(line.word(1)));
    if (found == units.end())
      line.complain(fmt::format("the unit {}", line.word(1)), "known: MM, CM, IN, METER");
    unit_mm_ = found->second;
  }

  bool read_aperture(const TextLine& line) {
    using Kind = SystemAperture::Kind;
    const std::string& keyword = line.keyword();
    if (keyword == "ENPD") {
      lens_.aperture = {Kind::entrance_pupil_diameter_mm, line.number(1)};
    } else if (keyword == "FNUM") {
      lens_.aperture = {Kind::f_number, line.number(1)};
      working_f_number_ = line.integer(2, 0) != 0;
    } else if (keyword == "OBNA") {
      const bool is_angle = line.integer(2, 0) != 0;
      const double value = line.number(1);
      lens_.aperture = {Kind::object_na,
                        is_angle ? std::sin(value * 3.14159265358979323846 / 180) : value};
    } else if (keyword == "FLOA") {
      lens_.aperture = {Kind::stop_semi_diameter_mm, 0};
    } else {
      return false;
    }
    return true;
  }

  bool read_fields(const TextLine& line) {
    static const std::map<std::string, double Field::*, std::less<>> lists = {
        {"XFLN", &Field::x},   {"YFLN", &Field::y},      {"XFLD", &Field::x},
        {"YFLD", &Field::y},   {"FWGN", &Field::weight}, {"VDXN", &Field::vdx},
        {"VDYN", &Field::vdy}, {"VCXN", &Field::vcx},    {"VCYN", &Field::vcy}};
    const std::string& keyword = line.keyword();
    if (keyword == "FTYP") {
      const int type = line.integer(1);
      if (type < 0 || type > 3)
        line.complain(fmt::format("the field type {}", type),
                      "known: 0 angle, 1 object height, 2 and 3 image height");
      lens_.field_kind = static_cast<FieldKind>(type);
      if (line.integer(2, 0) != 0) line.complain("a telecentric object space", "it is not known");
      field_count_ = line.integer(3, 0);
      wavelength_count_ = line.integer(4, 0);
      return true;
    }
    if (keyword == "VANN") {
      for (const double angle : line.numbers(1))
        if (angle != 0) line.complain("a vignetting angle", "it is not known; set it to 0");
      return true;
    }
    const auto found = lists.find(keyword);
    if (found == lists.end()) return false;
    const std::vector<double> values = line.numbers(1);
    if (fields_.size() < values.size()) fields_.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) fields_[i].*(found->second) = values[i];
    return true;
  }

  bool read_wavelengths(const TextLine& line) {
    const std::string& keyword = line.keyword();
    if (keyword == "WAVM") {
      const int i = line.integer(1);
      if (i < 1 || i > 100) line.complain(fmt::format("wavelength number {}", i), "give 1 to 24");
      if (wavelengths_.size() < static_cast<std::size_t>(i))
        wavelengths_.resize(static_cast<std::size_t>(i));
      wavelengths_[static_cast<std::size_t>(i) - 1] = {nm_from_um(line.number(2)),
                                                       line.number(3, 1)};
    } else if (keyword == "WAVL" || keyword == "WAVN") {
      const std::vector<double> values = line.numbers(1);
      if (wavelengths_.size() < values.size()) wavelengths_.resize(values.size());
      for (std::size_t i = 0; i < values.size(); ++i)
        wavelengths_[i].wavelength_nm = nm_from_um(values[i]);
    } else if (keyword == "WWGT" || keyword == "WWGN") {
      const std::vector<double> values = line.numbers(1);
      if (wavelengths_.size() < values.size()) wavelengths_.resize(values.size());
      for (std::size_t i = 0; i < values.size(); ++i) wavelengths_[i].weight = values[i];
    } else if (keyword == "PWAV") {
      reference_ = line.integer(1);
    } else {
      return false;
    }
    return true;
  }

  // 0.5876 um is 587.6 nm, not 587.60000000000002.
  static double nm_from_um(double um) {
    const double nm = um * 1000;
    const double rounded = std::round(nm * 1e6) / 1e6;
    return std::abs(rounded - nm) < 1e-9 ? rounded : nm;
  }

  void read_tail(const TextLine& line) {
    if (line.keyword() != "MNUM" || !line.has(1) || line.integer(1) < 2) return;
    lens_.notes.push_back(fmt::format("of {} configurations, the one that the file stands in ({})",
                                      line.integer(1), line.integer(2, 1)));
  }

  Lens finish() {
    if (surfaces_.size() < 3)
      throw Error(where_, "fewer than three surfaces", "object, lens and image make three");
    finish_object();
    for (std::size_t i = 1; i + 1 < surfaces_.size(); ++i)
      lens_.surfaces.push_back(surfaces_[i].surface(unit_mm_));
    lens_.image = surfaces_.back().surface(unit_mm_);
    lens_.image.thickness_mm = 0;
    lens_.image.material = Air{};
    finish_glass();
    finish_aperture();
    finish_fields();
    finish_wavelengths();
    check(lens_, where_);
    return std::move(lens_);
  }

  void finish_object() {
    const Surface object = surfaces_.front().surface(unit_mm_);
    if (surfaces_.front().type() != "STANDARD" || object.shape.curvature != 0)
      throw Error(where_, "the object is not a plane", "make SURF 0 a STANDARD plane");
    lens_.object_distance_mm =
        surfaces_.front().object_at_infinity() ? infinite : object.thickness_mm;
    lens_.object_material = object.material;
  }

  // One maker named: its glasses are meant. Several: the name decides, in Lichtbild's own order.
  void finish_glass() {
    static const std::set<std::string, std::less<>> makers = {"SCHOTT", "OHARA", "HOYA",
                                                              "HIKARI", "CDGM",  "SUMITA"};
    if (catalogs_.size() != 1 || !makers.contains(catalogs_[0])) return;
    for (Surface& surface : lens_.surfaces)
      if (auto* glass = std::get_if<NamedGlass>(&surface.material)) glass->catalog = catalogs_[0];
  }

  void finish_aperture() {
    using Kind = SystemAperture::Kind;
    SystemAperture& aperture = lens_.aperture;
    if (aperture.kind == Kind::entrance_pupil_diameter_mm) aperture.value *= unit_mm_;
    if (working_f_number_ && std::isfinite(lens_.object_distance_mm))
      aperture = {Kind::image_na, std::sin(std::atan(0.5 / aperture.value))};
    if (aperture.kind != Kind::stop_semi_diameter_mm) return;
    for (std::size_t i = 1; i + 1 < surfaces_.size(); ++i)
      if (lens_.surfaces[i - 1].stop) aperture.value = surfaces_[i].semi_diameter() * unit_mm_;
  }

  void finish_fields() {
    std::size_t count = static_cast<std::size_t>(std::clamp(field_count_, 0, 1000));
    if (count == 0) {  // older files do not say: as far as a coordinate is set
      count = 1;
      for (std::size_t i = 0; i < fields_.size(); ++i)
        if (fields_[i].x != 0 || fields_[i].y != 0) count = i + 1;
    }
    fields_.resize(count);
    const bool heights = lens_.field_kind != FieldKind::angle_deg;
    for (Field& field : fields_)
      if (heights) field.x *= unit_mm_, field.y *= unit_mm_;
    lens_.fields = fields_;
  }

  void finish_wavelengths() {
    if (wavelength_count_ > 0 && wavelengths_.size() > static_cast<std::size_t>(wavelength_count_))
      wavelengths_.resize(static_cast<std::size_t>(wavelength_count_));
    lens_.wavelengths = wavelengths_;
    lens_.reference_wavelength = reference_ - 1;
  }

  std::string_view text_;
  const std::string& where_;
  Lens lens_;
  std::vector<ZmxSurface> surfaces_;
  std::vector<std::string> catalogs_;
  std::vector<Field> fields_;
  std::vector<Wavelength> wavelengths_;
  double unit_mm_ = 1;
  int field_count_ = 0, wavelength_count_ = 0, reference_ = 1;
  bool working_f_number_ = false, behind_surfaces_ = false;
};

}  // namespace

Lens parse_zmx(std::string_view bytes, const std::string& where) {
  const std::string text = utf8_from_bytes(bytes);
  return ZmxReader(text, where).read();
}

}  // namespace lichtbild::optics
