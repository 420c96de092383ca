// CODE V .seq read: commands cut at line ends and semicolons, then obeyed in turn.
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "core/error.h"
#include "glass/text_encoding.h"
#include "optics/files/lens_files.h"
#include "optics/files/limits.h"
#include "optics/files/number_text.h"
#include "optics/files/seq_glass.h"
#include "optics/files/seq_surface.h"

namespace lichtbild::optics {
namespace {

constexpr double code_v_infinity = 1e10;  // thicknesses from here on mean infinity
constexpr std::size_t most_commands = 200'000;

// Commands with the line that they begin on: "!" comments go, "&" joins lines, ";" parts commands,
// none of them within quotes.
std::vector<std::pair<std::string, int>> commands_of(std::string_view text) {
  std::vector<std::pair<std::string, int>> commands;
  std::string command;
  char quote = 0;
  int line = 1, begun = 1;
  bool comment = false;
  const auto end_command = [&] {
    if (command.find_first_not_of(" \t\r") != command.npos) commands.emplace_back(command, begun);
    command.clear();
    begun = line;
  };
  for (const char c : text) {
    if (c == '\n') {
      comment = false;
      quote = 0;  // a quote ends with its line
      ++line;
      const std::size_t last = command.find_last_not_of(" \t\r");
      if (last != command.npos && command[last] == '&')
        command.resize(last);
      else
        end_command();
    } else if (comment) {
      continue;
    } else if (quote) {
      if (c == quote) quote = 0;
      command += c;
    } else if (c == '"' || c == '\'') {
      quote = c;
      command += c;
    } else if (c == '!') {
      comment = true;
    } else if (c == ';') {
      end_command();
    } else {
      command += c;
    }
    if (command.size() == 1) begun = line;
  }
  end_command();
  return commands;
}

class SeqReader {
 public:
  SeqReader(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  Lens read() {
    const auto commands = commands_of(text_);
    if (commands.size() > most_commands)
      throw Error(where_, "is too long for a lens", "lens files are small");
    for (const auto& [text, number] : commands) obey(TextLine(text, number, where_));
    return finish();
  }

 private:
  void obey(const TextLine& line) {
    if (in_private_catalog_) {
      read_private_glass(line);
    } else if (!read_new_surface(line) && !read_system(line) && !read_fields(line)) {
      read_surface_command(line);
    }
  }

  // ---- Surfaces ---------------------------------------------------------------------------------

  double curvature_in(const TextLine& line, std::size_t i) const {
    const double value = line.number(i, 0);
    if (value == 0) return 0;
    if (!radius_mode_)
      line.complain("RDM or RDM N did not say whether this is a radius", "say so above");
    return *radius_mode_ ? 1 / value : value;
  }

  Material material_in(const std::string& name) const {
    const auto found = private_glasses_.find(in_capitals(name));
    if (found != private_glasses_.end()) return found->second;
    return material_from_codev(name);
  }

  // SO, S and SI with radius, thickness and glass.
  bool read_new_surface(const TextLine& line) {
    const std::string& keyword = line.keyword();
    if (keyword != "S" && keyword != "SO" && keyword != "SI") return false;
    if (surfaces_.empty() != (keyword == "SO"))
      line.complain(surfaces_.empty() ? "a surface before SO" : "a second SO", "begin with one SO");
    if (image_seen_) line.complain("a surface behind SI", "end with SI");
    if (surfaces_.size() > most_surfaces + 1)
      line.complain(fmt::format("more than {} surfaces", most_surfaces), "simplify the lens");
    if (line.size() > 4)
      line.complain("more than radius, thickness and glass", "leave the rest out");
    image_seen_ = keyword == "SI";
    surfaces_.emplace_back(curvature_in(line, 1), line.number(2, 0),
                           line.has(3) ? material_in(line.word(3)) : Material{});
    return true;
  }

  // The surface that a command means: that of a qualifier (S3, SO, SI), or the last one typed.
  SeqSurface& surface_of(const TextLine& line, std::size_t& first) {
    const std::string word = line.has(1) ? in_capitals(line.word(1)) : "";
    first = 1;
    if (surfaces_.empty())
      line.complain(fmt::format("{} before any surface", line.keyword()), "begin with SO");
    if (word.size() < 2 || word[0] != 'S') return surfaces_.back();
    first = 2;
    if (word == "SO") return surfaces_.front();
    if (word == "SI") return surfaces_.back();
    const auto number = number_in(word.substr(1));
    if (!number) {
      first = 1;
      return surfaces_.back();
    }
    if (!(*number >= 0 && *number < static_cast<double>(surfaces_.size())))
      line.complain(fmt::format("there is no surface {}", word), "name one above");
    return surfaces_[static_cast<std::size_t>(*number)];
  }

  void read_surface_command(const TextLine& line) {
    const std::string& keyword = line.keyword();
    std::size_t first = 1;
    if (surfaces_.empty())
      line.complain(fmt::format("the unknown command {}", keyword),
                    "take it out if it does not bend rays");
    SeqSurface& surface = surface_of(line, first);
    if (keyword == "THI") {
      surface.set_thickness(line.number(first));
    } else if (keyword == "RDY") {
      const double radius = line.number(first);
      surface.set_curvature(radius == 0 ? 0 : 1 / radius);
    } else if (keyword == "CUY") {
      surface.set_curvature(line.number(first));
    } else if (keyword == "GLA") {
      surface.set_material(material_in(line.word(first)));
    } else if (keyword == "RMD") {
      if (in_capitals(line.word(first)) != "REFL")
        line.complain(fmt::format("the refract mode {}", line.word(first)), "known: REFL");
      surface.set_material(Mirror{});
    } else if (!surface.read(line, first)) {
      line.complain(fmt::format("the unknown command {}", keyword),
                    "take it out if it does not bend rays");
    }
    if (keyword == "PIM" && surface.thickness() == 0) pim_unsolved_ = true;
  }

  // ---- The system -------------------------------------------------------------------------------

  bool read_system(const TextLine& line) {
    using Kind = SystemAperture::Kind;
    const std::string& keyword = line.keyword();
    if (keyword == "RDM") {
      const std::string word = line.has(1) ? in_capitals(line.word(1)) : "Y";
      radius_mode_ = word.starts_with('Y');
    } else if (keyword == "TIT" || keyword == "TITLE") {
      lens_.title = line.has(1) ? line.word(1) : "";
    } else if (keyword == "EPD") {
      lens_.aperture = {Kind::entrance_pupil_diameter_mm, line.number(1)};
    } else if (keyword == "FNO") {
      lens_.aperture = {Kind::f_number, line.number(1)};
    } else if (keyword == "NA") {
      lens_.aperture = {Kind::image_na, line.number(1)};
    } else if (keyword == "NAO") {
      lens_.aperture = {Kind::object_na, line.number(1)};
    } else if (keyword == "DIM") {
      read_unit(line);
    } else if (keyword == "WL") {
      wavelengths_nm_ = line.numbers(1);
    } else if (keyword == "WTW") {
      weights_ = line.numbers(1);
    } else if (keyword == "REF") {
      reference_ = line.integer(1);
    } else if (keyword == "TEM") {
      lens_.temperature_c = line.number(1);
    } else if (keyword == "PRE") {
      lens_.pressure_atm = line.number(1) / 760;  // given in millimeters of mercury
    } else if (keyword == "PRV") {
      in_private_catalog_ = true;
    } else if (keyword == "ZOO") {
      read_zoom(line);
    } else {
      return is_setting(keyword);
    }
    return true;
  }

  // What has no part in tracing rays.
  static bool is_setting(const std::string& keyword) {
    static const std::set<std::string, std::less<>> known = {
        "LEN", "INI", "POL", "GO",  "CA",  "DER", "AFI", "RAN", "OUT", "CUM", "COA", "VER", "TOW",
        "WRX", "WRY", "DEF", "LAB", "RES", "SAV", "ASV", "END", "INS", "PTH", "PST", "FCT"};
    return known.contains(keyword);
  }

  void read_unit(const TextLine& line) {
    const std::string unit = in_capitals(line.word(1));
    if (unit == "M" || unit == "MM")
      unit_mm_ = 1;
    else if (unit == "C" || unit == "CM")
      unit_mm_ = 10;
    else if (unit == "I" || unit == "IN")
      unit_mm_ = 25.4;
    else
      line.complain(fmt::format("the unit {}", line.word(1)), "known: M, C, I");
  }

  // The values typed elsewhere are those of the first position.
  void read_zoom(const TextLine& line) {
    if (!line.has(1) || !number_in(line.word(1))) return;
    lens_.notes.push_back(fmt::format("of {} zoom positions, the first", line.integer(1)));
  }

  // PRV; PWL wavelengths; 'NAME' indices; ...; END
  void read_private_glass(const TextLine& line) {
    if (line.keyword() == "END") {
      in_private_catalog_ = false;
    } else if (line.keyword() == "PWL") {
      private_wavelengths_ = line.numbers(1);
    } else {
      const std::vector<double> indices = line.numbers(1);
      if (indices.empty() || indices.size() != private_wavelengths_.size())
        line.complain(fmt::format("{} indices for {} wavelengths", indices.size(),
                                  private_wavelengths_.size()),
                      "give one for each of PWL");
      private_glasses_[line.keyword()] = IndexTable{private_wavelengths_, indices};
    }
  }

  // ---- Fields -----------------------------------------------------------------------------------

  bool read_fields(const TextLine& line) {
    struct List {
      std::vector<double> SeqReader::*values;
      std::optional<FieldKind> kind;
    };
    static const std::map<std::string, List, std::less<>> lists = {
        {"XAN", {&SeqReader::x_, FieldKind::angle_deg}},
        {"YAN", {&SeqReader::y_, FieldKind::angle_deg}},
        {"XOB", {&SeqReader::x_, FieldKind::object_height_mm}},
        {"YOB", {&SeqReader::y_, FieldKind::object_height_mm}},
        {"XIM", {&SeqReader::x_, FieldKind::paraxial_image_height_mm}},
        {"YIM", {&SeqReader::y_, FieldKind::paraxial_image_height_mm}},
        {"XRI", {&SeqReader::x_, FieldKind::real_image_height_mm}},
        {"YRI", {&SeqReader::y_, FieldKind::real_image_height_mm}},
        {"WTF", {&SeqReader::field_weights_, std::nullopt}},
        {"VUX", {&SeqReader::vux_, std::nullopt}},
        {"VLX", {&SeqReader::vlx_, std::nullopt}},
        {"VUY", {&SeqReader::vuy_, std::nullopt}},
        {"VLY", {&SeqReader::vly_, std::nullopt}}};
    const auto found = lists.find(line.keyword());
    if (found == lists.end()) return false;
    this->*(found->second.values) = line.numbers(1);
    if (!found->second.kind) return true;
    if (field_kind_ && *field_kind_ != *found->second.kind)
      line.complain("fields of two kinds", "give all by angle, or all by height");
    field_kind_ = found->second.kind;
    return true;
  }

  static double at(const std::vector<double>& values, std::size_t i, double otherwise) {
    return i < values.size() ? values[i] : otherwise;
  }

  // VUY of the pupil's upper half and VLY of its lower half are cut off.
  void finish_fields() {
    const std::size_t count = std::max(x_.size(), y_.size());
    if (field_kind_) lens_.field_kind = *field_kind_;
    const double scale = lens_.field_kind == FieldKind::angle_deg ? 1 : unit_mm_;
    for (std::size_t i = 0; i < count; ++i) {
      const double vux = at(vux_, i, 0), vuy = at(vuy_, i, 0);
      const double vlx = at(vlx_, i, vux), vly = at(vly_, i, vuy);
      lens_.fields.push_back({at(x_, i, 0) * scale, at(y_, i, 0) * scale, at(field_weights_, i, 1),
                              (vlx - vux) / 2, (vly - vuy) / 2, (vux + vlx) / 2, (vuy + vly) / 2});
    }
  }

  // ---- The lens ---------------------------------------------------------------------------------

  Lens finish() {
    if (surfaces_.size() < 3 || !image_seen_)
      throw Error(where_, "no SO, S and SI", "object, lens and image make three surfaces");
    if (pim_unsolved_)
      throw Error(where_, "PIM and no thickness", "write the solved thickness of that surface");
    const SeqSurface& object = surfaces_.front();
    lens_.object_distance_mm =
        std::abs(object.thickness()) >= code_v_infinity ? infinite : object.thickness() * unit_mm_;
    lens_.object_material = object.material();
    if (object.curvature() != 0) throw Error(where_, "the object is not a plane", "make it one");
    for (std::size_t i = 1; i + 1 < surfaces_.size(); ++i)
      for (Surface& surface : surfaces_[i].surfaces(unit_mm_, fmt::format("{}: S{}", where_, i)))
        lens_.surfaces.push_back(std::move(surface));
    finish_image();
    finish_aperture();
    finish_fields();
    finish_wavelengths();
    check(lens_, where_);
    return std::move(lens_);
  }

  // The thickness of SI is a defocus.
  void finish_image() {
    lens_.image = surfaces_.back().surfaces(unit_mm_, where_ + ": SI").front();
    lens_.surfaces.back().thickness_mm += lens_.image.thickness_mm;
    if (lens_.image.thickness_mm != 0)
      lens_.notes.push_back(fmt::format("the image's defocus of {} mm is in the last thickness",
                                        lens_.image.thickness_mm));
    lens_.image.thickness_mm = 0;
    lens_.image.material = Air{};
  }

  void finish_aperture() {
    using Kind = SystemAperture::Kind;
    SystemAperture& aperture = lens_.aperture;
    if (aperture.kind == Kind::entrance_pupil_diameter_mm) aperture.value *= unit_mm_;
    if (aperture.kind == Kind::f_number && std::isfinite(lens_.object_distance_mm))
      aperture = {Kind::image_na, std::sin(std::atan(0.5 / aperture.value))};
  }

  void finish_wavelengths() {
    for (std::size_t i = 0; i < wavelengths_nm_.size(); ++i)
      lens_.wavelengths.push_back({wavelengths_nm_[i], at(weights_, i, 1)});
    lens_.reference_wavelength =
        (reference_ ? *reference_ : static_cast<int>(wavelengths_nm_.size() + 1) / 2) - 1;
  }

  std::string_view text_;
  const std::string& where_;
  Lens lens_;
  std::vector<SeqSurface> surfaces_;
  std::optional<bool> radius_mode_;
  std::optional<FieldKind> field_kind_;
  std::optional<int> reference_;
  std::vector<double> x_, y_, field_weights_, vux_, vlx_, vuy_, vly_, wavelengths_nm_, weights_;
  std::vector<double> private_wavelengths_;
  std::map<std::string, IndexTable, std::less<>> private_glasses_;
  double unit_mm_ = 1;
  bool image_seen_ = false, in_private_catalog_ = false, pim_unsolved_ = false;
};

}  // namespace

Lens parse_seq(std::string_view bytes, const std::string& where) {
  const std::string text = utf8_from_bytes(bytes);
  return SeqReader(text, where).read();
}

}  // namespace lichtbild::optics
