"""`lichtbild calibrate`: the promises of its output, and one line for every table that can't be meant."""
import json
import tomllib
import unittest

from program import ROOT, ProgramTest

ONE_INCH = ROOT / "data/sensitivities/one-inch.tsv"


class Promises(ProgramTest):
    def test_json_and_file_hold_the_same_matrices(self):
        output = self.out / "color.toml"
        shown = json.loads(self.call("calibrate", "color", ONE_INCH, "--json", "-o", output).stdout)
        written = tomllib.loads(output.read_text())["color"]["illuminant"]
        self.assertEqual(len(written), 2)
        for a, b in zip(written, shown["illuminants"]):
            self.assertAlmostEqual(a["temperature_kelvin"], b["temperature_kelvin"], delta=0.06)
            for name in "camera_from_xyz", "xyz_d50_from_camera":
                for row, other in zip(a[name], b[name]):
                    for x, y in zip(row, other):
                        self.assertAlmostEqual(x, y, delta=1e-6)
        # White goes to D50.
        for x, white in zip(written[0]["xyz_d50_from_camera"], (0.9642, 1, 0.8251)):
            self.assertAlmostEqual(sum(x), white, delta=2e-4)
        self.assertEqual([light["light"] for light in shown["delta_e_2000"]], ["A", "D65", "LED-B3"])

    def test_lights_can_be_chosen(self):
        table = self.call("calibrate", "color", ONE_INCH, "--illuminants", "D50,LED-B1", "--only").stdout
        self.assertIn("LED-B1", table)
        self.assertNotIn("LED-B3", table)


class Refusals(ProgramTest):
    def test_what_is_no_table(self):
        for text, because in (
            (b"", "holds no spectra"),
            (b"nm red green blue\n", "not the heading"),
            (b"wavelength_nm\tred\tgreen\tblue\n400\t1\t1\n", "has 3 fields"),
            (b"wavelength_nm\tred\tgreen\tblue\n400\t1\t1\tnan\n", "not a finite number"),
            (b"wavelength_nm\tred\tgreen\n400\t1\t1\n", "no spectrum named blue"),
            (b"wavelength_nm\tred\tgreen\tblue\n400\t-1\t1\t1\n", "negative"),
        ):
            table = self.written("bad.tsv", text)
            self.refused(table, "calibrate", "color", table, "-o", self.out / "x.toml", because=because)

    def test_cameras_that_cannot_be_calibrated(self):
        gray = self.written("gray.tsv", b"wavelength_nm\tred\tgreen\tblue\n400\t1\t1\t1\n")
        self.refused("sensitivities", "calibrate", "color", gray, because="cannot tell colors")
        blind = self.written("blind.tsv", b"wavelength_nm\tred\tgreen\tblue\n400\t1\t1\t0\n")
        self.refused(blind, "calibrate", "color", blind, because="blue is 0")

    def test_lights_that_are_not_there_or_alike(self):
        self.refused("D66", "calibrate", "color", ONE_INCH, "--illuminants", "A,D66", because="LED-B3")
        self.refused("D65 and F7", "calibrate", "color", ONE_INCH, "--illuminants", "D65,F7")
        self.refused("none.tsv", "calibrate", "color", "none.tsv")


if __name__ == "__main__":
    unittest.main()
