#include <ImathBox.h>
#include <ImfArray.h>
#include <ImfChannelList.h>
#include <ImfChromaticitiesAttribute.h>
#include <ImfFrameBuffer.h>
#include <ImfHeader.h>
#include <ImfIO.h>
#include <ImfOutputFile.h>
#include <ImfStandardAttributes.h>
#include <ImfStringAttribute.h>
#include <ImfThreading.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <thread>

#include "core/atomic_file.h"
#include "core/error.h"
#include "photo/orientation.h"
#include "photo/photo.h"

namespace lichtbild {
namespace {

// A file in memory: OpenEXR writes its offset table in a destructor, where a full disk would go
// unnoticed.
class MemoryStream : public Imf::OStream {
 public:
  MemoryStream() : OStream("memory") {}
  void write(const char* bytes, int count) override {
    if (position_ + count > bytes_.size()) bytes_.resize(position_ + count);
    std::memcpy(bytes_.data() + position_, bytes, count);
    position_ += count;
  }
  std::uint64_t tellp() override { return position_; }
  void seekp(std::uint64_t position) override { position_ = position; }
  std::span<const char> bytes() const { return bytes_; }

 private:
  std::vector<char> bytes_;
  std::size_t position_ = 0;
};

void add_position(Imf::Header& header, const GpsPosition& gps) {
  Imf::addLatitude(header, float(gps.latitude_deg));
  Imf::addLongitude(header, float(gps.longitude_deg));
  if (gps.altitude_m) Imf::addAltitude(header, float(*gps.altitude_m));
}

// The names of OpenEXR's standard attributes; cameraMake and cameraModel came with 3.2, but are
// strings in any version.
void add_metadata(Imf::Header& header, const Metadata& metadata) {
  const auto add_text = [&](const char* name, const std::string& text) {
    if (!text.empty()) header.insert(name, Imf::StringAttribute(text));
  };
  add_text("cameraMake", metadata.make);
  add_text("cameraModel", metadata.model);
  add_text("capDate", metadata.date_time);
  add_text("software", "Lichtbild");
  if (metadata.exposure_time_s > 0) Imf::addExpTime(header, float(metadata.exposure_time_s));
  if (metadata.f_number > 0) Imf::addAperture(header, float(metadata.f_number));
  if (metadata.iso > 0) Imf::addIsoSpeed(header, float(metadata.iso));
  if (metadata.focal_length_mm > 0)
    header.insert("nominalFocalLength", Imf::FloatAttribute(float(metadata.focal_length_mm)));
  if (metadata.gps) add_position(header, *metadata.gps);
}

Imf::Header header_of(const Image<Half>& picture, const Metadata& metadata) {
  Imf::Header header(picture.width(), picture.height());
  header.compression() =
      Imf::PIZ_COMPRESSION;  // of noisy halves: a third of ZIP's time, and smaller
  const Imf::Chromaticities rec2020({0.708F, 0.292F}, {0.170F, 0.797F}, {0.131F, 0.046F},
                                    {0.3127F, 0.3290F});
  Imf::addChromaticities(header, rec2020);
  add_metadata(header, metadata);
  for (const char* name : {"R", "G", "B"}) header.channels().insert(name, Imf::Channel(Imf::HALF));
  return header;
}

void write_halves(Imf::OStream& stream, const Image<Half>& picture, const Metadata& metadata) {
  const int threads = int(std::max(1U, std::thread::hardware_concurrency()));
  if (Imf::globalThreadCount() < threads) Imf::setGlobalThreadCount(threads);
  Imf::OutputFile file(stream, header_of(picture, metadata), threads);
  Imf::FrameBuffer planes;
  const std::array<const char*, 3> names{"R", "G", "B"};
  for (int plane = 0; plane < 3; ++plane)
    planes.insert(
        names[plane],
        // OpenEXR does not write to what it reads; its slices only forget to say so.
        Imf::Slice(Imf::HALF, reinterpret_cast<char*>(const_cast<Half*>(picture.row(0, plane))),
                   sizeof(Half), sizeof(Half) * picture.width()));
  file.setFrameBuffer(planes);
  file.writePixels(picture.height());
}

}  // namespace

void write_exr(const Image<Half>& rec2020, const Metadata& metadata, const std::string& path) {
  AtomicFile file(path);
  MemoryStream stream;
  try {
    if (metadata.orientation > 1)
      write_halves(stream, oriented(rec2020, metadata.orientation, 1), metadata);
    else
      write_halves(stream, rec2020, metadata);
  } catch (const Iex::BaseExc& error) {
    throw Error(path, std::string("cannot be encoded as EXR: ") + error.what());
  }
  file.write(std::as_bytes(stream.bytes()));
  file.commit();
}

}  // namespace lichtbild
