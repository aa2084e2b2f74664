"""What the tests of archives share: keys that sign and seal, and an archive of a made-up case."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.keys import CaseKey
from core.signing import SigningKeys
from store.archives.checking import Checked, check
from store.archives.content import check_content
from store.archives.reading import ArchiveReader
from tests.support.archives import case_key, make_archive

Verify = Callable[[Path], Checked]


@pytest.fixture(scope="session")
def signing() -> SigningKeys:
    return SigningKeys.first()


@pytest.fixture(scope="session")
def key() -> CaseKey:
    return case_key()


@pytest.fixture
def archive(tmp_path: Path, signing: SigningKeys, key: CaseKey) -> Path:
    return make_archive(tmp_path, signing, key)[0]


@pytest.fixture
def verify(signing: SigningKeys) -> Verify:
    """Verifies a file without any key of a case."""
    return lambda path: check(path, [signing.current])


@pytest.fixture
def verify_with_key(signing: SigningKeys, key: CaseKey) -> Verify:
    """Verifies a file and what is sealed in it."""

    def verified(path: Path) -> Checked:
        checked = check(path, [signing.current])
        with ArchiveReader(path) as reader:
            check_content(reader, key, checked)
        return checked

    return verified
