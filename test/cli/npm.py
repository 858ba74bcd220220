# SPDX-License-Identifier: Apache-2.0
"""Programs that others wrote, from npm, to hold ours against."""
import shutil
import subprocess
from pathlib import Path


def install(folder, *packages):
    """A folder of node_modules with these, installed once; a word why not, if it cannot be."""
    folder = Path(folder, "npm")
    if not shutil.which("node") or not shutil.which("npm"):
        return None, "there is no node"
    mark = folder / ("-".join(packages).replace("/", "_") + ".installed")
    if not mark.exists():
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, *packages],
                              capture_output=True, check=False, timeout=300)
        if done.returncode:
            return None, "npm cannot install " + " ".join(packages)
        mark.touch()
    return folder, None
