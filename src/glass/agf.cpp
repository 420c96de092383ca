#include "glass/agf.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/error.h"
#include "glass/text_encoding.h"

namespace lichtbild {
namespace {

using Words = std::vector<std::string_view>;

Words words(std::string_view line) {
  constexpr std::string_view blank = " \t\r\f\v";
  Words found;
  for (std::size_t at = line.find_first_not_of(blank); at != line.npos;) {
    const std::size_t end = std::min(line.find_first_of(blank, at), line.size());
    found.push_back(line.substr(at, end - at));
    at = line.find_first_not_of(blank, end);
  }
  return found;
}

bool begins_as_number(std::string_view word) {
  return word != "-" && word.find_first_of("+-.0123456789") == 0;
}

// Internal transmissions are printed for one or several thicknesses.
struct Transmission {
  double wavelength_um, share, thickness_mm;
};

// What one glass's records have said so far.
struct Draft {
  Glass glass;
  std::size_t line = 0;
  std::vector<double> thermal;
  std::vector<Transmission> transmissions;
};

class Parser {
 public:
  Parser(std::string maker, std::string where)
      : maker_(std::move(maker)), where_(std::move(where)) {}

  std::vector<Glass> parse(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find_first_of("\n\r"), text.size());
      const bool both = text.substr(end, 2) == "\r\n";
      ++line_;
      record(words(text.substr(0, end)));
      text.remove_prefix(std::min(end + 1 + both, text.size()));
    }
    finish();
    if (glasses_.empty())
      throw Error(where_, "holds no glass",
                  "an AGF file has a line 'NM name formula ...' for each");
    return std::move(glasses_);
  }

 private:
  [[noreturn]] void fail(std::size_t line, const std::string& what, const std::string& cure) const {
    throw Error(fmt::format("{}:{}", where_, line), what, cure);
  }

  double number(std::string_view word) const {
    if (word == "_" || word == "-") return 0;
    const std::string_view digits = word.starts_with('+') ? word.substr(1) : word;
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size() || !std::isfinite(value))
      fail(line_, fmt::format("'{}' is not a number", word.substr(0, 40)), "mend it there");
    return value;
  }

  std::vector<double> numbers(const Words& line, std::size_t first, std::size_t most) const {
    std::vector<double> values;
    for (std::size_t i = first; i < std::min(line.size(), first + most); ++i)
      values.push_back(number(line[i]));
    return values;
  }

  void record(const Words& line) {
    if (line.empty()) return;
    if (begins_as_number(line[0]) && continued_) {  // Nikon wraps its long records
      const std::vector<double> more = numbers(line, 0, 16);
      continued_->insert(continued_->end(), more.begin(), more.end());
      return;
    }
    continued_ = nullptr;
    if (line[0] == "NM") return name(line);
    const bool known =
        line[0] == "CD" || line[0] == "TD" || line[0] == "ED" || line[0] == "LD" || line[0] == "IT";
    if (!known) return;
    if (draft_.line == 0)
      fail(line_, fmt::format("{} stands before the first glass", line[0]),
           "begin each glass with its NM line");
    property(line);
  }

  void name(const Words& line) {
    finish();
    constexpr std::size_t most = 20000;
    if (glasses_.size() == most)
      fail(line_, fmt::format("more than {} glasses", most), "split the catalogue");
    if (line.size() < 3)
      fail(line_, "NM lacks a name or the number of a formula", "write NM name formula code nd vd");
    draft_.line = line_;
    draft_.glass.maker = maker_;
    draft_.glass.name = line[1];
    const double formula = number(line[2]);
    if (formula < 1 || formula > 13 || formula != std::floor(formula))
      fail(line_, fmt::format("formula {} is not known", line[2].substr(0, 40)),
           "AGF has formulas 1 to 13");
    draft_.glass.dispersion.formula = static_cast<Formula>(static_cast<int>(formula));
    if (line.size() > 4) draft_.glass.nd = number(line[4]);
    if (line.size() > 5) draft_.glass.vd = number(line[5]);
    constexpr std::string_view statuses[] = {"standard", "preferred", "obsolete", "special",
                                             "melt"};
    const double status = line.size() > 7 ? number(line[7]) : -1;
    if (status >= 0 && status < 5) draft_.glass.status = statuses[static_cast<int>(status)];
  }

  void property(const Words& line) {
    Glass& glass = draft_.glass;
    if (line[0] == "CD") {
      glass.dispersion.coefficients = numbers(line, 1, 16);
      continued_ = &glass.dispersion.coefficients;
    } else if (line[0] == "TD") {
      draft_.thermal = numbers(line, 1, 16);
      continued_ = &draft_.thermal;
    } else if (line[0] == "ED") {
      const std::vector<double> extra = numbers(line, 1, 4);
      if (!extra.empty()) glass.cte_per_k = extra[0] * 1e-6;
      if (extra.size() > 2) glass.density_g_cm3 = extra[2];
      if (extra.size() > 3) glass.dpgf = extra[3];
    } else if (line[0] == "LD") {
      const std::vector<double> range = numbers(line, 1, 2);
      if (range.size() < 2 || !(range[0] > 0) || !(range[1] >= range[0]))
        fail(line_, "LD is no range of wavelengths", "write LD shortest longest, in um");
      glass.shortest_um = range[0];
      glass.longest_um = range[1];
    } else if (line.size() > 3) {
      const Transmission row{number(line[1]), number(line[2]), number(line[3])};
      if (row.wavelength_um > 0 && row.thickness_mm > 0) draft_.transmissions.push_back(row);
    }
  }

  // Of several thicknesses the greatest says most, unless nothing comes through it.
  static std::vector<Absorption> absorption(std::vector<Transmission> rows) {
    constexpr double opaque = 1e-6;  // what a printed 0 stands for
    std::stable_sort(rows.begin(), rows.end(), [](const Transmission& a, const Transmission& b) {
      if (a.wavelength_um != b.wavelength_um) return a.wavelength_um < b.wavelength_um;
      if ((a.share > opaque) != (b.share > opaque)) return a.share > opaque;
      return a.thickness_mm > b.thickness_mm;
    });
    std::vector<Absorption> table;
    for (const Transmission& row : rows)
      if (table.empty() || table.back().wavelength_um != row.wavelength_um)
        table.push_back(
            {row.wavelength_um, -std::log(std::clamp(row.share, opaque, 1.0)) / row.thickness_mm});
    return table;
  }

  void finish() {
    if (draft_.line == 0) return;
    Glass& glass = draft_.glass;
    const std::vector<double>& t = draft_.thermal;
    if (t.size() >= 6 && std::any_of(t.begin(), t.begin() + 6, [](double v) { return v != 0; }))
      glass.thermal = {t[0], t[1], t[2], t[3], t[4], t[5], t.size() > 6 ? t[6] : 20};
    glass.absorption = absorption(std::move(draft_.transmissions));
    if (glass.dispersion.coefficients.empty())
      fail(draft_.line, fmt::format("glass {} has no coefficients", glass.name),
           "give them in a CD line");
    const bool known = glass.longest_um > 0;
    const double middle_um = known ? (glass.shortest_um + glass.longest_um) / 2 : line_d_um;
    const double n = index(glass, middle_um);
    if (!(n > 0 && n < 100))
      fail(draft_.line,
           fmt::format("glass {} has the index {:.4g} at {:.4g} um", glass.name, n, middle_um),
           "check its formula and coefficients");
    glasses_.push_back(std::move(glass));
    draft_ = {};
  }

  std::string maker_, where_;
  std::size_t line_ = 0;
  Draft draft_;
  std::vector<double>* continued_ = nullptr;  // the record that a line of bare numbers goes on with
  std::vector<Glass> glasses_;
};

}  // namespace

std::vector<Glass> parse_agf(std::string_view bytes, const std::string& maker,
                             const std::string& where) {
  const std::string text = utf8_from_bytes(bytes);
  return Parser(maker, where).parse(text);
}

}  // namespace lichtbild
