"""Runs the built program (environment LICHTBILD) in a folder of its own: base of the tests of the command line."""
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("LICHTBILD", str(ROOT / "build/release/lichtbild"))
BOTTLES = [str(ROOT / f"samples/bottles/{k}.dng") for k in range(9)]


class ProgramTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.inputs, self.out = (pathlib.Path(folder.name) / name for name in ("in", "out"))
        self.inputs.mkdir()
        self.out.mkdir()

    def call(self, *arguments, status=0, **settings):
        """Runs the program and demands the exit status."""
        result = subprocess.run(
            [PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=120, **settings
        )
        self.assertEqual(
            result.returncode, status, f"{arguments}\n{result.stdout[-400:]}{result.stderr[-800:]}"
        )
        return result

    def refused(self, named, *arguments, because="", **settings):
        """The outside is wrong: exit 1, one line that names the culprit and a cure, and no output."""
        result = self.call(*arguments, status=1, **settings)
        self.assertEqual(result.stdout, "")
        self.assertRegex(result.stderr, r"\Alichtbild: [^\n]+\n\Z", "not one line")
        self.assertIn(str(named), result.stderr)
        self.assertRegex(result.stderr, r"; \w", "names no cure")
        self.assertIn(because, result.stderr)
        self.assertEqual(list(self.out.iterdir()), [], "left something behind")
        return result.stderr

    def written(self, name, data):
        path = self.inputs / name
        path.write_bytes(data)
        return path
