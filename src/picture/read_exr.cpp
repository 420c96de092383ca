#include <ImathBox.h>
#include <ImfChannelList.h>
#include <ImfChromaticitiesAttribute.h>
#include <ImfFrameBuffer.h>
#include <ImfHeader.h>
#include <ImfInputFile.h>
#include <ImfStandardAttributes.h>

#include <array>

#include "picture/picture.h"
#include "picture/readers.h"

namespace lichtbild {
namespace {

std::vector<const char*> channel_names(const Imf::ChannelList& channels, const std::string& path) {
  std::vector<const char*> names;
  if (channels.findChannel("R") && channels.findChannel("G") && channels.findChannel("B"))
    names = {"R", "G", "B"};
  else if (channels.findChannel("Y") && !channels.findChannel("RY"))
    names = {"Y"};
  else
    throw Error(path, "is an EXR without channels R, G, B or Y", "write it with them");
  for (const char* name : names)
    if (channels[name].xSampling != 1 || channels[name].ySampling != 1)
      throw Error(path, "is an EXR with sub-sampled channels", "write it without");
  return names;
}

std::vector<const char*> depth_name(const Imf::ChannelList& channels, const std::string& path) {
  for (const char* name : {"Z", "depth", "depth.Z", "Y"})
    if (channels.findChannel(name) && channels[name].xSampling == 1 &&
        channels[name].ySampling == 1)
      return {name};
  throw Error(path, "is an EXR without a channel Z, depth or Y", "write distances into channel Z");
}

using Names = std::vector<const char*> (*)(const Imf::ChannelList&, const std::string& path);

// The data window, whatever the display window; halves and integers are converted by OpenEXR.
Image<float> read(Imf::InputFile& file, const std::string& path, Names names_of) {
  const Imath::Box2i window = file.header().dataWindow();
  const double width = double(window.max.x) - window.min.x + 1;
  const double height = double(window.max.y) - window.min.y + 1;
  check_size(path, width, height);
  const auto names = names_of(file.header().channels(), path);
  Image<float> image(int(width), int(height), int(names.size()));
  Imf::FrameBuffer planes;
  for (int plane = 0; plane < image.planes(); ++plane)
    planes.insert(names[plane], Imf::Slice::Make(Imf::FLOAT, image.row(0, plane), window));
  file.setFrameBuffer(planes);
  file.readPixels(window.min.y, window.max.y);
  return image;
}

Image<float> read(const std::string& path, Names names_of) {
  try {
    Imf::InputFile file(path.c_str());
    return read(file, path, names_of);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw Error(path, std::string("is not a sound EXR: ") + error.what(), "save it again");
  }
}

}  // namespace

Image<float> read_exr(const std::string& path) { return read(path, channel_names); }

Image<float> read_exr_depth(const std::string& path) { return read(path, depth_name); }

PictureColors exr_colors(const std::string& path) {
  try {
    const Imf::InputFile file(path.c_str());
    PictureColors colors;
    colors.exponent = 1;
    if (!Imf::hasChromaticities(file.header())) return colors;
    const Imf::Chromaticities& c = Imf::chromaticities(file.header());
    colors.primaries = {
        {c.red.x, c.red.y}, {c.green.x, c.green.y}, {c.blue.x, c.blue.y}, {c.white.x, c.white.y}};
    return colors;
  } catch (const std::exception& error) {
    throw Error(path, std::string("is not a sound EXR: ") + error.what(), "save it again");
  }
}

}  // namespace lichtbild
