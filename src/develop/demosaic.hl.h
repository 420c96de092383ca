// Demosaicing stages: an RGGB mosaic, red at even places, becomes planes red, green, blue.
#pragma once

#include <Halide.h>

// The best linear 5x5 interpolation (Malvar, He and Cutler 2004).
inline Halide::Func demosaic_linear(Halide::Func m) {
  using namespace Halide;
  Var x("x"), y("y"), c("c");
  Expr here = m(x, y), cross = m(x - 1, y) + m(x + 1, y) + m(x, y - 1) + m(x, y + 1);
  Expr far_x = m(x - 2, y) + m(x + 2, y), far_y = m(x, y - 2) + m(x, y + 2);
  Expr diagonal = m(x - 1, y - 1) + m(x + 1, y - 1) + m(x - 1, y + 1) + m(x + 1, y + 1);
  Expr green = (4.0f * here + 2.0f * cross - far_x - far_y) * 0.125f;
  Expr along_x =
      (5.0f * here + 4.0f * (m(x - 1, y) + m(x + 1, y)) - far_x - diagonal + 0.5f * far_y) * 0.125f;
  Expr along_y =
      (5.0f * here + 4.0f * (m(x, y - 1) + m(x, y + 1)) - far_y - diagonal + 0.5f * far_x) * 0.125f;
  Expr across = (6.0f * here + 2.0f * diagonal - 1.5f * (far_x + far_y)) * 0.125f;
  Expr even_x = x % 2 == 0, even_y = y % 2 == 0;
  Expr red = select(even_y, select(even_x, here, along_x), select(even_x, along_y, across));
  Expr blue = select(even_y, select(even_x, across, along_y), select(even_x, along_x, here));
  Func full("full");
  full(x, y, c) = mux(c, {red, select(even_x == even_y, green, here), blue});
  return full;
}
