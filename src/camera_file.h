// camera_file: NAME.camera.toml, one camera described once: its lens, its sensor, its colors.
//
// The lens is a lens file, which is traced, a measured LensProfile, or an entry of lensfun's
// database (develop only); paths are relative to the camera file. A camera that only develops needs
// no sensor. See data/cameras/README.md for the keys.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/lens_profile.h"
#include "core/raw_frame.h"
#include "sensor/sensor.h"

namespace lichtbild {

struct Camera {
  std::string path, make, model, source;

  // What is absent, empty or 0, the RAW frame says itself; the crop factor the database.
  struct LensfunPart {
    std::string database;  // an XML file, or a folder of them
    std::string model;     // the lens's, or a camera's with a fixed lens
    double crop_factor = 0, focal_length_mm = 0, f_number = 0;
  };
  struct LensPart {
    std::string file;              // a lens file, or
    std::string profile;           // a measured profile, or
    LensfunPart lensfun;           // an entry of lensfun's database
    double focus_distance_mm = 0;  // from the first surface; infinite: not given
    double transmission = 1;       // of glass, coatings and cover
  } lens;

  std::optional<Sensor> sensor;
  double shortest_exposure_s = 1.0 / 16000, longest_exposure_s = 0.25;

  // Two illuminants at most, absent ones with temperature 0.
  std::array<CameraColor::Illuminant, 2> color;
  bool has_color() const { return color[0].temperature_kelvin > 0; }
};

// Throws Error{path:line:column, ...}: unknown, missing or ill-typed keys, impossible numbers,
// files that are not there.
Camera read_camera(const std::string& path);
// The same of a text that would stand at this path.
Camera parse_camera(const std::string& text, const std::string& path);

// What the camera's lens does on its sensor, the microlenses' response in the shading. A traced
// profile is kept beside the camera file (NAME.profile.cbor) and read again as long as nothing that
// it is made of changes; where the folder can't be written it is traced anew each time. Throws
// Error: a lens that does not cover the sensor names the image circle and the diagonal.
LensProfile camera_lens(const Camera& camera, const std::string& data_folder,
                        const std::function<void(double)>& progress = {});

// The same for a RAW frame of the camera: an entry of lensfun's database is taken at the frame's
// focal length and aperture.
LensProfile camera_lens(const Camera& camera, const RawInfo& frame, const std::string& data_folder);

}  // namespace lichtbild
