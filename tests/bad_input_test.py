"""Bad input: exit 1, one line on stderr that names the file and a cure, nothing half-written."""
import os
import pathlib
import resource
import struct
import subprocess
import unittest

from program import BOTTLES, ProgramTest
from tiny_dng import *

NAN = float("nan")
COLOR_FILTERS_6X6 = [1, 1, 0, 1, 1, 2, 1, 1, 2, 1, 1, 0, 2, 0, 1, 0, 2, 1] * 2
COLOR_FILTERS_4X4 = [0, 0, 1, 1] * 2 + [1, 1, 2, 2] * 2


def opcode_list(count, opcode, bytes_claimed, payload):
    return struct.pack(">IIIII", count, opcode, 0x01030000, 0, bytes_claimed) + payload


class BadInputTest(ProgramTest):
    def refused_frame(self, path, *others, because=""):
        return self.refused(path, "develop", path, *others, "-o", self.out / "p.jpg", because=because)


class NotAFrame(BadInputTest):
    def test_text(self):
        self.refused_frame(self.written("text.dng", b"Dear diary, today I photographed bottles.\n"))

    def test_zero_bytes(self):
        self.refused_frame(self.written("empty.dng", b""), because="empty")

    def test_absent(self):
        self.refused_frame(self.inputs / "absent.dng")

    def test_folder_among_frames(self):
        frame = self.written("frame.dng", tiny_dng())
        self.refused(self.inputs, "develop", frame, self.inputs, "-o", self.out / "p.jpg")

    def test_folder_without_frames(self):
        self.refused(self.inputs, "develop", self.inputs, "-o", self.out / "p.jpg")

    def test_folder_for_info(self):
        self.refused(self.inputs, "info", self.inputs)

    def test_unreadable(self):
        path = self.written("secret.dng", tiny_dng())
        path.chmod(0)
        settings = {}
        if os.geteuid() == 0:  # root may read everything: nobody asks in its stead
            nobody = 65534
            for folder in (self.inputs.parent, self.inputs, self.out):
                folder.chmod(0o777)
            settings = {"user": nobody, "group": nobody, "extra_groups": [], "cwd": self.out}
            try:
                self.call("--help", **settings)
            except PermissionError:
                self.skipTest("the program lies in a folder of root's own")
        photo = self.out / "p.jpg"
        self.refused(path, "develop", path, "-o", photo, because="ermission denied", **settings)

    def test_second_of_two(self):
        good = self.written("good.dng", tiny_dng())
        bad = self.written("bad.dng", b"nothing")
        self.refused(bad, "develop", good, bad, "-o", self.out / "p.jpg")

    def test_truncated_anywhere(self):
        whole = pathlib.Path(BOTTLES[0]).read_bytes()
        header = [1, 2, 3, 4, 7, 8, 9, 10, 100, 250, 400, 500, 600, 700, 707, 708, 709]
        for size in header + [len(whole) // 2, len(whole) - 2, len(whole) - 1]:
            with self.subTest(size=size):
                path = self.written(f"first_{size}.dng", whole[:size])
                self.refused_frame(path)


class FramesThatDoNotMatch(BadInputTest):
    def check(self, because, **other):
        first = self.written("first.dng", tiny_dng())
        odd = self.written("odd.dng", tiny_dng(**other))
        for order in ([first, odd], [odd, first], [first, first, odd]):
            message = self.refused("odd.dng", "develop", *order, "-o", self.out / "p.jpg")
            self.assertIn(because, message)

    def test_size(self):
        self.check("66 x 48", width=66)

    def test_model(self):
        self.check("Other", spoilt={MODEL: (ASCII, "Other"), CAMERA: (ASCII, "Other")})

    def test_filter(self):
        self.check("filter", spoilt={CFA_PATTERN: (BYTE, [1, 0, 2, 1])})


class SpoiltDng(BadInputTest):
    def test_the_unspoilt_one_is_taken(self):
        frame = self.written("tiny.dng", tiny_dng())
        self.call("develop", frame, "-o", self.out / "p.jpg")

    def check(self, because, spoilt):
        self.refused_frame(self.written("spoilt.dng", tiny_dng(spoilt)), because=because)

    def test_black_not_below_white(self):
        for black in (4095, 5000):
            self.check("black level", {BLACK_LEVEL: (SHORT, [black])})
        self.check("black level", {BLACK_LEVEL: (RATIONAL, [NAN])})
        self.check("black level", {WHITE_LEVEL: (LONG, [0])})
        self.check("BlackLevel", {BLACK_LEVEL: (SHORT, [64] * 3)})

    def test_color_matrix(self):
        self.check("ColorMatrix", {COLOR_MATRIX_1: (SRATIONAL, [0] * 9)})
        self.check("ColorMatrix", {COLOR_MATRIX_1: (SRATIONAL, [NAN] * 9)})
        self.check("ColorMatrix", {COLOR_MATRIX_1: (SRATIONAL, [NAN] + [0.5] * 8)})
        self.check("ColorMatrix", {COLOR_MATRIX_1: (SRATIONAL, [1] * 9)})
        self.check("ColorMatrix", {COLOR_MATRIX_1: (SRATIONAL, [1] * 4)})
        self.check("ColorMatrix", {COLOR_MATRIX_1: None})

    def test_neutral(self):
        for neutral in ([0, 1, 1], [NAN, 1, 1], [0.5, 0, 0.5]):
            self.check("AsShotNeutral", {AS_SHOT_NEUTRAL: (RATIONAL, neutral)})

    def test_noise_profile(self):
        """A noise model that is no number must not reach the merge."""
        for noise in ([NAN, NAN], [-1, 0], [float("inf"), 0]):
            frame = self.written("noise.dng", tiny_dng({NOISE_PROFILE: (DOUBLE, noise)}))
            self.call("develop", frame, frame, "-o", self.out / "p.jpg")

    def test_a_million_squared(self):
        self.check("1000000 x 1000000", {WIDTH: (LONG, [10**6]), HEIGHT: (LONG, [10**6])})
        self.check("4294967295", {WIDTH: (LONG, [2**32 - 1]), HEIGHT: (LONG, [2**32 - 1])})
        self.check("", {WIDTH: (LONG, [0])})

    def test_tiles_of_size_zero(self):
        no_strips = {STRIP_OFFSETS: None, STRIP_BYTES: None, STRIP_ROWS: None}
        tiles = {TILE_OFFSETS: (LONG, [0]), TILE_BYTES: (LONG, [6144])}
        size = {TILE_WIDTH: (LONG, [0]), TILE_HEIGHT: (LONG, [0])}
        self.check("size zero", no_strips | tiles | size)
        for width, height in ((NAN, 48), (64, NAN), (0.5, 48), (1e9, 1e9)):
            size = {TILE_WIDTH: (DOUBLE, [width]), TILE_HEIGHT: (DOUBLE, [height])}
            self.check("", no_strips | tiles | size)

    def test_tiles_and_strips_outside_the_file(self):
        no_strips = {STRIP_OFFSETS: None, STRIP_BYTES: None, STRIP_ROWS: None}
        size = {TILE_WIDTH: (LONG, [32]), TILE_HEIGHT: (LONG, [48])}
        for count, claimed in ((2, 10**6), (2, 2**32 - 1), (2, 3071), (1, 3072), (10000, 3072)):
            tiles = {TILE_OFFSETS: (LONG, [0] * count), TILE_BYTES: (LONG, [claimed] * count)}
            self.check("", no_strips | tiles | size)
        self.check("cut off", {STRIP_BYTES: (LONG, [10**6])})
        self.check("strips", {STRIP_ROWS: (LONG, [8])})

    def test_opcode_list_that_lies_about_its_length(self):
        gain_map = 9
        for lie in (
            opcode_list(1, gain_map, 10**6, bytes(76)),
            opcode_list(1, gain_map, 2**32 - 1, bytes(76)),
            opcode_list(1, gain_map, 4, bytes(4)),
            opcode_list(10**9, gain_map, 76, bytes(76)),
            opcode_list(1, gain_map, 76, struct.pack(">IIII", 0, 0, 48, 64) + bytes(60)),
        ):
            self.check("OpcodeList2", {OPCODE_LIST_2: (UNDEFINED, lie)})
            self.check("OpcodeList3", {OPCODE_LIST_3: (UNDEFINED, lie)})
        warp, bad_constant, bad_list = 1, 4, 5
        for lie in (
            opcode_list(1, bad_list, 10**6, bytes(12)),
            opcode_list(1, bad_list, 12, struct.pack(">III", 0, 2**32 - 1, 2**32 - 1)),
            opcode_list(1, bad_list, 28, struct.pack(">IIIIIII", 0, 0, 1, 0, 0, 2**31, 2**31)),
            opcode_list(1, bad_constant, 4, bytes(4)),
            opcode_list(1, warp, 4, bytes(4)),
        ):
            self.check("OpcodeList1", {OPCODE_LIST_1: (UNDEFINED, lie)})

    def test_filters_that_are_not_bayer(self):
        self.check("X-Trans", {CFA_SIZE: (SHORT, [6, 6]), CFA_PATTERN: (BYTE, COLOR_FILTERS_6X6)})
        self.check("Quad-Bayer", {CFA_SIZE: (SHORT, [4, 4]), CFA_PATTERN: (BYTE, COLOR_FILTERS_4X4)})
        self.check("filter", {CFA_PATTERN: (BYTE, [0, 0, 1, 2])})
        self.check("filter", {CFA_PATTERN: (BYTE, [0, 1, 1, 7])})

    def test_linear_dng(self):
        self.check(
            "linear DNG",
            {PHOTOMETRIC: (SHORT, [LINEAR_RAW]), SAMPLES: (SHORT, [3]), BITS: (SHORT, [16] * 3)},
        )


class Looks(BadInputTest):
    def refused_look(self, text, because):
        frame = self.written("tiny.dng", tiny_dng())
        look = self.written("my.look.toml", text.encode())
        self.refused(look, "develop", frame, "-o", self.out / "p.jpg", "--look", look, because=because)

    def test_unknown(self):
        frame = self.written("tiny.dng", tiny_dng())
        arguments = ["develop", frame, "-o", self.out / "p.jpg", "--look"]
        self.refused("kodachrome", *arguments, "kodachrome", because="authentic")
        self.refused("absent.look.toml", *arguments, "absent.look.toml")

    def test_unknown_key(self):
        self.refused_look('name = "My"\n[tone]\n  contrst = 1\n', ":3:3: ")
        self.refused_look('name = "My"\n[tune]\ncontrast = 1\n', ":2:")

    def test_out_of_range(self):
        self.refused_look('name = "My"\n[tone]\ncontrast = 99\n', ":3:12: ")
        self.refused_look('name = "My"\n[tone]\ncontrast = nan\n', ":3:12: ")

    def test_wrong_type(self):
        self.refused_look('name = "My"\n[tone]\ncontrast = "high"\n', ":3:12: ")

    def test_not_toml(self):
        self.refused_look('name = "My"\n[tone\ncontrast = 1\n', ":2:")


class Output(BadInputTest):
    def setUp(self):
        super().setUp()
        self.frame = self.written("tiny.dng", tiny_dng())

    def refused_output(self, photo, because="", **settings):
        return self.refused(photo, "develop", self.frame, "-o", photo, because=because, **settings)

    def test_folder_missing(self):
        self.refused_output(self.out / "missing/p.jpg", "mkdir")

    def test_unknown_suffix(self):
        self.refused_output(self.out / "p.gif", ".jpg")
        self.refused_output(self.out / "p", ".jpg")

    def test_several_folders_into_a_file(self):
        self.refused("p.jpg", "develop", self.inputs, self.inputs, "-o", self.out / "p.jpg")

    def test_report_in_a_missing_folder_is_found_before_the_work(self):
        report = self.out / "missing/report.json"
        self.refused(report, "develop", self.frame, "-o", self.out / "p.jpg", "--report", report)

    def test_file_size_limit(self):
        """Writing fails half-way: the file system's word for it is told, and the part taken away."""
        frame = BOTTLES[0]

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (10000, 10000))

        for suffix in ("jpg", "png", "tif", "exr", "dng"):
            with self.subTest(suffix=suffix):
                photo = self.out / f"p.{suffix}"
                # Without restore_signals=False Python hands on SIGXFSZ, which kills.
                self.refused(
                    photo, "develop", frame, "-o", photo, preexec_fn=limit, restore_signals=False
                )

    def test_disk_full(self):
        mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(self.out)]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
            self.skipTest("only root may mount a small disk")
        self.addCleanup(subprocess.run, ["umount", str(self.out)], check=True)
        for suffix in ("jpg", "png", "tif", "exr", "dng"):
            with self.subTest(suffix=suffix):
                photo = self.out / f"p.{suffix}"
                self.refused(photo, "develop", BOTTLES[0], "-o", photo, because="free some space")

    def test_an_old_photo_survives_a_failure(self):
        photo = self.out / "photo.jpg"
        photo.write_text("old")
        bad = self.written("bad.dng", b"nothing")
        self.call("develop", bad, "-o", photo, status=1)
        self.assertEqual(photo.read_text(), "old")
        self.assertEqual(list(self.out.iterdir()), [photo])


if __name__ == "__main__":
    unittest.main()
