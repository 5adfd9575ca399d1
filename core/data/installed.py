"""Data files that come inside an installed package: found without importing it, checked."""

import hashlib

from core.assets.installed import folder_of
from core.assets.installed import is_installed as is_installed
from core.data.dataset import DataError


def read_installed(package: str, file: str, sha256: str, requirement: str) -> bytes:
    """Read a data file of an installed package.

    Args:
        package: the package's name for `import`, top level.
        file: path of the file inside of the package, with slashes.
        sha256: the file's SHA-256, 64 hexadecimal digits.
        requirement: the line that installs the package, for the error's text.

    Raises:
        DataError: the package or the file is not there, or its content is another one.
    """
    folder = folder_of(package)
    if folder is None:
        raise DataError(
            f"This data set comes with the package {package}, which is not installed. "
            f"Install {requirement}, or choose another data set."
        )
    try:
        content = (folder / file).read_bytes()
    except OSError as error:
        raise DataError(
            f"The installed {package} has no file {file}. Install {requirement}, or choose "
            "another data set."
        ) from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise DataError(
            f"The file {file} of {package} is not the one expected (SHA-256 {found[:12]}..., "
            f"expected {sha256[:12]}...). Install {requirement} again."
        )
    return content
