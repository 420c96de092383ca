// The pixel kernels of the room look: the whole rendering of a pixel in one pass.
#include <Halide.h>

#include <vector>

#include "look/curve_sizes.h"

using namespace Halide;
using namespace lichtbild;

namespace {

Var x("x"), y("y"), c("c"), xo("xo"), yo("yo"), xi("xi"), yi("yi");

Expr luminance(Func rgb, Expr px, Expr py) {
  return 0.2627f * rgb(px, py, 0) + 0.6780f * rgb(px, py, 1) + 0.0593f * rgb(px, py, 2);
}

template <class Picture>
Func bounded_floats(Picture& halves) {
  Func bounded = BoundaryConditions::repeat_edge(halves), wide("wide");
  wide(x, y, c) = cast<float>(bounded(x, y, c));
  return wide;
}

// Mean of log2 luminance over cells of 8x8 pixels.
class LogLuminance : public Generator<LogLuminance> {
 public:
  Input<Buffer<float16_t, 3>> rec2020{"rec2020"};
  Output<Buffer<float, 2>> cells{"cells"};

  void generate() {
    Func bounded = bounded_floats(rec2020), mean("mean"), rows("rows");
    RDom across(0, 8), down(0, 8);
    rows(x, y) += luminance(bounded, x * 8 + across, y);
    mean(x, y) += rows(x, y * 8 + down);
    cells(x, y) = log(max(mean(x, y) / 64.0f, 1e-6f)) * 1.44269504f;
    // schedule
    const int vector = natural_vector_size<float>();
    cells.split(y, yo, yi, 8, TailStrategy::GuardWithIf)
        .parallel(yo)
        .vectorize(x, vector, TailStrategy::GuardWithIf);
    rows.compute_at(cells, yi);
    rows.update()
        .reorder(across, x, y)
        .vectorize(x, vector, TailStrategy::GuardWithIf)
        .unroll(across);
  }
};

// Between two entries of a row of a table, at a clamped, fractional place.
Expr lookup(Expr at, Expr last, const std::function<Expr(Expr)>& table) {
  Expr place = clamp(at, 0.0f, cast<float>(last) - 0.001f), index = cast<int>(place),
       rest = place - cast<float>(index);
  return table(index) * (1.0f - rest) + table(index + 1) * rest;
}

// The inverse cube root by Newton's iteration from a guess r made of the exponent: 3e-2, 2e-3,
// 1e-5, then rounding. Quickly: (1 - e)^(-1/3) = 1 + e / 3 + 2 e^2 / 9 + 14 e^3 / 81, e = 1 - v
// r^3, which errs by 2e-5.
Expr cube_root(Expr v, bool exact) {
  Expr r = reinterpret<float>(
      1419967116 - cast<int32_t>(cast<float>(reinterpret<int32_t>(max(v, 1e-12f))) * (1.0f / 3)));
  if (exact) {
    for (int i = 0; i < 3; ++i) r = r * (4.0f - v * r * r * r) * (1.0f / 3);
  } else {
    Expr e = 1.0f - v * r * r * r;
    r += r * (e * (1.0f / 3 + e * (2.0f / 9 + e * (14.0f / 81))));
  }
  return v * r * r;
}

template <class Sample>
class Render : public Generator<Render<Sample>> {
 public:
  template <class T>
  using In = typename Generator<Render<Sample>>::template Input<T>;
  template <class T>
  using Out = typename Generator<Render<Sample>>::template Output<T>;

  // Eight bits are served by the nearest entries of packed tables, and by quick arithmetic of
  // twelve bits: together they err by about half a code value.
  static constexpr bool exact = sizeof(Sample) > 1;
  using Entry = std::conditional_t<exact, float, std::uint32_t>;

  In<Buffer<float16_t, 3>> rec2020{"rec2020"};
  In<Buffer<float, 3>> base{"base"};          // local_base(): a and b, an eighth of the size
  In<Buffer<float, 2>> curve{"curve"};        // tone_table() or tone_table_by_bits()
  In<Buffer<Entry, 2>> hues{"hues"};          // hue_table() or packed_hues()
  In<Buffer<Entry, 2>> gamut{"gamut"};        // gamut_table() or packed_gamut()
  In<Buffer<float, 2>> grain{"grain"};        // a tile of grain, mean 0
  In<Buffer<float, 2>> matrices{"matrices"};  // rows of 9: LMS from Rec.2020, roots from Oklab, RGB
                                              // from LMS, Oklab from roots
  In<float> chroma_step{"chroma_step"}, turn_step{"turn_step"}, lightness_step{"lightness_step"};
  In<float> exposure{"exposure"};
  In<float> shadows{"shadows"}, highlights{"highlights"}, detail{"detail"};
  In<float> sharpening{"sharpening"}, threshold{"threshold"};  // threshold on sqrt luminance
  In<float> vibrance{"vibrance"};
  In<float> mono{"mono"}, mono_red{"mono_red"}, mono_green{"mono_green"}, mono_blue{"mono_blue"};
  In<float> tint_a{"tint_a"}, tint_b{"tint_b"};
  Out<Buffer<Sample, 3>> rgb{"rgb"};  // interleaved: x, y, channel

  std::vector<Expr> multiply(int which, const std::vector<Expr>& v) {
    std::vector<Expr> out;
    for (int row = 0; row < 3; ++row)
      out.push_back(matrices(which, 3 * row) * v[0] + matrices(which, 3 * row + 1) * v[1] +
                    matrices(which, 3 * row + 2) * v[2]);
    return out;
  }

  Expr toned_by_table(Expr v) {
    if (exact) {
      Expr stops = log(max(v, 1e-6f)) * 1.44269504f;
      Expr at = (stops - float(curve_lowest_stops)) * float(curve_steps);
      return lookup(at, curve.width() - 1, [&](Expr i) { return curve(i, 0); });
    }
    constexpr int mantissa = 23, bias = 127;
    Expr bits = reinterpret<int32_t>(max(v, 0.0f)) >> (mantissa - curve_bits);
    constexpr int first = (bias + curve_lowest_stops) << curve_bits,
                  entries = (curve_highest_stops - curve_lowest_stops) << curve_bits;
    return curve(clamp(bits - first, 0, entries - 1), 0);
  }

  // Factor on chroma, turn, lightness per chroma.
  std::vector<Expr> hue_rules(Expr column) {
    if constexpr (exact) {
      std::vector<Expr> rules;
      for (int row = 0; row < 3; ++row)
        rules.push_back(lookup(column, hue_steps, [&](Expr i) { return hues(i, row); }));
      return rules;
    } else {
      Expr packed = hues(clamp(cast<int>(column + 0.5f), 0, hue_steps), 0);
      const auto field = [&](int first, int bits, int zero) {
        return cast<float>(cast<int>((packed >> first) & ((1 << bits) - 1)) - zero);
      };
      constexpr int turn = hue_chroma_bits, lightness = hue_chroma_bits + hue_turn_bits;
      return {field(0, hue_chroma_bits, 0) * chroma_step,
              field(turn, hue_turn_bits, 1 << (hue_turn_bits - 1)) * turn_step,
              field(lightness, hue_lightness_bits, 1 << (hue_lightness_bits - 1)) * lightness_step};
    }
  }

  Expr edge_in_row(Expr column, Expr row) {
    if constexpr (exact) {
      return lookup(column, hue_steps, [&](Expr i) { return gamut(i, row); });
    } else {
      Expr place = clamp(column, 0.0f, float(hue_steps)), index = cast<int>(place),
           rest = place - cast<float>(index), packed = gamut(index, row);
      Expr here = cast<float>(cast<int>(packed & 0xffff)),
           next = cast<float>(cast<int>(packed >> 16));
      return (here + (next - here) * rest) * float(most_chroma / 65535);
    }
  }

  void generate() {
    const auto over = [](Expr numerator, Expr denominator) {
      return exact ? numerator / denominator : numerator * fast_inverse(denominator);
    };
    const auto log2_of = [](Expr v) { return (exact ? log(v) : fast_log(v)) * 1.44269504f; };
    const auto exp2_of = [](Expr v) {
      return exact ? exp(v * 0.69314718f) : fast_exp(v * 0.69314718f);
    };
    Func bounded = bounded_floats(rec2020);

    // Sharpening of the finest lightness detail, cored at the noise, as a gain on all colors.
    Func root("root"), blur_x("blur_x");
    root(x, y) = sqrt(max(luminance(bounded, x, y), 0.0f));
    blur_x(x, y) = 0.25f * root(x - 1, y) + 0.5f * root(x, y) + 0.25f * root(x + 1, y);
    Expr blur = 0.25f * blur_x(x, y - 1) + 0.5f * blur_x(x, y) + 0.25f * blur_x(x, y + 1);
    Expr fine = root(x, y) - blur, size = abs(fine);
    Expr coring = 1.0f / (threshold + 1e-6f);
    Expr cored = fine * clamp((size - threshold) * coring, 0.0f, 1.0f);
    // Overshoot is held to a share of the edge itself.
    Expr limited =
        clamp(cored * sharpening, -0.12f * root(x, y) - 0.01f, 0.12f * root(x, y) + 0.01f);
    Expr sharper = over(max(root(x, y) + limited, 0.0f), max(root(x, y), 1e-4f));
    Expr sharp_gain = select(sharpening > 0.0f, sharper * sharper, 1.0f);

    // Local range: the base moves towards middle gray, its details follow unpressed.
    // The maps at every pixel are bilinear between the centers of the cells; in a block of eight
    // pixels across, the cells to the left, here and to the right weigh by constants.
    Func cells = BoundaryConditions::repeat_edge(base), cell_rows("cell_rows"),
         in_block("in_block"), coefficient("coefficient");
    Var cell("cell");
    Expr cy = (cast<float>(y) + 0.5f) * 0.125f - 0.5f, iy = cast<int>(floor(cy)),
         down = cy - cast<float>(iy);
    cell_rows(cell, y, c) = cells(cell, iy, c) * (1.0f - down) + cells(cell, iy + 1, c) * down;
    Expr place =
        (cast<float>(xi) + 0.5f) * 0.125f - 0.5f;  // of the pixel, from the center of its cell
    in_block(xi, cell, y, c) = cell_rows(cell - 1, y, c) * max(-place, 0.0f) +
                               cell_rows(cell, y, c) * (1.0f - abs(place)) +
                               cell_rows(cell + 1, y, c) * max(place, 0.0f);
    coefficient(x, y, c) = in_block(x % 8, x / 8, y, c);
    Expr log_luminance = log2_of(max(root(x, y) * root(x, y), 1e-6f));
    Expr base_log = coefficient(x, y, 0) * log_luminance + coefficient(x, y, 1);
    Expr exposure_log = log(exposure) * 1.44269504f;
    Expr over_gray = base_log + exposure_log + 2.47393f;  // stops over 0.18
    Expr moved = -over_gray * select(over_gray > 0.0f, highlights, shadows) +
                 detail * (log_luminance - base_log);
    Expr local_gain = exp2_of(moved + exposure_log);

    Func scene("scene");
    Expr gain = local_gain * sharp_gain;
    Expr weighted = (mono_red * bounded(x, y, 0) + mono_green * bounded(x, y, 1) +
                     mono_blue * bounded(x, y, 2)) *
                    gain;
    scene(x, y, c) = max(bounded(x, y, c) * gain * (1.0f - mono) + weighted * mono, 0.0f);

    // The tone curve on each color gives lightness and chroma; the hue stays that of the scene.
    std::vector<Expr> toned, before;
    for (int k = 0; k < 3; ++k) {
      toned.push_back(toned_by_table(scene(x, y, k)));
      before.push_back(scene(x, y, k));
    }
    std::vector<Expr> toned_lms = multiply(0, toned), before_lms = multiply(0, before);
    std::vector<Expr> toned_roots, before_roots;
    for (int k = 0; k < 3; ++k) {
      toned_roots.push_back(cube_root(max(toned_lms[k], 0.0f), exact));
      before_roots.push_back(cube_root(max(before_lms[k], 0.0f), exact));
    }
    Func lab("lab"), hue("hue");
    std::vector<Expr> toned_lab = multiply(3, toned_roots), before_lab = multiply(3, before_roots);
    lab(x, y) = Tuple(toned_lab[0], sqrt(toned_lab[1] * toned_lab[1] + toned_lab[2] * toned_lab[2]),
                      before_lab[1], before_lab[2]);

    // Hue rules by table.
    Expr lightness = lab(x, y)[0], chroma = lab(x, y)[1], a = lab(x, y)[2], b = lab(x, y)[3];
    Expr squared = max(a * a + b * b, 1e-18f);
    Expr inverse_length = exact ? 1.0f / sqrt(squared) : fast_inverse_sqrt(squared);
    Expr cosine = a * inverse_length, sine = b * inverse_length;
    const auto diamond = [&](Expr u, Expr v) {
      Expr t = over(v, max(abs(u) + abs(v), 1e-9f));
      return select(u >= 0.0f, select(t >= 0.0f, t, t + 4.0f), 2.0f - t);
    };
    Expr column = diamond(cosine, sine) * float(hue_steps / 4);
    const std::vector<Expr> rules = hue_rules(column);
    Expr turn = rules[1], turn_s = turn * (1.0f - turn * turn * (1.0f / 6)),
         turn_c = 1.0f - 0.5f * turn * turn * (1.0f - turn * turn * (1.0f / 12));
    Expr muted = over(Expr(1.0f), 1.0f + 12.0f * chroma + 72.0f * chroma * chroma);
    Expr chroma_wished = chroma * rules[0] * (1.0f + vibrance * muted);
    Expr cosine_new = cosine * turn_c - sine * turn_s, sine_new = cosine * turn_s + sine * turn_c;
    Expr midtone = 4.0f * lightness * max(1.0f - lightness, 0.0f);
    Expr grain_here = grain(x % grain_side, y % grain_side) * midtone;
    Expr lightness_new = clamp(lightness + rules[2] * chroma + grain_here, 0.0f, 1.0f);

    // Gamut: chroma is pressed softly below what the display space holds at this lightness and hue;
    // hue is kept.
    Expr column_new = diamond(cosine_new, sine_new) * float(hue_steps / 4);
    Expr row_place = lightness_new * float(lightness_steps);
    Expr row_index = clamp(cast<int>(row_place), 0, lightness_steps - 1),
         row_rest = row_place - cast<float>(row_index);
    const auto edge_of = [&](Expr row) { return edge_in_row(column_new, row); };
    Expr edge =
        max(edge_of(row_index) * (1.0f - row_rest) + edge_of(row_index + 1) * row_rest, 1e-5f);
    Expr ratio = over(chroma_wished, edge), knee = 0.8f;
    Expr beyond = (ratio - knee) / (1.0f - knee);
    Expr pressed = select(ratio < knee, ratio, knee + (1.0f - knee) * over(beyond, 1.0f + beyond));
    Expr chroma_new = min(pressed, 1.0f) * edge;

    Func linear("linear");
    std::vector<Expr> roots =
        multiply(1, {lightness_new, chroma_new * cosine_new + tint_a * midtone,
                     chroma_new * sine_new + tint_b * midtone});
    std::vector<Expr> out =
        multiply(2, {roots[0] * roots[0] * roots[0], roots[1] * roots[1] * roots[1],
                     roots[2] * roots[2] * roots[2]});
    linear(x, y, c) = mux(c, out);

    // The sRGB transfer curve (IEC 61966-2-1). For eight bits, v^(1/2.4) = q^(5/3) with q the
    // fourth root of v, by the cubic that is nearest to it above 0.0031308: it errs by 0.07 code
    // values.
    Expr v = clamp(linear(x, y, c), 0.0f, 1.0f), above = max(v, 0.0031308f);
    Expr half_root = above * fast_inverse_sqrt(above), q = half_root * fast_inverse_sqrt(half_root);
    Expr cubic = -0.01628755f + q * (0.24490973f + q * (0.89855603f - q * 0.12735012f));
    Expr power = exact ? fast_pow(above, 1 / 2.4f) : cubic;
    Expr encoded = select(v <= 0.0031308f, 12.92f * v, 1.055f * power - 0.055f);
    const float full = float((1 << (8 * sizeof(Sample))) - 1);
    rgb(x, y, c) = cast<Sample>(encoded * full + 0.5f);

    // schedule
    const int vector = this->template natural_vector_size<float>();
    rgb.dim(0).set_min(0).set_stride(3).dim(2).set_stride(1).set_bounds(0, 3);
    grain.dim(0).set_bounds(0, grain_side).dim(1).set_bounds(0, grain_side).set_stride(grain_side);
    rgb.bound(c, 0, 3)
        .tile(x, y, xo, yo, xi, yi, 256, 32, TailStrategy::GuardWithIf)
        .reorder(c, xi, yi, xo, yo);
    rgb.unroll(c).vectorize(xi, vector).parallel(yo);
    linear.compute_at(rgb, xi).reorder(c, x, y).unroll(c).vectorize(x, vector);
    lab.compute_at(rgb, xi).vectorize(x, vector);
    scene.compute_at(rgb, xi).bound(c, 0, 3).reorder(c, x, y).unroll(c).vectorize(x, vector);
    root.compute_at(rgb, xo).vectorize(x, vector);
    blur_x.compute_at(rgb, xo).vectorize(x, vector);
    cell_rows.compute_at(rgb, yi).hoist_storage(rgb, yo).bound(c, 0, 2).unroll(c);
    coefficient.compute_at(rgb, yi).hoist_storage(rgb, yo).bound(c, 0, 2);
    coefficient.align_bounds(x, 8).split(x, xo, xi, 8);
    coefficient.reorder(xi, c, xo, y).vectorize(xi).unroll(c);
  }
};

}  // namespace

HALIDE_REGISTER_GENERATOR(LogLuminance, log_luminance)
HALIDE_REGISTER_GENERATOR(Render<std::uint8_t>, render_8)
HALIDE_REGISTER_GENERATOR(Render<std::uint16_t>, render_16)
