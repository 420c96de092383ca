// For the closed loop's tests: what the main camera shoots, in a folder that goes with the tests.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "camera.h"
#include "core/temporary_folder.h"

namespace lichtbild::testing_loop {

const inline std::string data = LICHTBILD_ROOT "/data";
const inline std::string main_camera_file = data + "/cameras/main.camera.toml";

// One folder for all tests of the program.
class ClosedLoop : public testing::Test {
 protected:
  static void SetUpTestSuite() { folder = std::make_unique<TemporaryFolder>(); }
  static void TearDownTestSuite() { folder.reset(); }

  static Camera main_camera() { return read_camera(main_camera_file); }
  static std::vector<std::string> shot(const std::string& scene, const ShootOptions& options,
                                       const std::string& name,
                                       const Camera& camera = main_camera()) {
    const ShootReport report = shoot(camera, scene, folder->file(name), options, data);
    std::vector<std::string> paths;
    for (const auto& frame : report.frames) paths.push_back(frame.path);
    return paths;
  }
  static inline std::unique_ptr<TemporaryFolder> folder;
};

}  // namespace lichtbild::testing_loop
