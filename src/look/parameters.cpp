#include "look/parameters.h"

namespace lichtbild {
namespace {

constexpr Parameter<Look> look_table[] = {
    {"exposure.bias_stops", "stops", -4, 4, &Look::bias_stops,
     "brighter or darker than the metered exposure"},
    {"tone.contrast", "", 0.5, 2.5, &Look::contrast, "slope of the tone curve at middle gray"},
    {"tone.toe", "", 0.5, 6, &Look::toe, "how late shadows bend to black: 1 soft, 4 hard"},
    {"tone.shoulder", "", 0.5, 6, &Look::shoulder,
     "how late highlights bend to white: 1 soft, 4 hard"},
    {"tone.black_stops", "stops", 2, 16, &Look::black_stops,
     "stops below middle gray that become black"},
    {"tone.white_stops", "stops", 1, 12, &Look::white_stops,
     "stops above middle gray that become white"},
    {"tone.gray", "", 0.05, 0.5, &Look::gray, "display luminance of middle gray"},
    {"local.shadows", "", 0, 1, &Look::shadows,
     "share of the range below middle gray that is lifted, locally"},
    {"local.highlights", "", 0, 1, &Look::highlights,
     "share of the range above middle gray that is held back, locally"},
    {"local.detail", "", -0.5, 1, &Look::detail,
     "contrast of details added while the range is compressed"},
    {"local.radius_percent", "%", 0.5, 20, &Look::radius_percent,
     "size of what counts as local, of the longer side"},
    {"color.chroma", "", 0, 2, &Look::chroma, "factor on all chroma"},
    {"color.vibrance", "", -1, 1, &Look::vibrance, "more chroma for muted colors only"},
    {"mono.amount", "", 0, 1, &Look::mono, "0 color, 1 black and white"},
    {"mono.red", "", -1, 2, &Look::mono_red, "share of red light in black and white"},
    {"mono.green", "", -1, 2, &Look::mono_green, "share of green light in black and white"},
    {"mono.blue", "", -1, 2, &Look::mono_blue, "share of blue light in black and white"},
    {"mono.tint_hue_deg", "degrees", 0, 360, &Look::tint_hue_deg, "Oklab hue of the toning"},
    {"mono.tint_chroma", "", 0, 0.1, &Look::tint_chroma,
     "Oklab chroma of the toning at middle gray"},
    {"lens.falloff_kept", "", 0, 1, &Look::falloff_kept,
     "share of the lens's own fall-off left in"},
    {"sharpening.amount", "", 0, 3, &Look::sharpening, "factor on the finest detail of lightness"},
    {"sharpening.threshold", "", 0, 10, &Look::sharpening_threshold,
     "detail below this many noise deviations is left alone"},
    {"grain.amount", "", 0, 0.2, &Look::grain, "deviation of the grain in lightness"},
    {"grain.size_px", "px", 0.5, 5, &Look::grain_size_px, "width of a grain"},
};

constexpr Parameter<HueRule> hue_table[] = {
    {"center_deg", "degrees", 0, 360, &HueRule::center_deg, "Oklab hue around which the rule acts"},
    {"width_deg", "degrees", 5, 120, &HueRule::width_deg,
     "distance at which half of the effect is left"},
    {"chroma", "", 0, 2.5, &HueRule::chroma, "factor on chroma"},
    {"shift_deg", "degrees", -60, 60, &HueRule::shift_deg, "rotation of the hue"},
    {"lightness", "", -0.2, 0.2, &HueRule::lightness, "added to lightness, per 0.1 of chroma"},
};

}  // namespace

std::span<const Parameter<Look>> look_parameters() { return look_table; }
std::span<const Parameter<HueRule>> hue_parameters() { return hue_table; }

}  // namespace lichtbild
