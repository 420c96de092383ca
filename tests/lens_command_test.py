"""`lichtbild lens`: the promises of its output, and one line for every lens that can't be meant."""
import json
import unittest
from xml.dom import minidom

from program import ROOT, ProgramTest

LENS = ROOT / "data/lenses/us-10197774-b1-example-2.lens.toml"
TEXT = LENS.read_text(encoding="utf-8")

# A thin biconvex singlet: R = +-20 mm, n = 1.5, t = 1 mm. OpticStudio prints these for it (ZOSPy's
# simple system, shared/data/optics/reference-values.json).
SINGLET = """
wavelengths_nm = [543]
[aperture]
stop_semi_diameter_mm = 1
[field]
angle_deg = [0]
[[surface]]
stop = true
thickness_mm = 0
[[surface]]
radius_mm = 20
thickness_mm = 1
material = { index = 1.5 }
[[surface]]
radius_mm = -20
thickness_mm = 19.792
"""


class Promises(ProgramTest):
    def lens(self, text):
        return self.written("one.lens.toml", text.encode())

    def json(self, *arguments):
        return json.loads(self.call("lens", *arguments, "--json").stdout)

    def test_first_order_is_opticstudios(self):
        shown = self.json("show", self.lens(SINGLET))
        self.assertAlmostEqual(shown["efl_mm"], 20.168067, 5)
        self.assertAlmostEqual(shown["bfl_mm"], 19.831933, 5)
        self.assertAlmostEqual(shown["f_number"], 10.08403, 5)
        self.assertAlmostEqual(shown["exit_pupil"]["diameter_mm"], 2.033898, 5)

    def test_a_ray_is_opticstudios(self):
        # Pupil (1, 1), global coordinates: its listing's last surface.
        ray = self.json("trace", self.lens(SINGLET), "--pupil", "1,1", "--global")
        self.assertEqual(ray["status"], "ok")
        last = ray["surfaces"][-1]
        self.assertAlmostEqual(last["y_mm"], -0.0061213962872, 10)
        self.assertAlmostEqual(last["m"], -0.04982749, 8)
        self.assertEqual(set(last), {"index", "x_mm", "y_mm", "z_mm", "l", "m", "n", "opl_mm"})

    def test_angles_are_scaled(self):
        half = self.json("trace", LENS, "--field", "0,0.5")["surfaces"][0]
        # 20.8525 degrees, not atan(tan(41.705 degrees) / 2).
        self.assertAlmostEqual(half["m"], 0.355963392, 8)

    def test_ranges_of_curves_are_chosen(self):
        field = self.json("analyze", LENS, "--fields", "2", "--largest-frequency", "120", "--frequency", "40,110",
                          "--largest-defocus", "25")["fields"][0]
        self.assertAlmostEqual(field["mtf"]["lp_per_mm"][-1], 120)
        self.assertEqual([curve["lp_per_mm"] for curve in field["through_focus"]], [40, 110])
        for curve in field["through_focus"]:
            self.assertAlmostEqual(curve["defocus_um"][0], -25)
            self.assertAlmostEqual(curve["defocus_um"][-1], 25)

    def test_keys_of_analyze(self):
        found = self.json("analyze", LENS, "--pupil-samples", "32")
        for key in (
            "efl_mm bfl_mm ffl_mm f_number working_f_number total_track_mm paraxial_image_distance_mm entrance_pupil "
            "exit_pupil seidel fields lateral_color_um axial_color_mm ghosts"
        ).split():
            self.assertIn(key, found)
        for key in (
            "field chief_ray_height_mm chief_ray_angle_deg distortion_percent rms_spot_radius_um rms_wavefront_waves "
            "relative_illumination field_curvature_tangential_mm field_curvature_sagittal_mm mtf"
        ).split():
            self.assertIn(key, found["fields"][1])
        self.assertEqual(set("S1 S2 S3 S4 S5 C1 C2 surfaces".split()), set(found["seidel"]))
        self.assertEqual(len(found["seidel"]["surfaces"]), 15)
        for order in ("standard", "fringe"):
            self.assertEqual(len(found[f"zernike_{order}_names"]), len(found["fields"][0][f"zernike_{order}_waves"]))
        self.assertEqual(found["zernike_fringe_names"][8], "spherical")

    def test_report_is_well_formed(self):
        page = self.out / "report.html"
        self.call("lens", "analyze", LENS, "--pupil-samples", "32", "-o", page)
        minidom.parseString(page.read_bytes())

    def test_report_has_the_constants_of_a_named_glass(self):
        page = self.out / "report.html"
        named = self.lens(SINGLET.replace("{ index = 1.5 }", '"N-BK7"'))
        self.call("lens", "analyze", named, "--pupil-samples", "32", "-o", page)
        text = page.read_text(encoding="utf-8")
        self.assertIn("1.51680", text)  # Schott's data sheet
        self.assertIn("64.17", text)

    def test_conversion_keeps_the_ray(self):
        other = self.out / "lens.zmx"
        self.call("lens", "convert", LENS, other)
        ray = ("--field", "0,0.7", "--pupil", "0.3,-0.8")
        ours, theirs = (self.json("trace", lens, *ray)["surfaces"] for lens in (LENS, other))
        for a, b in zip(ours, theirs, strict=True):
            for key in a:
                self.assertAlmostEqual(a[key], b[key], delta=1e-12)


class Refused(ProgramTest):
    def refuse(self, old, new, because):
        self.assertIn(old, TEXT)
        path = self.written("bad.lens.toml", TEXT.replace(old, new, 1).encode())
        page = self.out / "report.html"
        self.refused(path, "lens", "analyze", path, "-o", page, because=because)
        self.assertFalse(page.exists())

    def test_unknown_key(self):
        self.refuse("conic = ", "conik = ", because="did you mean conic")

    def test_wrong_type(self):
        self.refuse("radius_mm = 1.733", 'radius_mm = "1.733"', because=":19:13:")

    def test_missing_aperture(self):
        self.refuse("f_number = 2.2", "", because="aperture")

    def test_no_stop(self):
        self.refuse("stop = true", "", because="no stop")

    def test_two_stops(self):
        self.refuse('label = "L1 S1"', "stop = true", because="one stop")

    def test_no_wavelengths(self):
        self.refuse("wavelengths_nm = [486.1327, 587.5618, 656.2725]", "wavelengths_nm = []", because="wavelength")

    def test_nan(self):
        self.refuse("radius_mm = 1.733", "radius_mm = nan", because="nan")

    def test_index_below_one(self):
        self.refuse("nd = 1.5439, vd = 55.95", "index = 0.5", because="index")

    def test_unknown_glass(self):
        self.refuse("{ nd = 1.5439, vd = 55.95 }", '"N-BK8"', because="N-BK7")

    def test_aperture_that_no_ray_passes(self):
        self.refuse("f_number = 2.2", "f_number = 0.05", because="no ray")

    def test_ten_million_surfaces(self):
        text = TEXT.encode() + b"\n[[surface]]" * 200_000
        path = self.written("many.lens.toml", text)
        self.refused(path, "lens", "show", path, because="surfaces")


if __name__ == "__main__":
    unittest.main()
