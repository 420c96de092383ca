"""The command line's promises: verbs, formats, JSON, exit status. What is refused: bad_input_test.py."""
import json
import math
import struct
import unittest
import zlib

from program import BOTTLES, ROOT, ProgramTest
from tiny_dng import tiny_dng


def png(width, height, color):
    """An 8-bit picture of one color."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes(color) * width) * height
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


class Help(ProgramTest):
    def test_every_verb_explains_itself(self):
        for verb in (
            [], ["develop"], ["info"], ["measure"], ["measure", "psnr"], ["lens"], ["lens", "show"],
            ["lens", "trace"], ["lens", "analyze"], ["lens", "convert"], ["lens", "profile"],
        ):
            with self.subTest(verb=verb):
                self.assertIn("--help", self.call(*verb, "--help").stdout)

    def test_version(self):
        self.assertRegex(self.call("--version").stdout, r"\Alichtbild \d+\.\d+\.\d+\n\Z")

    def test_wrong_usage_exits_with_2(self):
        frame = BOTTLES[0]
        for arguments in (
            [],
            ["paint"],
            ["measure"],
            ["info"],
            ["develop", frame],
            ["develop", "-o", self.out / "photo.jpg"],
            ["develop", frame, "-o", self.out / "photo.jpg", "--quality", "0"],
            ["develop", frame, "-o", self.out / "photo.jpg", "--reference", "-1"],
            ["develop", frame, "-o", self.out / "photo.jpg", "--shiny"],
        ):
            with self.subTest(arguments=arguments):
                self.assertEqual(self.call(*arguments, status=2).stdout, "")
                self.assertEqual(list(self.out.iterdir()), [])


class Develop(ProgramTest):
    def test_suffix_chooses_the_format(self):
        beginnings = {
            "jpg": b"\xff\xd8\xff",
            "JPG": b"\xff\xd8\xff",
            "png": b"\x89PNG\r\n\x1a\n",
            "tif": b"II*\0",
            "exr": b"\x76\x2f\x31\x01",
            "dng": b"II*\0",
        }
        for suffix, beginning in beginnings.items():
            with self.subTest(suffix=suffix):
                photo = self.out / f"photo.{suffix}"
                self.assertEqual(self.call("develop", *BOTTLES[:3], "-o", photo).stdout, "")
                self.assertEqual(photo.read_bytes()[: len(beginning)], beginning)
        self.assertEqual(len(list(self.out.iterdir())), len(beginnings))

    def test_merged_dng_is_developed_again(self):
        merged = self.out / "merged.dng"
        self.call("develop", *BOTTLES, "-o", merged)
        self.call("develop", merged, "-o", self.out / "photo.jpg")
        before, after = (
            json.loads(self.call("info", "--json", path).stdout)["files"][0]
            for path in (BOTTLES[0], merged)
        )
        self.assertEqual(after["filter"], before["filter"])
        self.assertLess(after["noise"]["scale"][1], before["noise"]["scale"][1] / 4)

    def test_json_is_one_object_and_nothing_else(self):
        photo = self.out / "photo.jpg"
        report = self.out / "report.json"
        result = self.call("develop", *BOTTLES, "-o", photo, "--json", "--report", report)
        printed = json.loads(result.stdout)
        self.assertEqual(printed, json.loads(report.read_text()))
        [made] = printed["photos"]
        self.assertEqual((made["width"], made["height"]), (1000, 1000))
        self.assertEqual(len(made["frames"]), 9)
        self.assertTrue(all(frame["merged"] for frame in made["frames"]))
        for frame in made["frames"]:
            self.assertLess(math.hypot(frame["shift_x_px"], frame["shift_y_px"]), 8)
            self.assertTrue(0 < frame["weight"] <= 1)
        self.assertGreater(made["effective_frames"], 4)
        self.assertGreater(made["seconds"]["total"], 0)
        self.assertGreater(made["white_balance"]["gains"][0], 1)

    def test_reference_is_counted_from_1(self):
        for number in (1, 4, 9):
            arguments = ["develop", *BOTTLES, "-o", self.out / "m.dng", "--json", "--reference", number]
            [made] = json.loads(self.call(*arguments).stdout)["photos"]
            self.assertEqual(made["reference"], number)
            chosen = made["frames"][number - 1]
            self.assertEqual((chosen["shift_x_px"], chosen["shift_y_px"], chosen["weight"]), (0, 0, 1))

    def test_reference_beyond_the_last_frame(self):
        self.refused(
            "--reference 3", "develop", *BOTTLES[:2], "-o", self.out / "m.dng", "--reference", 3
        )

    def test_several_folders_into_a_folder(self):
        for name in ("one", "two"):
            (self.inputs / name).mkdir()
            for frame in (0, 1):
                (self.inputs / name / f"{frame}.dng").write_bytes(tiny_dng())
        folders = [self.inputs / "one", f"{self.inputs / 'two'}/"]
        result = self.call("develop", *folders, "-o", self.out, "--json")
        self.assertEqual(sorted(path.name for path in self.out.iterdir()), ["one.jpg", "two.jpg"])
        self.assertEqual(
            [len(photo["frames"]) for photo in json.loads(result.stdout)["photos"]], [2, 2]
        )

    def test_looks_differ(self):
        made = {}
        for look in ("authentic", "vibrant", "mono"):
            self.call("develop", BOTTLES[0], "-o", self.out / "p.png", "--look", look)
            made[look] = (self.out / "p.png").read_bytes()
        self.assertEqual(len(set(made.values())), 3)

    def test_same_input_gives_the_same_file(self):
        photos = [self.out / "a.png", self.out / "b.png"]
        for photo in photos:
            self.call("develop", *BOTTLES[:4], "-o", photo)
        self.assertEqual(photos[0].read_bytes(), photos[1].read_bytes())

    def test_an_old_photo_is_replaced(self):
        photo = self.out / "photo.jpg"
        photo.write_text("old")
        self.call("develop", self.written("tiny.dng", tiny_dng()), "-o", photo)
        self.assertEqual(photo.read_bytes()[:2], b"\xff\xd8")


class Info(ProgramTest):
    # What `exiftool -a -G1 samples/bottles/0.dng` prints.
    exiftool = {
        "size": (1000, 1000),
        "CFAPattern": "GRBG",  # [Green,Red][Blue,Green]
        "WhiteLevel": 960,
        "AsShotNeutral": (0.422654, 1, 0.775795),
        "ColorMatrix1": (0.7222, -0.1387, -0.1141, -0.5879, 1.4643, 0.0807, -0.2684, 0.4344, 0.5422),
        "NoiseProfile": (0.000729499003525315, 1.60718264618624e-06),
        "ExposureTime": 1 / 30,
        "ISO": 400,
    }

    def test_agrees_with_exiftool(self):
        [info] = json.loads(self.call("info", "--json", BOTTLES[0]).stdout)["files"]
        said = self.exiftool
        self.assertEqual((info["width"], info["height"]), said["size"])
        self.assertEqual(info["filter"], said["CFAPattern"])
        self.assertEqual(info["white"], [said["WhiteLevel"]] * 3)
        color = info["color"]
        self.assertEqual(tuple(color["as_shot_neutral"]), said["AsShotNeutral"])
        matrix = color["illuminants"][0]["camera_from_xyz"]
        for ours, theirs in zip(matrix, said["ColorMatrix1"], strict=True):
            self.assertAlmostEqual(ours, theirs, 9)
        scale, offset = said["NoiseProfile"]
        for channel in range(3):
            self.assertAlmostEqual(info["noise"]["scale"][channel], scale, 12)
            self.assertAlmostEqual(info["noise"]["offset"][channel], offset, 15)
        self.assertAlmostEqual(info["metadata"]["exposure_time_s"], said["ExposureTime"])
        self.assertEqual(info["metadata"]["iso"], said["ISO"])

    def test_for_people(self):
        printed = self.call("info", *BOTTLES[:2]).stdout
        self.assertEqual(printed.count("filter GRBG"), 2)


class Measure(ProgramTest):
    def test_psnr_in_closed_form(self):
        a = self.written("a.png", png(20, 12, (100, 100, 100)))
        b = self.written("b.png", png(20, 12, (101, 98, 104)))
        result = json.loads(self.call("measure", "psnr", b, a, "--json").stdout)
        for db, difference in zip(result["channel_db"], (1, 2, 4), strict=True):
            self.assertAlmostEqual(db, 20 * math.log10(255 / difference), 4)
        self.assertAlmostEqual(result["combined_db"], 10 * math.log10(3 * 255**2 / (1 + 4 + 16)), 4)
        self.assertIn("combined  39.68 dB", self.call("measure", "psnr", b, a, "--crop", "2,3,8,8").stdout)

    def test_equal_pictures_have_no_number(self):
        a = self.written("a.png", png(4, 4, (1, 2, 3)))
        self.assertIsNone(json.loads(self.call("measure", "psnr", a, a, "--json").stdout)["combined_db"])

    def test_refuses_what_cannot_be_compared(self):
        a = self.written("a.png", png(4, 4, (1, 2, 3)))
        b = self.written("b.png", png(5, 4, (1, 2, 3)))
        text = self.written("text.png", b"not a picture")
        self.refused("4 x 4", "measure", "psnr", b, a)
        self.refused("5", "measure", "psnr", b, b, "--crop", "0,0,6,4")
        self.refused(text, "measure", "psnr", text, a)
        self.refused("gone.png", "measure", "psnr", "gone.png", a)


if __name__ == "__main__":
    unittest.main()
