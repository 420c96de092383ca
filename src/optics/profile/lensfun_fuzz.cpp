// Any bytes as a file of lensfun's database, asked for a zoom, a camera's lens, a small sensor:
// errors are good, crashes are bad.
#include "core/error.h"
#include "optics/profile/lensfun_database.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  namespace optics = lichtbild::optics;
  const std::string xml(reinterpret_cast<const char*>(bytes), size);
  constexpr lichtbild::ProfileSensor whole{.pixel_um = 6, .width_px = 6000, .height_px = 4000},
      small{.pixel_um = 2, .width_px = 3000, .height_px = 4000};
  for (const optics::LensfunQuery& query : {optics::LensfunQuery{"zoom", 24, 2.8, 1000, whole},
                                            optics::LensfunQuery{"zoom", 50, 0, 1000, small},
                                            optics::LensfunQuery{"camera", 10, 4, 1.5, small}}) {
    try {
      const lichtbild::LensProfile profile = optics::parse_lensfun(xml, "fuzz", query);
      for (const double r : {0.0, 0.7, 1.0}) {
        profile.geometry.ideal_from_real(0, profile.geometry.real_from_ideal(2, r));
        profile.shading.at(1, r);
      }
      lichtbild::corrected_scale(profile);
    } catch (const lichtbild::Error&) {
      continue;
    }
  }
  return 0;
}
