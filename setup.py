"""How do the notebooks come into the wheel, though they stand beside the package?

All else is in ``pyproject.toml``. The build copies ``notebooks/`` to ``workbench/_notebooks``, so
that nobody keeps a second copy; an editable install has the folder itself.
"""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class WithNotebooks(build_py):
    """The package's files, and the notebooks: into the wheel, and into an sdist as they stand."""

    def run(self) -> None:
        """Copy what setuptools copies, then the notebooks."""
        super().run()
        for source, target in self._notebooks():
            self.mkpath(str(target.parent))
            self.copy_file(str(source), str(target), preserve_mode=False)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """List what is built."""
        copied = [str(target) for _, target in self._notebooks()]
        return [*super().get_outputs(include_bytecode), *copied]

    def get_source_files(self) -> list[str]:
        """List what an sdist needs."""
        return [*super().get_source_files(), *(str(source) for source, _ in self._notebooks())]

    def _notebooks(self) -> list[tuple[Path, Path]]:
        if self.editable_mode:
            return []
        place = Path(self.build_lib) / "workbench" / "_notebooks"
        # the copies that Jupyter keeps while one works are hidden
        found = (path for path in Path("notebooks").rglob("*.ipynb") if "/." not in path.as_posix())
        return [(path, place / path.relative_to("notebooks")) for path in sorted(found)]


setup(cmdclass={"build_py": WithNotebooks})
