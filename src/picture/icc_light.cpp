#include "picture/icc_light.h"

#include <lcms2.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "core/color.h"
#include "core/error.h"
#include "core/parallel.h"

namespace lichtbild {
namespace {

struct Delete {
  void operator()(_cmsContext_struct* context) const { cmsDeleteContext(context); }
};
struct Close {
  using pointer = cmsHPROFILE;
  void operator()(cmsHPROFILE profile) const { cmsCloseProfile(profile); }
};
struct DeleteTransform {
  using pointer = cmsHTRANSFORM;
  void operator()(cmsHTRANSFORM transform) const { cmsDeleteTransform(transform); }
};
using Context = std::unique_ptr<_cmsContext_struct, Delete>;
using Profile = std::unique_ptr<void, Close>;
using Transform = std::unique_ptr<void, DeleteTransform>;

Profile opened(const Context& context, std::span<const std::uint8_t> bytes,
               const std::string& where) {
  Profile profile(
      cmsOpenProfileFromMemTHR(context.get(), bytes.data(), cmsUInt32Number(bytes.size())));
  if (!profile)
    throw Error(where, "its ICC profile is not sound", "embed another, or take it out for sRGB");
  return profile;
}

// How many samples of a pixel the profile takes: one or three.
int inputs_of(const Profile& profile, int planes, const std::string& where) {
  const cmsColorSpaceSignature space = cmsGetColorSpace(profile.get());
  if (space == cmsSigGrayData && planes == 1) return 1;
  if (space == cmsSigRgbData) return 3;
  const std::uint32_t name = space;
  throw Error(
      where,
      fmt::format("its ICC profile is for {}{}{}{}, the picture is {}", char(name >> 24),
                  char(name >> 16), char(name >> 8), char(name), planes == 1 ? "gray" : "RGB"),
      "convert it to an RGB profile");
}

// From one or three floats to XYZ over the profile's white, which is D50.
Transform xyz_from(const Context& context, const Profile& profile, int inputs,
                   const std::string& where) {
  const Profile xyz(cmsCreateXYZProfileTHR(context.get()));
  Transform transform(cmsCreateTransformTHR(
      context.get(), profile.get(), inputs == 1 ? TYPE_GRAY_FLT : TYPE_RGB_FLT, xyz.get(),
      TYPE_XYZ_FLT, INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOCACHE | cmsFLAGS_NOOPTIMIZE));
  if (!transform)
    throw Error(where, "its ICC profile cannot be used", "embed another, or take it out for sRGB");
  return transform;
}

}  // namespace

Image<float> icc_light(const Image<float>& samples, std::span<const std::uint8_t> bytes,
                       const std::string& where) {
  const Context context(cmsCreateContext(nullptr, nullptr));
  const Profile profile = opened(context, bytes, where);
  const int inputs = inputs_of(profile, samples.planes(), where), width = samples.width();
  const Transform transform = xyz_from(context, profile, inputs, where);
  // lcms's D50 is the one that profiles are made with, rounded.
  const cmsCIExyY d50 = *cmsD50_xyY();
  const Matrix3 rec2020_from_xyz = xyz_from_rec2020().inverse() * adapt({d50.x, d50.y}, white_d65);
  Image<float> light(width, samples.height(), 3);
  parallel_rows(samples.height(), [&](int first, int last) {
    std::vector<float> pixels(std::size_t(width) * inputs);
    std::vector<std::array<float, 3>> xyz(width);
    for (int y = first; y < last; ++y) {
      for (int c = 0; c < inputs; ++c) {
        const float* row = samples.row(y, std::min(c, samples.planes() - 1));
        for (int x = 0; x < width; ++x) pixels[std::size_t(x) * inputs + c] = row[x];
      }
      cmsDoTransform(transform.get(), pixels.data(), xyz.data(), cmsUInt32Number(width));
      for (int x = 0; x < width; ++x) {
        const Vector3 color = rec2020_from_xyz * Vector3{xyz[x][0], xyz[x][1], xyz[x][2]};
        for (int c = 0; c < 3; ++c) light(x, y, c) = float(color[c]);
      }
    }
  });
  return light;
}

}  // namespace lichtbild
