#include "picture/hdr_header.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>

#include "core/error.h"
#include "picture/readers.h"

namespace lichtbild {
namespace {

class Lines {
 public:
  Lines(std::string_view file, const std::string& where) : file_(file), where_(where) {}

  // Without its end; throws at the end of the file.
  std::string_view next() {
    constexpr std::size_t longest = 1 << 16;
    const std::size_t end = file_.find('\n', at_);
    if (end == std::string_view::npos || end - at_ > longest) fail("its header does not end");
    std::string_view line = file_.substr(at_, end - at_);
    at_ = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
  std::size_t at() const { return at_; }
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(where_, "is not a sound Radiance picture: " + what, "save it again");
  }
  [[noreturn]] void fail_in(std::string_view line) const {
    constexpr std::size_t shown = 80;
    fail(fmt::format("the header's line '{}'", line.substr(0, shown)));
  }

 private:
  std::string_view file_;
  const std::string& where_;
  std::size_t at_ = 0;
};

// As many numbers as asked for, between blanks, and nothing else.
void read_numbers(std::string_view text, std::span<double> numbers, const Lines& lines,
                  std::string_view line) {
  const auto skip_blanks = [&] {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  };
  for (double& number : numbers) {
    skip_blanks();
    if (text.starts_with('+')) text.remove_prefix(1);
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || !std::isfinite(number)) lines.fail_in(line);
    text.remove_prefix(std::size_t(rest - text.data()));
  }
  skip_blanks();
  if (!text.empty()) lines.fail_in(line);
}

void multiply(double& product, double factor, const Lines& lines, std::string_view line) {
  constexpr double greatest = 1e30;  // a float's range
  product *= factor;
  if (!(product > 1 / greatest && product < greatest)) lines.fail_in(line);
}

// Lines that are none of these are other programs' business.
void read_line(std::string_view line, HdrHeader& header, double& pixel_aspect, const Lines& lines,
               const std::string& where) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return;
  const std::string_view key = line.substr(0, equals);
  std::string_view value = line.substr(equals + 1);
  std::array<double, 8> n{};
  if (key == "FORMAT") {
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
    header.is_xyz = value == "32-bit_rle_xyze";
    if (!header.is_xyz && value != "32-bit_rle_rgbe") lines.fail_in(line);
  } else if (key == "EXPOSURE") {
    read_numbers(value, std::span(n).first(1), lines, line);
    for (double& product : header.multiplied_by) multiply(product, n[0], lines, line);
  } else if (key == "COLORCORR") {
    read_numbers(value, std::span(n).first(3), lines, line);
    for (int c = 0; c < 3; ++c) multiply(header.multiplied_by[c], n[c], lines, line);
  } else if (key == "PRIMARIES") {
    read_numbers(value, n, lines, line);
    // ImageMagick writes zeros where it knows none.
    if (std::ranges::any_of(n, [](double v) { return v != 0; }))
      header.primaries = {{n[0], n[1]}, {n[2], n[3]}, {n[4], n[5]}, {n[6], n[7]}};
  } else if (key == "GAMMA") {
    // No part of the format: 0.4545 in one program's files is 2.2 in another's.
    read_numbers(value, std::span(n).first(1), lines, line);
    if (n[0] != 1)
      throw Error(where, fmt::format("has encoded numbers, not light: {}", line),
                  "save it linear (ImageMagick: -colorspace RGB)");
  } else if (key == "PIXASPECT") {
    read_numbers(value, std::span(n).first(1), lines, line);
    multiply(pixel_aspect, n[0], lines, line);
  }
}

// "-Y 480 +X 640": the first is the axis across scanlines.
void read_resolution(std::string_view line, HdrHeader& header, const Lines& lines,
                     const std::string& where) {
  struct Axis {
    bool backwards = false;
    char name = 0;
    double count = 0;
  };
  const auto axis = [&](std::string_view text) {
    if (text.size() < 4 || (text[0] != '+' && text[0] != '-') || (text[1] != 'X' && text[1] != 'Y'))
      lines.fail_in(line);
    Axis a{text[0] == '-', text[1], 0};
    read_numbers(text.substr(2), std::span(&a.count, 1), lines, line);
    if (a.count != std::floor(a.count)) lines.fail_in(line);
    // Radiance's Y points up.
    if (a.name == 'Y') a.backwards = !a.backwards;
    return a;
  };
  const std::size_t second = line.find_first_of("+-", 1);
  if (second == std::string_view::npos) lines.fail_in(line);
  const Axis across = axis(line.substr(0, second)), along = axis(line.substr(second));
  if (across.name == along.name) lines.fail_in(line);
  check_size(where, across.count, along.count);
  header.scanlines = int(across.count), header.pixels = int(along.count);
  header.columns = across.name == 'X';
  header.scanlines_backwards = across.backwards, header.pixels_backwards = along.backwards;
}

}  // namespace

HdrHeader parse_hdr_header(std::string_view file, const std::string& where) {
  Lines lines(file, where);
  if (!lines.next().starts_with("#?")) lines.fail("it does not start with #?");
  HdrHeader header;
  double pixel_aspect = 1;
  for (std::string_view line = lines.next(); !line.empty(); line = lines.next())
    read_line(line, header, pixel_aspect, lines, where);
  constexpr double square = 0.01;
  if (std::abs(pixel_aspect - 1) > square)
    throw Error(where, fmt::format("has pixels of PIXASPECT {:g}", pixel_aspect),
                "resample it to square ones");
  read_resolution(lines.next(), header, lines, where);
  header.size = lines.at();
  return header;
}

}  // namespace lichtbild
