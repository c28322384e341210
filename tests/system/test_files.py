"""Files that are written without an eh::Run, and onto a full disk."""

import os
import shutil

import eh


class WithoutRun(eh.Case):
    plugin = os.environ["EH_FILES_PLUGIN"]

    def test_in_a_helper_library(self):
        self.host("main")
        self.assertTrue((self.leaf("main/in-library") / "library.csv.gz").exists())
        self.assertEqual(self.verdict("main/in-library")["results"]["rows"], 3)

    def test_while_the_plugin_is_loaded(self):
        # In an experiment's process below its folder, and where the plugin is
        # only described below that of the command.
        env = {"FILES_AT_START": "start.json"}
        self.host("main", "-l", env=env)
        self.assertTrue((self.dir / "start.json").exists())
        self.host("main", env=env)
        self.assertTrue((self.leaf("main/in-library") / "start.json").exists())
        self.assertEqual(self.verdict("main/in-library")["results"]["at start"], 3)


class BesideThePlugin(eh.Case):
    def test_where_it_was_built(self):
        # What runs is a copy.
        folder = self.dir / "build"
        folder.mkdir()
        self.plugin = str(folder / "libmine.so")
        shutil.copy(os.environ["EH_FILES_PLUGIN"], self.plugin)
        (folder / "tree.model").write_text("oak")
        self.host("beside", env={"EH_PLUGIN": "/another/libmine.so"})
        self.assertEqual((self.leaf("beside/tree") / "model.txt").read_text(), "oak")


class FullDisk(eh.Case):
    plugin = os.environ["EH_FILES_PLUGIN"]

    def test_the_old_file_stays_and_no_other(self):
        disk = self.small_disk("8m")  # with a copy of the plugin
        self.host("full", "-j", "1", code=110)
        leaves = [leaf for leaf in (disk / "full").iterdir() if leaf.is_dir()]
        self.assertEqual(len(leaves), 40)
        for leaf in leaves:
            name = f"numbers.{leaf.name}"
            self.assertEqual(
                self.verdict(f"full/{leaf.name}")["message"],
                f"cannot write '{name}': No space left on device",
            )
            self.assertEqual(sorted(file.name for file in leaf.iterdir()), ["eh.json", name])
