// Colors that the color-blind tell apart, on white: Okabe and Ito, "Color Universal Design" (2008),
// without the yellow, which white paper swallows.
#pragma once

#include <array>
#include <string>

namespace lichtbild::optics::report {

inline constexpr const char *black = "#000000", *orange = "#E69F00", *sky_blue = "#56B4E9",
                            *green = "#009E73", *blue = "#0072B2", *vermilion = "#D55E00",
                            *purple = "#CC79A7", *gray = "#777777", *light_gray = "#DDDDDD";

// For things counted from 0: fields, frequencies, terms; repeats after seven.
inline const char* color_of(int i) {
  constexpr std::array colors = {blue, green, vermilion, purple, orange, sky_blue, black};
  return colors[i % int(colors.size())];
}

// For the wavelength of rank `rank` out of `count`, the shortest first: from purple to vermilion.
inline const char* wavelength_color(int rank, int count) {
  constexpr std::array one = {blue};
  constexpr std::array two = {blue, vermilion};
  constexpr std::array three = {blue, green, vermilion};
  constexpr std::array four = {blue, green, orange, vermilion};
  constexpr std::array more = {purple, blue, sky_blue, green, orange, vermilion, black};
  switch (count) {
    case 1:
      return one[0];
    case 2:
      return two[rank];
    case 3:
      return three[rank];
    case 4:
      return four[rank];
    case 5: {
      constexpr std::array five = {purple, blue, green, orange, vermilion};
      return five[rank];
    }
    default:
      return more[rank % int(more.size())];
  }
}

}  // namespace lichtbild::optics::report
