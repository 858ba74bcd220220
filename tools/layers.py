# SPDX-License-Identifier: Apache-2.0
"""src/LAYERS as data; see the words at the top of that file."""
from pathlib import Path

LINE = "----"


class Layers:
    """names[room] and headers[room] are what it may include; `pure` rooms are above the line."""

    def __init__(self, src):
        self.src = Path(src)
        self.names, self.headers, self.pure, self.wrong = {}, {}, set(), []
        above = True
        for row in (self.src / "LAYERS").read_text().splitlines():
            if row.startswith(LINE):
                above = False
            elif row.strip() and not row.startswith("#"):
                self._add(row, above)

    def _add(self, row, above):
        room, _, rest = (part.strip() for part in row.partition(":"))
        words = rest.split()
        names = {w for w in words if not w.startswith("<")}
        self.wrong += [f"LAYERS: {room} names {n}, which is not above it"
                       for n in sorted(names) if n not in self.names]
        self.names[room] = names
        self.headers[room] = {w.strip("<>") for w in words if w.startswith("<")}
        if above and room != "troth":
            self.pure.add(room)

    def room_of(self, path):
        """The folder of src/ that `path` is in, or None where LAYERS has no such room."""
        folder = str(Path(path).relative_to(self.src).parent)
        return folder if folder in self.names else None

    def files(self, *patterns):
        return sorted(p for pattern in patterns for p in self.src.rglob(pattern))
